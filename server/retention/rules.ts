/**
 * What a study keeps, and what removing it means, one entry a kind. Used by `sweep.ts`, the routes and the preview.
 *
 * The audit is not among them: it is append-only, its chain of hashes would break, and it holds ids only.
 */
import type { Connection } from 'mongoose';
import { countIdentities, eraseIdentities } from '../identities/store.ts';
import { countLinks, forgetLinks } from '../invitations/endings.ts';
import { countMessagesOfStudy, removeMessages } from '../outbox/store.ts';
import { countPapersOfStudy, removePapers } from '../paper/store.ts';
import { countAllResponses } from '../responses/counts.ts';
import { countParadata, removeParadata } from '../responses/paradata.ts';
import { removeResponses } from '../responses/store.ts';

export const retentionKinds = ['identities', 'links', 'messages', 'paradata', 'answers'] as const;
export type RetentionKind = (typeof retentionKinds)[number];

interface Rule {
  count(db: Connection, study: string): Promise<number>;
  /** The number removed; may be called again. */
  remove(db: Connection, study: string): Promise<number>;
}

export const retentionRules: Readonly<Record<RetentionKind, Rule>> = {
  identities: { count: countIdentities, remove: (db, study) => eraseIdentities(db, study, null) },
  links: { count: countLinks, remove: forgetLinks },
  messages: { count: countMessagesOfStudy, remove: (db, study) => removeMessages(db, study) },
  paradata: { count: countParadata, remove: removeParadata },
  // What is typed from paper and not sent yet is answers, too.
  answers: {
    count: async (db, study) => (await countAllResponses(db, study)) + (await countPapersOfStudy(db, study)),
    remove: async (db, study) => (await removePapers(db, study)) + (await removeResponses(db, study)),
  },
};
