/**
 * Evidence in MongoDB: what each file is and where it belongs, one document each, and the files in GridFS. A file without a
 * document was not taken to its end; nobody is offered it. Used by the use cases of this folder, and by whatever removes answers.
 */
import type { Readable } from 'node:stream';
import { type Connection, type mongo, Schema } from 'mongoose';
import { bucketOf, removeBrokenUploads, removeKept } from '../database/kept-files.ts';
import { collectionOf } from '../database/models.ts';
import type { EvidenceKind } from './kinds.ts';

/** `uploaded`: beside answers that are not sent yet; `attached`: to a response. */
export const evidenceStates = ['uploaded', 'attached'] as const;

/** Which state may follow which: from one response a file may go on to the one that replaces it. */
const evidenceTransitions: Readonly<
  Record<(typeof evidenceStates)[number], readonly (typeof evidenceStates)[number][]>
> = { uploaded: ['attached'], attached: ['attached'] };

export interface Evidence {
  /** `evidenceId` of the link and of the key that its device chose. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  readonly invitation: string;
  readonly key: string;
  readonly question: string;
  /** Harmless, with the ending of its kind. */
  readonly name: string;
  readonly kind: EvidenceKind;
  readonly bytes: number;
  readonly sha256: string;
  readonly file: mongo.ObjectId;
  readonly state: (typeof evidenceStates)[number];
  readonly response: string | null;
  /** The entry of a table that it proves, counted as datasets count entries; null: the response as a whole. */
  readonly entry: { readonly table: string; readonly number: number } | null;
  readonly at: Date;
}

const evidence = collectionOf<Evidence>(
  'evidence',
  new Schema<Evidence>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    administration: { type: String, required: true },
    invitation: { type: String, required: true },
    key: { type: String, required: true },
    question: { type: String, required: true },
    name: { type: String, required: true },
    kind: { type: String, required: true },
    bytes: { type: Number, required: true },
    sha256: { type: String, required: true },
    file: { type: Schema.Types.ObjectId, required: true },
    state: { type: String, enum: evidenceStates, required: true },
    response: { type: String, default: null },
    entry: { type: Schema.Types.Mixed, default: null },
    at: { type: Date, required: true },
  })
    .index({ study: 1, administration: 1, invitation: 1 })
    .index({ study: 1, response: 1 })
    .index({ state: 1, at: 1 })
    .index({ file: 1 }),
);

const bare = { __v: 0 } as const;
const bucketName = 'evidenceFiles';

/** Where a file that is coming in goes. */
export function openUpload(db: Connection, study: string): mongo.GridFSBucketWriteStream {
  return bucketOf(db, bucketName).openUploadStream('evidence', { metadata: { study } });
}

export function openEvidence(db: Connection, { file }: Pick<Evidence, 'file'>): Readable {
  return bucketOf(db, bucketName).openDownloadStream(file);
}

/** False when its id has been taken meanwhile. */
export async function insertEvidence(db: Connection, document: Evidence): Promise<boolean> {
  try {
    await evidence(db).create(document);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 11000) return false;
    throw error;
  }
}

export async function findEvidence(db: Connection, study: string, id: string): Promise<Evidence | null> {
  return evidence(db).findOne({ study, _id: id }, bare).lean<Evidence>();
}

/** Everything that came through a link. */
export async function listEvidenceOf(
  db: Connection,
  where: Pick<Evidence, 'study' | 'administration' | 'invitation'>,
): Promise<Evidence[]> {
  const { study, administration, invitation } = where;
  return evidence(db).find({ study, administration, invitation }, bare).sort({ at: 1, _id: 1 }).lean<Evidence[]>();
}

/** What is attached to these responses. */
export async function listEvidenceFor(
  db: Connection,
  study: string,
  responses: readonly string[],
): Promise<Evidence[]> {
  return evidence(db)
    .find({ study, response: { $in: [...responses] } }, bare)
    .sort({ at: 1, _id: 1 })
    .lean<Evidence[]>();
}

/** Attaches a file to the response that names it. May be run again. */
export async function markAttached(
  db: Connection,
  _id: string,
  { response, entry }: Pick<Evidence, 'response' | 'entry'>,
): Promise<void> {
  const from = evidenceStates.filter((state) => evidenceTransitions[state].includes('attached'));
  await evidence(db).updateOne({ _id, state: { $in: from } }, { $set: { state: 'attached', response, entry } });
}

/** Files that were uploaded before then and belong to no response yet. */
export async function listUnattached(db: Connection, before: Date): Promise<Evidence[]> {
  return evidence(db)
    .find({ state: 'uploaded', at: { $lt: before } }, bare)
    .lean<Evidence[]>();
}

/** Removes files that a query finds: the document last, so that what is cut off is found again. The number removed. */
async function remove(db: Connection, query: object): Promise<number> {
  const found = await evidence(db).find(query, { file: 1 }).lean<Pick<Evidence, '_id' | 'file'>[]>();
  for (const { _id, file } of found) {
    await removeKept(db, bucketName, file);
    await evidence(db).deleteOne({ _id });
  }
  return found.length;
}

/** Of a study, or of one of its administrations. */
export const removeEvidence = (db: Connection, study: string, administration?: string): Promise<number> =>
  remove(db, { study, ...(administration === undefined ? {} : { administration }) });

/** Of responses and links whose answers were taken back. */
export async function removeEvidenceOf(
  db: Connection,
  study: string,
  { responses, invitations }: { readonly responses: readonly string[]; readonly invitations: readonly string[] },
): Promise<number> {
  return remove(db, { study, $or: [{ response: { $in: [...responses] } }, { invitation: { $in: [...invitations] } }] });
}

export const removeUnattached = (db: Connection, { _id }: Pick<Evidence, '_id'>): Promise<number> =>
  remove(db, { _id, state: 'uploaded' });

/** Removes a file that did not become evidence. */
export const removeFile = (db: Connection, file: mongo.ObjectId): Promise<void> => removeKept(db, bucketName, file);

/** Removes what uploads that were cut off before then have left. */
export async function removeLeftovers(db: Connection, before: Date): Promise<number> {
  let removed = await removeBrokenUploads(db, bucketName, before);
  for await (const { _id } of bucketOf(db, bucketName).find({ uploadDate: { $lt: before } })) {
    if (await evidence(db).exists({ file: _id })) continue;
    await removeFile(db, _id);
    removed += 1;
  }
  return removed;
}
