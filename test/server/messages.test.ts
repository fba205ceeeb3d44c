/** Mailings, the log of messages, texts and their checks, opting out and bounces, over HTTP. */
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { saveIdentities } from '../../server/identities/store.ts';
import { refusedAddresses } from '../../server/mail/bounces.ts';
import { startDueMailings } from '../../server/mail/run-mailings.ts';
import { unsubscribeToken } from '../../server/mail/unsubscribe-token.ts';
import { deliverDue } from '../../server/outbox/deliver.ts';
import { type MailServerForTests, startMailServer } from '../mail-server.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let mail: MailServerForTests;
let world: World;
let context: Context;
let evaluator: Visitor;
const noon = new Date('2026-05-04T11:00:00Z');
const hour = 60 * 60 * 1000;

beforeAll(async () => {
  mail = await startMailServer();
  world = await makeWorld({
    people: { teacher: 4, headteacher: 1 },
    administrations: [
      { id: 'whole', opens: '2026-05-01', closes: '2026-06-30' },
      { id: 'plan', opens: '2026-03-01', closes: '2026-04-30' },
      { id: 'log', opens: '2026-05-01', closes: '2026-06-30' },
      { id: 'unwritten', opens: '2026-05-01', closes: '2026-06-30' },
    ],
    environment: { SMTP_URL: mail.url, MAIL_FROM: 'team@example.org', PUBLIC_URL: 'http://127.0.0.1:3000' },
  });
  ({ context } = world);
  evaluator = await world.asEvaluator();
  await saveIdentities(
    context,
    world.study.id,
    world.people.map(({ id }, at) => ({
      person: id,
      name: `Person ${at}`,
      email: id === 'oak-1-teacher-4' ? null : `${id}@school.example`,
      language: id === 'elm-1-teacher-2' ? 'de-AT' : null,
    })),
  );
});
afterAll(() => mail.close());
beforeEach(() => world.setClock(noon));

const url = (administration: string, rest: string) =>
  `/api/studies/${world.study.id}/administrations/${administration}/${rest}`;
const takenFor = (person: string) => mail.taken.filter(({ to }) => to === `${person}@school.example`);

async function answer(link: TestLink): Promise<void> {
  const sent = await request(world.app)
    .post(`/api/s/${link.token}/responses`)
    .send({
      key: crypto.randomUUID(),
      answers: { role: 1, years: 3, statements: { help: 1, plan: 2, alone: 1 } },
      consent: { information: 1, agreed: true },
    });
  expect(sent.status).toBe(201);
}

async function run(): Promise<void> {
  await startDueMailings(context);
  await deliverDue(context);
}

describe('a mailing', () => {
  test('says whom it would reach, reaches them once, and its reminders only those who have not answered', async () => {
    const body = { kind: 'invitation', whom: {}, at: null, remindAfter: [3, 7] };
    const reach = await evaluator.send('POST', url('whole', 'mailings/reach'), { whom: {} });
    expect(reach.body).toEqual({
      links: 12,
      responded: 0,
      withoutAddress: 1,
      optedOut: 0,
      bounced: 0,
      declined: 0,
      ineligible: 0,
      reached: 11,
      invitedBefore: 0,
    });
    const planned = await evaluator.send('POST', url('whole', 'mailings'), body);
    expect(planned.status).toBe(201);
    expect(planned.body.mailings.map(({ kind, sendAt }: { kind: string; sendAt: string }) => [kind, sendAt])).toEqual([
      ['invitation', '2026-05-04T11:00:00.000Z'],
      ['reminder', '2026-05-07T11:00:00.000Z'],
      ['reminder', '2026-05-11T11:00:00.000Z'],
    ]);
    await run();
    // Pressed twice: whoever has an invitation by this link gets no second one.
    await evaluator.send('POST', url('whole', 'mailings'), { ...body, remindAfter: [] });
    await run();
    expect(mail.taken).toHaveLength(11);
    const since = await evaluator.send('POST', url('whole', 'mailings/reach'), { whom: {} });
    expect(since.body).toMatchObject({ reached: 11, invitedBefore: 11 });
    const german = takenFor('elm-1-teacher-2')[0];
    expect(german && (await mail.parse(german)).subject).toBe('Ihre Einladung: Working together');

    await answer(world.links('whole')[0] as TestLink);
    const optedOut = world.links('whole')[2] as TestLink;
    const token = unsubscribeToken(context, optedOut.invitation._id);
    expect((await request(world.app).get(`/unsubscribe/${token}`)).text).toContain('Send me no more messages');
    for (let at = 0; at < 2; at += 1) {
      const ended = await request(world.app)
        .post(`/unsubscribe/${token}`)
        .type('form')
        .send('List-Unsubscribe=One-Click');
      expect(ended.text).toContain('You get no more messages');
    }
    world.setClock(new Date(noon.getTime() + 3 * 24 * hour));
    await run();
    expect(mail.taken).toHaveLength(11 + 9);
    expect(takenFor('elm-1-teacher-1')).toHaveLength(1);
    expect(takenFor('elm-1-teacher-3')).toHaveLength(1);
    expect(takenFor('elm-1-teacher-4')).toHaveLength(2);
    const { body: log } = await evaluator.send('GET', url('whole', 'messages?kind=reminder&state=skipped'));
    expect(log.messages.map(({ person, why }: { person: string; why: string }) => [person, why]).sort()).toEqual([
      ['elm-1-teacher-3', 'The person asked for no more messages about this study.'],
    ]);
    // Never written to: there is nothing to remind of, and the invitation waits for an address.
    const { body: never } = await evaluator.send('GET', url('whole', 'messages?kind=invitation&state=skipped'));
    expect(never.messages.map(({ person, why }: { person: string; why: string }) => [person, why])).toEqual([
      ['oak-1-teacher-4', 'No e-mail address is known for the person.'],
    ]);
  });

  test('that reminds somebody who was never written to is an invitation to them', async () => {
    const before = mail.taken.length;
    const remind = async () => {
      const body = { kind: 'reminder', whom: { school: 'elm-2' }, at: null, remindAfter: [] };
      await evaluator.send('POST', url('unwritten', 'mailings'), body);
      await run();
    };
    await remind();
    const sent = await Promise.all(mail.taken.slice(before).map((taken) => mail.parse(taken)));
    expect(sent.map(({ subject }) => subject)).toEqual(Array(4).fill('Your invitation: Working together'));
    await remind();
    const again = await Promise.all(mail.taken.slice(before + 4).map((taken) => mail.parse(taken)));
    expect(again.map(({ subject }) => subject)).toEqual(
      Array(4).fill('Still open until 30 June 2026: Working together'),
    );
  });

  test('goes out at a time of the study’s clock, over the change of clocks, and may be narrowed and cancelled', async () => {
    world.setClock(new Date('2026-03-27T10:00:00Z'));
    const planned = await evaluator.send('POST', url('plan', 'mailings'), {
      kind: 'invitation',
      whom: { school: 'elm-1' },
      at: '2026-03-28T09:30',
      remindAfter: [1, 5],
    });
    const [first, second, third] = planned.body.mailings as { id: string; sendAt: string }[];
    expect([first?.sendAt, second?.sendAt, third?.sendAt]).toEqual([
      '2026-03-28T09:30:00.000Z',
      '2026-03-29T08:30:00.000Z',
      '2026-04-02T08:30:00.000Z',
    ]);
    const before = mail.taken.length;
    await run();
    expect(mail.taken).toHaveLength(before);
    world.setClock(new Date('2026-03-28T09:30:00Z'));
    await run();
    expect(mail.taken).toHaveLength(before + 4 - 1);
    expect((await evaluator.send('POST', url('plan', `mailings/${third?.id}/cancel`))).body.state).toBe('cancelled');
    expect((await evaluator.send('POST', url('plan', `mailings/${first?.id}/cancel`))).status).toBe(409);
    world.setClock(new Date('2026-04-10T08:00:00Z'));
    await startDueMailings(context);
    const { body } = await evaluator.send('GET', url('plan', 'mailings'));
    expect(body.mailings.map(({ state }: { state: string }) => state)).toEqual(['done', 'done', 'cancelled']);
  });

  test('is refused at a time at which nobody could answer', async () => {
    const post = (at: string | null, remindAfter: number[] = []) =>
      evaluator.send('POST', url('whole', 'mailings'), { kind: 'invitation', whom: {}, at, remindAfter });
    const codes = async (answer: ReturnType<typeof post>) =>
      (await answer).body.issues.map(({ code, path }: { code: string; path: string }) => `${path} ${code}`);
    expect(await codes(post('2026-07-01T09:00'))).toEqual(['body.at after-closing']);
    expect(await codes(post('2026-04-30T09:00'))).toEqual(['body.at before-opening']);
    expect(await codes(post('2026-05-04T09:00'))).toEqual(['body.at past']);
    expect(await codes(post('2026-06-20T09:00', [5, 11]))).toEqual(['body.remindAfter.1 after-closing']);
    world.setClock(new Date('2026-04-30T12:00:00Z'));
    expect((await post(null)).body.code).toBe('state-not-allowed');
  });

  test('cut off in the middle is finished by another server, and nobody gets two', async () => {
    const { body } = await evaluator.send('POST', url('log', 'mailings'), { kind: 'invitation', whom: {}, at: null });
    const id = body.mailings[0].id;
    await context.db
      .collection<{ _id: string }>('mailings')
      .updateOne({ _id: id }, { $set: { state: 'running', leaseUntil: new Date(noon.getTime() + 1000) } });
    expect(await startDueMailings(context)).toBe(0);
    world.setClock(new Date(noon.getTime() + 2000));
    const results = await Promise.all([startDueMailings(context), startDueMailings(context)]);
    expect(results[0] + results[1]).toBe(1);
    const { body: log } = await evaluator.send('GET', url('log', 'messages'));
    expect(log).toMatchObject({ total: 12, counts: { waiting: 12 }, mailServer: true });
  });
});

describe('the log of messages', () => {
  test('lets messages be cancelled, sent again and settled, each only where that is possible', async () => {
    const list = async (query = '') => (await evaluator.send('GET', url('log', `messages${query}`))).body;
    const { messages } = await list('?school=oak-1');
    expect(messages).toHaveLength(4);
    const [one, two] = messages as { id: string }[];
    const step = (id: string | undefined, name: string) =>
      evaluator.send('POST', url('log', `messages/${encodeURIComponent(id ?? '')}/step`), { step: name });
    expect((await step(one?.id, 'cancel')).body.state).toBe('cancelled');
    expect((await step(one?.id, 'again')).body.code).toBe('state-not-allowed');
    expect((await step(two?.id, 'arrived')).status).toBe(409);
    expect((await step('no-such-message', 'cancel')).status).toBe(404);
    const elsewhere = await evaluator.send('POST', url('whole', `messages/${two?.id}/step`), { step: 'cancel' });
    expect(elsewhere.status).toBe(404);
    await context.db
      .collection<{ _id: string }>('outbox')
      .updateOne({ _id: two?.id ?? '' }, { $set: { state: 'uncertain' } });
    expect((await step(two?.id, 'arrived')).body.state).toBe('sent');
    await context.db
      .collection('outbox')
      .updateMany({ state: 'waiting', 'about.administration': 'log' }, { $set: { state: 'failed' } });
    expect((await evaluator.send('POST', url('log', 'messages/again'))).body).toEqual({ waiting: 10 });
    const csv = await evaluator.send('GET', url('log', 'messages.csv?state=sent'));
    const [head, ...lines] = csv.text.trim().split('\r\n');
    expect(head).toContain('kind,state,person,school');
    expect(lines).toHaveLength(1);
    expect(csv.text).not.toContain('@school.example');
  });

  test('is not for an analyst', async () => {
    const analyst = await world.asAnalyst();
    expect((await analyst.send('GET', url('log', 'messages'))).status).toBe(403);
  });
});

describe('opting out', () => {
  test('needs the whole address of the message and answers everything else alike', async () => {
    const [link, other] = world.links('log') as [TestLink, TestLink];
    const token = unsubscribeToken(context, link.invitation._id);
    const foreign = `${token.split('.')[0]}.${unsubscribeToken(context, other.invitation._id).split('.')[1]}`;
    const nowhere = unsubscribeToken(context, 'no-such-invitation');
    const answers = await Promise.all(
      [foreign, nowhere, 'x', `${token}x`].map((text) => request(world.app).post(`/unsubscribe/${text}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(world.logLines.join('')).not.toContain(token);
  });
});

describe('addresses that came back', () => {
  test('are found in lists and in status notifications', () => {
    expect(refusedAddresses('A@x.example, b@y.example;\n"C" <c@z.example>.')).toEqual([
      'a@x.example',
      'b@y.example',
      'c@z.example',
    ]);
    const notification = [
      'From: MAILER-DAEMON@mx.example',
      'To: team@example.org',
      '',
      'Reporting-MTA: dns; mx.example',
      'Final-Recipient: rfc822; gone@school.example',
      'Action: failed',
      'Status: 5.1.1',
    ].join('\n');
    expect(refusedAddresses(notification)).toEqual(['gone@school.example']);
  });

  test('are marked, and the message stands as come back', async () => {
    const text = 'elm-2-teacher-1@school.example nobody@nowhere.example';
    const path = `/api/studies/${world.study.id}/bounces`;
    expect((await evaluator.send('POST', path, { text })).body).toEqual({ addresses: 2, people: 1, marked: 1 });
    expect((await evaluator.send('POST', path, { text })).body).toEqual({ addresses: 2, people: 1, marked: 0 });
    const { body } = await evaluator.send('GET', url('whole', 'messages?state=bounced'));
    expect(body.messages.length).toBeGreaterThanOrEqual(1);
    const reach = await evaluator.send('POST', url('whole', 'mailings/reach'), { whom: { school: 'elm-2' } });
    expect(reach.body).toMatchObject({ links: 4, bounced: 1, reached: 3 });
  });
});

test('whoever had no address is invited when there is one, and once', async () => {
  const person = 'oak-1-teacher-4';
  const whom = { school: 'oak-1' };
  const invite = async () => {
    const body = { kind: 'invitation', whom, at: null };
    expect((await evaluator.send('POST', url('whole', 'mailings'), body)).status).toBe(201);
    await run();
  };
  await invite();
  expect(takenFor(person)).toHaveLength(0);
  const identity = { person, name: 'Person', email: `${person}@school.example`, language: null };
  await saveIdentities(context, world.study.id, [identity]);
  const reach = await evaluator.send('POST', url('whole', 'mailings/reach'), { whom });
  expect(reach.body.reached - reach.body.invitedBefore).toBe(1);
  const before = mail.taken.length;
  await invite();
  await invite();
  expect(takenFor(person)).toHaveLength(1);
  expect(mail.taken).toHaveLength(before + 1);
});

describe('texts', () => {
  const put = (language: string, body: object) =>
    evaluator.send('PUT', `/api/studies/${world.study.id}/message-templates/invitation/${language}`, body);

  test('are kept in versions, shown before they are sent, and sent as a test to whoever asks', async () => {
    const text = { subject: 'Ahoj {{name}}', body: 'Prosím.\n\n{{link}}' };
    expect((await put('cs', { ...text, after: 0 })).body).toMatchObject({ version: 1, language: 'cs' });
    expect((await put('cs', { ...text, after: 0 })).status).toBe(409);
    expect((await put('cs', { ...text, body: 'x', after: 1 })).body.issues[0]).toMatchObject({ path: 'body.body' });
    const list = await evaluator.send('GET', `/api/studies/${world.study.id}/message-templates`);
    expect(list.body.templates).toHaveLength(5);
    const preview = await evaluator.send('POST', url('whole', 'message-templates/preview'), {
      language: 'cs',
      ...text,
    });
    expect(preview.body).toMatchObject({ subject: 'Ahoj Alex Sample', issues: [] });
    const before = mail.taken.length;
    const test = { kind: 'invitation', language: 'cs' };
    // A study that names its languages sends tests in no other.
    const studies = context.db.collection<{ _id: string }>('studies');
    await studies.updateOne({ _id: world.study.id }, { $set: { languages: ['en-GB', 'de'] } });
    const refused = await evaluator.send('POST', url('whole', 'message-templates/test'), test);
    expect(refused.body.issues).toMatchObject([{ code: 'language-not-of-study', path: 'body.language' }]);
    await studies.updateOne({ _id: world.study.id }, { $unset: { languages: 1 } });
    expect((await evaluator.send('POST', url('whole', 'message-templates/test'), test)).status).toBe(202);
    await deliverDue(context);
    const taken = mail.taken.slice(before).filter(({ to }) => to === 'evaluator@example.org');
    expect(taken).toHaveLength(1);
    const parsed = await mail.parse(taken[0] as (typeof mail.taken)[number]);
    expect(parsed.subject).toBe('Test: Ahoj Alex Sample');
    expect(parsed.headers.has('list')).toBe(false);
  });
});
