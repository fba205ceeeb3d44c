/**
 * Single members and batches of them, read with their revision and written with a check of it: nobody's change is
 * overwritten unseen. Called by the import and by the use cases that change a roster.
 */
import type { Connection, Model } from 'mongoose';
import type { DatedPerson } from '../../instruments/membership.ts';
import { clusters, type HistoryEntry, type MemberKind, type MemberOf, people, type Stored, schools } from './models.ts';

type Fields = Readonly<Record<string, unknown>>;
type Any = Fields & { study: string; id: string; revision?: number; history?: HistoryEntry[] };

/** The three collections as one type: a member has an id, a revision and fields. */
function collection(db: Connection, kind: MemberKind): Model<Any> {
  const model = kind === 'clusters' ? clusters(db) : kind === 'schools' ? schools(db) : people(db);
  return model as unknown as Model<Any>;
}

/** Members by id; whoever is not there is not in the answer. Without their history. */
export async function findMembers<K extends MemberKind>(
  db: Connection,
  study: string,
  kind: K,
  ids: readonly string[],
): Promise<Map<string, Stored<MemberOf[K]>>> {
  const found = await collection(db, kind)
    .find({ study, id: { $in: [...ids] } }, { _id: 0, __v: 0, study: 0, history: 0 })
    .lean<Stored<MemberOf[K]>[]>();
  return new Map(found.map((member) => [member.id, member]));
}

/** One member with its history. */
export async function findMember<K extends MemberKind>(
  db: Connection,
  study: string,
  kind: K,
  id: string,
): Promise<Stored<MemberOf[K]> | null> {
  return collection(db, kind).findOne({ study, id }, { _id: 0, __v: 0, study: 0 }).lean<Stored<MemberOf[K]>>();
}

export type MemberWrite =
  | { readonly id: string; readonly create: Fields }
  | { readonly id: string; readonly revision: number; readonly set: Fields; readonly entry: HistoryEntry };

/** Writes in any order; writing the same again changes nothing. The number of members that were written. */
export async function writeMembers(
  db: Connection,
  study: string,
  kind: MemberKind,
  writes: readonly MemberWrite[],
): Promise<number> {
  if (writes.length === 0) return 0;
  const { upsertedCount, modifiedCount } = await collection(db, kind).bulkWrite(
    writes.map((write) => ({ updateOne: updateOf(study, write) })),
    { ordered: false },
  );
  return upsertedCount + modifiedCount;
}

function updateOf(study: string, write: MemberWrite) {
  if ('create' in write) {
    return { filter: { study, id: write.id }, update: { $setOnInsert: write.create }, upsert: true };
  }
  const { id, revision, set, entry } = write;
  return {
    filter: { study, id, ...atRevision(revision) },
    update: { ...setting(set), $push: { history: entry }, $inc: { revision: 1 } },
  };
}

/** A member that never changed has no revision. */
const atRevision = (revision: number) => ({ revision: revision === 0 ? { $exists: false } : revision });

/** Fields that become null were not there: they are taken away again. */
function setting(fields: Fields) {
  const entries = Object.entries(fields);
  const [set, unset] = [entries.filter(([, value]) => value !== null), entries.filter(([, value]) => value === null)];
  const kept = unset.filter(([name]) => nullable.has(name));
  const gone = unset.filter(([name]) => !nullable.has(name));
  return {
    ...(set.length + kept.length > 0 ? { $set: Object.fromEntries([...set, ...kept]) } : {}),
    ...(gone.length > 0 ? { $unset: Object.fromEntries(gone.map(([name]) => [name, 1])) } : {}),
  };
}
const nullable = new Set(['school', 'cluster', 'pupils', 'disadvantaged']);

/** Takes the last entry of the history back: its fields stand as before. False when somebody was quicker. */
export async function undoLast(
  db: Connection,
  study: string,
  kind: MemberKind,
  { id, revision, entry }: { id: string; revision: number; entry: HistoryEntry },
): Promise<boolean> {
  const { modifiedCount } = await collection(db, kind).updateOne(
    { study, id, ...atRevision(revision) },
    { ...setting(entry.before), $pop: { history: 1 }, $inc: { revision: 1 } },
  );
  return modifiedCount === 1;
}

export async function removeMember(db: Connection, study: string, kind: MemberKind, id: string): Promise<boolean> {
  const { deletedCount } = await collection(db, kind).deleteOne({ study, id });
  return deletedCount === 1;
}

/** The allocated cluster and arm of everybody in a school, after the school's own was corrected. */
export async function correctPeopleOf(
  db: Connection,
  study: string,
  school: string,
  place: Pick<DatedPerson, 'cluster' | 'arm'>,
): Promise<void> {
  await people(db).updateMany({ study, school }, { $set: { cluster: place.cluster, arm: place.arm } });
}

/** Whether anybody belongs, or ever belonged, to the cluster or school. */
export async function hasMembers(
  db: Connection,
  study: string,
  kind: 'clusters' | 'schools',
  id: string,
): Promise<boolean> {
  const field = kind === 'clusters' ? 'cluster' : 'school';
  const where = { study, $or: [{ [field]: id }, { [`spells.${field}`]: id }] };
  if ((await people(db).exists(where)) !== null) return true;
  return kind === 'clusters' && (await schools(db).exists(where)) !== null;
}
