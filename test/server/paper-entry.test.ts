/**
 * Answers from paper: typed once or by two people who do not see each other's entry, compared, decided, and taken by the way
 * of every response; never twice for one person, and nothing left where something was withdrawn.
 */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { paperStates, paperTransitions } from '../../server/paper/form.ts';
import { sendPaper } from '../../server/paper/send.ts';
import { changePaper, getPaper } from '../../server/paper/store.ts';
import { retentionRules } from '../../server/retention/rules.ts';
import { erasePerson } from '../../server/rights/erase.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { deleteStudy } from '../../server/studies/delete.ts';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
let [ann, ben]: Visitor[] = [];
const collection = (name: string) => world.context.db.collection(name);

async function clerk(name: string): Promise<Visitor> {
  const visitor = await signedInAs(world.app, world.context, 'member', `${name}@example.org`);
  const account = (await visitor.look()).body.account.id;
  await saveStudyAccess(world.context.db, { study: 'trial', account, role: 'clerk', clusters: [], schools: [] });
  return visitor;
}

beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 24 },
    administrations: [
      { id: 'survey' },
      { id: 'anonymous', mode: 'anonymous' },
      { id: 'over', closes: '2026-03-31' },
      { id: 'log', repeats: true },
    ],
  });
  evaluator = await world.asEvaluator();
  [ann, ben] = [await clerk('ann'), await clerk('ben')];
});
beforeEach(() => world.setClock(null));

const url = (administration: string, rest = '') => `/api/studies/trial/administrations/${administration}/paper${rest}`;
const day = '2026-03-02';
const plan = (administration: string, entry: 'single' | 'double') =>
  evaluator.send('PUT', url(administration), { entry });

const cells = {
  ...{ role: 1, years: 7, help: 3, plan: 2, alone: 1, took_part: 1 },
  ...{ what_helped: 'The visits', visits_n: 1, 'visits/1/visit_days': 2 },
};
/** Without what is asked only of those who took part. */
const absent = { role: 1, years: 7, help: 3, plan: 2, alone: { mark: 'two-ticks' }, took_part: 0 };

class Paper {
  revision = 0;
  readonly id: string;
  readonly administration: string;
  constructor(administration: string, id: string) {
    [this.administration, this.id] = [administration, id];
  }
  private async keep(sent: ReturnType<Visitor['send']>) {
    const answer = await sent;
    if (typeof answer.body.revision === 'number') this.revision = answer.body.revision;
    return answer;
  }
  at(rest = '') {
    return url(this.administration, `/forms/${this.id}${rest}`);
  }
  look(who: Visitor) {
    return this.keep(who.send('GET', this.at()));
  }
  take(who: Visitor) {
    return this.keep(who.send('POST', this.at('/entry')));
  }
  save(who: Visitor, typed: object) {
    return this.keep(who.send('PUT', this.at('/entry'), { revision: this.revision, cells: typed }));
  }
  finish(who: Visitor, typed: object) {
    return this.keep(who.send('POST', this.at('/entry/finish'), { revision: this.revision, cells: typed }));
  }
  async type(who: Visitor, typed: object) {
    await this.take(who);
    return this.finish(who, typed);
  }
  decide(who: Visitor, key: string, choice: string, more: object = {}) {
    const body = { revision: this.revision, key, choice, note: 'Looked at the form.', ...more };
    return this.keep(who.send('POST', this.at('/decisions'), body));
  }
  send(who: Visitor) {
    return this.keep(who.send('POST', this.at('/send')));
  }
}

async function begin(administration: string, link: TestLink, who: Visitor = ann as Visitor): Promise<Paper> {
  const wanted = { kind: 'person', invitation: link.invitation._id, day, agreed: true };
  const made = await who.send('POST', url(administration, '/forms'), wanted);
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return new Paper(administration, made.body.id);
}
const serialOf = (serial: string, school = 'elm-1') =>
  ({ kind: 'serial', serial, school, role: 'teacher', day, agreed: true }) as const;
async function beginSerial(administration: string, serial: string, school?: string): Promise<Paper> {
  const made = await (ann as Visitor).send('POST', url(administration, '/forms'), serialOf(serial, school));
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`);
  return new Paper(administration, made.body.id);
}
const responsesOf = (link: TestLink) => collection('responses').find({ invitation: link.invitation._id }).toArray();
async function rowsOf(administration: string) {
  const dataset = await loadDataset(world.context, 'trial', administration);
  const rows = [];
  for await (const row of streamRows(world.context, dataset.administration)) rows.push(row);
  return rows;
}

describe('a form typed by two people', () => {
  test('is compared, decided and taken once, with the decided value in the dataset', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann as Visitor, cells);
    const second = await paper.type(ben as Visitor, { ...cells, years: 1, plan: 3 });
    expect(second.body).toMatchObject({ state: 'comparison', compared: 9, differ: 2, comparison: null });
    expect(await responsesOf(link)).toEqual([]);

    const { body } = await paper.look(evaluator);
    expect(body.comparison.differences).toEqual([
      { key: 'years', first: 7, second: 1 },
      { key: 'plan', first: 2, second: 3 },
    ]);
    expect(body.comparison.open).toEqual(['years', 'plan']);
    const early = await paper.send(evaluator);
    expect(early).toMatchObject({ status: 422, body: { code: 'invalid-answers' } });
    expect((await paper.decide(ann as Visitor, 'years', 'first')).status).toBe(403);
    expect((await paper.decide(evaluator, 'years', 'other', { value: 61 })).body.issues[0].path).toBe('body.value');
    await paper.decide(evaluator, 'years', 'second');
    await paper.decide(evaluator, 'years', 'other', { value: 17 });
    await paper.decide(evaluator, 'plan', 'second');
    const sent = await paper.send(evaluator);
    expect(sent.body).toMatchObject({ state: 'sent', receiptCode: null, cells: null, comparison: null });

    const [response, ...others] = await responsesOf(link);
    expect(others).toEqual([]);
    expect(response).toMatchObject({
      ...{ source: 'paper', person: link.invitation.person, completion: 'complete' },
      receivedAt: new Date('2026-03-02T12:00:00Z'),
      consent: { information: 1, agreedAt: new Date('2026-03-02T12:00:00Z') },
      answers: {
        ...{ role: 1, years: 17, statements: { help: 3, plan: 3, alone: 1 }, took_part: true },
        ...{ what_helped: 'The visits', visits: [{ visit_days: 2 }] },
      },
    });
    expect(sent.body.response).toBe(String(response?._id));
    const row = (await rowsOf('survey')).find(({ response: one }) => one.invitation === link.invitation._id);
    expect(row?.row.values.slice(0, 5)).toEqual([1, 17, 3, 3, 1]);

    // The record: who decided what, both values, and what was thought before.
    const record = (await paper.look(evaluator)).body.decisions;
    expect(record.map(({ at: _, ...decision }: { at: string }) => decision)).toEqual([
      {
        key: 'years',
        first: 7,
        second: 1,
        choice: 'second',
        value: 1,
        ...{ note: 'Looked at the form.', by: 'The evaluator' },
      },
      {
        key: 'years',
        first: 7,
        second: 1,
        choice: 'other',
        value: 17,
        ...{ note: 'Looked at the form.', by: 'The evaluator' },
      },
      {
        key: 'plan',
        first: 2,
        second: 3,
        choice: 'second',
        value: 3,
        ...{ note: 'Looked at the form.', by: 'The evaluator' },
      },
    ]);
    // Sent again it is a success, and nothing is stored twice.
    expect((await paper.send(evaluator)).status).toBe(200);
    expect(await responsesOf(link)).toHaveLength(1);
  });

  test('shows the second person nothing of the first entry, in no answer', async () => {
    const secret = 'Only the first clerk typed this';
    const paper = await begin('survey', world.takeLink('survey'));
    await paper.type(ann as Visitor, { ...cells, what_helped: secret });
    const seen = [
      await (ben as Visitor).send('GET', url('survey')),
      await paper.look(ben as Visitor),
      await paper.take(ben as Visitor),
      await paper.save(ben as Visitor, { role: 2 }),
      await paper.look(ben as Visitor),
      // Nor does the evaluator see it before the second entry is finished, as they might type it.
      await evaluator.send('GET', paper.at()),
      await paper.finish(ben as Visitor, cells),
      await paper.look(ben as Visitor),
    ];
    for (const { status, text } of seen) {
      expect(status).toBe(200);
      expect(text).not.toContain(secret);
    }
    expect(seen[4]?.body).toMatchObject({ cells: { role: 2 }, first: { mine: false }, second: { mine: true } });
    expect((await paper.look(evaluator)).text).toContain(secret);
  });

  test('wants another person the second time, and takes no entry from anybody else meanwhile', async () => {
    const paper = await begin('survey', world.takeLink('survey'));
    await paper.take(ann as Visitor);
    expect((await paper.take(ben as Visitor)).status).toBe(409);
    expect((await paper.finish(ben as Visitor, cells)).status).toBe(409);
    await paper.finish(ann as Visitor, cells);
    const again = await paper.take(ann as Visitor);
    expect(again).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(again.body.detail).toContain('somebody else');
    expect((await paper.type(ben as Visitor, cells)).body.state).toBe('sent');
  });

  test('is taken at once where nothing differs', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann as Visitor, absent);
    expect((await paper.type(ben as Visitor, absent)).body).toMatchObject({ state: 'sent', compared: 6, differ: 0 });
    // What could not be read is a gap, and stays on record as what it was.
    expect(await responsesOf(link)).toMatchObject([
      { answers: { statements: { help: 3, plan: 2 } }, marks: { alone: 'two-ticks' } },
    ]);
    const agreement = (await (ann as Visitor).send('GET', url('survey'))).body.agreement;
    expect(agreement.rate).toBeCloseTo(agreement.differ / agreement.compared, 12);
    expect(agreement.forms).toBeGreaterThanOrEqual(1);
  });

  test('asks for what only a decision brings up', async () => {
    const paper = await begin('survey', world.takeLink('survey'));
    await paper.type(ann as Visitor, { ...absent, alone: 1 });
    await paper.type(ben as Visitor, {
      ...cells,
      what_helped: { mark: 'illegible' },
      visits_n: 0,
      'visits/1/visit_days': 9,
    });
    expect((await paper.look(evaluator)).body.comparison.open).toEqual(['took_part']);
    const decided = await paper.decide(evaluator, 'took_part', 'second');
    expect(decided.body.comparison.open).toEqual(['what_helped', 'visits_n']);
    // The first entry was not asked for these.
    expect((await paper.decide(evaluator, 'visits_n', 'first')).status).toBe(400);
    await paper.decide(evaluator, 'what_helped', 'other', { value: 'Talking' });
    await paper.decide(evaluator, 'visits_n', 'second');
    expect((await paper.send(evaluator)).body.state).toBe('sent');
  });
});

describe('an entry', () => {
  test('keeps what is typed, goes by revisions, and is not finished while a field is open or wrong', async () => {
    const paper = await begin('survey', world.takeLink('survey'));
    await paper.take(ann as Visitor);
    await paper.save(ann as Visitor, { role: 1 });
    const older = paper.revision - 1;
    const stale = await (ann as Visitor).send('PUT', paper.at('/entry'), { revision: older, cells: {} });
    expect(stale).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await paper.look(ann as Visitor)).body.cells).toEqual({ role: 1 });
    const refused = await paper.finish(ann as Visitor, { ...cells, role: 3, years: undefined });
    expect(refused.status).toBe(422);
    expect(refused.body.issues.map(({ path, code }: { path: string; code: string }) => `${code} ${path}`)).toEqual([
      'not-allowed role',
      'not-typed years',
    ]);
    const strange = await (ann as Visitor).send('PUT', paper.at('/entry'), {
      revision: 2,
      cells: { constructor_: 1, 'a.b': 2 },
    });
    expect(strange.status).toBe(400);
  });

  test('may leave out what a screen would insist on', async () => {
    await plan('survey', 'single');
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    const done = await paper.type(ann as Visitor, { ...absent, role: { mark: 'blank' } });
    expect(done.body).toMatchObject({ state: 'sent', entry: 'single', compared: null });
    expect((await responsesOf(link))[0]?.answers).not.toHaveProperty('role');
    await plan('survey', 'double');
  });

  test('of a form that was begun by mistake is discarded by whoever began it, or by the evaluator', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.take(ann as Visitor);
    expect((await (ben as Visitor).send('DELETE', paper.at())).status).toBe(403);
    expect((await (ann as Visitor).send('DELETE', paper.at())).status).toBe(204);
    expect((await paper.look(ann as Visitor)).status).toBe(404);
    const other = await begin('survey', link);
    await other.type(ann as Visitor, cells);
    expect((await (ann as Visitor).send('DELETE', other.at())).status).toBe(403);
    expect((await evaluator.send('DELETE', other.at())).status).toBe(204);
  });
});

describe('nobody answers twice', () => {
  test('one form for a person, one for a serial number, also when two begin it at once', async () => {
    const { invitation } = world.takeLink('survey');
    const wanted = { kind: 'person', invitation: invitation._id, day, agreed: true };
    const made = await Promise.all(
      [ann, ben].map((who) => (who as Visitor).send('POST', url('survey', '/forms'), wanted)),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(made[0]?.body.id).toBe(made[1]?.body.id);
    await beginSerial('survey', 'a-17');
    const again = await (ben as Visitor).send('POST', url('survey', '/forms'), serialOf('A-17'));
    expect(again).toMatchObject({ status: 200, body: { serial: 'A-17' } });
    const elsewhere = await (ben as Visitor).send('POST', url('survey', '/forms'), serialOf('A-17', 'oak-1'));
    expect(elsewhere).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  test('whoever answered online meanwhile keeps those answers, and the form is kept too', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann as Visitor, cells);
    const online = { key: crypto.randomUUID(), answers: { role: 2 }, consent: { information: 1, agreed: true } };
    expect((await (ann as Visitor).agent.post(`/api${link.path}/responses`).send(online)).status).toBe(201);
    const done = await paper.type(ben as Visitor, cells);
    expect(done.body.state).toBe('ready');
    expect(done.body.refused).toContain('Answers of this person are here already');
    const sent = await paper.send(evaluator);
    expect(sent).toMatchObject({ status: 409, body: { code: 'paper-not-taken' } });
    expect(await responsesOf(link)).toMatchObject([{ source: 'web', answers: { role: 2 } }]);
    expect(
      (await getPaper(world.context.db, { study: 'trial', administration: 'survey' }, paper.id)).first?.cells,
    ).toEqual(cells);
    const anew = { kind: 'person', invitation: link.invitation._id, day, agreed: true };
    expect((await evaluator.send('DELETE', paper.at())).status).toBe(204);
    expect((await (ann as Visitor).send('POST', url('survey', '/forms'), anew)).body.code).toBe('paper-not-taken');
  });

  test('a sending that was cut off before it was noted finds its response again', async () => {
    await plan('survey', 'single');
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann as Visitor, cells);
    await plan('survey', 'double');
    const place = { study: 'trial', administration: 'survey' };
    const sent = await getPaper(world.context.db, place, paper.id);
    // As it stood when the response was stored and the form was not marked yet.
    await collection('paper-forms').updateOne(
      { _id: paper.id as never },
      {
        $set: { state: 'ready', response: null, sentAt: null, 'first.cells': cells },
      },
    );
    const again = await sendPaper(world.context, await getPaper(world.context.db, place, paper.id));
    expect(again.form.response).toBe(sent.response);
    expect(await responsesOf(link)).toHaveLength(1);
  });
});

test('a log that is filled in after each event has a form of the person for each, told apart by its number', async () => {
  await plan('log', 'single');
  const link = world.takeLink('log');
  const wanted = { kind: 'person', invitation: link.invitation._id, day, agreed: true };
  const numberless = await (ann as Visitor).send('POST', url('log', '/forms'), wanted);
  expect(numberless.body.issues[0]).toMatchObject({ code: 'serial-needed', path: 'body.serial' });
  for (const serial of ['1', '2']) {
    const made = await (ann as Visitor).send('POST', url('log', '/forms'), { ...wanted, serial });
    expect(made).toMatchObject({ status: 201, body: { serial, person: link.invitation.person } });
    const paper = new Paper('log', made.body.id);
    expect((await paper.type(ann as Visitor, cells)).body.state).toBe('sent');
    expect((await paper.send(evaluator)).status).toBe(200);
  }
  const stored = await collection('responses').find({ administration: 'log' }).toArray();
  expect(stored.map(({ person, source }) => [person, source])).toEqual([
    [link.invitation.person, 'paper'],
    [link.invitation.person, 'paper'],
  ]);
});

describe('days', () => {
  test('of the form lie within the administration, and a form that was filled in in time is taken after its end', async () => {
    const link = world.takeLink('over');
    const wanted = { kind: 'person', invitation: link.invitation._id, agreed: true };
    const late = await (ann as Visitor).send('POST', url('over', '/forms'), { ...wanted, day: '2026-04-01' });
    expect(late.body.issues[0]).toMatchObject({ code: 'day-outside', path: 'body.day' });
    const paper = await begin('over', link);
    await paper.type(ann as Visitor, cells);
    expect((await paper.type(ben as Visitor, cells)).body.state).toBe('sent');
    const rates = (await evaluator.send('GET', '/api/studies/trial/administrations/over/rates?by=day')).body;
    expect(rates.total.responded).toBe(1);
    expect(rates.days.find((one: { finished: number }) => one.finished > 0)).toMatchObject({ day, finished: 1 });
  });

  test('without consent on the form nothing is begun', async () => {
    const { invitation } = world.takeLink('over');
    const wanted = { kind: 'person', invitation: invitation._id, day, agreed: false };
    expect((await (ann as Visitor).send('POST', url('over', '/forms'), wanted)).status).toBe(400);
  });
});

describe('an anonymous administration', () => {
  test('knows forms by serial number alone, and keeps nothing that leads to the answers', async () => {
    const { invitation } = world.takeLink('anonymous');
    const named = { kind: 'person', invitation: invitation._id, day, agreed: true };
    expect((await (ann as Visitor).send('POST', url('anonymous', '/forms'), named)).status).toBe(400);
    expect((await (ann as Visitor).send('GET', url('anonymous', '/people?school=elm-1'))).body.people).toEqual([]);
    const paper = await beginSerial('anonymous', 'pile-0042');
    await paper.type(ann as Visitor, cells);
    await paper.type(ben as Visitor, { ...cells, years: 8 });
    await paper.decide(evaluator, 'years', 'second');
    const sent = await paper.send(evaluator);
    expect(sent.body).toMatchObject({ state: 'sent', receiptCode: expect.stringMatching(/^(\w{4}-){3}\w{4}$/) });
    const stored = await collection('paper-forms').findOne({ _id: paper.id as never });
    expect(stored).toMatchObject({
      ...{ key: null, invitation: null, school: null, role: null, response: null, day: null },
    });
    expect(JSON.stringify(stored)).not.toContain('The visits');
    expect(stored?.decisions).toEqual([
      { key: 'years', choice: 'second', by: expect.any(String), at: expect.any(Date) },
    ]);
    const [response] = await collection('responses').find({ administration: 'anonymous' }).toArray();
    expect(response).toMatchObject({
      source: 'paper',
      person: null,
      invitation: null,
      receivedAt: new Date('2020-01-01'),
    });
    expect(response?.answers).toMatchObject({ years: 8 });
    const [row] = await rowsOf('anonymous');
    expect(row?.response.source).toBe('paper');
    const taken = await evaluator.send('POST', '/api/withdrawals', { code: sent.body.receiptCode });
    expect(taken.status).toBeLessThan(300);
    expect(await rowsOf('anonymous')).toEqual([]);
  });
});

describe('what people may have removed', () => {
  test('withdrawal takes forms of every state, sent or not, and none is begun again', async () => {
    const links = [world.takeLink('survey'), world.takeLink('survey')];
    const [begun, sent] = [await begin('survey', links[0] as TestLink), await begin('survey', links[1] as TestLink)];
    await begun.type(ann as Visitor, cells);
    await sent.type(ann as Visitor, cells);
    await sent.type(ben as Visitor, cells);
    for (const { invitation } of links)
      await withdrawPerson(world.context, 'trial', invitation.person ?? '', 'evaluator');
    for (const paper of [begun, sent]) expect((await paper.look(evaluator)).status).toBe(404);
    const anew = { kind: 'person', invitation: links[0]?.invitation._id, day, agreed: true };
    const refused = await (ann as Visitor).send('POST', url('survey', '/forms'), anew);
    expect(refused).toMatchObject({ status: 409, body: { code: 'paper-not-taken' } });
    expect(refused.body.detail).toContain('withdrawn');
  });

  test('a form of a serial number goes with the answers that it became', async () => {
    await plan('survey', 'single');
    const paper = await beginSerial('survey', 'withdrawn-1');
    const { body } = await paper.type(ann as Visitor, cells);
    await plan('survey', 'double');
    await evaluator.send('POST', '/api/withdrawals', { code: body.receiptCode });
    expect((await paper.look(evaluator)).status).toBe(404);
  });

  test('erasure takes the notes, and the copy of a record has what is typed', async () => {
    const link = world.takeLink('survey');
    const person = link.invitation.person ?? '';
    const paper = await begin('survey', link);
    await paper.type(ann as Visitor, cells);
    await paper.type(ben as Visitor, { ...cells, years: 9 });
    await paper.decide(evaluator, 'years', 'first', { note: 'Ada wrote it clearly.' });
    const record = (await evaluator.send('GET', `/api/studies/trial/people/${person}/record.json`)).body;
    expect(record.papers).toMatchObject([{ state: 'comparison', day, typed: [cells, { ...cells, years: 9 }] }]);
    const page = await evaluator.send('GET', `/api/studies/trial/people/${person}/record.html`);
    expect(page.text).toContain('Paper forms');
    await erasePerson(world.context, 'trial', person, { withdraw: false, by: 'evaluator' });
    const [decision] = (await paper.look(evaluator)).body.decisions;
    expect(decision).not.toHaveProperty('note');
    expect(decision).toMatchObject({ key: 'years', value: 7 });
  });
});

test('each step is one of the table, and the store refuses any other', async () => {
  const paper = await begin('survey', world.takeLink('survey'));
  const form = await getPaper(world.context.db, { study: 'trial', administration: 'survey' }, paper.id);
  for (const from of paperStates) {
    for (const to of paperStates) {
      if (paperTransitions[from].includes(to)) continue;
      await expect(changePaper(world.context.db, { ...form, state: from }, { state: to })).rejects.toThrow(RangeError);
    }
  }
  expect((await paper.look(ann as Visitor)).body.state).toBe('first-entry');
});

test('the people of a school are told with what stands against typing their form', async () => {
  const { body } = await (ann as Visitor).send('GET', url('survey', '/people?school=elm-1'));
  expect(body.people).toHaveLength(24);
  const standings = new Set(body.people.map(({ standing }: { standing: string }) => standing));
  for (const standing of ['typed', 'answered', 'withdrawn', 'open']) expect(standings).toContain(standing);
});

test('answers are in no log line and not in the audit', async () => {
  const told = [...world.logLines, JSON.stringify(await collection('audit').find().toArray())].join('\n');
  for (const secret of ['The visits', 'Only the first clerk', 'Looked at the form', 'PILE-0042'])
    expect(told).not.toContain(secret);
  expect(told).toContain('paper.decide');
});

test('retention counts and removes them as answers, and a study takes them with it', async () => {
  const { db } = world.context;
  const kept = await collection('paper-forms').countDocuments({ study: 'trial' });
  expect(kept).toBeGreaterThan(3);
  const answers = await collection('responses').countDocuments({ study: 'trial' });
  expect(await retentionRules.answers.count(db, 'trial')).toBe(kept + answers);
  await retentionRules.answers.remove(db, 'trial');
  expect(await collection('paper-forms').countDocuments({ study: 'trial' })).toBe(0);
  await begin('survey', world.takeLink('survey'));
  await deleteStudy(world.context, 'trial');
  expect(await collection('paper-forms').countDocuments()).toBe(0);
});
