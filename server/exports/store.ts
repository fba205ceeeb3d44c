/**
 * Exports in MongoDB: one document each, and a file in GridFS when it is ready. Every move between states is one conditional
 * write, so that of two servers one makes it. Used by the use cases of this folder.
 */
import type { Readable, Writable } from 'node:stream';
import { type Connection, mongo, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { bucketOf, removeKept } from '../database/kept-files.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import { before, type Export, exportStates, type Progress } from './export.ts';

interface StoredExport extends Omit<Export, 'id'> {
  readonly _id: string;
  /** Its file in GridFS, known before the first byte is there, so that nothing of a broken upload stays. */
  readonly fileId: mongo.ObjectId | null;
  readonly tries: number;
  readonly lease: { readonly by: string; readonly until: Date } | null;
}

/** An export with the file that a server has begun for it. */
export interface ClaimedExport extends Export {
  readonly fileId: mongo.ObjectId;
  readonly tries: number;
}

const exportsOf = collectionOf<StoredExport>(
  'exports',
  new Schema<StoredExport>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      definition: { type: Schema.Types.Mixed, required: true },
      format: { type: String, required: true },
      state: { type: String, enum: exportStates, required: true },
      by: { type: String, required: true },
      at: { type: Date, required: true },
      mail: { type: Boolean, required: true },
      progress: { type: Schema.Types.Mixed, default: null },
      file: { type: Schema.Types.Mixed, default: null },
      problem: { type: Schema.Types.Mixed, default: null },
      endedAt: { type: Date, default: null },
      until: { type: Date, default: null },
      freezes: { type: Schema.Types.Mixed, default: null },
      fileId: { type: Schema.Types.ObjectId, default: null },
      tries: { type: Number, required: true },
      lease: { type: Schema.Types.Mixed, default: null },
    },
    { minimize: false },
  )
    .index({ study: 1, at: -1 })
    .index({ state: 1, at: 1 }),
);
const bucketName = 'exports';
const bare = { __v: 0 } as const;
/** The list of a study shows as many. */
const mostListed = 50;

const shown = ({ _id: id, fileId: _, tries: __, lease: ___, ...rest }: StoredExport): Export => ({ id, ...rest });

export async function insertExport(db: Connection, { id, ...rest }: Export): Promise<void> {
  await exportsOf(db).create({ _id: id, ...rest, fileId: null, tries: 0, lease: null });
}

/** The latest first. */
export async function listExports(db: Connection, study: string): Promise<Export[]> {
  const found = await exportsOf(db).find({ study }, bare).sort({ at: -1, _id: 1 }).limit(mostListed);
  return found.map((one) => shown(one.toObject<StoredExport>()));
}

/** How many of a study wait or run. */
export async function countUnfinished(db: Connection, study: string): Promise<number> {
  return exportsOf(db).countDocuments({ study, state: { $in: ['waiting', 'running'] } });
}

export async function findExport(db: Connection, study: string, id: string): Promise<Export | null> {
  const found = await exportsOf(db).findOne({ _id: id, study }, bare).lean<StoredExport>();
  return found && shown(found);
}

/** Throws `not-found`. */
export async function getExport(db: Connection, study: string, id: string): Promise<Export> {
  const found = await findExport(db, study, id);
  if (!found) throw new Problem('not-found', { detail: `The study "${study}" has no export "${id}".` });
  return found;
}

/** Takes the next export that waits, or whose server has not said for too long that it lives. */
export async function claimExport(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  by: string,
  forMs: number,
): Promise<ClaimedExport | null> {
  const now = clock();
  const fileId = new mongo.ObjectId();
  const former = await exportsOf(db)
    .findOneAndUpdate(
      { $or: [{ state: 'waiting' }, { state: 'running', 'lease.until': { $lte: now } }] },
      {
        $set: { state: 'running', lease: { by, until: new Date(now.getTime() + forMs) }, progress: null, fileId },
        $inc: { tries: 1 },
      },
      { sort: { at: 1 }, returnDocument: 'before', projection: bare },
    )
    .lean<StoredExport>();
  if (!former) return null;
  if (former.fileId) await removeKept(db, bucketName, former.fileId);
  return { ...shown(former), state: 'running', progress: null, fileId, tries: former.tries + 1 };
}

/** Says that it goes on, and how far it is. False when it was cancelled, or somebody else has taken it. */
export async function holdExport(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  id: string,
  by: string,
  progress: Progress,
  forMs: number,
): Promise<boolean> {
  const lease = { by, until: new Date(clock().getTime() + forMs) };
  const { matchedCount } = await exportsOf(db).updateOne(
    { _id: id, state: 'running', 'lease.by': by },
    { $set: { lease, progress } },
  );
  return matchedCount === 1;
}

type End = Pick<Export, 'file' | 'problem' | 'endedAt' | 'until' | 'freezes'>;

/** Ends it. False when it was cancelled, or somebody else has taken it: then its file is nobody's. */
export async function endExport(
  db: Connection,
  id: string,
  by: string,
  state: 'ready' | 'failed',
  end: Partial<End>,
): Promise<boolean> {
  const { modifiedCount } = await exportsOf(db).updateOne(
    { _id: id, state: 'running', 'lease.by': by },
    { $set: { ...end, state, lease: null, progress: null } },
  );
  return modifiedCount === 1;
}

/** Gives it back for another server, or this one after its start. What was tried so does not count. */
export async function giveBackExport(db: Connection, id: string, by: string): Promise<void> {
  await exportsOf(db).updateOne(
    { _id: id, state: 'running', 'lease.by': by },
    { $set: { state: 'waiting', lease: null, progress: null }, $inc: { tries: -1 } },
  );
}

/** Cancels an export that waits or runs. False when it has ended. */
export async function cancelExport(db: Connection, study: string, id: string, endedAt: Date): Promise<boolean> {
  const former = await exportsOf(db)
    .findOneAndUpdate(
      { _id: id, study, state: { $in: before('cancelled') } },
      { $set: { state: 'cancelled', lease: null, progress: null, endedAt } },
      { returnDocument: 'before', projection: bare },
    )
    .lean<StoredExport>();
  return former !== null;
}

/** Where the file of an export goes. */
export function openUpload(db: Connection, { id, study, fileId }: ClaimedExport): Writable {
  return bucketOf(db, bucketName).openUploadStreamWithId(fileId, id, { metadata: { study } });
}

/** Removes what has been written of a file that nobody will be offered. */
export function removeUpload(db: Connection, fileId: mongo.ObjectId): Promise<void> {
  return removeKept(db, bucketName, fileId);
}

/** The file of an export that is ready. Throws `not-found`, `export-not-ready`. */
export async function openFile(
  db: Connection,
  study: string,
  id: string,
): Promise<{ export: Export; read: () => Readable }> {
  const found = await exportsOf(db).findOne({ _id: id, study }, bare).lean<StoredExport>();
  if (!found) throw new Problem('not-found', { detail: `The study "${study}" has no export "${id}".` });
  const { fileId } = found;
  if (found.freezes)
    throw new Problem('export-not-ready', { detail: 'A release keeps its own files: take them there.' });
  if (found.state !== 'ready' || !fileId) throw new Problem('export-not-ready', { detail: notReady(found) });
  return { export: shown(found), read: () => bucketOf(db, bucketName).openDownloadStream(fileId) };
}

function notReady({ state }: Pick<Export, 'state'>): string {
  switch (state) {
    case 'failed':
      return 'The export failed; there is no file. Ask for it again.';
    case 'cancelled':
      return 'The export was cancelled; there is no file.';
    case 'expired':
      return 'The file of this export has been removed. Ask for it again.';
    default:
      return 'The export is not ready yet.';
  }
}

/**
 * Removes the files of exports: those of a study, or whose time is over. The state says so before the file goes, and a file
 * whose removal was cut off goes the next time.
 */
export async function expireExports(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  which: { readonly study: string } | 'due',
): Promise<number> {
  // A release that was frozen stays, whatever becomes of files that were made once.
  const filter = which === 'due' ? { until: { $lte: clock() } } : { study: which.study, freezes: null };
  await exportsOf(db).updateMany({ state: { $in: before('expired') }, ...filter }, { $set: { state: 'expired' } });
  let removed = 0;
  for (const { _id, fileId } of await exportsOf(db)
    .find({ state: { $in: ['expired', 'cancelled', 'failed'] }, fileId: { $type: 'objectId' } }, { fileId: 1 })
    .lean<StoredExport[]>()) {
    if (!fileId) continue;
    await removeKept(db, bucketName, fileId);
    await exportsOf(db).updateOne({ _id, fileId }, { $set: { fileId: null } });
    removed += 1;
  }
  return removed;
}

/** With the study: its exports, and their files. */
export async function removeExports(db: Connection, study: string): Promise<void> {
  for (const { fileId } of await exportsOf(db).find({ study }, { fileId: 1 }).lean<StoredExport[]>()) {
    if (fileId) await removeKept(db, bucketName, fileId);
  }
  await exportsOf(db).deleteMany({ study });
}

/** Ends what servers of a study are making just now: each notices within a second, and it is begun again from the start. */
export async function restartExports(db: Connection, study: string): Promise<void> {
  await exportsOf(db).updateMany(
    { study, state: 'running' },
    { $set: { state: 'waiting', lease: null, progress: null } },
  );
}
