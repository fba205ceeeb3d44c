/**
 * Withdrawals in MongoDB: whose answers were taken back, when and how far the removal has come. Nothing of the answers
 * stands here. Used by `withdraw.ts`, the sweeper and the pages of people's rights.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';

/**
 * `begun`: asked for; `applied`: removed once; `settled`: removed again a while later, so that a submission which was on
 * its way at that moment is caught too.
 */
export const withdrawalStates = ['begun', 'applied', 'settled'] as const;
export type WithdrawalState = (typeof withdrawalStates)[number];

/** Which state follows which. */
const nextState: Readonly<Record<WithdrawalState, WithdrawalState>> = {
  begun: 'applied',
  applied: 'settled',
  settled: 'settled',
};

/** `study`: all that a person gave, and no more invitations; `link`: one link; `response`: by its receipt code. */
export const withdrawalScopes = ['study', 'link', 'response'] as const;
export type WithdrawalScope = (typeof withdrawalScopes)[number];

export interface Withdrawal {
  /** Study, scope and what was withdrawn: asked for again it is the same. */
  readonly _id: string;
  readonly study: string;
  readonly scope: WithdrawalScope;
  /** Pseudonym; null where nobody knows whose answers they were. */
  readonly person: string | null;
  readonly invitation: string | null;
  readonly response: string | null;
  /** Null: all of the study. */
  readonly administration: string | null;
  readonly by: 'respondent' | 'evaluator' | 'command';
  /** Given to whoever withdrew, to be quoted in a question. */
  readonly confirmation: string;
  /** ISO date in the study's time zone. */
  readonly on: string;
  readonly state: WithdrawalState;
  /** Responses whose answers were removed. */
  readonly responses: number;
}

const withdrawals = collectionOf<Withdrawal>(
  'withdrawals',
  new Schema<Withdrawal>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    scope: { type: String, enum: withdrawalScopes, required: true },
    person: { type: String, default: null },
    invitation: { type: String, default: null },
    response: { type: String, default: null },
    administration: { type: String, default: null },
    by: { type: String, required: true },
    confirmation: { type: String, required: true },
    on: { type: String, required: true },
    state: { type: String, enum: withdrawalStates, required: true },
    responses: { type: Number, required: true },
  })
    .index({ study: 1, on: -1, _id: 1 })
    .index({ study: 1, person: 1 })
    .index({ state: 1 }),
);

const bare = { __v: 0 } as const;

/** Puts a withdrawal on record, or finds the one that is there. */
export async function beginWithdrawal(
  db: Connection,
  withdrawal: Omit<Withdrawal, 'state' | 'responses'>,
): Promise<Withdrawal> {
  const { _id, ...rest } = withdrawal;
  const found = await withdrawals(db)
    .findOneAndUpdate(
      { _id },
      { $setOnInsert: { ...rest, state: 'begun', responses: 0 } },
      { upsert: true, returnDocument: 'after', projection: bare },
    )
    .lean<Withdrawal>();
  if (!found) throw new Error('an upsert gave nothing back');
  return found;
}

/** Moves a withdrawal on, unless another server was quicker, and counts what was removed. */
export async function advanceWithdrawal(
  db: Connection,
  { _id, state }: Pick<Withdrawal, '_id' | 'state'>,
  responses: number,
): Promise<Withdrawal | null> {
  await withdrawals(db).updateOne({ _id, state }, { $set: { state: nextState[state] } });
  if (responses > 0) await withdrawals(db).updateOne({ _id }, { $inc: { responses } });
  return findWithdrawal(db, _id);
}

export async function findWithdrawal(db: Connection, id: string): Promise<Withdrawal | null> {
  return withdrawals(db).findById(id, bare).lean<Withdrawal>();
}

/** Those whose removal is not settled. */
export async function unsettledWithdrawals(db: Connection): Promise<Withdrawal[]> {
  return withdrawals(db)
    .find({ state: { $ne: 'settled' } }, bare)
    .lean<Withdrawal[]>();
}

/** Withdrawals of a study, or of one person in it, the latest first. */
export async function listWithdrawals(db: Connection, study: string, person?: string): Promise<Withdrawal[]> {
  return withdrawals(db)
    .find({ study, ...(person === undefined ? {} : { person }) }, bare)
    .sort({ on: -1, _id: 1 })
    .lean<Withdrawal[]>();
}

/** Who has withdrawn from a study altogether, of everybody or of these: pseudonyms of people who must not be asked again. */
export async function withdrawnPeople(
  db: Connection,
  study: string,
  among: readonly string[] | null = null,
): Promise<Set<string>> {
  const ofThem = among === null ? {} : { person: { $in: [...among] } };
  const found = await withdrawals(db)
    .find({ study, scope: 'study', ...ofThem }, { person: 1 })
    .lean<{ person: string }[]>();
  return new Set(found.map(({ person }) => person));
}

export async function removeWithdrawals(db: Connection, study: string): Promise<void> {
  await withdrawals(db).deleteMany({ study });
}
