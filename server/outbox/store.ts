/**
 * The outbox in MongoDB: what is to be sent, once. Features put messages in with `enqueue`; `deliver.ts` takes them out.
 * Every move between states is one conditional write, so that of two servers one makes it.
 */
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import {
  type Message,
  type MessageKind,
  type MessageState,
  messageStates,
  messageTransitions,
  urgentKinds,
} from './message.ts';

/** Why something did not go out: codes and numbers only, for mail servers repeat addresses in their sentences. */
export interface Fault {
  readonly code: string;
  /** SMTP reply and enhanced status code, where the mail server gave any. */
  readonly reply?: number;
  readonly status?: string;
}

export interface StoredMessage extends Omit<Message, 'key' | 'sendAfter'> {
  /** The message's key. */
  readonly _id: string;
  readonly state: MessageState;
  readonly priority: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly tries: number;
  /** Who is sending it, and until when nobody else may. */
  readonly lease: { readonly by: string; readonly until: Date } | null;
  readonly changedAt: Date;
  readonly sentAt: Date | null;
  readonly fault: Fault | null;
}

const outbox = collectionOf<StoredMessage>(
  'outbox',
  new Schema<StoredMessage>({
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    to: { type: Schema.Types.Mixed, required: true },
    study: { type: String, default: null },
    about: { type: Schema.Types.Mixed, required: true },
    state: { type: String, enum: messageStates, required: true },
    priority: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    dueAt: { type: Date, required: true },
    tries: { type: Number, required: true },
    lease: { type: Schema.Types.Mixed, default: null },
    changedAt: { type: Date, required: true },
    sentAt: { type: Date, default: null },
    fault: { type: Schema.Types.Mixed, default: null },
  })
    .index({ state: 1, priority: 1, dueAt: 1 })
    .index({ state: 1, 'lease.until': 1 })
    .index({ study: 1, 'about.administration': 1, state: 1, createdAt: -1 })
    .index({ study: 1, 'about.mailing': 1 })
    .index({ study: 1, 'to.person': 1 }),
);

const batchSize = 1000;
const bare = { __v: 0 } as const;

/** Puts messages into the outbox; those whose key is there already stay as they are. How many are new. */
export async function enqueue(context: Pick<Context, 'db' | 'clock'>, messages: readonly Message[]): Promise<number> {
  const now = context.clock();
  let added = 0;
  for (let at = 0; at < messages.length; at += batchSize) {
    const { upsertedCount } = await outbox(context.db).bulkWrite(
      messages.slice(at, at + batchSize).map(({ key, sendAfter, ...message }) => ({
        updateOne: {
          filter: { _id: key },
          update: {
            $setOnInsert: {
              ...message,
              state: 'waiting',
              priority: urgentKinds.includes(message.kind) ? 0 : 1,
              createdAt: now,
              dueAt: sendAfter ?? now,
              tries: 0,
              lease: null,
              changedAt: now,
              sentAt: null,
              fault: null,
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    );
    added += upsertedCount;
  }
  return added;
}

/** Takes the next message that is due for a limited time: the urgent first, then the longest due. Null when none is. */
export async function claimMessage(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  by: string,
  forMs: number,
): Promise<StoredMessage | null> {
  const now = clock();
  return outbox(db)
    .findOneAndUpdate(
      { state: 'waiting', dueAt: { $lte: now } },
      {
        $set: { state: 'sending', changedAt: now, lease: { by, until: new Date(now.getTime() + forMs) } },
        $inc: { tries: 1 },
      },
      { sort: { priority: 1, dueAt: 1 }, returnDocument: 'after', projection: bare },
    )
    .lean<StoredMessage>();
}

type Change = Partial<Pick<StoredMessage, 'dueAt' | 'sentAt' | 'fault' | 'lease' | 'tries'>>;

/**
 * Moves a message between states. False when it is not in `from` any more or, with `by`, when somebody else holds it or
 * the time of the holder is over: then whatever the caller was about to do must not happen.
 */
export async function moveMessage(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  id: string,
  from: MessageState,
  to: MessageState,
  change: Change & { by?: string } = {},
): Promise<boolean> {
  if (!messageTransitions[from].includes(to)) throw new Error(`a message that is ${from} cannot become ${to}`);
  const now = clock();
  const { by, ...set } = change;
  const held = by === undefined ? {} : { 'lease.by': by, 'lease.until': { $gt: now } };
  const { modifiedCount } = await outbox(db).updateOne(
    { _id: id, state: from, ...held },
    { $set: { lease: null, ...set, state: to, changedAt: now } },
  );
  return modifiedCount === 1;
}

/**
 * What a dead server held: messages that it had not handed over wait again, and those that it had are uncertain. How many
 * of each.
 */
export async function releaseExpired({
  db,
  clock,
}: Pick<Context, 'db' | 'clock'>): Promise<{ waiting: number; uncertain: number }> {
  const now = clock();
  const expired = { 'lease.until': { $lte: now } };
  const again = await outbox(db).updateMany(
    { state: 'sending', ...expired },
    { $set: { state: 'waiting', lease: null, changedAt: now } },
  );
  const unknown = await outbox(db).updateMany(
    { state: 'handed-over', ...expired },
    { $set: { state: 'uncertain', lease: null, changedAt: now, fault: { code: 'stopped-while-sending' } } },
  );
  return { waiting: again.modifiedCount, uncertain: unknown.modifiedCount };
}

export interface MessageFilter {
  readonly study: string;
  readonly administration: string;
  readonly state?: MessageState | undefined;
  readonly kind?: MessageKind | undefined;
  readonly school?: string | undefined;
}

function queryOf({ study, administration, state, kind, school }: MessageFilter) {
  return {
    study,
    'about.administration': administration,
    ...(state === undefined ? {} : { state }),
    ...(kind === undefined ? {} : { kind }),
    ...(school === undefined ? {} : { 'about.school': school }),
  };
}

/** The newest first; `limit` 0: all. */
export async function listMessages(
  db: Connection,
  filter: MessageFilter,
  page: { skip: number; limit: number },
): Promise<{ messages: StoredMessage[]; total: number }> {
  const query = queryOf(filter);
  const [messages, total] = await Promise.all([
    outbox(db)
      .find(query, bare)
      .sort({ createdAt: -1, _id: 1 })
      .skip(page.skip)
      .limit(page.limit)
      .lean<StoredMessage[]>(),
    outbox(db).countDocuments(query),
  ]);
  return { messages, total };
}

/** How many messages of an administration are in each state. */
export async function countMessages(
  db: Connection,
  study: string,
  administration: string,
): Promise<Partial<Record<MessageState, number>>> {
  const groups = await outbox(db).aggregate<{ _id: MessageState; n: number }>([
    { $match: { study, 'about.administration': administration } },
    { $group: { _id: '$state', n: { $sum: 1 } } },
  ]);
  return Object.fromEntries(groups.map(({ _id, n }) => [_id, n]));
}

/** How many messages about these administrations have come back since an instant. */
export async function countBouncedSince(
  db: Connection,
  study: string,
  administrations: readonly string[],
  since: Date,
): Promise<number> {
  const about = { study, 'about.administration': { $in: [...administrations] } };
  return outbox(db).countDocuments({ ...about, state: 'bounced', changedAt: { $gte: since } });
}

/** How many messages a mailing has put here. */
export async function countQueued(db: Connection, study: string, mailing: string): Promise<number> {
  return outbox(db).countDocuments({ study, 'about.mailing': mailing });
}

/** Lets those of these messages wait again, for a mailing, that were skipped: each is looked at anew when its turn comes. */
export async function renewSkipped(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  mailing: string,
  keys: readonly string[],
): Promise<void> {
  const now = clock();
  await outbox(db).updateMany(
    { _id: { $in: [...keys] }, state: 'skipped' },
    { $set: { state: 'waiting', dueAt: now, changedAt: now, tries: 0, fault: null, 'about.mailing': mailing } },
  );
}

/** Which of these keys are in the outbox with a message that was not skipped. */
export async function knownKeys(db: Connection, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await outbox(db)
    .find({ _id: { $in: [...keys] }, state: { $ne: 'skipped' } }, { _id: 1 })
    .lean<{ _id: string }[]>();
  return new Set(found.map(({ _id }) => _id));
}

export async function findMessage(db: Connection, id: string): Promise<StoredMessage | null> {
  return outbox(db).findById(id, bare).lean<StoredMessage>();
}

/** The last message that was sent to a person has come back. */
export async function bounceLastMessage(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: string,
  person: string,
): Promise<void> {
  await outbox(db).findOneAndUpdate(
    { study, 'to.person': person, state: 'sent' },
    { $set: { state: 'bounced', changedAt: clock(), fault: { code: 'marked-bounced' } } },
    { sort: { sentAt: -1 } },
  );
}

/** Lets all messages of an administration that failed go once more, with all their tries before them. How many. */
export async function retryFailed(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: string,
  administration: string,
): Promise<number> {
  const now = clock();
  const { modifiedCount } = await outbox(db).updateMany(
    { study, 'about.administration': administration, state: 'failed' },
    { $set: { state: 'waiting', dueAt: now, changedAt: now, tries: 0, lease: null } },
  );
  return modifiedCount;
}

/** All messages to a person of a study, the newest first. */
export async function listMessagesTo(db: Connection, study: string, person: string): Promise<StoredMessage[]> {
  return outbox(db).find({ study, 'to.person': person }, bare).sort({ createdAt: -1, _id: 1 }).lean<StoredMessage[]>();
}

/** How many messages of a study there are. */
export async function countMessagesOfStudy(db: Connection, study: string): Promise<number> {
  return outbox(db).countDocuments({ study });
}

/** Removes the messages of a study, or those to some of its people. */
export async function removeMessages(
  db: Connection,
  study: string,
  people: readonly string[] | null = null,
): Promise<number> {
  const { deletedCount } = await outbox(db).deleteMany({
    study,
    ...(people === null ? {} : { 'to.person': { $in: [...people] } }),
  });
  return deletedCount;
}

/** Cancels what waits to be sent to a person, or about some invitations. */
export async function cancelMessages(
  db: Connection,
  study: string,
  which: { readonly person: string } | { readonly invitations: readonly string[] },
): Promise<void> {
  const whose =
    'person' in which ? { 'to.person': which.person } : { 'about.invitation': { $in: [...which.invitations] } };
  await outbox(db).updateMany({ study, state: 'waiting', ...whose }, { $set: { state: 'cancelled' } });
}
