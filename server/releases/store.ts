/**
 * Releases in MongoDB: one document each, written last and never changed, and their files in GridFS. A file without a
 * release belongs to one that was not finished; nobody is offered it. Used by the use cases of this folder.
 */

import type { Readable, Writable } from 'node:stream';
import { type Connection, Schema } from 'mongoose';
import { bucketOf, removeBrokenUploads } from '../database/kept-files.ts';
import { collectionOf } from '../database/models.ts';
import type { DatasetDefinition } from '../datasets/definitions/definition.ts';
import type { AnonymityReport } from '../datasets/definitions/k-anonymity.ts';
import { Problem } from '../problems.ts';

export interface ReleasedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Release {
  readonly study: string;
  /** Counts up from 1 in each study. */
  readonly number: number;
  readonly purpose: string;
  readonly definition: DatasetDefinition;
  /** SHA-256 of the definition and everything in the tables. */
  readonly sha256: string;
  readonly files: readonly ReleasedFile[];
  readonly administrations: readonly {
    readonly id: string;
    readonly instrument: string;
    readonly version: number;
    readonly sha256: string;
  }[];
  readonly amendments: readonly string[];
  /** What was done so that nobody can be told, and what is left to be seen. */
  readonly disclosure: {
    readonly level: DatasetDefinition['level'];
    readonly minimumCell: number;
    readonly notes: readonly string[];
    readonly anonymity: AnonymityReport | null;
  };
  readonly responses: number;
  /** Name and version of the program that made it. */
  readonly software: string;
  /** Account or command that made it. */
  readonly by: string;
  readonly at: Date;
}

interface ReleaseDocument extends Release {
  /** Names the release's files in GridFS. */
  readonly files_id: string;
  /** The export that froze it, where one did. */
  readonly job: string | null;
}

const releases = collectionOf<ReleaseDocument>(
  'releases',
  new Schema<ReleaseDocument>({
    study: { type: String, required: true },
    number: { type: Number, required: true },
    purpose: { type: String, required: true },
    definition: { type: Schema.Types.Mixed, required: true },
    sha256: { type: String, required: true },
    files: { type: [Schema.Types.Mixed], required: true },
    administrations: { type: [Schema.Types.Mixed], required: true },
    amendments: { type: [String], required: true },
    disclosure: { type: Schema.Types.Mixed, required: true },
    responses: { type: Number, required: true },
    software: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    files_id: { type: String, required: true },
    job: { type: String, default: null },
  })
    .set('minimize', false)
    .index({ study: 1, number: 1 }, { unique: true }),
);
const bare = { _id: 0, __v: 0 } as const;
const shown = { ...bare, files_id: 0, job: 0 } as const;

const bucketName = 'releases';

export async function listReleases(db: Connection, study: string): Promise<Release[]> {
  return releases(db).find({ study }, shown).sort({ number: -1 }).lean<Release[]>();
}

/** Throws `not-found`. */
export async function getRelease(db: Connection, study: string, number: number): Promise<Release> {
  const found = await releases(db).findOne({ study, number }, shown).lean<Release>();
  if (!found) throw new Problem('not-found', { detail: `The study "${study}" has no release ${number}.` });
  return found;
}

/** The release that an export has frozen, if it has. */
export async function findReleaseOf(db: Connection, study: string, job: string): Promise<Release | null> {
  return releases(db).findOne({ study, job }, shown).lean<Release>();
}

/** Where the files of a release that is being made go; `name` is the file's name in it. */
export function openUpload(db: Connection, study: string, filesId: string, name: string): Writable {
  return bucketOf(db, bucketName).openUploadStream(`${filesId}/${name}`, { metadata: { study, release: filesId } });
}

/** Makes what was uploaded a release. False when its number has been taken meanwhile. */
export async function insertRelease(
  db: Connection,
  release: Release,
  filesId: string,
  job: string | null,
): Promise<boolean> {
  try {
    await releases(db).create({ ...release, files_id: filesId, job });
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 11000) return false;
    throw error;
  }
}

/** A file as it was frozen. Throws `not-found`. */
export async function openReleased(db: Connection, study: string, number: number, name: string): Promise<Readable> {
  const found = await releases(db).findOne({ study, number }, { files_id: 1, files: 1 }).lean<ReleaseDocument>();
  if (!found?.files.some((file) => file.name === name)) {
    throw new Problem('not-found', { detail: `Release ${number} of "${study}" has no file "${name}".` });
  }
  return bucketOf(db, bucketName).openDownloadStreamByName(`${found.files_id}/${name}`);
}

/** Removes files, and pieces of them, of releases that were begun before then and never finished. */
export async function removeUnfinished(db: Connection, study: string, before: Date): Promise<number> {
  const bucket = bucketOf(db, bucketName);
  const finished = new Set(
    (await releases(db).find({ study }, { files_id: 1 }).lean<ReleaseDocument[]>()).map((release) => release.files_id),
  );
  let removed = await removeBrokenUploads(db, bucketName, before);
  for await (const file of bucket.find({ 'metadata.study': study, uploadDate: { $lt: before } })) {
    if (finished.has(String(file.metadata?.release))) continue;
    await bucket.delete(file._id);
    removed += 1;
  }
  return removed;
}

/** Removes the files of one attempt that failed. */
export async function removeFiles(db: Connection, filesId: string): Promise<void> {
  const bucket = bucketOf(db, bucketName);
  for await (const file of bucket.find({ 'metadata.release': filesId })) await bucket.delete(file._id);
}

/** With the study: nothing else removes a release. */
export async function removeReleases(db: Connection, study: string): Promise<void> {
  const bucket = bucketOf(db, bucketName);
  for await (const file of bucket.find({ 'metadata.study': study })) await bucket.delete(file._id);
  await releases(db).deleteMany({ study });
}
