/** Released school reports in MongoDB: one document for each school that ever had one, with its steps inside. */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import type { SchoolRelease } from './release.ts';

interface ReleaseDocument extends SchoolRelease {
  readonly _id: string;
}

const releases = collectionOf<ReleaseDocument>(
  'reportreleases',
  new Schema<ReleaseDocument>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      school: { type: String, required: true },
      state: { type: String, required: true },
      report: { type: Schema.Types.Mixed, default: null },
      history: { type: [Schema.Types.Mixed], required: true },
    },
    { versionKey: false },
  )
    .set('minimize', false)
    .index({ study: 1, school: 1 }, { unique: true }),
);

const idOf = ({ study, school }: Pick<SchoolRelease, 'study' | 'school'>) => JSON.stringify([study, school]);

/** Those of a study, or of some schools in it, without the reports themselves. */
export async function listSchoolReleases(
  db: Connection,
  study: string,
  schools: 'all' | readonly string[],
): Promise<Map<string, Omit<SchoolRelease, 'report'>>> {
  const found = await releases(db)
    .find({ study, ...(schools === 'all' ? {} : { school: { $in: [...schools] } }) }, { _id: 0, report: 0 })
    .lean<Omit<SchoolRelease, 'report'>[]>();
  return new Map(found.map((release) => [release.school, release]));
}

export async function findSchoolRelease(db: Connection, study: string, school: string): Promise<SchoolRelease | null> {
  return releases(db)
    .findOne({ _id: idOf({ study, school }) }, { _id: 0 })
    .lean<SchoolRelease>();
}

/** Stores the next state of a release that is still as it was read. False when somebody else was quicker. */
export async function saveSchoolRelease(
  db: Connection,
  was: SchoolRelease | null,
  release: SchoolRelease,
): Promise<boolean> {
  const _id = idOf(release);
  if (was === null) {
    const { upsertedCount } = await releases(db).updateOne({ _id }, { $setOnInsert: release }, { upsert: true });
    return upsertedCount === 1;
  }
  const { matchedCount } = await releases(db).updateOne(
    { _id, state: was.state, history: { $size: was.history.length } },
    { $set: { state: release.state, report: release.report, history: release.history } },
  );
  return matchedCount === 1;
}

export async function removeSchoolReleases(db: Connection, study: string): Promise<void> {
  await releases(db).deleteMany({ study });
}
