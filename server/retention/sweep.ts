/**
 * Removes what a study keeps no longer, and says what was removed: in the retention log before it happens, in the audit
 * afterwards. Idempotent, also with several servers: the log decides who tells. Called by the sweeper.
 */
import { dayIn } from '../administrations/availability.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { forgetExports } from '../exports/forget.ts';
import { findStudy } from '../studies/store.ts';
import { type RetentionKind, retentionKinds, retentionRules } from './rules.ts';
import {
  beginRemoval,
  finishRemoval,
  listRetention,
  type RetentionDates,
  type RetentionEntry,
  unfinishedRemovals,
} from './store.ts';

/** What becomes of one kind, and when. */
export interface Prospect {
  readonly kind: RetentionKind;
  readonly until: string | null;
  /** How many there are now. */
  readonly held: number;
}

/** What would go, if nothing else came in. */
export async function retentionPreview(
  { db }: Pick<Context, 'db'>,
  study: string,
  dates: RetentionDates,
): Promise<Prospect[]> {
  const counts = await Promise.all(retentionKinds.map((kind) => retentionRules[kind].count(db, study)));
  return retentionKinds.map((kind, at) => ({ kind, until: dates[kind], held: counts[at] ?? 0 }));
}

/** Finishes what was cut off, then removes what has passed its last day in the study's time zone. */
export async function sweepRetention(context: Context): Promise<void> {
  const { db } = context;
  for (const entry of await unfinishedRemovals(db)) await remove(context, entry);
  for (const { study: id, dates } of await listRetention(db)) {
    const study = await findStudy(db, id);
    if (!study) continue;
    const today = dayIn(study.timeZone, context.clock());
    for (const kind of retentionKinds) {
      const until = dates[kind];
      if (until === null || today <= until) continue;
      const removed = await retentionRules[kind].count(db, id);
      if (removed === 0) continue;
      // What comes in later on, such as by an import, is another removal with a line of its own.
      const at = context.clock();
      const entry = {
        _id: [id, kind, until, at.toISOString().slice(0, 13)].join('/'),
        study: id,
        kind,
        until,
        at,
        removed,
      };
      // Another server is at it; what came in behind its removal waits for the next hour.
      if (await beginRemoval(db, entry)) await remove(context, entry);
    }
  }
}

async function remove(context: Context, { _id, study, kind, removed }: Omit<RetentionEntry, 'state'>): Promise<void> {
  await retentionRules[kind].remove(context.db, study);
  await forgetExports(context, study);
  if (!(await finishRemoval(context.db, _id))) return;
  await recordAudit(context, {
    verb: 'retention.sweep',
    actor: { kind: 'system', id: null },
    study,
    thing: { kind },
    outcome: 'done',
    detail: `${removed} removed`,
    from: null,
    request: null,
  });
}
