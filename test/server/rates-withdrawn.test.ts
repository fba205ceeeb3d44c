/** Whoever withdraws from a study is counted once in its response rates, whatever they had done before. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { makeWorld } from './world.ts';

test('who answered, opened, declined or did nothing, and then withdrew, has withdrawn and nothing else', async () => {
  const world = await makeWorld({ administrations: [{ id: 'leaving' }] });
  const [answered, opened, untouched, declined, other] = world
    .links('leaving')
    .filter(({ invitation }) => invitation.school === 'elm-2');
  if (!answered || !opened || !untouched || !declined || !other) throw new Error('there are eight links');
  const respondent = await world.asViewer();
  const answers = { role: 1, years: 7, statements: { help: 3 }, took_part: false };
  const body = { key: randomUUID(), answers, consent: { information: 1, agreed: true } };
  expect((await respondent.agent.post(`/api${answered.path}/responses`).send(body)).status).toBe(201);
  for (const link of [opened, other]) {
    expect((await respondent.agent.get(`/api${link.path}`)).status).toBe(200);
    // The opening is remembered without making anybody wait for it.
    const one = { _id: link.invitation._id as never };
    const openedAt = async () => (await world.context.db.collection('invitations').findOne(one))?.openedAt;
    await expect.poll(openedAt, { timeout: 20_000 }).toBeInstanceOf(Date);
  }
  expect((await respondent.agent.post(`/api${declined.path}/decline`)).status).toBe(204);
  for (const { invitation } of [answered, opened, untouched, declined]) {
    await withdrawPerson(world.context, 'trial', String(invitation.person), 'evaluator');
  }
  const evaluator = await world.asEvaluator();
  const { rows } = (await evaluator.send('GET', '/api/studies/trial/administrations/leaving/rates?by=school')).body;
  const row = rows.find(({ id }: { id: string }) => id === 'elm-2');
  expect(row).toMatchObject({ eligible: 8, withdrawn: 4, declined: 0, silent: 1, notReached: 3, responded: 0 });
  // Refusals are the four who withdrew and the one who only looked.
  expect(row.rates.ref1.value).toBe(5 / 8);
});
