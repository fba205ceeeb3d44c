/**
 * Planning, changing and amending administrations and waves over HTTP: what may be changed when, what the log keeps, what
 * becomes of the links, and where the log is cited.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { settleChanges } from '../../server/amendments/settle.ts';
import { listAmendments } from '../../server/amendments/store.ts';
import type { Visitor } from './people.ts';
import { at, plan, planningWorld, studyPath, text } from './planning-world.ts';
import type { World } from './world.ts';

let world: World;
let evaluator: Visitor;
beforeAll(async () => {
  ({ world, evaluator } = await planningWorld());
});

const links = (id: string, state: string) =>
  world.context.db.collection('invitations').countDocuments({ administration: id, state });

describe('planning', () => {
  test('names everything that is wrong at once, by field', async () => {
    const wrong = await evaluator.send('POST', `${studyPath}/administrations`, {
      ...plan,
      wave: 'never',
      audience: { arms: ['nowhere'], roles: ['teacher'] },
      opens: '2026-04-01',
      languages: ['en-GB', 'ar', 'fr'],
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.issues.map(({ code, path }: { code: string; path: string }) => [path, code])).toEqual([
      ['body.languages', 'language-not-spoken'],
      ['body.languages', 'language-not-of-study'],
      ['body.languages', 'language-not-of-study'],
      ['body.audience', 'unknown-arm'],
      ['body.wave', 'unknown-wave'],
      ['body.closes', 'bad-order'],
    ]);
  });

  test('counts the audience beforehand, and gives a link to everybody in it', async () => {
    const audience = await evaluator.send('GET', `${studyPath}/audience?arms=partnership&roles=teacher,headteacher`);
    expect(audience.body).toMatchObject({ people: 18, byRole: { teacher: 16, headteacher: 2 }, newLinks: 18 });
    const made = await evaluator.send('POST', `${studyPath}/administrations`, plan);
    expect(made.status).toBe(201);
    expect(made.body.administration).toMatchObject({
      state: 'planned',
      invited: 16,
      information: { sheet: 'staff', version: 1, asker: 'Please.', translations: { de: { asker: 'Bitte.' } } },
    });
    expect((await evaluator.send('POST', `${studyPath}/administrations`, plan)).body.code).toBe('already-exists');
    expect(await links('spring', 'open')).toBe(16);
  });

  test('freezes the sheet, so that what people are shown stays what was approved', async () => {
    const version = `${studyPath}/information/staff/versions/1`;
    const edit = { title: 'For staff', texts: { 'en-GB': text('Something else.') } };
    expect((await evaluator.send('PUT', version, edit)).body.code).toBe('state-not-allowed');
    expect((await evaluator.send('DELETE', version)).body.code).toBe('state-not-allowed');
    const next = await evaluator.send('POST', `${studyPath}/information`, { sheet: 'staff', ...edit });
    expect(next.body).toMatchObject({ version: 2, state: 'draft' });
    expect((await evaluator.send('PUT', `${studyPath}/information/staff/versions/2`, edit)).status).toBe(200);
  });

  test('allows every change for as long as nothing has begun, without an amendment', async () => {
    const changed = await evaluator.send('PUT', at('spring'), {
      mode: 'anonymous',
      closes: '2026-04-02',
      audience: { arms: ['partnership'], roles: ['teacher', 'headteacher'] },
    });
    expect(changed.status).toBe(200);
    expect(changed.body.administration).toMatchObject({ mode: 'anonymous', closes: '2026-04-02', invited: 18 });
    const back = await evaluator.send('PUT', at('spring'), { mode: 'confidential', audience: plan.audience });
    expect(back.body.administration).toMatchObject({ invited: 16 });
    expect(await links('spring', 'revoked')).toBe(2);
    expect((await evaluator.send('GET', `${studyPath}/amendments`)).body).toEqual({ amendments: [] });
  });

  test('tells two people who edit at the same time', async () => {
    const { revision } = (await evaluator.send('GET', at('spring'))).body.administration;
    expect((await evaluator.send('PUT', at('spring'), { title: 'Spring', revision })).status).toBe(200);
    expect((await evaluator.send('PUT', at('spring'), { title: 'Autumn', revision })).body.code).toBe('conflict');
  });
});

describe('after the start', () => {
  beforeAll(() => world.setClock(new Date('2026-03-01T00:00:00Z')));

  test('anonymous or confidential, instrument and wave are fixed', async () => {
    const reason = 'We would rather have it so.';
    for (const change of [
      { mode: 'anonymous' },
      { instrument: 'three-languages' },
      { wave: 'baseline', mode: 'anonymous' },
    ]) {
      const refused = await evaluator.send('PUT', at('running'), { ...change, reason });
      expect(refused).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    }
    const secret = await evaluator.send('PUT', at('secret'), { mode: 'confidential', reason });
    expect(secret.body.code).toBe('state-not-allowed');
    expect((await evaluator.send('GET', at('secret'))).body.administration.mode).toBe('anonymous');
  });

  test('a day is moved with a reason, which the log keeps with who, when, old and new', async () => {
    const later = { closes: '2026-04-20' };
    expect((await evaluator.send('PUT', at('spring'), later)).body.code).toBe('reason-needed');
    const moved = await evaluator.send('PUT', at('spring'), { ...later, reason: 'Schools were closed for snow.' });
    expect(moved.status).toBe(200);
    // Its first day had come, though no job had said so yet: the step is recorded before the change.
    expect(moved.body.administration.history.map((step: { state: string }) => step.state)).toEqual(['planned', 'open']);
    const { amendments } = (await evaluator.send('GET', `${studyPath}/amendments`)).body;
    expect(amendments).toEqual([
      {
        number: 1,
        at: '2026-03-01T00:00:00.000Z',
        day: '2026-03-01',
        by: 'The evaluator',
        why: 'Schools were closed for snow.',
        thing: { kind: 'administration', id: 'spring', title: 'Spring' },
        changes: [{ what: 'last day', old: '2026-04-02', new: '2026-04-20' }],
      },
    ]);
    expect((await evaluator.send('PUT', at('spring'), { title: 'Spring again' })).status).toBe(200);
    expect((await listAmendments(world.context.db, 'trial')).length).toBe(1);
  });

  test('a changed audience gives links to the new, withdraws unused ones of those who left, and keeps answers', async () => {
    const { db } = world.context;
    const gone = await db.collection('invitations').findOne({ administration: 'spring', school: 'elm-1' });
    const response = { _id: 'answered', study: 'trial', administration: 'spring', invitation: gone?._id, answers: {} };
    await db
      .collection<{ _id: string }>('responses')
      .insertOne({ ...response, completion: 'complete', replaces: null, withdrawn: false } as { _id: string });
    const audience = { arms: ['comparison'], roles: ['teacher', 'headteacher'] };
    const query = 'arms=comparison&roles=teacher,headteacher&administration=spring';
    const preview = await evaluator.send('GET', `${studyPath}/audience?${query}`);
    expect(preview.body).toMatchObject({ people: 9, newLinks: 9, withdrawn: 15, answered: 1 });
    const reason = 'The comparison schools are asked instead.';
    expect((await evaluator.send('PUT', at('spring'), { audience, reason })).status).toBe(200);
    // One of those who left has answered: the link stays what it was. Two had been withdrawn before.
    expect([await links('spring', 'open'), await links('spring', 'revoked')]).toEqual([10, 17]);
    const back = { audience: plan.audience, reason: 'A mistake, taken back.' };
    expect((await evaluator.send('PUT', at('spring'), back)).status).toBe(200);
    expect(await links('spring', 'open')).toBe(16);
    await db.collection<{ _id: string }>('responses').deleteOne({ _id: 'answered' });
  });

  test('nothing is opened by hand before its first day', async () => {
    const id = 'later';
    const later = await evaluator.send('POST', `${studyPath}/administrations`, { ...plan, id, opens: '2026-03-30' });
    expect(later.status).toBe(201);
    const opened = await evaluator.send('PUT', `${at(id)}/state`, { state: 'open', reason: 'Sooner.' });
    expect(opened).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect((await evaluator.send('DELETE', at(id))).status).toBe(204);
  });

  test('closing early and reopening are amendments, pausing is a step with its place in the history', async () => {
    const state = `${at('running')}/state`;
    expect((await evaluator.send('PUT', state, { state: 'paused' })).status).toBe(200);
    expect((await evaluator.send('PUT', state, { state: 'closed' })).body.code).toBe('reason-needed');
    expect((await evaluator.send('PUT', state, { state: 'closed', reason: 'Enough answers.' })).status).toBe(200);
    expect((await evaluator.send('PUT', state, { state: 'open' })).body.code).toBe('reason-needed');
    const open = await evaluator.send('PUT', state, { state: 'open', reason: 'Not enough after all.' });
    const steps = open.body.administration.history.map((step: { state: string; why: string }) => [
      step.state,
      step.why,
    ]);
    expect(steps).toEqual([
      ['paused', ''],
      ['closed', 'Enough answers.'],
      ['open', 'Not enough after all.'],
    ]);
    const cited = await listAmendments(world.context.db, 'trial', { id: 'running', wave: 'baseline' });
    expect(cited.map(({ changes }) => changes)).toEqual([
      [{ what: 'state', old: 'paused', new: 'closed' }],
      [{ what: 'state', old: 'closed', new: 'open' }],
    ]);
  });

  test('another text before consent is an amendment, and must be told from the former one', async () => {
    const information = { sheet: 'staff', version: 2 };
    const reason = 'The ethics board asked for it.';
    const refused = await evaluator.send('PUT', at('spring'), { information, reason });
    // Version 2 has no German.
    expect(refused.body.issues).toMatchObject([{ code: 'language-missing', path: 'body.information' }]);
    const changed = await evaluator.send('PUT', at('spring'), { information, languages: ['en-GB'], reason });
    expect(changed.body.administration.information).toMatchObject({ sheet: 'staff', version: 2 });
    const other = { sheet: 'other', title: 'Other', texts: { 'en-GB': text('Other.') } };
    await evaluator.send('POST', `${studyPath}/information`, other);
    await evaluator.send('POST', `${studyPath}/administrations`, {
      ...plan,
      ...{ id: 'one', opens: '2026-03-01', languages: ['en-GB'], information: { sheet: 'other', version: 1 } },
    });
    const same = { information: { sheet: 'staff', version: 1 }, reason };
    expect((await evaluator.send('PUT', at('one'), same)).body.issues).toMatchObject([{ code: 'same-version' }]);
  });
});

describe('a wave', () => {
  test('is added, and moved freely until it has begun', async () => {
    const wave = { title: 'End', opens: '2027-01-01', closes: '2027-02-01' };
    expect((await evaluator.send('POST', `${studyPath}/waves`, { id: 'end', ...wave })).status).toBe(201);
    expect((await evaluator.send('POST', `${studyPath}/waves`, { id: 'end', ...wave })).body.code).toBe(
      'already-exists',
    );
    const before = (await listAmendments(world.context.db, 'trial')).length;
    const moved = await evaluator.send('PUT', `${studyPath}/waves/end`, { ...wave, closes: '2027-03-01' });
    expect(moved.body).toEqual({ wave: { id: 'end', ...wave, closes: '2027-03-01' } });
    expect((await listAmendments(world.context.db, 'trial')).length).toBe(before);
    const backwards = await evaluator.send('PUT', `${studyPath}/waves/end`, { ...wave, closes: '2026-03-01' });
    expect(backwards.body.issues).toMatchObject([{ code: 'bad-order', path: 'body.closes' }]);
  });

  test('is moved as an amendment once it has begun, and not away from its administrations', async () => {
    const wave = { title: 'Baseline', opens: '2020-01-01', closes: '2099-06-30' };
    const reason = 'The school year was moved.';
    const outside = await evaluator.send('PUT', `${studyPath}/waves/baseline`, { ...wave, reason });
    expect(outside.body.issues).toMatchObject([{ code: 'administration-outside' }, { code: 'administration-outside' }]);
    const last = { closes: '2099-05-31', reason };
    for (const id of ['running', 'secret']) await evaluator.send('PUT', at(id), last);
    expect((await evaluator.send('PUT', `${studyPath}/waves/baseline`, wave)).body.code).toBe('reason-needed');
    expect((await evaluator.send('PUT', `${studyPath}/waves/baseline`, { ...wave, reason })).status).toBe(200);
    expect((await listAmendments(world.context.db, 'trial')).at(-1)).toMatchObject({
      thing: { kind: 'wave', id: 'baseline' },
      changes: [{ what: 'last day', old: '2099-12-31', new: '2099-06-30' }],
    });
  });
});

test('an edit of the whole study moves neither a wave that has begun nor the clocks of what is open', async () => {
  const { study } = (await evaluator.send('GET', studyPath)).body;
  const { id: _, simulated: __, ...whole } = study;
  const [first, ...others] = whole.waves;
  const moved = { ...whole, waves: [{ ...first, closes: '2099-06-29' }, ...others], timeZone: 'Pacific/Apia' };
  const refused = await evaluator.send('PUT', studyPath, moved);
  expect(refused.body.issues).toMatchObject([
    { code: 'wave-begun', path: 'body.waves.0' },
    { code: 'administration-begun', path: 'body.timeZone' },
  ]);
  const end = others.map((wave: { id: string }) => (wave.id === 'end' ? { ...wave, closes: '2027-04-01' } : wave));
  expect((await evaluator.send('PUT', studyPath, { ...whole, waves: [first, ...end] })).status).toBe(200);
});

describe('the log', () => {
  test('gets the entry of a change that was cut off before it was written, and the links with it', async () => {
    const { db } = world.context;
    const administrations = db.collection('administrations');
    const before = (await listAmendments(db, 'trial')).length;
    const amendment = {
      ...{ id: 'cut-off', study: 'trial', at: new Date(), by: 'test', why: 'A crash.', changes: [] },
      thing: { kind: 'administration', id: 'one', title: 'One' },
    };
    const was = { arms: ['partnership'], roles: ['teacher'] };
    await administrations.updateOne(
      { id: 'one' },
      {
        $set: { audience: { arms: ['comparison'], roles: ['teacher'] }, pending: { id: 'x', amendment, before: was } },
      },
    );
    await Promise.all([settleChanges(world.context), settleChanges(world.context)]);
    expect((await listAmendments(db, 'trial')).length).toBe(before + 1);
    expect([await links('one', 'open'), await links('one', 'revoked')]).toEqual([8, 16]);
    expect((await administrations.findOne({ id: 'one' }))?.pending).toBeNull();
  });

  test('is a file with one row for each thing that was changed', async () => {
    const file = await evaluator.send('GET', `${studyPath}/amendments.csv`);
    expect(file.headers['content-disposition']).toBe('attachment; filename=trial-amendments.csv');
    const [head, first] = file.text.split('\r\n');
    expect(head).toBe('number,day,at,by,why,kind,id,title,what,old,new');
    expect(first).toBe(
      '1,2026-03-01,2026-03-01T00:00:00.000Z,The evaluator,Schools were closed for snow.,administration,spring,Spring,last day,2026-04-02,2026-04-20',
    );
  });

  test('is cited by the report and by every dataset that it concerns', async () => {
    const analyst = await world.asAnalyst();
    const cited =
      'Amendment 1 of 2026-03-01, Spring: last day from 2026-04-02 to 2026-04-20. Reason: Schools were closed for snow.';
    const report = await analyst.send('GET', `${at('spring')}/report`);
    expect(report.body.notes).toContainEqual({ code: 'amendment', text: cited });
    const other = await analyst.send('GET', `${at('secret')}/report`);
    expect(JSON.stringify(other.body.notes)).not.toContain(cited);
    const { loadDataset } = await import('../../server/datasets/dataset.ts');
    const { aboutOf } = await import('../../server/datasets/about.ts');
    const { readmeOf } = await import('../../server/datasets/readme.ts');
    const dataset = await loadDataset(world.context, 'trial', 'spring');
    expect(aboutOf(dataset, { rows: 0, complete: 0 })).toContainEqual(['amendment_1', cited]);
    expect(readmeOf(dataset)).toContain(cited);
  });
});

describe('by role', () => {
  const reads = ['amendments', 'amendments.csv', 'information', 'audience?arms=partnership&roles=teacher'];

  test('readers read, and only evaluators change', async () => {
    for (const visitor of [await world.asViewer(), await world.asAnalyst()]) {
      for (const path of reads) expect((await visitor.send('GET', `${studyPath}/${path}`)).status).toBe(200);
      const refused = [
        visitor.send('POST', `${studyPath}/administrations`, { ...plan, id: 'by-reader' }),
        visitor.send('PUT', at('spring'), { title: 'Mine' }),
        visitor.send('DELETE', at('spring')),
        visitor.send('PUT', `${studyPath}/waves/baseline`, {}),
        visitor.send('POST', `${studyPath}/information`, {}),
      ];
      for (const answer of await Promise.all(refused)) expect(answer.status).toBe(403);
    }
  });

  test('every change is in the audit', async () => {
    const entries = await world.context.db
      .collection('audit')
      .find({ 'thing.route': 'PUT /api/studies/:study/administrations/:administration', outcome: 'done' })
      .toArray();
    expect(entries.length).toBeGreaterThan(5);
    expect(entries[0]).toMatchObject({ study: 'trial', actor: { kind: 'account' } });
  });
});
