/**
 * Writes to the audit: who did what to which thing, when, from where. Called by `request.ts` for every route that changes
 * something or shows identified rows, and by sign-in, commands and jobs for what they do.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { canonicalJson } from '../../instruments/canonical.ts';
import type { Context } from '../context.ts';
import { inGroups } from '../database/in-groups.ts';
import { type AuditEntry, appendAuditEntries, lastAuditEntry, raiseAuditHead } from './store.ts';
import type { AuditVerb } from './verb-list.ts';

/** What the caller says; number and hashes are given here. */
export type AuditFact = Omit<AuditEntry, '_id' | 'at' | 'verb' | 'previous' | 'hash'> & { readonly verb: AuditVerb };

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
  let done = 0;
  while (done < facts.length) {
    const chained = chainOnto(await lastAuditEntry(db), facts.slice(done));
    const count = await appendAuditEntries(db, chained);
    const last = chained[count - 1];
    if (last) await raiseAuditHead(db, { number: last._id, hash: last.hash });
    // Fewer than all: another server appended at the same moment, and the rest goes on behind its entries.
    done += count;
  }
  return facts.map(() => true);
});

function chainOnto(last: AuditEntry | null, facts: readonly (AuditFact & { at: Date })[]): AuditEntry[] {
  let [number, previous] = [last?._id ?? 0, last?.hash ?? chainStart];
  return facts.map((fact) => {
    number += 1;
    const entry = { _id: number, ...fact, previous };
    const hash = auditHash(entry);
    previous = hash;
    return { ...entry, hash };
  });
}
