/**
 * How many anonymous answers came on which day, for a whole administration: the responses themselves carry no day
 * (`anonymous.ts`). Counted after a submission; what a crash cuts off is lost.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { gathered } from './afterwards.ts';

interface DayCount {
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  /** ISO date in the study's time zone. */
  readonly day: string;
  readonly n: number;
}

const days = collectionOf<DayCount>(
  'responseDays',
  new Schema<DayCount>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      administration: { type: String, required: true },
      day: { type: String, required: true },
      n: { type: Number, required: true },
    },
    { versionKey: false },
  ).index({ study: 1, administration: 1, day: 1 }),
);

/** Counts one without making anybody wait. */
export const countDay = gathered<Omit<DayCount, '_id' | 'n'>>('counting days', (db, items) =>
  days(db).bulkWrite(
    items.map((item) => ({
      updateOne: {
        filter: { _id: `${item.study}/${item.administration}/${item.day}` },
        update: { $setOnInsert: item, $inc: { n: 1 } },
        upsert: true,
      },
    })),
    { ordered: false },
  ),
);

/** Anonymous answers of an administration by day, in order of the days. */
export async function anonymousDays(
  db: Connection,
  study: string,
  administration: string,
): Promise<{ day: string; n: number }[]> {
  return days(db).find({ study, administration }, { _id: 0, day: 1, n: 1 }).sort({ day: 1 }).lean<DayCount[]>();
}

export async function removeDays(db: Connection, study: string): Promise<void> {
  await days(db).deleteMany({ study });
}
