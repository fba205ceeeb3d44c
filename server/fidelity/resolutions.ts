/** What people have decided on findings about the data, append-only: the last decision on a finding stands. */
import { type Connection, Schema } from 'mongoose';
import type { Decision } from '../../analysis/process/quality.ts';
import { collectionOf } from '../database/models.ts';

export interface Resolution {
  /** Chosen by whoever sends it, so that a retry finds itself. */
  readonly key: string;
  readonly study: string;
  readonly flag: string;
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
      decision: { type: String, required: true },
      why: { type: String, required: true },
      by: { type: String, required: true },
      at: { type: Date, required: true },
      number: { type: Number, required: true },
    },
    { versionKey: false },
  ).index({ study: 1, flag: 1, number: 1 }, { unique: true }),
);

export async function listResolutions(db: Connection, study: string): Promise<Resolution[]> {
  return resolutions(db).find({ study }, { _id: 0 }).sort({ flag: 1, number: 1 }).lean<Resolution[]>();
}

export async function removeResolutions(db: Connection, study: string): Promise<void> {
  await resolutions(db).deleteMany({ study });
}
