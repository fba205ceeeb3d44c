/** What people have decided on findings about the data, append-only: the last decision on a finding stands. */
import { type Connection, Schema } from 'mongoose';
import type { Decision } from '../../analysis/process/quality.ts';
import type { Scope } from '../authority.ts';
import { collectionOf } from '../database/models.ts';

export interface Resolution {
  /** Chosen by whoever sends it, so that a retry finds itself. */
  readonly key: string;
  readonly study: string;
  readonly flag: string;
  /** The cluster that the finding is about. */
  readonly cluster: string | null;
  readonly decision: Decision;
  readonly why: string;
  /** Id of the account. */
  readonly by: string;
  readonly at: Date;
  readonly number: number;
}

type ResolutionDocument = Resolution & { readonly _id: string };

const resolutions = collectionOf<ResolutionDocument>(
  'fidelityresolutions',
  new Schema<ResolutionDocument>(
    {
      _id: { type: String, required: true },
      key: { type: String, required: true },
      study: { type: String, required: true },
      flag: { type: String, required: true },
      cluster: { type: String, default: null },
      decision: { type: String, required: true },
      why: { type: String, required: true },
      by: { type: String, required: true },
      at: { type: Date, required: true },
      number: { type: Number, required: true },
    },
    { versionKey: false },
  ).index({ study: 1, flag: 1, number: 1 }, { unique: true }),
);

/** Decisions of a study by finding, oldest first; of a scope those about its clusters. */
export async function listResolutions(db: Connection, study: string, scope: Scope = 'all'): Promise<Resolution[]> {
  const within = scope === 'all' ? {} : { cluster: { $in: [...scope.clusters] } };
  return resolutions(db)
    .find({ study, ...within }, { _id: 0 })
    .sort({ flag: 1, number: 1 })
    .lean<Resolution[]>();
}

const idOf = (study: string, key: string) => `${study} ${key}`;

export async function findResolution(db: Connection, study: string, key: string): Promise<Resolution | null> {
  return resolutions(db).findById(idOf(study, key), { _id: 0 }).lean<Resolution>();
}

/** The index on numbers decides a race: the second of two authors gets a duplicate-key error. */
export async function insertResolution(db: Connection, resolution: Resolution): Promise<void> {
  await resolutions(db).create({ _id: idOf(resolution.study, resolution.key), ...resolution });
}

export async function removeResolutions(db: Connection, study: string): Promise<void> {
  await resolutions(db).deleteMany({ study });
}
