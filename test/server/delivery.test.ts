/** Messages go out once, to a real SMTP server, in words that any mail program can read. */
import type { Express } from 'express';
import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { saveIdentities } from '../../server/identities/store.ts';
import { reissueInvitation } from '../../server/invitations/store.ts';
import { markBounced, optOut } from '../../server/mail/stops.ts';
import { backOffMs, deliverDue, mostTries } from '../../server/outbox/deliver.ts';
import { type Message, messageStates, messageTransitions } from '../../server/outbox/message.ts';
import { claimMessage, enqueue, findMessage, moveMessage, releaseExpired } from '../../server/outbox/store.ts';
import { type MailServerForTests, smtpRefusal, startMailServer } from '../mail-server.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let mail: MailServerForTests;
let world: World;
let context: Context;
let app: Express;
const noon = new Date('2026-05-04T11:00:00Z');

beforeAll(async () => {
  mail = await startMailServer();
  world = await makeWorld({
    people: { teacher: 40 },
    administrations: [{ id: 'first' }, { id: 'hidden', mode: 'anonymous' }, { id: 'over', state: 'closed' }],
    environment: {
      SMTP_URL: mail.url,
      MAIL_FROM: 'Evaluation team <team@example.org>',
      PUBLIC_URL: 'http://127.0.0.1:3000',
    },
  });
  ({ context, app } = world);
});
afterAll(() => mail.close());
beforeEach(() => {
  mail.refuse = null;
  mail.beforeAnswer = null;
  world.setClock(noon);
});

const emailOf = (person: string) => `${person}@school.example`;

async function invite(link: TestLink, more: Partial<Message> = {}, name: string | null = 'Jo Bloggs', email?: string) {
  const { study, administration, _id, person } = link.invitation;
  const id = person as string;
  await saveIdentities(context, study, [{ person: id, name, email: email ?? emailOf(id), language: null }]);
  const message: Message = {
    key: `invitation:${_id}:1`,
    kind: 'invitation',
    to: { kind: 'person', study, person: id },
    study,
    about: { administration, invitation: _id },
    sendAfter: null,
    ...more,
  };
  await enqueue(context, [message]);
  return message.key;
}

const takenFor = (link: TestLink) => mail.taken.filter(({ to }) => to === emailOf(link.invitation.person as string));
const stateOf = async (key: string) => (await findMessage(context.db, key))?.state;
const later = (ms: number) => world.setClock(new Date(noon.getTime() + ms));

describe('an invitation', () => {
  test('reaches the person with their link, in plain text and in HTML, with the headers that mail programs look for', async () => {
    const link = world.takeLink('first');
    const key = await invite(link, {}, 'Zoë "Z" O\u2019Hara');
    expect(await deliverDue(context)).toEqual({ sent: 1, later: 0, ended: 0 });
    const [taken] = takenFor(link);
    if (!taken) throw new Error('nothing arrived');
    const parsed = await mail.parse(taken);
    expect(parsed.from?.value).toEqual([{ name: 'Evaluation team', address: 'team@example.org' }]);
    expect(parsed.to).toMatchObject({ value: [{ name: 'Zoë "Z" O\u2019Hara', address: emailOf('elm-1-teacher-1') }] });
    expect(parsed.replyTo?.value).toMatchObject([{ address: 'evaluation@example.org' }]);
    expect(parsed.subject).toBe('Your invitation: Working together');
    expect(parsed.text).toContain('Hello Zoë "Z" O\u2019Hara,');
    expect(parsed.text).toContain(`http://127.0.0.1:3000${link.path}`);
    expect(parsed.text).toContain('31 December 2099');
    expect(parsed.html).toContain(`href="http://127.0.0.1:3000${link.path}"`);
    expect(parsed.html).toContain('Zoë &quot;Z&quot; O\u2019Hara');
    expect(parsed.html).toContain('<html lang="en" dir="ltr">');
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated');
    const source = taken.source.toString('latin1').replace(/\r\n[ \t]+/g, ' ');
    expect(source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
    expect(source).toMatch(
      /^List-Unsubscribe: <http:\/\/127\.0\.0\.1:3000\/unsubscribe\/[\w.-]+>, <mailto:evaluation@example\.org\?subject=unsubscribe>\r$/m,
    );
    expect(parsed.messageId).toMatch(/^<[\w-]{32}@example\.org>$/);
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'sent', sentAt: noon, tries: 1, lease: null });
  });

  test('carries no header that a name or an address brought in', async () => {
    const link = world.takeLink('first');
    await invite(link, {}, 'Eve\r\nBcc: everybody@example.org\r\n\r\nHello');
    await deliverDue(context);
    const [taken] = takenFor(link);
    const headers = taken?.source.toString('latin1').split('\r\n\r\n')[0] ?? '';
    expect(headers).not.toMatch(/^Bcc:/im);
    expect(headers).toMatch(/^To: .*Eve Bcc/im);
    const other = world.takeLink('first');
    const key = await invite(other, {}, 'Eve', 'a@b.example\r\nRCPT TO:<c@d.example>');
    await deliverDue(context);
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'skipped', fault: { code: 'bad-address' } });
  });

  test('stands in no line of the log and in no field of the outbox with name, address or link', async () => {
    const link = world.takeLink('first');
    mail.refuse = (address) => smtpRefusal(451, `4.7.1 <${address}> try later`);
    const key = await invite(link, {}, 'Unmistakable Name');
    await deliverDue(context);
    const kept = JSON.stringify(await findMessage(context.db, key));
    for (const secret of ['Unmistakable', emailOf(link.invitation.person as string), link.token]) {
      expect(kept).not.toContain(secret);
      expect(world.logLines.join('')).not.toContain(secret);
    }
    later(3 * 60 * 1000);
    mail.refuse = null;
    await deliverDue(context);
    expect(takenFor(link)).toHaveLength(1);
  });

  test('goes out with the link that holds at that moment', async () => {
    const link = world.takeLink('first');
    const { _id, serial, tokenHash } = link.invitation;
    await invite(link);
    await reissueInvitation(context.db, _id, serial, `hash of another ${_id}`, tokenHash);
    await deliverDue(context);
    const [taken] = takenFor(link);
    expect(taken && (await mail.parse(taken)).text).not.toContain(link.token);
  });
});

describe('nothing goes to', () => {
  test('somebody who has responded meanwhile, whose link was withdrawn, or after the closing', async () => {
    const answered = world.takeLink('first');
    const anonymous = world.takeLink('hidden');
    const revoked = world.takeLink('first');
    const over = world.takeLink('over');
    const keys = [];
    for (const link of [answered, anonymous, revoked, over]) keys.push(await invite(link, { kind: 'reminder' }));
    for (const link of [answered, anonymous]) await answer(link);
    const evaluator = await world.asEvaluator();
    await evaluator.send(
      'POST',
      `/api/studies/${world.study.id}/administrations/first/invitations/${revoked.invitation._id}/revoke`,
    );
    expect(await deliverDue(context)).toEqual({ sent: 0, later: 0, ended: 4 });
    const faults = await Promise.all(keys.map(async (key) => (await findMessage(context.db, key))?.fault?.code));
    expect(faults).toEqual(['responded', 'responded', 'revoked', 'closed']);
  });

  test('somebody who opted out or whose address was refused; a corrected address is written to', async () => {
    const out = world.takeLink('first');
    const refused = world.takeLink('first');
    const { study } = out.invitation;
    const keys = [await invite(out), await invite(refused)];
    await optOut(context, study, out.invitation.person as string);
    const person = refused.invitation.person as string;
    await markBounced(context, study, person, emailOf(person).toUpperCase());
    await deliverDue(context);
    const faults = await Promise.all(keys.map(async (key) => (await findMessage(context.db, key))?.fault?.code));
    expect(faults).toEqual(['opted-out', 'bounced']);
    await invite(refused, { key: 'again' }, 'Jo', `new-${emailOf(person)}`);
    expect((await deliverDue(context)).sent).toBe(1);
  });

  test('somebody who has chosen not to take part', async () => {
    const link = world.takeLink('first');
    const key = await invite(link, { kind: 'reminder' });
    expect((await request(app).post(`/api/s/${link.token}/decline`)).status).toBe(204);
    await deliverDue(context);
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'skipped', fault: { code: 'declined' } });
    expect(takenFor(link)).toEqual([]);
  });

  test('somebody without an address', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    const { study, person } = link.invitation;
    await saveIdentities(context, study, [{ person: person as string, name: 'Jo', email: null, language: null }]);
    await deliverDue(context);
    expect((await findMessage(context.db, key))?.fault).toEqual({ code: 'no-address' });
  });
});

async function answer(link: TestLink): Promise<void> {
  const sent = await request(app)
    .post(`/api/s/${link.token}/responses`)
    .send({
      key: crypto.randomUUID(),
      answers: { role: 1, years: 3, statements: { help: 1, plan: 2, alone: 1 } },
      consent: { information: 1, agreed: true },
    });
  expect(sent.status).toBe(201);
}

describe('a mail server that', () => {
  test('refuses for the moment is asked again, later each time, and given up in the end', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    mail.refuse = () => smtpRefusal(450, '4.2.1 mailbox busy');
    await deliverDue(context);
    const first = await findMessage(context.db, key);
    expect(first).toMatchObject({
      state: 'waiting',
      tries: 1,
      fault: { code: 'address-refused', reply: 450, status: '4.2.1' },
    });
    const wait = (first?.dueAt.getTime() ?? 0) - noon.getTime();
    expect(wait).toBeGreaterThanOrEqual(60_000);
    expect(wait).toBeLessThanOrEqual(90_000);
    expect(await deliverDue(context)).toEqual({ sent: 0, later: 0, ended: 0 });
    for (let at = 2; at <= mostTries; at += 1) {
      later(at * 10 * 60 * 60 * 1000);
      await deliverDue(context);
    }
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'failed', tries: mostTries });
    expect(takenFor(link)).toHaveLength(0);
  });

  test('refuses the address for good ends it, and nothing more goes there', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    mail.refuse = (address) => smtpRefusal(550, `5.1.1 <${address}> no such user`);
    await deliverDue(context);
    expect(await findMessage(context.db, key)).toMatchObject({
      state: 'bounced',
      fault: { code: 'address-refused', reply: 550, status: '5.1.1' },
    });
    mail.refuse = null;
    const again = await invite(link, { key: 'to the same' });
    await deliverDue(context);
    expect((await findMessage(context.db, again))?.fault).toEqual({ code: 'bounced' });
  });

  test('refuses by a rule of its own fails the message and leaves the address alone', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    mail.refuse = () => smtpRefusal(554, '5.7.1 relaying denied');
    await deliverDue(context);
    expect(await stateOf(key)).toBe('failed');
    expect(await moveMessage(context, key, 'failed', 'waiting')).toBe(true);
    mail.refuse = null;
    expect((await deliverDue(context)).sent).toBe(1);
  });

  test('breaks the line between the text and its answer leaves the message uncertain, and it is not sent again by itself', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    mail.beforeAnswer = async () => mail.cutLines();
    expect(await deliverDue(context)).toEqual({ sent: 0, later: 0, ended: 1 });
    expect(await findMessage(context.db, key)).toMatchObject({
      state: 'uncertain',
      fault: { code: 'connection-lost' },
    });
    mail.beforeAnswer = null;
    later(24 * 60 * 60 * 1000);
    expect(await deliverDue(context)).toEqual({ sent: 0, later: 0, ended: 0 });
    expect(takenFor(link)).toHaveLength(1);
  });

  test('says that it did not keep the text after all gets it again', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    mail.beforeAnswer = async () => Promise.reject(smtpRefusal(452, '4.3.1 disk full'));
    await deliverDue(context);
    expect(await findMessage(context.db, key)).toMatchObject({
      state: 'waiting',
      fault: { code: 'message-refused', reply: 452, status: '4.3.1' },
    });
    mail.beforeAnswer = null;
    later(5 * 60 * 1000);
    expect((await deliverDue(context)).sent).toBe(1);
  });

  test('cannot be reached keeps messages waiting', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    const away: Context = {
      ...context,
      config: {
        ...context.config,
        mail: context.config.mail && { ...context.config.mail, url: new URL('smtp://127.0.0.1:1') },
      },
    };
    expect(await deliverDue(away)).toMatchObject({ sent: 0 });
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'waiting', fault: { code: 'cannot-connect' } });
    later(10 * 60 * 1000);
    expect((await deliverDue(context)).sent).toBeGreaterThanOrEqual(1);
  });

  test('is not set leaves everything as it is', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    const without = { ...context, config: { ...context.config, mail: null } };
    expect(await deliverDue(without)).toEqual({ sent: 0, later: 0, ended: 0 });
    expect(await findMessage(context.db, key)).toMatchObject({ state: 'waiting', tries: 0 });
    await deliverDue(context);
  });
});

describe('two servers on one database', () => {
  test('send each message once', async () => {
    const links = Array.from({ length: 20 }, () => world.takeLink('first'));
    for (const link of links) await invite(link);
    const results = await Promise.all([deliverDue(context), deliverDue({ ...context })]);
    expect(results[0].sent + results[1].sent).toBe(20);
    for (const link of links) expect(takenFor(link)).toHaveLength(1);
  });

  test('whoever has lost a message to the other does not end its text', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    const claimed = await claimMessage(context, 'slow', 1000);
    expect(claimed?._id).toBe(key);
    later(2000);
    expect(await releaseExpired(context)).toEqual({ waiting: 1, uncertain: 0 });
    expect(await moveMessage(context, key, 'sending', 'handed-over', { by: 'slow' })).toBe(false);
    expect((await deliverDue(context)).sent).toBe(1);
    expect(takenFor(link)).toHaveLength(1);
  });

  test('what a dead one had handed over is uncertain until a person decides', async () => {
    const link = world.takeLink('first');
    const key = await invite(link);
    const lease = { by: 'dead', until: new Date(noon.getTime() + 1000) };
    await claimMessage(context, 'dead', 1000);
    expect(await moveMessage(context, key, 'sending', 'handed-over', { by: 'dead', lease })).toBe(true);
    expect(await releaseExpired(context)).toEqual({ waiting: 0, uncertain: 0 });
    later(2000);
    expect(await deliverDue(context)).toEqual({ sent: 0, later: 0, ended: 0 });
    expect(await findMessage(context.db, key)).toMatchObject({
      state: 'uncertain',
      fault: { code: 'stopped-while-sending' },
    });
    await moveMessage(context, key, 'uncertain', 'waiting');
    expect((await deliverDue(context)).sent).toBe(1);
  });
});

describe('states', () => {
  test('only what the table of transitions has can happen', async () => {
    const key = await invite(world.takeLink('first'));
    await expect(moveMessage(context, key, 'waiting', 'sent')).rejects.toThrow('cannot become');
    for (const from of messageStates) {
      for (const to of messageTransitions[from]) expect(messageStates).toContain(to);
    }
    expect(messageTransitions.sent).toEqual(['bounced']);
  });

  test('waits double up to six hours, and never come together', () => {
    expect([1, 2, 3].map((tries) => backOffMs(tries, 0))).toEqual([60_000, 120_000, 240_000]);
    expect(backOffMs(12, 0)).toBe(6 * 60 * 60 * 1000);
    expect(backOffMs(1, 0.999)).toBeLessThan(90_001);
  });
});
