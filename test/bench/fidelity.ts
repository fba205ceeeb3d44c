/**
 * The pages of fidelity and the evaluation report of a study of 1,000 schools: how long the first reader waits, who comes
 * after, and the first after a new answer; when the first progress is told; how long the server was busy at a stretch. The
 * demonstration study, enlarged. Run by run.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { loadConfig } from '../../server/config.ts';
import type { Context } from '../../server/context.ts';
import { connectDatabase } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { loadDemo } from '../../server/demo/load.ts';
import { fidelityAnalysis } from '../../server/fidelity/analysis.ts';
import { listEvents } from '../../server/fidelity/events.ts';
import { fidelityOf } from '../../server/fidelity/fidelity.ts';
import { fidelityRelations } from '../../server/fidelity/relations.ts';
import { renderReport } from '../../server/reports/render/render.ts';
import { loadEvaluationReport, loadSchoolReport } from '../../server/reports/study-report.ts';
import { secretOf } from '../../server/secret.ts';
import { getStudy } from '../../server/studies/store.ts';
import { type FigureRow, keep, rounded, show } from './figures.ts';
import { enlargeDemo } from './large-demo.ts';

const wanted = Number(process.env.BENCH_SCHOOLS ?? 1000);
const formats = (process.env.BENCH_FORMATS ?? 'html,docx,xlsx,pdf').split(',') as ('html' | 'docx' | 'xlsx' | 'pdf')[];

const dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-bench-'));
const log = pino({ level: 'silent' });
const database = await connectDatabase({ dataFolder, log });
const db = database.connection;
const config = loadConfig({});
const context: Context = { db, config, log, secret: secretOf(Buffer.alloc(32, 7)), clock: () => new Date() };
const figures: FigureRow[] = [];
try {
  await ensureIndexes(db);
  await loadDemo(context);
  const schools = await enlargeDemo(db, wanted);
  const study = await getStudy(db, 'demo');
  const responses = await db.collection('responses').countDocuments({ study: 'demo' });
  const reader = { scope: 'all' as const, suppress: false };
  const pages: readonly [string, () => Promise<unknown>][] = [
    ['picture', () => fidelityOf(context, study, { reader })],
    ['picture, suppressed', () => fidelityOf(context, study, { reader: { ...reader, suppress: true } })],
    ['events', () => listEvents(context, study, {}, reader)],
    ['sources and weights', () => fidelityAnalysis(context, study, false)],
    ['evaluation report', () => report()],
    ['fidelity and change', () => fidelityRelations(context, study, { from: null, to: null }, false)],
    ['school report', () => loadSchoolReport(context, 'demo', 'oak-1')],
  ];
  for (const [what, load] of pages) {
    const first = await timed(load);
    const again = await timed(load);
    figures.push({ what, first: first.seconds, again: again.seconds, busyAtAStretch: first.busy });
  }
  const whole = await loadEvaluationReport(context, 'demo', false);
  for (const format of formats) {
    const first = await timed(() => renderReport(context, whole, format));
    figures.push({ what: `evaluation report as ${format}`, first: first.seconds, busyAtAStretch: first.busy });
  }
  show(`Fidelity and reports of ${schools} schools with ${responses} responses, in seconds`, figures);
  await keep(figures);
} finally {
  await database.close();
  await rm(dataFolder, { recursive: true, force: true });
}

/** With a row of its own for when the first progress was told. */
async function report(): Promise<void> {
  const start = performance.now();
  let told: number | null = null;
  await loadEvaluationReport(context, 'demo', false, {
    onShare: () => {
      told ??= performance.now() - start;
    },
  });
  if (told !== null) figures.push({ what: 'evaluation report, first progress', first: rounded(told / 1000, 2) });
}

async function timed(run: () => Promise<unknown>): Promise<{ seconds: number; busy: number }> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const start = performance.now();
  await run();
  const seconds = rounded((performance.now() - start) / 1000, 2);
  // What ran to the end of the work is told with the next turn.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return { seconds, busy: rounded(delay.max / 1e9, 2) };
}
