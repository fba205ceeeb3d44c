/**
 * Takes messages out of the outbox and sends them: each once, whatever dies meanwhile. Called by the job `deliver`
 * (`../jobs/`), on as many servers as like.
 *
 * Once, and how far that goes. A message is held by a lease while it is written and carried over. Until the mail server is
 * told that the text is whole it has taken nothing, so a message that was held by a dead server simply waits again. Just
 * before that line the message is journaled as `handed-over`; just after the answer, as `sent`. A server that dies between
 * the two leaves a message of which nobody can know whether it arrived: SMTP has no way to ask. It is not sent again by
 * itself, because two invitations to one person are worse than a question to the evaluator. It stands as `uncertain` in
 * the list of messages with its Message-ID, and a person decides by the mail server's log. That window is one round trip to
 * the mail server and one write; at most as many messages as there are connections can stand in it.
 */
import { randomUUID } from 'node:crypto';
import type { MailServer } from '../config.ts';
import type { Context } from '../context.ts';
import { UnreadableIdentity } from '../identities/crypt.ts';
import { writers } from '../mail/kinds.ts';
import type { Writer } from '../mail/letter.ts';
import { messageIdOf } from '../mail/message-id.ts';
import { type MailLine, type Outcome, openLine } from '../mail/smtp.ts';
import { markBounced } from '../mail/stops.ts';
import { claimMessage, type Fault, moveMessage, releaseExpired, type StoredMessage } from './store.ts';

/** For how long a message is held while it is written and carried over; who needs longer has lost it, which does no harm. */
const heldForMs = 60 * 1000;
/** Longer than the wait for the mail server's answer (smtp.ts), so that nobody calls a message uncertain that is not. */
const answeredWithinMs = 90 * 1000;
const firstRetryMs = 60 * 1000;
const slowestRetryMs = 6 * 60 * 60 * 1000;
/** With the waits between them about a day and a half. */
export const mostTries = 13;
/** After so many failures to reach the mail server in a row the run ends; the next one begins with a single try. */
const patience = 3;

export interface Delivery {
  readonly sent: number;
  /** Tried, and to be tried again. */
  readonly later: number;
  /** Not sent for good: skipped, failed, bounced, uncertain. */
  readonly ended: number;
}

interface Run {
  /** Ends the run after the messages that are on their way. */
  readonly signal?: AbortSignal;
  /** Called after each message, for the job to show that it lives. */
  readonly onMessage?: () => Promise<unknown>;
}

/** Sends everything that is due. Without a mail server messages wait. */
export async function deliverDue(context: Context, run: Run = {}): Promise<Delivery> {
  const { mail } = context.config;
  const total = { sent: 0, later: 0, ended: 0 };
  await releaseExpired(context);
  if (mail === null) return total;
  let failures = 0;
  const lane = async () => {
    const by = randomUUID();
    const line = openLine(mail);
    try {
      while (!run.signal?.aborted && failures < patience) {
        const message = await claimMessage(context, by, heldForMs);
        if (!message) return;
        const result = await sendOne(context, mail, line, message, by);
        total[result.count] += 1;
        failures = result.lineDown ? failures + 1 : 0;
        await run.onMessage?.();
      }
    } finally {
      line.close();
    }
  };
  await Promise.all(Array.from({ length: mail.connections }, lane));
  return total;
}

interface Result {
  readonly count: keyof Delivery;
  readonly lineDown: boolean;
}
const ended: Result = { count: 'ended', lineDown: false };
const later: Result = { count: 'later', lineDown: false };

async function sendOne(
  context: Context,
  mail: MailServer,
  line: MailLine,
  message: StoredMessage,
  by: string,
): Promise<Result> {
  const { _id } = message;
  let letter: Awaited<ReturnType<Writer>>;
  try {
    letter = await writers[message.kind](context, message);
  } catch (error) {
    // A fault of ours or of the database: the message waits, and the log has the reason, without whom it was for.
    const key = error instanceof UnreadableIdentity ? error.key : undefined;
    context.log.error({ err: error, kind: message.kind, key }, 'a message could not be written');
    return retry(context, message, by, { code: key === undefined ? 'not-written' : 'no-identity-key' });
  }
  if ('skip' in letter) {
    await moveMessage(context, _id, 'sending', 'skipped', { by, fault: { code: letter.skip } });
    return ended;
  }
  if ('wait' in letter) {
    const change = { by, dueAt: letter.until, fault: { code: letter.wait }, tries: message.tries - 1 };
    await moveMessage(context, _id, 'sending', 'waiting', change);
    return later;
  }
  const lease = { by, until: new Date(context.clock().getTime() + answeredWithinMs) };
  const messageId = messageIdOf(context, _id, mail.domain);
  const handOver = () => moveMessage(context, _id, 'sending', 'handed-over', { by, lease });
  let handedOver = false;
  const outcome = await line.send(letter, messageId, async () => {
    handedOver = await handOver();
    return handedOver;
  });
  return settle(context, message, by, outcome, handedOver, letter.to.address);
}

async function settle(
  context: Context,
  message: StoredMessage,
  by: string,
  outcome: Outcome,
  handedOver: boolean,
  address: string,
): Promise<Result> {
  const from = handedOver ? 'handed-over' : 'sending';
  switch (outcome.kind) {
    case 'sent':
      await noteSent(context, message._id);
      return { count: 'sent', lineDown: false };
    case 'stopped':
      // Somebody else holds it by now.
      return later;
    case 'uncertain':
      await moveMessage(context, message._id, 'handed-over', 'uncertain', { by, fault: outcome.fault });
      return { count: 'ended', lineDown: true };
    case 'later': {
      const result = await retry(context, message, by, outcome.fault, from);
      return { ...result, lineDown: outcome.lineDown };
    }
    case 'bounced':
      if (message.to.kind === 'person') {
        await markBounced(context, message.to.study, message.to.person, address);
      }
      await moveMessage(context, message._id, from, 'bounced', { by, fault: outcome.fault });
      return ended;
    case 'failed':
      await moveMessage(context, message._id, from, 'failed', { by, fault: outcome.fault });
      return ended;
  }
}

/** Not bound to the lease: what has been sent has been sent, also where somebody has called it uncertain meanwhile. */
async function noteSent(context: Context, id: string): Promise<void> {
  const change = { sentAt: context.clock(), fault: null };
  if (await moveMessage(context, id, 'handed-over', 'sent', change)) return;
  await moveMessage(context, id, 'uncertain', 'sent', change);
}

/** Puts a message back with a later date, or gives it up after many tries. */
async function retry(
  context: Context,
  { _id, tries }: StoredMessage,
  by: string,
  fault: Fault,
  from: 'sending' | 'handed-over' = 'sending',
): Promise<Result> {
  if (tries >= mostTries) {
    await moveMessage(context, _id, from, 'failed', { by, fault });
    return ended;
  }
  const dueAt = new Date(context.clock().getTime() + backOffMs(tries, Math.random()));
  await moveMessage(context, _id, from, 'waiting', { by, fault, dueAt });
  return later;
}

/**
 * Twice as long after each try, up to six hours, and up to half as long again by chance, so that messages that failed
 * together do not come back together.
 *
 * @example
 * backOffMs(1, 0) // => 60000
 */
export function backOffMs(tries: number, chance: number): number {
  return Math.min(slowestRetryMs, firstRetryMs * 2 ** (tries - 1)) * (1 + chance / 2);
}
