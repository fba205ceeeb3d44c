/**
 * Importing a roster: start, check, write, and finishing what was broken off. Called by the import's routes, by
 * `fidelis roster import`, by the sweeper and by everything that changes a roster.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { beginImport, finishImport } from './apply-import.ts';
import { checkImport } from './check-import.ts';
import { holdForMs, TakenOver } from './holding.ts';
import {
  abandonedImports,
  findImport,
  insertImport,
  moveImport,
  type RosterImport,
  removeLeftRows,
  removeStaged,
  takeImport,
} from './imports-store.ts';
import { endApplying, rosterState, rostersApplying } from './lock.ts';

export interface Started {
  readonly id: string;
  readonly study: string;
  readonly holder: string;
}

/** A plan that nobody takes up within a day is given up: the roster may have moved on, and names are waiting in it. */
const plansLiveMs = 24 * 60 * 60 * 1000;

/** Writes down that an import begins. What was broken off before is finished first. */
export async function startImport(
  context: Context,
  { study, file, by, patient = false }: { study: string; file: string; by: string; patient?: boolean },
): Promise<Started> {
  await settleRoster(context, study, { patient });
  const [id, holder, now] = [randomUUID(), randomUUID(), context.clock()];
  await insertImport(context.db, {
    ...{ _id: id, study, state: 'checking', file: file.slice(0, 200), by, createdAt: now, endedAt: null },
    ...{ rows: 0, counts: {}, problems: [], notices: [], newColumns: [], revision: 0, correctable: false },
    ...{ done: 0, total: 0, holder, heldUntil: new Date(now.getTime() + holdForMs) },
  });
  return { id, study, holder };
}

/** Checks the file of a started import; an error that is none of the file's leaves nothing behind. */
export async function runCheck(
  context: Context,
  started: Started,
  path: string,
  onProgress?: (rows: number) => void,
): Promise<RosterImport> {
  try {
    return await checkImport(context, { ...started, path }, onProgress);
  } catch (error) {
    await giveUp(context, started.id, 'interrupted');
    throw error;
  }
}

async function giveUp(context: Context, id: string, state: 'interrupted' | 'discarded'): Promise<void> {
  await moveImport(context.db, id, state, { endedAt: context.clock(), holder: null, heldUntil: null });
  await removeStaged(context.db, id);
}

/** Gives up an import that is planned. Throws `state-not-allowed` when it is not. */
export async function discardImport(context: Context, plan: RosterImport): Promise<void> {
  const moved = await moveImport(context.db, plan._id, 'discarded', { endedAt: context.clock() });
  if (!moved) throw new Problem('state-not-allowed', { detail: 'This import has been begun, or has ended.' });
  await removeStaged(context.db, plan._id);
}

/** Takes the roster for a planned import; from here on it will be done, by us or by whoever comes next. */
export async function takeUpImport(context: Context, plan: RosterImport): Promise<Started> {
  await settleRoster(context, plan.study);
  const begun = await beginImport(context, plan);
  const holder = randomUUID();
  await takeImport(context.db, begun._id, { holder, ...lease(context) });
  return { id: begun._id, study: begun.study, holder };
}

/** Writes an import that was taken up. */
export async function runImport(
  context: Context,
  { id, study, holder }: Started,
  onProgress?: (progress: { done: number; total: number }) => void,
): Promise<void> {
  const plan = await findImport(context.db, study, id);
  if (plan?.state !== 'applying') return;
  try {
    await finishImport(context, plan, holder, onProgress);
  } catch (error) {
    if (!(error instanceof TakenOver)) throw error;
    await settleRoster(context, study, { patient: true });
  }
}

function lease({ clock }: Pick<Context, 'clock'>): { now: Date; until: Date } {
  const now = clock();
  return { now, until: new Date(now.getTime() + holdForMs) };
}

/**
 * Finishes an import that is being written into the study and that nobody works on any more. Of one that was being worked
 * on a moment ago nobody knows: a patient caller waits until that is clear. Throws `roster-busy` when it is worked on.
 */
export async function settleRoster(
  context: Context,
  study: string,
  { patient = false }: { patient?: boolean } = {},
): Promise<void> {
  const { applying } = await rosterState(context.db, study);
  if (applying === null) return;
  const holder = randomUUID();
  // The time by which whoever holds it must have said so again.
  const deadline = Date.now() + holdForMs + 2000;
  for (;;) {
    const plan = await findImport(context.db, study, applying);
    if (plan === null || plan.state === 'done') return endApplying(context.db, study, applying);
    // Taken, but not begun yet: its own process is about to, or was killed in between.
    if (plan.state === 'planned') await moveImport(context.db, applying, 'applying');
    else if (plan.state !== 'applying') return endApplying(context.db, study, applying);
    const taken = await takeImport(context.db, applying, { holder, ...lease(context) });
    if (taken) return finishImport(context, { ...taken, state: 'applying' }, holder);
    if (!patient || Date.now() > deadline) throw new Problem('roster-busy', { retryAfterSeconds: 5 });
    await wait(250, undefined, { ref: false });
  }
}

/** Finishes what was broken off and gives up what nobody waits for. Called by the sweeper. */
export async function sweepImports(context: Context): Promise<void> {
  const now = context.clock();
  for (const { _id, state } of await abandonedImports(context.db, now, new Date(now.getTime() - plansLiveMs))) {
    if (state === 'checking') await giveUp(context, _id, 'interrupted');
    if (state === 'planned') await giveUp(context, _id, 'discarded');
  }
  for (const { study } of await rostersApplying(context.db)) {
    try {
      await settleRoster(context, study, { patient: true });
    } catch (error) {
      // Somebody works on it.
      if (!(error instanceof Problem)) throw error;
    }
  }
  await removeLeftRows(context.db);
}

export interface ImportOutcome {
  readonly document: RosterImport;
  /** False after a dry run, and when anything is wrong with the file. */
  readonly imported: boolean;
}

/** The whole of an import in one go, as the command line does it; a dry run leaves nothing behind. */
export async function importRoster(
  context: Context,
  options: { study: string; path: string; file: string; by: string; dryRun: boolean },
  onProgress: (progress: { phase: 'check' | 'write'; done: number; total?: number }) => void = () => {},
): Promise<ImportOutcome> {
  const started = await startImport(context, { ...options, patient: true });
  const document = await runCheck(context, started, options.path, (done) => onProgress({ phase: 'check', done }));
  if (document.state !== 'planned') return { document, imported: false };
  if (options.dryRun) {
    await discardImport(context, document);
    return { document, imported: false };
  }
  const taken = await takeUpImport(context, document);
  await runImport(context, taken, (progress) => onProgress({ phase: 'write', ...progress }));
  return { document, imported: true };
}
