/**
 * Responses in MongoDB: raw answers, stored whole and never rewritten (there is no update here; `withdrawal.ts` has the
 * one exception, and `anonymous-places.ts` leaves out places that former versions stored). Used by the submission, the import, the simulation, the datasets, the reports and the response rates.
 */
import { type Connection, mongo, Schema } from 'mongoose';
import type { Subject } from '../../instruments/instrument.ts';
import type { PaperMark } from '../../instruments/paper-entry/cells.ts';
import type { Role } from '../../instruments/study.ts';
import { type Scope, withinScope } from '../authority.ts';
import type { CodeDigests } from '../codes/digest.ts';
import { inGroups } from '../database/in-groups.ts';
import { collectionOf } from '../database/models.ts';
import { removeEvidence } from '../evidence/store.ts';
import type { PlacePart } from './coarse-places.ts';
import { removeDays } from './days.ts';
import { removeDrafts } from './drafts.ts';
import { removeParadata } from './paradata.ts';

export interface StoredResponse {
  /** `responseId(study, administration, key)`: a hash, so that order tells nothing and a retry finds itself. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  readonly instrument: string;
  readonly version: number;
  readonly wave: string;
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  /** Null where an anonymous answer does not tell it. */
  readonly role: Role | null;
  /** The parts of the place that an anonymous answer does not tell, since too few people share them (`coarse-places.ts`). */
  readonly withheld?: readonly PlacePart[];
  readonly subject: { readonly kind: Subject; readonly id: string | null };
  /** Pseudonym; null in anonymous administrations. */
  readonly person: string | null;
  /** Null in anonymous administrations: there nothing links the two. */
  readonly invitation: string | null;
  /** The invitation of a further entry (`further`), whose own `invitation` is null: the first entry has taken the place. */
  readonly entryOf?: string;
  /** True of every entry but the first that came through the link of an administration that repeats. */
  readonly further?: true;
  readonly answers: Readonly<Record<string, unknown>>;
  /** SHA-256 of the canonical JSON of the answers. */
  readonly answersHash: string;
  readonly completion: 'complete' | 'partial';
  /** Index of the furthest page that was shown; said of partial responses. */
  readonly lastPage: number | null;
  /**
   * Which version of which information sheet was shown in which language, and when it was agreed to. Without `sheet` it
   * is the text that came with the study file.
   */
  readonly consent: {
    readonly information: number;
    readonly sheet?: string | undefined;
    readonly language?: string | undefined;
    readonly agreedAt: Date | null;
  } | null;
  /** In anonymous administrations midnight UTC of the administration's first day, for all (`anonymous.ts`). */
  readonly receivedAt: Date;
  readonly source: 'web' | 'import' | 'simulated' | 'paper';
  /** The response that this one corrects or completes; what was replaced stays stored and is left out of results. */
  readonly replaces: string | null;
  /** True of a tombstone (`withdrawal.ts`): no answers, no person. */
  readonly withdrawn: boolean;
  /** Hash of the receipt code (`receipts.ts`), where only that leads back to the answers. */
  readonly receipt?: string;
  /** Keyed digests of the self-generated code (`codes/digest.ts`), where the person gave one. */
  readonly code?: CodeDigests;
  /** SHA-256 of the file that an import read it from. */
  readonly importFile?: string;
  /** Of a paper form: why nothing stands in a field that was not left blank. */
  readonly marks?: Readonly<Record<string, PaperMark>>;
}

/** Response rates are counted from this index alone, without reading answers. */
export const rateIndex = {
  study: 1,
  administration: 1,
  completion: 1,
  withdrawn: 1,
  arm: 1,
  cluster: 1,
  school: 1,
  role: 1,
  receivedAt: 1,
  _id: 1,
} as const;

/** The collection; `counts.ts` counts in it. */
export const responses = collectionOf<StoredResponse>(
  'responses',
  new Schema<StoredResponse>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      administration: { type: String, required: true },
      instrument: { type: String, required: true },
      version: { type: Number, required: true },
      wave: { type: String, required: true },
      arm: { type: String, required: true },
      cluster: { type: String, default: null },
      school: { type: String, default: null },
      role: { type: String, default: null },
      withheld: { type: [String], default: undefined },
      subject: { type: Schema.Types.Mixed, required: true },
      person: { type: String, default: null },
      invitation: { type: String, default: null },
      entryOf: { type: String },
      further: { type: Boolean },
      answers: { type: Schema.Types.Mixed, required: true },
      answersHash: { type: String, required: true },
      completion: { type: String, required: true },
      lastPage: { type: Number, default: null },
      consent: { type: Schema.Types.Mixed, default: null },
      receivedAt: { type: Date, required: true },
      source: { type: String, required: true },
      replaces: { type: String, default: null },
      withdrawn: { type: Boolean, required: true },
      importFile: { type: String },
      receipt: { type: String },
      code: { type: Schema.Types.Mixed },
      marks: { type: Schema.Types.Mixed },
    },
    { minimize: false },
  )
    // One first response for an invitation, and one successor for each that is replaced: the index decides a race.
    .index(
      { study: 1, administration: 1, invitation: 1, replaces: 1 },
      { unique: true, partialFilterExpression: { invitation: { $type: 'string' } } },
    )
    .index({ study: 1, replaces: 1 }, { partialFilterExpression: { replaces: { $type: 'string' } } })
    .index({ study: 1, administration: 1, _id: 1 })
    .index({ study: 1, administration: 1, further: 1, withdrawn: 1 }, { partialFilterExpression: { further: true } })
    .index({ study: 1, entryOf: 1 }, { partialFilterExpression: { entryOf: { $type: 'string' } } })
    // An import looks for rows like its own among those of other files, without reading answers.
    .index(
      { study: 1, administration: 1, answersHash: 1, arm: 1, cluster: 1, school: 1, role: 1, person: 1, importFile: 1 },
      { partialFilterExpression: { source: 'import' } },
    )
    // What a person gave, for withdrawal and for their own copy; what a receipt code leads to.
    .index({ study: 1, person: 1 }, { partialFilterExpression: { person: { $type: 'string' } } })
    .index({ receipt: 1 }, { partialFilterExpression: { receipt: { $type: 'string' } } })
    .index(rateIndex),
  // Ids are hashes: nothing tells the order in which responses came.
  { inOrderOfIds: true },
);

/** The driver's own collection: the submission path has checked every field, casting again would cost more than it gives. */
export const collectionOfResponses = (db: Connection) =>
  responses(db).collection as unknown as mongo.Collection<StoredResponse>;

/** Documents read in one go: large enough to keep the engine busy, small enough to hold many answers each. */
const batchSize = 500;
const duplicateKey = 11000;
const bare = { __v: 0 } as const;

/** Stores a response, journaled. False when its id, or its place at the invitation, is taken already. */
export const insertResponse = inGroups<StoredResponse, boolean>(async (db, documents) => {
  try {
    await collectionOfResponses(db).insertMany([...documents], { ordered: false });
    return documents.map(() => true);
  } catch (error) {
    const failures = failuresOf(error);
    return documents.map((_, index) => {
      const failure = failures.get(index);
      if (!failure) return true;
      return failure.code === duplicateKey ? false : failure;
    });
  }
});

/** Stores many responses; those whose id is there already stay as they are. The number newly stored. */
export async function insertResponsesBulk(db: Connection, documents: readonly StoredResponse[]): Promise<number> {
  if (documents.length === 0) return 0;
  try {
    const { insertedCount } = await collectionOfResponses(db).insertMany([...documents], { ordered: false });
    return insertedCount;
  } catch (error) {
    const failures = [...failuresOf(error).values()];
    const worst = failures.find(({ code }) => code !== duplicateKey);
    if (worst) throw worst;
    return documents.length - failures.length;
  }
}

export async function findResponse(db: Connection, id: string): Promise<StoredResponse | null> {
  return responses(db).findById(id, bare).lean<StoredResponse>();
}

export type StandingResponse = Pick<
  StoredResponse,
  '_id' | 'study' | 'administration' | 'answersHash' | 'school' | 'person' | 'withdrawn'
>;

/** Which of these ids are taken, and by what; answers are not read. */
export async function findStanding(db: Connection, ids: readonly string[]): Promise<Map<string, StandingResponse>> {
  const fields = { study: 1, administration: 1, answersHash: 1, school: 1, person: 1, withdrawn: 1 } as const;
  const found = await responses(db)
    .find({ _id: { $in: [...ids] } }, fields)
    .lean<StandingResponse[]>();
  return new Map(found.map((response) => [response._id, response]));
}

export type Likeness = Pick<StoredResponse, 'answersHash' | 'arm' | 'cluster' | 'school' | 'role' | 'person'>;

/** Answers and places that responses imported from any other file have, each once, for the given hashes of answers. */
export async function findImportedElsewhere(
  db: Connection,
  { study, administration, importFile }: { study: string; administration: string; importFile: string },
  hashes: readonly string[],
): Promise<Likeness[]> {
  const like = {
    answersHash: '$answersHash',
    arm: '$arm',
    cluster: '$cluster',
    school: '$school',
    role: '$role',
    person: '$person',
  };
  const groups = await responses(db).aggregate<{ _id: Likeness }>([
    {
      $match: {
        study,
        administration,
        source: 'import',
        answersHash: { $in: [...hashes] },
        importFile: { $ne: importFile },
      },
    },
    { $group: { _id: like } },
  ]);
  return groups.map(({ _id }) => _id);
}

/** The response that counts for an invitation: the last of the chain of replacements. */
export async function findResponseOfInvitation(
  db: Connection,
  { study, administration, _id }: { study: string; administration: string; _id: string },
): Promise<StoredResponse | null> {
  const chain = await responses(db).find({ study, administration, invitation: _id }, bare).lean<StoredResponse[]>();
  const replaced = new Set(chain.map(({ replaces }) => replaces));
  return chain.find((response) => !replaced.has(response._id)) ?? null;
}

/**
 * The responses of an administration in order of their ids (which say nothing about time), without those that a later
 * one replaces and without those that were withdrawn. Reads in batches: memory does not grow with their number.
 */
export async function* streamResponses(
  db: Connection,
  study: string,
  administration: string,
  scope: Scope = 'all',
): AsyncGenerator<StoredResponse> {
  const replaced = new Set(await replacedIds(db, study));
  const cursor = responses(db)
    .find({ study, administration, withdrawn: false, ...withinScope(scope) }, bare)
    .sort({ _id: 1 })
    .lean<StoredResponse[]>()
    .batchSize(batchSize)
    .cursor();
  try {
    for await (const response of cursor as AsyncIterable<StoredResponse>) {
      if (!replaced.has(response._id)) yield response;
    }
  } finally {
    await cursor.close();
  }
}

/**
 * How many responses, complete and partial, the administrations of each study hold. Reads the index alone.
 * @param pilots left out, as `study/administration`
 */
export async function countResponsesByStudy(
  db: Connection,
  pilots: ReadonlySet<string>,
): Promise<Map<string, number[]>> {
  const groups = await responses(db)
    .aggregate<{ _id: { study: string; administration: string }; n: number }>([
      { $group: { _id: { study: '$study', administration: '$administration' }, n: { $sum: 1 } } },
    ])
    .hint(rateIndex);
  const counts = new Map<string, number[]>();
  for (const { _id, n } of groups) {
    if (pilots.has(`${_id.study}/${_id.administration}`)) continue;
    counts.set(_id.study, [...(counts.get(_id.study) ?? []), n]);
  }
  return counts;
}

/** The responses that carry a person's pseudonym, in all administrations of a study, in order of time. */
export async function listResponsesOfPerson(db: Connection, study: string, person: string): Promise<StoredResponse[]> {
  return responses(db).find({ study, person }, bare).sort({ receivedAt: 1, _id: 1 }).lean<StoredResponse[]>();
}

/** Which of these invitations (null: all of the administration) have a complete response that names them. */
export async function respondedInvitations(
  db: Connection,
  study: string,
  administration: string,
  invitations: readonly string[] | null,
): Promise<Set<string>> {
  const found = await responses(db)
    .find(
      { study, administration, invitation: invitations ? { $in: [...invitations] } : { $type: 'string' } },
      { invitation: 1, completion: 1 },
    )
    .lean<{ invitation: string; completion: StoredResponse['completion'] }[]>();
  return new Set(found.filter(({ completion }) => completion === 'complete').map(({ invitation }) => invitation));
}

/** Removes what a study's respondents left: drafts, paradata, evidence, responses; the number of responses. */
export async function removeResponses(db: Connection, study: string): Promise<number> {
  for (const remove of [removeDrafts, removeParadata, removeDays, removeEvidence]) await remove(db, study);
  const { deletedCount } = await responses(db).deleteMany({ study });
  return deletedCount;
}

/** Ids of the responses of a study that a later one replaces. */
export async function replacedIds(db: Connection, study: string): Promise<string[]> {
  const found = await responses(db)
    .find({ study, replaces: { $type: 'string' } }, { _id: 0, replaces: 1 })
    .lean<{ replaces: string }[]>();
  return found.map(({ replaces }) => replaces);
}

/** What went wrong with single documents of an unordered insert, by their index; throws what went wrong with all. */
function failuresOf(error: unknown): Map<number, Error & { code?: unknown }> {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) throw error;
  const failed = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  if (failed.length === 0) throw error;
  // The driver's own error holds the document, and with it answers, which must not come near a log.
  return new Map(
    failed.map(({ index, code, errmsg }) => [index, new mongo.MongoServerError({ message: errmsg ?? '', code })]),
  );
}
