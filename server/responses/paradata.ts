/**
 * How answering went: time on each page and the kind of device. Telemetry from the respondent's browser: clamped, never
 * trusted, kept apart from the answers, and lost without harm. Written by the submission.
 */
import { randomBytes } from 'node:crypto';
import { type Connection, type mongo, Schema } from 'mongoose';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { gathered } from './afterwards.ts';

const devices = ['phone', 'tablet', 'computer', 'unknown'] as const;

interface Paradata {
  /** Random: an ObjectId would tell the second. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  readonly instrument: string;
  readonly version: number;
  /** Null in anonymous administrations. */
  readonly response: string | null;
  readonly device: (typeof devices)[number];
  readonly pages: readonly { readonly page: number; readonly milliseconds: number }[];
}

const paradata = collectionOf<Paradata>(
  'paradata',
  new Schema<Paradata>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    administration: { type: String, required: true },
    instrument: { type: String, required: true },
    version: { type: Number, required: true },
    response: { type: String, default: null },
    device: { type: String, required: true },
    pages: { type: Schema.Types.Mixed, required: true },
  }).index({ study: 1, administration: 1 }),
  // Ids are random: nothing tells the order of arrival.
  { inOrderOfIds: true },
);

/** Longest time that a page is believed to have been read: half an hour; what is more was a break. */
const longest = 30 * 60 * 1000;
const mostPages = 200;

/** What a browser may send. Foolish values become the nearest sensible ones; a foolish shape becomes nothing. */
export const paradataSchema = z
  .object({
    device: z.enum(devices).catch('unknown'),
    pages: z
      .array(
        z.object({
          page: z.number().int().min(0).max(mostPages),
          milliseconds: z.number().transform((value) => Math.round(Math.min(Math.max(value, 0), longest))),
        }),
      )
      .max(mostPages)
      .catch([]),
  })
  .optional()
  .catch(undefined);

const insertGathered = gathered<Paradata>('keeping paradata', (db, items) =>
  (paradata(db).collection as unknown as mongo.Collection<Paradata>).insertMany([...items], {
    ordered: false,
    writeConcern: { w: 1, journal: false },
  }),
);

/** Keeps paradata without making anybody wait for it. */
export function keepParadata(context: Context, record: Omit<Paradata, '_id'>): void {
  insertGathered(context, { _id: randomBytes(12).toString('hex'), ...record });
}

/** Removes the paradata of some responses. */
export async function removeParadataOf(db: Connection, study: string, responses: readonly string[]): Promise<void> {
  if (responses.length > 0) await paradata(db).deleteMany({ study, response: { $in: [...responses] } });
}

export async function countParadata(db: Connection, study: string): Promise<number> {
  return paradata(db).countDocuments({ study });
}

export async function removeParadata(db: Connection, study: string): Promise<number> {
  const { deletedCount } = await paradata(db).deleteMany({ study });
  return deletedCount;
}

/** How each response of an administration was answered, where anything ties the two together. */
export async function* streamParadata(
  db: Connection,
  study: string,
  administration: string,
): AsyncGenerator<Pick<Paradata, 'device' | 'pages'> & { readonly response: string }> {
  yield* paradata(db)
    .find({ study, administration, response: { $type: 'string' } }, { response: 1, device: 1, pages: 1 })
    .lean<Pick<Paradata, 'device' | 'pages'> & { response: string }>()
    .cursor();
}
