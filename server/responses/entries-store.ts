/** Entries of links that take more than one, in MongoDB. Used by the counts, the respondent's page and the fidelity of a study. */
import type { Connection } from 'mongoose';
import { collectionOfResponses, responses, type StoredResponse } from './store.ts';

/** The entries of links after the first of each, of a study or an administration: rows of the data, but no further people. */
export async function furtherEntries(
  db: Connection,
  study: string,
  administration?: string,
): Promise<Pick<StoredResponse, '_id' | 'withdrawn'>[]> {
  return responses(db)
    .find({ study, ...(administration === undefined ? {} : { administration }), further: true }, { withdrawn: 1 })
    .sort({ _id: 1 })
    .lean<Pick<StoredResponse, '_id' | 'withdrawn'>[]>();
}

/** How many entries of a study came after the first of their link, with those that were withdrawn. */
export async function countFurther(db: Connection, study: string): Promise<number> {
  return responses(db).countDocuments({ study, further: true });
}

/** Whether these answers came through a link as an entry. */
export async function hasEntry(
  db: Connection,
  { study, administration, _id }: { study: string; administration: string; _id: string },
  answersHash: string,
): Promise<boolean> {
  const through = { $or: [{ invitation: _id }, { entryOf: _id }] };
  return (await collectionOfResponses(db).findOne({ study, administration, answersHash, ...through })) !== null;
}

/** When the entries of a link came, oldest first; without those that were withdrawn or are unfinished. */
export async function listEntryDays(
  db: Connection,
  { study, administration, _id }: { study: string; administration: string; _id: string },
): Promise<Date[]> {
  const found = await collectionOfResponses(db)
    .find(
      { study, administration, completion: 'complete', withdrawn: false, $or: [{ invitation: _id }, { entryOf: _id }] },
      { projection: { receivedAt: 1 }, sort: { receivedAt: 1 } },
    )
    .toArray();
  return found.map(({ receivedAt }) => receivedAt);
}
