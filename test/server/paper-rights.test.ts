/** Paper forms of an anonymous administration, and how nothing is left of a form where something was withdrawn, erased or removed. */
import { describe, expect, test } from 'vitest';
import { paperStates, paperTransitions } from '../../server/paper/form.ts';
import { changePaper, getPaper } from '../../server/paper/store.ts';
import { retentionRules } from '../../server/retention/rules.ts';
import { erasePerson } from '../../server/rights/erase.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { deleteStudy } from '../../server/studies/delete.ts';
import { cells, day, openPaperWorld, url } from './paper-world.ts';

const { world, evaluator, ann, ben, collection, plan, begin, beginSerial, rowsOf } = await openPaperWorld();

describe('an anonymous administration', () => {
  test('knows forms by serial number alone, and keeps nothing that leads to the answers', async () => {
    const { invitation } = world.takeLink('anonymous');
    const named = { kind: 'person', invitation: invitation._id, day, agreed: true };
    expect((await ann.send('POST', url('anonymous', '/forms'), named)).status).toBe(400);
    expect((await ann.send('GET', url('anonymous', '/people?school=elm-1'))).body.people).toEqual([]);
    const paper = await beginSerial('anonymous', 'pile-0042');
    await paper.type(ann, cells);
    await paper.type(ben, { ...cells, years: 8 });
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
    const links = [world.takeLink('survey'), world.takeLink('survey')] as const;
    const [begun, sent] = [await begin('survey', links[0]), await begin('survey', links[1])];
    await begun.type(ann, cells);
    await sent.type(ann, cells);
    await sent.type(ben, cells);
    for (const { invitation } of links)
      await withdrawPerson(world.context, 'trial', invitation.person ?? '', 'evaluator');
    for (const paper of [begun, sent]) expect((await paper.look(evaluator)).status).toBe(404);
    const anew = { kind: 'person', invitation: links[0]?.invitation._id, day, agreed: true };
    const refused = await ann.send('POST', url('survey', '/forms'), anew);
    expect(refused).toMatchObject({ status: 409, body: { code: 'paper-not-taken' } });
    expect(refused.body.detail).toContain('withdrawn');
  });

  test('a form of a serial number goes with the answers that it became', async () => {
    await plan('survey', 'single');
    const paper = await beginSerial('survey', 'withdrawn-1');
    const { body } = await paper.type(ann, cells);
    await plan('survey', 'double');
    await evaluator.send('POST', '/api/withdrawals', { code: body.receiptCode });
    expect((await paper.look(evaluator)).status).toBe(404);
  });

  test('erasure takes the notes, and the copy of a record has what is typed', async () => {
    const link = world.takeLink('survey');
    const person = link.invitation.person ?? '';
    const paper = await begin('survey', link);
    await paper.type(ann, cells);
    await paper.type(ben, { ...cells, years: 9 });
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
  expect((await paper.look(ann)).body.state).toBe('first-entry');
});

test('the people of a school are told with what stands against typing their form', async () => {
  await world.answer('survey', { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false });
  const { body } = await ann.send('GET', url('survey', '/people?school=elm-1'));
  expect(body.people).toHaveLength(24);
  const standings = new Set(body.people.map(({ standing }: { standing: string }) => standing));
  for (const standing of ['typed', 'answered', 'withdrawn', 'open']) expect(standings).toContain(standing);
});

test('answers are in no log line and not in the audit', async () => {
  const told = [...world.logLines, JSON.stringify(await collection('audit').find().toArray())].join('\n');
  for (const secret of ['The visits', 'PILE-0042']) expect(told).not.toContain(secret);
  expect(told).toContain('paper.send');
});

test('retention counts and removes them as answers, and a study takes them with it', async () => {
  const { db } = world.context;
  const kept = await collection('paper-forms').countDocuments({ study: 'trial' });
  expect(kept).toBeGreaterThan(0);
  const answers = await collection('responses').countDocuments({ study: 'trial' });
  expect(await retentionRules.answers.count(db, 'trial')).toBe(kept + answers);
  await retentionRules.answers.remove(db, 'trial');
  expect(await collection('paper-forms').countDocuments({ study: 'trial' })).toBe(0);
  await begin('survey', world.takeLink('survey'));
  await deleteStudy(world.context, 'trial');
  expect(await collection('paper-forms').countDocuments()).toBe(0);
});
