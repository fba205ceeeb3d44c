/**
 * Follows the audit's chain from its first entry to its head and says which entries were changed, removed or put in.
 * Called by `fidelis audit verify`.
 */
import type { Connection } from 'mongoose';
import { auditHash, chainStart } from './record.ts';
import { type AuditHead, findAuditHead, readAuditEntries } from './store.ts';

export interface ChainFault {
  /** Number of the entry in the chain. */
  readonly entry: number;
  readonly code: 'entry-missing' | 'entry-changed' | 'link-broken' | 'end-missing' | 'head-missing' | 'head-differs';
  readonly message: string;
}

export interface ChainCheck {
  readonly ok: boolean;
  readonly entries: number;
  /** Of the last entry that was found; null in an empty chain. */
  readonly head: AuditHead | null;
  readonly faults: readonly ChainFault[];
}

/** More would only repeat that the chain is broken. */
const mostFaults = 20;

/**
 * Checks every entry in bounded memory. The head is kept apart from the entries, so that cutting off the last ones shows.
 * @param noted a head that was written down earlier, which has to be in the chain still
 */
export async function verifyAudit(db: Connection, noted: AuditHead | null = null): Promise<ChainCheck> {
  // Read first: what is appended meanwhile lies behind it.
  const head = await findAuditHead(db);
  const faults: ChainFault[] = [];
  const fault = (entry: number, code: ChainFault['code'], message: string) => {
    if (faults.length < mostFaults) faults.push({ entry, code, message });
  };
  let entries = 0;
  let last: AuditHead = { number: 0, hash: chainStart };
  const hashOf = new Map<number, string>();
  for await (const { hash, ...entry } of readAuditEntries(db)) {
    entries += 1;
    const gap = entry._id - last.number - 1;
    if (gap > 0) fault(last.number + 1, 'entry-missing', missing(last.number + 1, entry._id - 1));
    if (auditHash(entry) !== hash) fault(entry._id, 'entry-changed', `Entry ${entry._id} was changed.`);
    else if (gap === 0 && entry.previous !== last.hash) {
      fault(entry._id, 'link-broken', `Entry ${entry._id} does not follow from the one before it.`);
    }
    for (const known of [head, noted]) if (known?.number === entry._id) hashOf.set(entry._id, hash);
    last = { number: entry._id, hash };
  }
  if (entries > 0 && (await findAuditHead(db)) === null) {
    fault(last.number, 'head-missing', 'The record of the last entry is missing.');
  }
  for (const known of [head, noted]) {
    if (known === null) continue;
    if (known.number > last.number)
      fault(last.number + 1, 'end-missing', `The end was cut off: ${missing(last.number + 1, known.number)}`);
    else if (hashOf.has(known.number) && hashOf.get(known.number) !== known.hash)
      fault(known.number, 'head-differs', `Entry ${known.number} is not the one that was noted as the last.`);
  }
  return { ok: faults.length === 0, entries, head: entries === 0 ? null : last, faults };
}

function missing(from: number, to: number): string {
  return from === to ? `Entry ${from} is missing.` : `Entries ${from} to ${to} are missing.`;
}
