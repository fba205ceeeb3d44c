/**
 * Makes the exports that wait, one after another: a file of a dataset, or a release. Called by the job `exports`; may be cut off at any point and by any means:
 * what a server that stops was making waits again, what a server that died was making is begun again by another when its
 * lease is over, and no file is offered before it is whole.
 */
import { randomUUID } from 'node:crypto';
import type { Context } from '../context.ts';
import { writeHashed } from '../database/kept-files.ts';
import { type BuiltDataset, buildDataset, type Watch } from '../datasets/definitions/build.ts';
import { builtFileName } from '../datasets/definitions/file-types.ts';
import { mainOf, wholeFormats, writeBuilt } from '../datasets/definitions/files.ts';
import { watched } from '../datasets/part.ts';
import type { RunTools } from '../mail/run-mailings.ts';
import { enqueue } from '../outbox/store.ts';
import { problemOf } from '../problem-of.ts';
import { Problem } from '../problems.ts';
import { createRelease } from '../releases/create.ts';
import type { Release } from '../releases/store.ts';
import { countStoredResponses } from '../responses/counts.ts';
import type { Export, Progress } from './export.ts';
import {
  type ClaimedExport,
  claimExport,
  endExport,
  giveBackExport,
  holdExport,
  openUpload,
  removeUpload,
} from './store.ts';

/** Longer than any pause between two words of life by far; a dead server's export begins again after it. */
const heldForMs = 20_000;
const saidEveryMs = 1000;
/** An export that has taken so many servers down with it is not tried again. */
const mostTries = 3;
const keptForMs = 7 * 24 * 60 * 60 * 1000;

/** Makes everything that waits; the number of files made. */
export async function runExports(context: Context, tools?: RunTools): Promise<number> {
  let made = 0;
  while (!tools?.signal.aborted) {
    const by = randomUUID();
    const claimed = await claimExport(context, by, heldForMs);
    if (!claimed) break;
    if (await runExport(context, claimed, by, tools)) made += 1;
  }
  return made;
}

async function runExport(context: Context, job: ClaimedExport, by: string, tools?: RunTools): Promise<boolean> {
  if (job.tries > mostTries) {
    const detail =
      'The server stopped three times while it made this file. Ask for less at once, or tell an administrator.';
    await settle(context, job, by, 'failed', { problem: { code: 'export-given-up', detail } });
    return false;
  }
  const pace = newPace(context, job, by, tools);
  try {
    if (job.freezes) {
      const { number } = await freeze(context, job, job.freezes.purpose, pace);
      return await settle(context, job, by, 'ready', { freezes: { ...job.freezes, number } });
    }
    const file = await makeFile(context, job, pace);
    const until = new Date(context.clock().getTime() + keptForMs);
    const kept = await settle(context, job, by, 'ready', { file, until });
    if (!kept) await removeUpload(context.db, job.fileId);
    return kept;
  } catch (error) {
    await removeUpload(context.db, job.fileId);
    if (pace.signal.aborted) {
      await giveBackExport(context.db, job.id, by);
      return false;
    }
    const problem = problemOf(error);
    // It begins again when its lease is over.
    if (problem.code === 'database-unavailable') throw error;
    if (!(error instanceof Problem)) context.log.error({ err: error, export: job.id }, 'an export failed');
    await settle(context, job, by, 'failed', { problem: { code: problem.code, detail: problem.message } });
    return false;
  } finally {
    pace.end();
  }
}

async function makeFile(context: Context, job: ClaimedExport, pace: Pace): Promise<NonNullable<Export['file']>> {
  const { db } = context;
  const { study, definition, format } = job;
  const built = await buildDataset(context, study, definition, await followed(context, job, pace));
  try {
    const written = await writeHashed(openUpload(db, job), (out) =>
      writeBuilt(out, onTheWay(built, job, pace), format),
    );
    return { name: builtFileName(study, definition, format), ...written };
  } finally {
    await built.close();
  }
}

async function freeze(context: Context, job: ClaimedExport, purpose: string, pace: Pace): Promise<Release> {
  const { id, study, definition, by } = job;
  return createRelease(
    context,
    study,
    { definition, purpose, by, job: id },
    {
      ...(await followed(context, job, pace)),
      onBuilt: (built) => onTheWay(built, job, pace),
    },
  );
}

/** Follows the reading of the responses. */
async function followed({ db }: Context, { study, definition }: ClaimedExport, pace: Pace): Promise<Watch> {
  let total = 0;
  for (const id of definition.administrations) total += await countStoredResponses(db, study, id);
  pace.begin('reading', total);
  return {
    signal: pace.signal,
    onRead: (rows) => {
      pace.did(rows);
      if (pace.progress.done >= total) pace.begin('laying-out', null);
    },
  };
}

/** The dataset, whose writing is followed. */
function onTheWay(built: BuiltDataset, job: ClaimedExport, pace: Pace): BuiltDataset {
  pace.begin('writing', rowsToWrite(built, job));
  return {
    ...built,
    tables: built.tables.map((table) => ({
      ...table,
      read: () => watched(table.read(), { signal: pace.signal, onRows: pace.did }),
    })),
  };
}

/** How many rows the writers read: those of one table, or of all, and in a zip once for each of its formats. */
function rowsToWrite(built: BuiltDataset, { format, freezes }: Pick<Export, 'format' | 'freezes'>): number {
  const whole = freezes !== null || (wholeFormats as readonly string[]).includes(format);
  const rows = whole ? built.tables.reduce((sum, table) => sum + table.rows, 0) : mainOf(built).rows;
  // In a zip by the writers of CSV, SPSS, Stata, Parquet, JSON Lines and the workbook; in a release there and apart.
  if (freezes) return 12 * rows;
  return format === 'zip' ? 6 * rows : rows;
}

interface Pace {
  /** Given when the server stops, or the export is cancelled or has gone to another server. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  begin(step: Progress['step'], total: number | null): void;
  readonly did: (rows: number) => void;
  end(): void;
}

/** Says every second that the export goes on and how far it is, also while the making of a file leaves no other pause. */
function newPace(context: Context, { id }: ClaimedExport, by: string, tools?: RunTools): Pace {
  const ending = new AbortController();
  let progress: Progress = { step: 'reading', done: 0, total: null };
  let saying = false;
  const say = async () => {
    if (saying) return;
    saying = true;
    try {
      await tools?.alive();
      if (!(await holdExport(context, id, by, progress, heldForMs))) ending.abort();
    } catch (error) {
      // The database is away for a moment: the lease says for how long that may be.
      context.log.warn({ err: error, export: id }, 'the progress of an export could not be noted');
    } finally {
      saying = false;
    }
  };
  const timer = setInterval(() => void say(), saidEveryMs);
  return {
    signal: tools ? AbortSignal.any([ending.signal, tools.signal]) : ending.signal,
    get progress() {
      return progress;
    },
    begin(step, total) {
      progress = { step, done: 0, total };
    },
    did(rows) {
      const { done, total } = progress;
      // Some formats read the same rows twice.
      progress = { ...progress, done: Math.min(done + rows, total ?? Number.POSITIVE_INFINITY) };
    },
    end: () => clearInterval(timer),
  };
}

type Outcome = Partial<Pick<Export, 'file' | 'problem' | 'until' | 'freezes'>>;

/** Writes down how it ended. False when it is not ours to end any more. */
async function settle(
  context: Context,
  job: ClaimedExport,
  by: string,
  state: 'ready' | 'failed',
  outcome: Outcome,
): Promise<boolean> {
  // Before the end is written, so that a server that dies in between owes nobody a message: its letter waits for the end.
  if (job.mail) await announceEnd(context, job);
  return endExport(context.db, job.id, by, state, { ...outcome, endedAt: context.clock() });
}

function announceEnd(context: Context, { id, study, by }: ClaimedExport): Promise<number> {
  return enqueue(context, [
    {
      key: `export:${id}`,
      kind: 'export-ended',
      to: { kind: 'account', account: by },
      study,
      about: { export: id },
      sendAfter: null,
    },
  ]);
}
