/** Codes from three stable answers: nothing readable is stored, and waves are matched with one error allowed. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultQuestions } from '../../instruments/self-code.ts';
import { administrationSchema } from '../../server/administrations/schemas.ts';
import { codeDigests, plainAnswer } from '../../server/codes/digest.ts';
import { type CodedOne, matchCodes } from '../../server/codes/match.ts';
import { secretOf } from '../../server/secret.ts';
import { makeWorld, type World } from './world.ts';

const secret = secretOf(Buffer.alloc(32, 7));
const digest = (answers: readonly string[], study = 'trial') => codeDigests({ secret }, study, answers);
const one = (id: string, answers: readonly string[] | null, school: string | null = 's1'): CodedOne => ({
  id,
  school,
  code: answers && digest(answers),
});

describe('the digests', () => {
  test('take spellings of one answer for the same', () => {
    expect(digest(['M', '07', 'É'])).toEqual(digest([' m. ', '7', 'e']));
    expect(['0', '007', ' Ö ', 'ß', '１２'].map(plainAnswer)).toEqual(['0', '7', 'o', 'ß', '12']);
  });

  test('differ with the study, with the secret, and with the place of an answer', () => {
    const whole = digest(['m', '7', 'e'])?.whole;
    expect(digest(['m', '7', 'e'], 'other')?.whole).not.toBe(whole);
    expect(codeDigests({ secret: secretOf(Buffer.alloc(32, 8)) }, 'trial', ['m', '7', 'e'])?.whole).not.toBe(whole);
    expect(digest(['e', '7', 'm'])?.whole).not.toBe(whole);
    // The same two answers at other places are no pair.
    const [a, b] = [digest(['m', 'e', 'x']), digest(['m', 'y', 'e'])];
    expect(a?.pairs.some((pair, at) => pair === b?.pairs[at])).toBe(false);
  });

  test('share one pair with a code that has one error, and none with one that has two', () => {
    const shared = (other: readonly string[]) =>
      digest(['m', '7', 'e'])?.pairs.filter((pair, at) => pair === digest(other)?.pairs[at]).length;
    expect(shared(['m', '7', 'e'])).toBe(3);
    for (const other of [
      ['n', '7', 'e'],
      ['m', '8', 'e'],
      ['m', '7', 'f'],
    ])
      expect(shared(other)).toBe(1);
    expect(shared(['n', '8', 'e'])).toBe(0);
  });

  test('are none where an answer says nothing', () => {
    expect(digest(['m', ' - ', 'e'])).toBeNull();
    expect(digest([])).toBeNull();
  });
});

describe('matching', () => {
  test('counts exact, one-error, ambiguous and unmatched responses by school', () => {
    const first = [
      one('a1', ['m', '7', 'e']),
      one('a2', ['k', '12', 'o']),
      one('a3', ['p', '30', 'i']),
      // Two people with one code in the same school.
      one('a4', ['s', '1', 'a']),
      one('a5', ['s', '1', 'a']),
      one('a6', null),
      one('a7', ['z', '29', 'u']),
      one('a8', ['m', '7', 'e'], 's2'),
    ];
    const second = [
      one('b1', ['M', '07', 'É']),
      one('b2', ['k', '13', 'o']),
      // As near to a3 as the next one.
      one('b3', ['p', '30', 'r']),
      one('b4', ['p', '31', 'i']),
      one('b5', ['s', '1', 'a']),
      one('b6', ['q', '5', 'h']),
      one('b7', null, 's2'),
    ];
    const { schools, pairs } = matchCodes(first, second);
    expect(schools).toEqual([
      {
        school: 's1',
        responses: [7, 6],
        withoutCode: [1, 0],
        exact: 1,
        oneError: 1,
        ambiguous: [3, 3],
        unmatched: [1, 1],
      },
      {
        school: 's2',
        responses: [1, 1],
        withoutCode: [0, 1],
        exact: 0,
        oneError: 0,
        ambiguous: [0, 0],
        unmatched: [1, 0],
      },
    ]);
    expect(pairs).toEqual([
      { first: 'a1', second: 'b1', kind: 'exact' },
      { first: 'a2', second: 'b2', kind: 'one-error' },
    ]);
  });

  test('accounts for every response: each is without code, matched, ambiguous or unmatched', () => {
    // A plain generator (Lehmer), so that every run has the same thousand people.
    let state = 1;
    const next = (below: number) => {
      state = (state * 48271) % 2147483647;
      return state % below;
    };
    const person = (id: string) =>
      one(id, next(10) === 0 ? null : [String(next(26)), String(next(31)), String(next(26))], `s${next(20)}`);
    const wave = (name: string) => Array.from({ length: 1000 }, (_, at) => person(`${name}${at}`));
    const { schools, pairs } = matchCodes(wave('a'), wave('b'));
    for (const row of schools) {
      for (const at of [0, 1] as const) {
        const sum = row.withoutCode[at] + row.exact + row.oneError + row.ambiguous[at] + row.unmatched[at];
        expect(sum).toBe(row.responses[at]);
      }
    }
    expect(schools.reduce((sum, row) => sum + row.responses[0], 0)).toBe(1000);
    expect(new Set(pairs.map(({ first }) => first)).size).toBe(pairs.length);
    expect(new Set(pairs.map(({ second }) => second)).size).toBe(pairs.length);
  });
});

describe('over HTTP', () => {
  const answers = { role: 1, years: 7, took_part: false };
  const consent = { information: 1, agreed: true };
  const selfCode = { questions: defaultQuestions };
  let world: World;
  beforeAll(async () => {
    world = await makeWorld({
      administrations: [
        { id: 'wave-1', mode: 'anonymous', selfCode },
        { id: 'wave-2', mode: 'anonymous', selfCode },
        { id: 'no-code', mode: 'anonymous' },
        { id: 'tryout', mode: 'anonymous', selfCode, pilot: true },
        { id: 'next-tryout', mode: 'anonymous', selfCode, pilot: true },
      ],
    });
  });
  const send = (administration: string, code?: readonly string[] | null) =>
    request(world.app)
      .post(`/api${world.takeLink(administration).path}/responses`)
      .send({ key: randomUUID(), answers, consent, ...(code === undefined ? {} : { code }) });

  test('a code is optional, nothing readable of it is stored, and one that nobody asked for is not kept', async () => {
    expect((await send('wave-1', ['Quetzalcoatl', '31', 'Zapotec'])).status).toBe(201);
    expect((await send('wave-1')).status).toBe(201);
    expect((await send('wave-1', null)).status).toBe(201);
    expect((await send('no-code', ['Quetzalcoatl', '31', 'Zapotec'])).status).toBe(201);
    expect((await send('wave-1', ['only one'])).status).toBe(400);
    const stored = await world.context.db.collection('responses').find().toArray();
    expect(stored.filter(({ code }) => code).map(({ administration }) => administration)).toEqual(['wave-1']);
    for (const { name } of await world.context.db.listCollections()) {
      const text = JSON.stringify(await world.context.db.collection(name).find().toArray()).toLowerCase();
      for (const word of ['quetzalcoatl', 'zapotec']) expect(text, name).not.toContain(word);
    }
  });

  test('the report and its link table say who is who across waves, to those who may export', async () => {
    await send('wave-2', ['QUETZALCOATL', '031', 'zapotec.']);
    const analyst = await world.asAnalyst();
    const path = '/api/studies/trial/code-matches';
    const report = await analyst.send('GET', `${path}?first=wave-1&second=wave-2`);
    expect(report.body).toMatchObject({ first: 'wave-1', second: 'wave-2', pairs: 1 });
    expect(report.body.schools).toMatchObject([{ schoolName: 'Elm Primary 1', exact: 1, withoutCode: [2, 0] }]);
    const csv = await analyst.send('GET', `${path}.csv?first=wave-1&second=wave-2`);
    const [head, row] = csv.text.split('\r\n');
    expect(head).toBe('pair,match,response_first,response_second');
    expect(row).toMatch(/^[0-9a-f]{16},exact,[0-9a-f]{64},[0-9a-f]{64}$/);
    const again = await analyst.send('GET', `${path}.csv?first=wave-1&second=wave-2`);
    expect(again.text).toBe(csv.text);
    const viewer = await world.asViewer();
    expect((await viewer.send('GET', `${path}?first=wave-1&second=wave-2`)).status).toBe(403);
    expect((await analyst.send('GET', `${path}?first=wave-1&second=nowhere`)).status).toBe(404);
  });

  test('who tried the questions in a pilot is not led to answers of the study', async () => {
    await send('tryout', ['Quetzalcoatl', '31', 'Zapotec']);
    const analyst = await world.asAnalyst();
    const path = '/api/studies/trial/code-matches';
    for (const file of [path, `${path}.csv`]) {
      const refused = await analyst.send('GET', `${file}?first=wave-1&second=tryout`);
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
      expect(refused.body.issues).toMatchObject([{ code: 'pilot-among-others', path: 'query.second' }]);
      const other = await analyst.send('GET', `${file}?first=tryout&second=wave-1`);
      expect(other.body.issues).toMatchObject([{ path: 'query.first' }]);
    }
    expect((await analyst.send('GET', `${path}?first=tryout&second=next-tryout`)).status).toBe(200);
  });

  test('an administration without questions of its own gets the shipped ones', () => {
    const { selfCode: given } = administrationSchema.parse({ ...world.administrations[0], selfCode: {} });
    expect(given?.questions).toEqual(defaultQuestions);
  });
});
