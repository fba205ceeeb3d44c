/**
 * Roster imports in MongoDB: one document each with its state, and its staged rows until it has ended. Who people are is
 * staged encrypted, and gone with the rows. Used by `check-import.ts`, `apply-import.ts` and the import's routes.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import type { Sealed } from '../identities/crypt.ts';
import type { RosterIssue } from './files/read-row.ts';
import type { MemberKind } from './models.ts';
import type { Wanted } from './wanted.ts';

export const importStates = [
  'checking',
  'planned',
  'refused',
  'applying',
  'done',
  'stale',
  'discarded',
  'interrupted',
] as const;
export type ImportState = (typeof importStates)[number];

/** Which state may follow which. What is `applying` can only get done: by whoever began, or by the next who comes. */
export const importTransitions: Readonly<Record<ImportState, readonly ImportState[]>> = {
  checking: ['planned', 'refused', 'interrupted', 'discarded'],
  planned: ['applying', 'stale', 'discarded'],
  refused: [],
  applying: ['done'],
  done: [],
  stale: [],
  discarded: [],
  interrupted: [],
};

export interface ActionCounts {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface RosterImport {
  readonly _id: string;
  readonly study: string;
  readonly state: ImportState;
  /** Name of the file as the person's machine has it. */
  readonly file: string;
  readonly by: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly rows: number;
  readonly counts: Readonly<Partial<Record<MemberKind, ActionCounts>>>;
  readonly problems: readonly RosterIssue[];
  /** What should be looked at and stops nothing. */
  readonly notices: readonly RosterIssue[];
  /** Names of columns of schools that the study does not have yet. */
  readonly newColumns: readonly string[];
  /** Of the roster when it was checked. */
  readonly revision: number;
  readonly correctable: boolean;
  readonly done: number;
  readonly total: number;
  /** Whoever works on it now, and until when the others wait. */
  readonly holder: string | null;
  readonly heldUntil: Date | null;
}

export interface StagedRow {
  readonly import: string;
  readonly kind: MemberKind;
  readonly sheet: string | null;
  readonly row: number;
  readonly key: string;
  /** The allocated school of a person, for looking at people school by school. */
  readonly school: string | null;
  readonly wanted: Wanted;
  /** JSON of name, e-mail address and language, encrypted. */
  readonly identity: Sealed | null;
  readonly emailDigest: string | null;
  readonly action: 'created' | 'changed' | 'unchanged';
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

const any = Schema.Types.Mixed;

const imports = collectionOf<RosterImport>(
  'roster-imports',
  new Schema<RosterImport>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      state: { type: String, enum: importStates, required: true },
      file: { type: String, default: '' },
      by: { type: String, required: true },
      createdAt: { type: Date, required: true },
      endedAt: { type: Date, default: null },
      rows: { type: Number, default: 0 },
      counts: { type: any, default: {} },
      problems: { type: [any], default: [] },
      notices: { type: [any], default: [] },
      newColumns: { type: [String], default: [] },
      revision: { type: Number, default: 0 },
      correctable: { type: Boolean, default: false },
      done: { type: Number, default: 0 },
      total: { type: Number, default: 0 },
      holder: { type: String, default: null },
      heldUntil: { type: Date, default: null },
    },
    { minimize: false, versionKey: false },
  )
    .index({ study: 1, createdAt: -1 })
    .index({ state: 1, heldUntil: 1 }),
);

const staged = collectionOf<StagedRow>(
  'roster-import-rows',
  new Schema<StagedRow>(
    {
      import: { type: String, required: true },
      kind: { type: String, required: true },
      sheet: { type: String, default: null },
      row: { type: Number, required: true },
      key: { type: String, required: true },
      school: { type: String, default: null },
      wanted: { type: any, required: true },
      identity: { type: any, default: null },
      emailDigest: { type: String, default: null },
      action: { type: String, required: true },
      before: { type: any, default: null },
      after: { type: any, default: null },
    },
    { minimize: false, versionKey: false },
  )
    .index({ import: 1, kind: 1, row: 1 }, { unique: true })
    .index({ import: 1, kind: 1, key: 1 })
    .index({ import: 1, kind: 1, school: 1 }),
);

export async function insertImport(db: Connection, document: RosterImport): Promise<void> {
  await imports(db).create(document);
}

export async function findImport(db: Connection, study: string, id: string): Promise<RosterImport | null> {
  return imports(db).findOne({ _id: id, study }).lean<RosterImport>();
}

/** The newest first. */
export async function listImports(db: Connection, study: string, limit = 20): Promise<RosterImport[]> {
  return imports(db).find({ study }).sort({ createdAt: -1 }).limit(limit).lean<RosterImport[]>();
}

/** Sets fields of an import that `holder` works on. False when somebody else has taken it over. */
export async function keepImport(
  db: Connection,
  { id, holder }: { id: string; holder: string },
  fields: Partial<Omit<RosterImport, '_id' | 'study' | 'state'>>,
): Promise<boolean> {
  const { matchedCount } = await imports(db).updateOne({ _id: id, holder }, { $set: fields });
  return matchedCount === 1;
}

/** Moves an import on, if it stands where the table allows it. Null when it stands elsewhere. */
export async function moveImport(
  db: Connection,
  id: string,
  to: ImportState,
  fields: Partial<Omit<RosterImport, '_id' | 'study' | 'state'>> = {},
): Promise<RosterImport | null> {
  const from = importStates.filter((state) => importTransitions[state].includes(to));
  return imports(db)
    .findOneAndUpdate(
      { _id: id, state: { $in: from } },
      { $set: { ...fields, state: to } },
      { returnDocument: 'after' },
    )
    .lean<RosterImport>();
}

/** Takes an import over whose holder is gone. Null when it is held by somebody who lives. */
export async function takeImport(
  db: Connection,
  id: string,
  { holder, now, until }: { holder: string; now: Date; until: Date },
): Promise<RosterImport | null> {
  return imports(db)
    .findOneAndUpdate(
      { _id: id, $or: [{ heldUntil: null }, { heldUntil: { $lte: now } }, { holder }] },
      { $set: { holder, heldUntil: until } },
      { returnDocument: 'after' },
    )
    .lean<RosterImport>();
}

/** Imports that nobody works on any more, and plans that nobody has taken up since `before`. */
export async function abandonedImports(db: Connection, now: Date, before: Date): Promise<RosterImport[]> {
  return imports(db)
    .find({
      $or: [
        { state: { $in: ['checking', 'applying'] }, heldUntil: { $lte: now } },
        { state: 'planned', createdAt: { $lte: before } },
      ],
    })
    .lean<RosterImport[]>();
}

export async function insertStaged(db: Connection, rows: readonly StagedRow[]): Promise<void> {
  await staged(db).insertMany([...rows], { lean: true });
}

/** Staged rows of one kind in the order of the file, behind a row number. */
export async function readStaged(
  db: Connection,
  id: string,
  kind: MemberKind,
  { after, limit, action }: { after: number; limit: number; action?: StagedRow['action'] | undefined },
): Promise<StagedRow[]> {
  return staged(db)
    .find({ import: id, kind, row: { $gt: after }, ...(action ? { action } : {}) }, { _id: 0 })
    .sort({ row: 1 })
    .limit(limit)
    .lean<StagedRow[]>();
}

export async function countStaged(
  db: Connection,
  id: string,
  kind: MemberKind,
  action: StagedRow['action'],
): Promise<number> {
  return staged(db).countDocuments({ import: id, kind, action });
}

/** Staged people, school by school. */
export function stagedBySchool(db: Connection, id: string): AsyncIterable<StagedRow> {
  return staged(db).find({ import: id, kind: 'people' }, { _id: 0 }).sort({ school: 1 }).lean<StagedRow>().cursor();
}

/** Rows of which an earlier one has the same value: of `key` or `emailDigest`. At most `limit`, in order. */
export async function repeatedRows(
  db: Connection,
  id: string,
  kind: MemberKind,
  field: 'key' | 'emailDigest',
  limit: number,
): Promise<{ row: number; first: number; sheet: string | null }[]> {
  return staged(db).aggregate<{ row: number; first: number; sheet: string | null }>([
    { $match: { import: id, kind, ...(field === 'emailDigest' ? { emailDigest: { $ne: null } } : {}) } },
    { $sort: { row: 1 } },
    { $group: { _id: `$${field}`, rows: { $push: '$row' }, sheet: { $first: '$sheet' }, n: { $sum: 1 } } },
    { $match: { n: { $gt: 1 } } },
    { $project: { _id: 0, sheet: 1, first: { $first: '$rows' }, row: '$rows' } },
    { $unwind: '$row' },
    { $match: { $expr: { $ne: ['$row', '$first'] } } },
    { $sort: { row: 1 } },
    { $limit: limit },
  ]);
}

/** What rows would do that bring a member again, counted. */
export async function countRepeated(db: Connection, id: string, kind: MemberKind): Promise<ActionCounts> {
  const groups = await staged(db).aggregate<{ _id: keyof ActionCounts; n: number }>([
    { $match: { import: id, kind } },
    { $sort: { row: 1 } },
    { $group: { _id: '$key', actions: { $push: '$action' } } },
    // The first is a good row.
    { $project: { again: { $slice: ['$actions', 1, { $max: [1, { $subtract: [{ $size: '$actions' }, 1] }] }] } } },
    { $unwind: '$again' },
    { $group: { _id: '$again', n: { $sum: 1 } } },
  ]);
  const counts = { created: 0, changed: 0, unchanged: 0 };
  for (const { _id, n } of groups) counts[_id] = n;
  return counts;
}

/** Which of these people the file gives an e-mail address. */
export async function stagedWithEmail(db: Connection, id: string, people: readonly string[]): Promise<Set<string>> {
  if (people.length === 0) return new Set();
  const found = await staged(db)
    .find(
      { import: id, kind: 'people', key: { $in: [...people] }, emailDigest: { $type: 'string' } },
      { _id: 0, key: 1 },
    )
    .lean<{ key: string }[]>();
  return new Set(found.map(({ key }) => key));
}

export async function removeStaged(db: Connection, id: string): Promise<void> {
  await staged(db).deleteMany({ import: id });
}

/** Removes rows of imports that have ended, or went with their study, before their own process came to it. */
export async function removeLeftRows(db: Connection): Promise<void> {
  const ids = await staged(db).distinct('import');
  if (ids.length === 0) return;
  const waiting = await imports(db).distinct('_id', {
    _id: { $in: ids },
    state: { $in: ['checking', 'planned', 'applying'] },
  });
  for (const id of ids.filter((one) => !waiting.includes(one))) await removeStaged(db, id);
}

/** With a study goes what was imported into it. */
export async function removeImports(db: Connection, study: string): Promise<void> {
  for (const { _id } of await imports(db).find({ study }, { _id: 1 }).lean<{ _id: string }[]>()) {
    await removeStaged(db, _id);
  }
  await imports(db).deleteMany({ study });
}
