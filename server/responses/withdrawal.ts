/**
 * What a withdrawal leaves of a response: the one exception from the rule that a raw response is never rewritten. The
 * document is replaced in one write by its tombstone, which keeps the counts right and tells nothing of the answers or
 * of the person. Called by `rights/withdraw.ts`.
 */
import type { Connection } from 'mongoose';
import { collectionOfResponses, type StoredResponse } from './store.ts';

/** The response without answers and without whatever leads to the person; of the time the day stays. */
export function tombstoneOf(response: StoredResponse): StoredResponse {
  const { _id, study, administration, instrument, version, wave, arm, cluster, school, role } = response;
  const { completion, receivedAt, source, replaces, receipt, withheld } = response;
  return {
    _id,
    study,
    administration,
    instrument,
    version,
    wave,
    arm,
    cluster,
    school,
    role,
    ...(withheld === undefined ? {} : { withheld }),
    subject: { kind: response.subject.kind, id: null },
    person: null,
    invitation: null,
    answers: {},
    answersHash: '',
    completion,
    lastPage: null,
    consent: null,
    receivedAt: new Date(receivedAt.toISOString().slice(0, 10)),
    source,
    replaces,
    withdrawn: true,
    ...(response.further ? { further: true } : {}),
    // Whoever gives the code again is told that it is done.
    ...(receipt === undefined ? {} : { receipt }),
  };
}

/** The response of a receipt code, also when it was withdrawn. */
export async function findByReceipt(
  db: Connection,
  receipt: string,
): Promise<Pick<StoredResponse, '_id' | 'study' | 'administration'> | null> {
  return collectionOfResponses(db).findOne({ receipt }, { projection: { study: 1, administration: 1 } });
}

/** Puts tombstones in place of these responses of a study; the ids of those that were not withdrawn before. */
export async function withdrawResponses(
  db: Connection,
  study: string,
  whose: { readonly ids: readonly string[]; readonly invitations: readonly string[]; readonly person: string | null },
): Promise<string[]> {
  const found = await collectionOfResponses(db)
    .find({
      study,
      withdrawn: false,
      $or: [
        { _id: { $in: [...whose.ids] } },
        { invitation: { $in: [...whose.invitations] } },
        { entryOf: { $in: [...whose.invitations] } },
        ...(whose.person === null ? [] : [{ person: whose.person }]),
      ],
    })
    .toArray();
  const removed: string[] = [];
  for (const response of found) {
    const { _id, ...tombstone } = tombstoneOf(response);
    const { modifiedCount } = await collectionOfResponses(db).replaceOne({ _id, withdrawn: false }, tombstone);
    if (modifiedCount === 1) removed.push(_id);
  }
  return removed;
}
