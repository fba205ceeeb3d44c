/**
 * Writes to the audit: who did what to which thing, when, from where. Called by `request.ts` for every route that changes
 * something or shows identified rows, and by sign-in, commands and jobs for what they do.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { canonicalJson } from '../../instruments/canonical.ts';
import type { Context } from '../context.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { inGroups } from '../database/in-groups.ts';
import { type AuditEntry, appendAuditEntry, lastAuditEntry } from './store.ts';

/** What the caller says; number and hashes are given here. */
export type AuditFact = Omit<AuditEntry, '_id' | 'at' | 'previous' | 'hash'>;

export const chainStart = '0'.repeat(64);

/** Journals the fact; resolves when it is on disk. Facts keep the order in which they arrive. */
export async function recordAudit(context: Pick<Context, 'db' | 'clock'>, fact: AuditFact): Promise<void> {
  await appended(context.db, { ...fact, at: context.clock() });
}

/** The hash of an entry: SHA-256 of the canonical JSON of everything else in it. */
export function auditHash(entry: Omit<AuditEntry, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...entry, at: entry.at.toISOString() }))
    .digest('hex');
}

const appended = inGroups<AuditFact & { at: Date }, true>(async (db: Connection, facts) => {
  const done: true[] = [];
  let last = await lastAuditEntry(db);
  while (done.length < facts.length) {
    const fact = facts[done.length] as AuditFact & { at: Date };
    const entry = { _id: (last?._id ?? 0) + 1, ...fact, previous: last?.hash ?? chainStart };
    const chained: AuditEntry = { ...entry, hash: auditHash(entry) };
    try {
      await appendAuditEntry(db, chained);
      last = chained;
      done.push(true);
    } catch (error) {
      // Another server appended at the same moment: go on behind its entries.
      if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
      last = await lastAuditEntry(db);
    }
  }
  return done;
});
