/**
 * Answers from paper: typed once or by two people who do not see each other's entry, compared, decided, and taken by the way
 * of every response; never twice for one person.
 */
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { sendPaper } from '../../server/paper/send.ts';
import { getPaper } from '../../server/paper/store.ts';
import { absent, cells, day, openPaperWorld, Paper, url } from './paper-world.ts';

const { world, evaluator, ann, ben, collection, plan, begin, serialOf, beginSerial, responsesOf, rowsOf } =
  await openPaperWorld();

describe('a form typed by two people', () => {
  test('is compared, decided and taken once, with the decided value in the dataset', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann, cells);
    const second = await paper.type(ben, { ...cells, years: 1, plan: 3 });
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
    expect((await paper.decide(ann, 'years', 'first')).status).toBe(403);
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
    await paper.type(ann, { ...cells, what_helped: secret });
    const seen = [
      await ben.send('GET', url('survey')),
      await paper.look(ben),
      await paper.take(ben),
      await paper.save(ben, { role: 2 }),
      await paper.look(ben),
      // Nor does the evaluator see it before the second entry is finished, as they might type it.
      await evaluator.send('GET', paper.at()),
      await paper.finish(ben, cells),
      await paper.look(ben),
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
    await paper.take(ann);
    expect((await paper.take(ben)).status).toBe(409);
    expect((await paper.finish(ben, cells)).status).toBe(409);
    await paper.finish(ann, cells);
    const again = await paper.take(ann);
    expect(again).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(again.body.detail).toContain('somebody else');
    expect((await paper.type(ben, cells)).body.state).toBe('sent');
  });

  test('is taken at once where nothing differs', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann, absent);
    expect((await paper.type(ben, absent)).body).toMatchObject({ state: 'sent', compared: 6, differ: 0 });
    // What could not be read is a gap, and stays on record as what it was.
    expect(await responsesOf(link)).toMatchObject([
      { answers: { statements: { help: 3, plan: 2 } }, marks: { alone: 'two-ticks' } },
    ]);
    const agreement = (await ann.send('GET', url('survey'))).body.agreement;
    expect(agreement.rate).toBeCloseTo(agreement.differ / agreement.compared, 12);
    expect(agreement.forms).toBeGreaterThanOrEqual(1);
  });

  test('asks for what only a decision brings up', async () => {
    const paper = await begin('survey', world.takeLink('survey'));
    await paper.type(ann, { ...absent, alone: 1 });
    await paper.type(ben, {
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
    await paper.take(ann);
    await paper.save(ann, { role: 1 });
    const older = paper.revision - 1;
    const stale = await ann.send('PUT', paper.at('/entry'), { revision: older, cells: {} });
    expect(stale).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await paper.look(ann)).body.cells).toEqual({ role: 1 });
    const refused = await paper.finish(ann, { ...cells, role: 3, years: undefined });
    expect(refused.status).toBe(422);
    expect(refused.body.issues.map(({ path, code }: { path: string; code: string }) => `${code} ${path}`)).toEqual([
      'not-allowed role',
      'not-typed years',
    ]);
    const strange = await ann.send('PUT', paper.at('/entry'), {
      revision: 2,
      cells: { constructor_: 1, 'a.b': 2 },
    });
    expect(strange.status).toBe(400);
  });

  test('may leave out what a screen would insist on', async () => {
    await plan('survey', 'single');
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    const done = await paper.type(ann, { ...absent, role: { mark: 'blank' } });
    expect(done.body).toMatchObject({ state: 'sent', entry: 'single', compared: null });
    expect((await responsesOf(link))[0]?.answers).not.toHaveProperty('role');
    await plan('survey', 'double');
  });

  test('of a form that was begun by mistake is discarded by whoever began it, or by the evaluator', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.take(ann);
    expect((await ben.send('DELETE', paper.at())).status).toBe(403);
    expect((await ann.send('DELETE', paper.at())).status).toBe(204);
    expect((await paper.look(ann)).status).toBe(404);
    const other = await begin('survey', link);
    await other.type(ann, cells);
    expect((await ann.send('DELETE', other.at())).status).toBe(403);
    expect((await evaluator.send('DELETE', other.at())).status).toBe(204);
  });
});

describe('nobody answers twice', () => {
  test('one form for a person, one for a serial number, also when two begin it at once', async () => {
    const { invitation } = world.takeLink('survey');
    const wanted = { kind: 'person', invitation: invitation._id, day, agreed: true };
    const made = await Promise.all([ann, ben].map((who) => who.send('POST', url('survey', '/forms'), wanted)));
    expect(made.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(made[0]?.body.id).toBe(made[1]?.body.id);
    await beginSerial('survey', 'a-17');
    const again = await ben.send('POST', url('survey', '/forms'), serialOf('A-17'));
    expect(again).toMatchObject({ status: 200, body: { serial: 'A-17' } });
    const elsewhere = await ben.send('POST', url('survey', '/forms'), serialOf('A-17', 'oak-1'));
    expect(elsewhere).toMatchObject({ status: 409, body: { code: 'already-exists' } });
  });

  test('whoever answered online meanwhile keeps those answers, and the form is kept too', async () => {
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann, cells);
    const online = { key: crypto.randomUUID(), answers: { role: 2 }, consent: { information: 1, agreed: true } };
    expect((await ann.agent.post(`/api${link.path}/responses`).send(online)).status).toBe(201);
    const done = await paper.type(ben, cells);
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
    expect((await ann.send('POST', url('survey', '/forms'), anew)).body.code).toBe('paper-not-taken');
  });

  test('a sending that was cut off before it was noted finds its response again', async () => {
    await plan('survey', 'single');
    const link = world.takeLink('survey');
    const paper = await begin('survey', link);
    await paper.type(ann, cells);
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
  const numberless = await ann.send('POST', url('log', '/forms'), wanted);
  expect(numberless.body.issues[0]).toMatchObject({ code: 'serial-needed', path: 'body.serial' });
  // What the person has begun on a screen is another event: it stays.
  const draft = { answers: { role: 1 }, page: 0, consent: { information: 1, agreed: true } };
  expect((await request(world.app).put(`/api${link.path}/draft`).send(draft)).status).toBe(200);
  for (const serial of ['1', '2']) {
    const made = await ann.send('POST', url('log', '/forms'), { ...wanted, serial });
    expect(made).toMatchObject({ status: 201, body: { serial, person: link.invitation.person } });
    const paper = new Paper('log', made.body.id);
    expect((await paper.type(ann, cells)).body.state).toBe('sent');
    expect((await paper.send(evaluator)).status).toBe(200);
  }
  expect((await request(world.app).get(`/api${link.path}`)).body.draft.answers).toEqual({ role: 1 });
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
    const late = await ann.send('POST', url('over', '/forms'), { ...wanted, day: '2026-04-01' });
    expect(late.body.issues[0]).toMatchObject({ code: 'day-outside', path: 'body.day' });
    const paper = await begin('over', link);
    await paper.type(ann, cells);
    expect((await paper.type(ben, cells)).body.state).toBe('sent');
    const rates = (await evaluator.send('GET', '/api/studies/trial/administrations/over/rates?by=day')).body;
    expect(rates.total.responded).toBe(1);
    expect(rates.days.find((one: { finished: number }) => one.finished > 0)).toMatchObject({ day, finished: 1 });
  });

  test('without consent on the form nothing is begun', async () => {
    const { invitation } = world.takeLink('over');
    const wanted = { kind: 'person', invitation: invitation._id, day, agreed: false };
    expect((await ann.send('POST', url('over', '/forms'), wanted)).status).toBe(400);
  });
});

test('answers are in no log line and not in the audit', async () => {
  const told = [...world.logLines, JSON.stringify(await collection('audit').find().toArray())].join('\n');
  for (const secret of ['The visits', 'Only the first clerk', 'Looked at the form']) expect(told).not.toContain(secret);
  expect(told).toContain('paper.decide');
});
