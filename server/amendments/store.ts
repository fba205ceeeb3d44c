/** The log of amendments in MongoDB: append-only and numbered in each study. Written by `server/settle.ts` alone. */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import type { Amendment, NewAmendment } from './amendment.ts';

type AmendmentDocument = Omit<Amendment, 'id'> & { readonly _id: string };

const amendments = collectionOf<AmendmentDocument>(
  'amendments',
  new Schema<AmendmentDocument>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      number: { type: Number, required: true },
      at: { type: Date, required: true },
      by: { type: String, required: true },
      why: { type: String, required: true },
      thing: { type: Schema.Types.Mixed, required: true },
      changes: { type: Schema.Types.Mixed, required: true },
    },
    { versionKey: false },
  ).index({ study: 1, number: 1 }, { unique: true }),
);

/** Gives an amendment the next number; one whose entry is there already stays as it is. */
export async function appendAmendment(db: Connection, { id, ...rest }: NewAmendment): Promise<void> {
  for (;;) {
    if (await amendments(db).exists({ _id: id })) return;
    const last = await amendments(db).findOne({ study: rest.study }, { number: 1 }).sort({ number: -1 }).lean();
    try {
      await amendments(db).create({ _id: id, ...rest, number: (last?.number ?? 0) + 1 });
      return;
    } catch (error) {
      // Another server was quicker, with this entry or with this number.
      if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    }
  }
}

/** The amendments of a study in order, or those that concern an administration: its own and its wave's. */
export async function listAmendments(
  db: Connection,
  study: string,
  concerning?: { readonly id: string; readonly wave: string },
): Promise<Amendment[]> {
  const found = await amendments(db).find({ study }).sort({ number: 1 }).lean<AmendmentDocument[]>();
  const isAbout = ({ thing: { kind, id } }: AmendmentDocument) =>
    concerning === undefined ||
    (kind === 'wave' && id === concerning.wave) ||
    (kind === 'administration' && id === concerning.id);
  return found.filter(isAbout).map(({ _id, ...rest }) => ({ id: _id, ...rest }));
}

export async function removeAmendments(db: Connection, study: string): Promise<void> {
  await amendments(db).deleteMany({ study });
}
