/**
 * Roles of accounts in single studies, in MongoDB: one document for each account and study. Read by `http.ts` for every
 * route of a study, and by the routes that list and give roles.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { type StudyRole, studyRoles } from '../permissions.ts';

export interface StudyAccess {
  readonly study: string;
  readonly account: string;
  readonly role: StudyRole;
  /** For coordinators and school leads: the clusters and schools that they see, and no others. */
  readonly clusters: readonly string[];
  readonly schools: readonly string[];
}

const studyAccess = collectionOf<StudyAccess>(
  'study-roles',
  new Schema<StudyAccess>({
    study: { type: String, required: true },
    account: { type: String, required: true },
    role: { type: String, enum: studyRoles, required: true },
    clusters: { type: [String], required: true },
    schools: { type: [String], required: true },
  })
    .index({ account: 1, study: 1 }, { unique: true })
    .index({ study: 1 }),
);

const bare = { _id: 0, __v: 0 } as const;

export async function findStudyAccess(db: Connection, account: string, study: string): Promise<StudyAccess | null> {
  return studyAccess(db).findOne({ account, study }, bare).lean<StudyAccess>();
}

/** All studies in which the account has a role. */
export async function listStudyAccess(db: Connection, account: string): Promise<StudyAccess[]> {
  return studyAccess(db).find({ account }, bare).sort({ study: 1 }).lean<StudyAccess[]>();
}

/** Everybody who has a role in the study. */
export async function listStudyMembers(db: Connection, study: string): Promise<StudyAccess[]> {
  return studyAccess(db).find({ study }, bare).lean<StudyAccess[]>();
}

/** Gives a role, or replaces the one that the account has in the study. */
export async function saveStudyAccess(db: Connection, access: StudyAccess): Promise<void> {
  const { study, account } = access;
  await studyAccess(db).replaceOne({ study, account }, access, { upsert: true });
}

export async function removeStudyAccess(
  db: Connection,
  where: { study?: string; account: string } | { study: string },
): Promise<void> {
  await studyAccess(db).deleteMany(where);
}
