/**
 * Mailings in MongoDB: that everybody of an administration whom a filter fits is to be written to, now or at a time. A
 * mailing becomes messages when its time has come (`run-mailings.ts`). Called by the routes of messages.
 */
import { type Connection, Schema } from 'mongoose';
import type { Role } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import type { Invitation } from '../invitations/store.ts';
import type { TemplateKind } from './words.ts';

/** Whom a mailing is for, within the audience of the administration; what is not named is not narrowed. */
export interface Whom {
  readonly arm?: string | undefined;
  readonly cluster?: string | undefined;
  readonly school?: string | undefined;
  readonly role?: Role | undefined;
}

/** An invitation goes out once for each link, however many mailings name it. */
export const invitationKey = ({ _id, serial }: Pick<Invitation, '_id' | 'serial'>) => `invitation:${_id}:${serial}`;

export const mailingStates = ['planned', 'running', 'done', 'cancelled'] as const;
export type MailingState = (typeof mailingStates)[number];

/** Which state may follow which. A run that was cut off stays `running` and goes on when its lease is over. */
const mailingTransitions: Readonly<Record<MailingState, readonly MailingState[]>> = {
  planned: ['running', 'cancelled'],
  running: ['running', 'done'],
  done: [],
  cancelled: [],
};

export interface Mailing {
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  readonly kind: TemplateKind;
  readonly whom: Whom;
  readonly sendAt: Date;
  readonly state: MailingState;
  readonly createdAt: Date;
  /** Id of the account. */
  readonly createdBy: string;
  /** Messages that it put into the outbox; null before. */
  readonly queued: number | null;
  /** Until when a server that runs it may be taken for alive. */
  readonly leaseUntil: Date | null;
}

const mailings = collectionOf<Mailing>(
  'mailings',
  new Schema<Mailing>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      administration: { type: String, required: true },
      kind: { type: String, required: true },
      whom: { type: Schema.Types.Mixed, required: true },
      sendAt: { type: Date, required: true },
      state: { type: String, enum: mailingStates, required: true },
      createdAt: { type: Date, required: true },
      createdBy: { type: String, required: true },
      queued: { type: Number, default: null },
      leaseUntil: { type: Date, default: null },
    },
    { minimize: false },
  )
    .index({ study: 1, administration: 1, sendAt: 1 })
    .index({ state: 1, sendAt: 1 }),
);

const bare = { __v: 0 } as const;

/** The states that lead to one. */
const before = (to: MailingState) => mailingStates.filter((state) => mailingTransitions[state].includes(to));

/** Stores mailings; those whose id is there already stay as they are. */
export async function insertMailings(db: Connection, planned: readonly Mailing[]): Promise<void> {
  await mailings(db).bulkWrite(
    planned.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    })),
    { ordered: false },
  );
}

export async function listMailings(db: Connection, study: string, administration: string): Promise<Mailing[]> {
  return mailings(db).find({ study, administration }, bare).sort({ sendAt: 1, _id: 1 }).lean<Mailing[]>();
}

/** Cancels a mailing that has not begun. Null when it is not there or has begun. */
export async function cancelMailing(
  db: Connection,
  study: string,
  administration: string,
  id: string,
): Promise<Mailing | null> {
  return mailings(db)
    .findOneAndUpdate(
      { _id: id, study, administration, state: { $in: before('cancelled') } },
      { $set: { state: 'cancelled' } },
      { returnDocument: 'after', projection: bare },
    )
    .lean<Mailing>();
}

/** Takes the next mailing whose time has come, or one whose server died while it ran. */
export async function claimMailing(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  forMs: number,
): Promise<Mailing | null> {
  const now = clock();
  return mailings(db)
    .findOneAndUpdate(
      {
        $or: [
          { state: 'planned', sendAt: { $lte: now } },
          { state: 'running', leaseUntil: { $lte: now } },
        ],
      },
      { $set: { state: 'running', leaseUntil: new Date(now.getTime() + forMs) } },
      { sort: { sendAt: 1 }, returnDocument: 'after', projection: bare },
    )
    .lean<Mailing>();
}

/** Says that the run goes on. */
export async function holdMailing({ db, clock }: Pick<Context, 'db' | 'clock'>, id: string, forMs: number) {
  const leaseUntil = new Date(clock().getTime() + forMs);
  await mailings(db).updateOne({ _id: id, state: 'running' }, { $set: { leaseUntil } });
}

/** True for whoever has finished it; of several servers, one. */
export async function finishMailing(db: Connection, id: string, queued: number): Promise<boolean> {
  const { modifiedCount } = await mailings(db).updateOne(
    { _id: id, state: { $in: before('done') } },
    { $set: { state: 'done', queued, leaseUntil: null } },
  );
  return modifiedCount === 1;
}

export async function removeMailings(db: Connection, study: string): Promise<void> {
  await mailings(db).deleteMany({ study });
}
