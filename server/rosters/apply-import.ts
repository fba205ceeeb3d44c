/**
 * The second half of a roster import: writes what was checked. Called by `import-roster.ts`.
 *
 * There are no transactions. Instead:
 * 1. The import takes the roster (lock.ts), which works only if nothing has changed since the check. From here on it can
 *    only succeed: everything was checked against this very roster, and nobody else may change it.
 * 2. Its state becomes `applying`. Rows are carried out in batches, clusters before schools before people, so that no
 *    member ever refers to one that is not there. What a row does is worked out again from the member as it stands, so a
 *    row that was carried out before does nothing: a broken-off import is simply begun again from the first row.
 * 3. The staged rows are removed, its state becomes `done`, and the roster is opened again.
 * A process that is killed on the way leaves an `applying` import. The next start, the sweeper, the next import or the next
 * look at this one finishes it (`settleRoster`). Until then readers may see a part of it, never a half-written member, and
 * never anything of a file that is refused.
 */

import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { findIdentities, type Identity, saveIdentities } from '../identities/store.ts';
import { Problem } from '../problems.ts';
import { addSchoolColumns } from '../studies/store.ts';
import { Holding } from './holding.ts';
import {
  findImport,
  keepImport,
  moveImport,
  type RosterImport,
  readStaged,
  removeStaged,
  type StagedRow,
} from './imports-store.ts';
import { beginApplying, endApplying } from './lock.ts';
import { correctPeopleOf, findMembers, type MemberWrite, writeMembers } from './members.ts';
import { type MemberKind, memberKinds } from './models.ts';
import { planMember } from './plan-member.ts';
import { mergedIdentity, openIdentity } from './staged-identity.ts';

const batchSize = 500;
const patience = { forMs: 30_000 };

/**
 * Takes the roster for a planned import. Throws `conflict` when the roster has changed since the check, and
 * `state-not-allowed` when the import is not planned.
 */
export async function beginImport(context: Context, plan: RosterImport): Promise<RosterImport> {
  const { _id: id, study, revision } = plan;
  if (!(await beginApplying(context.db, study, { id, revision }))) {
    await moveImport(context.db, id, 'stale', { endedAt: context.clock() });
    await removeStaged(context.db, id);
    throw new Problem('conflict', { detail: 'The roster has changed since this file was checked. Check it again.' });
  }
  const begun = await moveImport(context.db, id, 'applying');
  // Whoever found it taken and not begun may have moved it on in our place.
  const standing = begun ?? (await findImport(context.db, study, id));
  if (standing?.state === 'applying' || standing?.state === 'done') return standing;
  await endApplying(context.db, study, id);
  throw new Problem('state-not-allowed', { detail: 'This file is not waiting to be imported. Upload it again.' });
}

/** Carries out an import that is `applying`, from wherever it stands, and ends it. */
export async function finishImport(
  context: Context,
  plan: RosterImport,
  holder: string,
  onProgress: (progress: { done: number; total: number }) => void = () => {},
): Promise<void> {
  const { db } = context;
  const { _id: id, study, total } = plan;
  const holding = new Holding(context, { id, holder });
  await retryWhileUnavailable(() => addSchoolColumns(db, study, plan.newColumns), patience);
  let done = 0;
  for (const kind of memberKinds) {
    let after = 0;
    for (;;) {
      const rows = await retryWhileUnavailable(() => readStaged(db, id, kind, { after, limit: batchSize }), patience);
      const last = rows.at(-1);
      if (!last) break;
      await retryWhileUnavailable(() => carryOut(context, plan, kind, rows), patience);
      after = last.row;
      done += rows.length;
      onProgress({ done, total });
      await holding.keep({ done });
    }
  }
  await retryWhileUnavailable(async () => {
    await keepImport(db, { id, holder }, { done: total });
    // Before it is done: of what is done nobody would look for names that are still waiting.
    await removeStaged(db, id);
    await moveImport(db, id, 'done', { endedAt: context.clock(), holder: null, heldUntil: null });
    await endApplying(db, study, id);
  }, patience);
}

async function carryOut(
  context: Context,
  plan: RosterImport,
  kind: MemberKind,
  rows: readonly StagedRow[],
): Promise<void> {
  const { db } = context;
  const { study } = plan;
  const ids = rows.map(({ key }) => key);
  const known = await findMembers(db, study, kind, ids);
  // Who people are comes first: a person whose name is missing would not be asked for again.
  if (kind === 'people') await carryOutIdentities(context, study, rows);
  const writes: MemberWrite[] = [];
  for (const row of rows) {
    const member = known.get(row.key);
    const step = planMember(row.wanted, member as Record<string, unknown> | undefined, plan);
    if ('problem' in step) throw new Error(`a row of a checked import is refused now: ${step.problem.code}`);
    if (step.action === 'created') writes.push({ id: row.key, create: step.document });
    if (step.action !== 'changed') continue;
    const { on, before, after } = step;
    if (kind === 'schools' && ('cluster' in after || 'arm' in after)) {
      // Before the school itself: once that is right, nobody comes back here.
      const cluster = (after.cluster ?? before.cluster ?? null) as string | null;
      const arm = String(after.arm ?? (member as unknown as { arm: string }).arm);
      if (!('spells' in after)) await correctPeopleOf(db, study, row.key, { cluster, arm });
    }
    const entry = {
      ...{ id: `${plan._id}/${row.row}`, kind: 'import' as const, on, reason: `Roster file ${plan.file}`.trim() },
      ...{ by: plan.by, at: context.clock(), before, after },
    };
    writes.push({ id: row.key, revision: member?.revision ?? 0, set: after, entry });
  }
  await writeMembers(db, study, kind, writes);
}

async function carryOutIdentities(context: Context, study: string, rows: readonly StagedRow[]): Promise<void> {
  const named = rows.filter(({ identity }) => identity !== null);
  if (named.length === 0) return;
  const known = await findIdentities(
    context,
    study,
    named.map(({ key }) => key),
  );
  const changed = named.flatMap((row): Identity[] => {
    const merged = mergedIdentity(row.key, openIdentity(context, study, row), known.get(row.key));
    return merged ? [merged] : [];
  });
  await saveIdentities(context, study, changed);
}
