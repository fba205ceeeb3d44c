/**
 * Who has a draft open: one document for each person and draft, with when their page was last heard of. Nobody has to sign
 * off: a page that is silent for a minute counts as closed, and the sweeper forgets it after a day.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../../database/models.ts';

interface EditorDocument {
  /** `draft account`. */
  readonly _id: string;
  readonly draft: string;
  readonly account: string;
  readonly name: string;
  readonly seenAt: Date;
}

const editors = collectionOf<EditorDocument>(
  'instrument-editors',
  new Schema<EditorDocument>(
    {
      _id: { type: String, required: true },
      draft: { type: String, required: true },
      account: { type: String, required: true },
      name: { type: String, required: true },
      seenAt: { type: Date, required: true },
    },
    { versionKey: false },
  )
    .index({ draft: 1, seenAt: -1 })
    .index({ seenAt: 1 }),
);

/** How long a page may be silent before it counts as closed, in milliseconds; pages report every 20 seconds. */
const silence = 60_000;

export interface Editor {
  readonly name: string;
  readonly seenAt: Date;
}

/** Notes that somebody has the draft open, and tells who else has. */
export async function noteEditor(
  db: Connection,
  draft: string,
  { id, name }: { readonly id: string; readonly name: string },
  now: Date,
): Promise<Editor[]> {
  const _id = `${draft} ${id}`;
  await editors(db).updateOne({ _id }, { $set: { draft, account: id, name, seenAt: now } }, { upsert: true });
  return editors(db)
    .find(
      { draft, _id: { $ne: _id }, seenAt: { $gt: new Date(now.getTime() - silence) } },
      { _id: 0, name: 1, seenAt: 1 },
    )
    .sort({ name: 1 })
    .lean<Editor[]>();
}

const day = 24 * 60 * 60 * 1000;

/** Forgets who had drafts open a day ago and before. Called by the sweeper. */
export async function sweepEditors(db: Connection, now: Date): Promise<void> {
  await editors(db).deleteMany({ seenAt: { $lt: new Date(now.getTime() - day) } });
}
