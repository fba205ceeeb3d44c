/**
 * Information sheets of a study in MongoDB: one document for each version, with its texts by language. A draft can be
 * edited; the first administration that uses a version freezes it for good.
 */
import { type Connection, Schema } from 'mongoose';
import type { InformationText } from '../../instruments/study.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

export interface SheetVersion {
  readonly study: string;
  /** Id of the sheet, unique in the study; its versions share it. */
  readonly sheet: string;
  readonly title: string;
  readonly version: number;
  readonly state: 'draft' | 'frozen';
  readonly texts: Readonly<Record<string, InformationText>>;
  readonly createdAt: Date;
  /** Id of the account. */
  readonly createdBy: string;
  readonly frozenAt: Date | null;
}

const sheets = collectionOf<SheetVersion>(
  'information-sheets',
  new Schema<SheetVersion>(
    {
      study: { type: String, required: true },
      sheet: { type: String, required: true },
      title: { type: String, required: true },
      version: { type: Number, required: true },
      state: { type: String, enum: ['draft', 'frozen'], required: true },
      texts: { type: Schema.Types.Mixed, required: true },
      createdAt: { type: Date, required: true },
      createdBy: { type: String, required: true },
      frozenAt: { type: Date, default: null },
    },
    { versionKey: false },
  ).index({ study: 1, sheet: 1, version: 1 }, { unique: true }),
);

const bare = { _id: 0 } as const;

/** Stores a new version. Throws `already-exists` when its number is taken. */
export async function insertSheetVersion(db: Connection, version: SheetVersion): Promise<void> {
  await sheets(db).create(version);
}

/** All versions of all sheets of a study: by sheet, the newest first. */
export async function listSheetVersions(db: Connection, study: string, sheet?: string): Promise<SheetVersion[]> {
  return sheets(db)
    .find({ study, ...(sheet === undefined ? {} : { sheet }) }, bare)
    .sort({ sheet: 1, version: -1 })
    .lean<SheetVersion[]>();
}

/** Throws `not-found`. */
export async function getSheetVersion(
  db: Connection,
  study: string,
  sheet: string,
  version: number,
): Promise<SheetVersion> {
  const found = await sheets(db).findOne({ study, sheet, version }, bare).lean<SheetVersion>();
  if (!found) throw new Problem('not-found', { detail: `There is no version ${version} of the sheet "${sheet}".` });
  return found;
}

/** Replaces the texts of a draft. Null when it is frozen, or not there. */
export async function replaceDraft(
  db: Connection,
  { study, sheet, version }: Pick<SheetVersion, 'study' | 'sheet' | 'version'>,
  change: Pick<SheetVersion, 'title' | 'texts'>,
): Promise<SheetVersion | null> {
  return sheets(db)
    .findOneAndUpdate(
      { study, sheet, version, state: 'draft' },
      { $set: change },
      { returnDocument: 'after', projection: bare },
    )
    .lean<SheetVersion>();
}

/** Freezes a version, as it stands at this moment, and gives it back. Throws `not-found`. */
export async function freezeVersion(
  db: Connection,
  study: string,
  sheet: string,
  version: number,
  at: Date,
): Promise<SheetVersion> {
  await sheets(db).updateOne({ study, sheet, version, state: 'draft' }, { $set: { state: 'frozen', frozenAt: at } });
  return getSheetVersion(db, study, sheet, version);
}

/** Deletes a draft. False when it is frozen, or not there. */
export async function deleteDraft(db: Connection, study: string, sheet: string, version: number): Promise<boolean> {
  return (await sheets(db).deleteOne({ study, sheet, version, state: 'draft' })).deletedCount === 1;
}

export async function removeSheets(db: Connection, study: string): Promise<void> {
  await sheets(db).deleteMany({ study });
}
