/**
 * Whether a published version may be chosen for new administrations. It stands in a collection of its own, because a
 * published version itself never changes; a version without a document here is in use.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import { findInstrumentVersion } from './store.ts';

export const versionStates = ['in-use', 'retired'] as const;
export type VersionState = (typeof versionStates)[number];

export const versionTransitions: Readonly<Record<VersionState, readonly VersionState[]>> = {
  'in-use': ['retired'],
  retired: ['in-use'],
};

interface StateChange {
  readonly state: VersionState;
  readonly at: Date;
  /** Id of the account. */
  readonly by: string;
  readonly why: string;
}

interface StateDocument {
  /** `id@version`. */
  readonly _id: string;
  readonly state: VersionState;
  readonly history: readonly StateChange[];
}

const states = collectionOf<StateDocument>(
  'instrument-states',
  new Schema<StateDocument>(
    {
      _id: { type: String, required: true },
      state: { type: String, enum: versionStates, required: true },
      history: { type: [Schema.Types.Mixed], required: true },
    },
    { versionKey: false },
  ),
);

const idOf = (instrument: string, version: number) => `${instrument}@${version}`;

export async function versionStateOf(db: Connection, instrument: string, version: number): Promise<VersionState> {
  return (await states(db).findById(idOf(instrument, version), { state: 1 }).lean())?.state ?? 'in-use';
}

/** The versions that are retired, as `id@version`. */
export async function retiredVersions(db: Connection): Promise<ReadonlySet<string>> {
  const found = await states(db).find({ state: 'retired' }, { _id: 1 }).lean();
  return new Set(found.map(({ _id }) => _id));
}

/**
 * Retires a version or takes it back into use; to the state that it has is a success that changes nothing. Throws
 * `not-found`, and `conflict` when somebody else did the same at this moment.
 */
export async function changeVersionState(
  db: Connection,
  { instrument, version }: { readonly instrument: string; readonly version: number },
  change: StateChange,
): Promise<void> {
  const found = await findInstrumentVersion(db, instrument, version);
  if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
  const was = await versionStateOf(db, instrument, version);
  if (was === change.state) return;
  if (!versionTransitions[was].includes(change.state)) throw new Problem('state-not-allowed');
  const _id = idOf(instrument, version);
  const made = { $setOnInsert: { state: 'in-use' as const, history: [] } };
  await states(db).updateOne({ _id }, made, { upsert: true });
  const { modifiedCount } = await states(db).updateOne(
    { _id, state: was },
    { $set: { state: change.state }, $push: { history: change } },
  );
  if (modifiedCount === 0) throw new Problem('conflict');
}
