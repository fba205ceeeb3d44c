/**
 * Makes messages of the mailings whose time has come: one for each open personal link that the mailing is for. Called by
 * the job `mailings`. May be cut off and run again, by any server: every message has a key, and is there once.
 */
import type { Connection } from 'mongoose';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { listOpenInvitations } from '../invitations/lists.ts';
import type { Invitation } from '../invitations/store.ts';
import type { Message } from '../outbox/message.ts';
import { countQueued, enqueue, knownKeys, renewSkipped } from '../outbox/store.ts';
import { respondedInvitations } from '../responses/store.ts';
import { claimMailing, finishMailing, holdMailing, invitationKey, type Mailing } from './mailings.ts';

const heldForMs = 2 * 60 * 1000;
const batchSize = 1000;

export interface RunTools {
  readonly signal: AbortSignal;
  readonly alive: () => Promise<void>;
}

/** Runs every mailing that is due; the number finished. */
export async function startDueMailings(context: Context, tools?: RunTools): Promise<number> {
  let finished = 0;
  while (!tools?.signal.aborted) {
    const mailing = await claimMailing(context, heldForMs);
    if (!mailing) break;
    if (!(await runMailing(context, mailing, tools))) break;
    finished += 1;
  }
  return finished;
}

/** False when the server stops meanwhile: the rest is for the next run. */
async function runMailing(context: Context, mailing: Mailing, tools?: RunTools): Promise<boolean> {
  const { db } = context;
  const { study, administration, whom } = mailing;
  let after: string | null = null;
  for (;;) {
    const batch: Invitation[] = await listOpenInvitations(
      db,
      { study, administration, whom: { ...whom } },
      after,
      batchSize,
    );
    const messages = await messagesOf(db, mailing, batch);
    const keys = messages.map(({ key }) => key);
    // Whoever could not be written to the last time, for want of an address, is tried again.
    await renewSkipped(context, mailing._id, keys);
    await enqueue(context, messages);
    const last = batch.at(-1);
    if (!last || batch.length < batchSize) break;
    after = last._id;
    await holdMailing(context, mailing._id, heldForMs);
    await tools?.alive();
    if (tools?.signal.aborted) return false;
  }
  const queued = await countQueued(db, study, mailing._id);
  if (await finishMailing(db, mailing._id, queued)) {
    await recordAudit(context, {
      verb: 'mailing.send',
      actor: { kind: 'system', id: null },
      study,
      thing: { administration, mailing: mailing._id },
      outcome: 'done',
      detail: `${queued} messages`,
      from: null,
      request: null,
    });
  }
  return true;
}

/**
 * Whoever has answered is left out already; each message is looked at again when it goes out. An invitation goes out once
 * for each link, however many mailings name it; a reminder once for each mailing, and to whoever was never written to it
 * goes out as the invitation.
 */
async function messagesOf(db: Connection, mailing: Mailing, invitations: readonly Invitation[]): Promise<Message[]> {
  const { _id: mailingId, study, administration, kind } = mailing;
  const ids = invitations.map(({ _id }) => _id);
  const [responded, written] = await Promise.all([
    respondedInvitations(db, study, administration, ids),
    kind === 'reminder' ? knownKeys(db, invitations.map(invitationKey)) : null,
  ]);
  return invitations.flatMap((invitation) => {
    const { _id, person, school } = invitation;
    if (person === null || responded.has(_id)) return [];
    const first = invitationKey(invitation);
    const reminds = written?.has(first) === true;
    return [
      {
        key: reminds ? `reminder:${mailingId}:${_id}` : first,
        kind: reminds ? ('reminder' as const) : ('invitation' as const),
        to: { kind: 'person' as const, study, person },
        study,
        about: { administration, invitation: _id, mailing: mailingId, ...(school === null ? {} : { school }) },
        sendAfter: null,
      },
    ];
  });
}
