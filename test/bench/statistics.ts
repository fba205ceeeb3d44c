/**
 * The statistics on 1,000 to 1,000,000 rows: processor time, rows per second, peak memory and how they grow, each size in a process
 * of its own, and the time of R on the same rows where Rscript and its packages are there. Run by run.mjs.
 * BENCH_STATISTICS_ROWS=1000,10000 gives other sizes, BENCH_STATISTICS=alpha,icc some of the tasks, BENCH_R=off leaves R
 * out, BENCH_R_SECONDS bounds each run of R (default 900).
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FigureRow, keep, rounded, show } from './figures.ts';
import { tasks } from './statistics-tasks.ts';

const sizes = (process.env.BENCH_STATISTICS_ROWS ?? '1000,10000,100000,1000000').split(',').map(Number);
const wanted = process.env.BENCH_STATISTICS?.split(',') ?? Object.keys(tasks);
const longest = Number(process.env.BENCH_R_SECONDS ?? 900);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const run = promisify(execFile);

interface Measured {
  readonly seconds: number;
  readonly peakMb: number;
  readonly beforeMb: number;
}

const rscript = findR();
process.stdout.write(rscript ?? 'Without R: there is no Rscript on the path, or BENCH_R is off.\n');
const folder = await mkdtemp(join(tmpdir(), 'fidelis-bench-'));
try {
  const figures: FigureRow[] = [];
  for (const name of wanted) {
    let before: { rows: number; seconds: number } | undefined;
    for (const rows of tasks[name]?.sizes ?? sizes) {
      const inR = tasks[name]?.inR;
      const csv = join(folder, `${name}-${rows}.csv`);
      const { seconds, peakMb, beforeMb } = await measure(name, rows, csv);
      const ofR = rscript === null ? 'no R' : inR === undefined ? '' : await measureR(name, csv);
      await rm(csv, { force: true });
      figures.push({
        statistic: name,
        rows,
        seconds: significant(seconds),
        rowsPerSecond: rounded(rows / seconds),
        // Exponent of the growth since the size before: 1 is in proportion to the rows.
        growth: before ? rounded(Math.log(seconds / before.seconds) / Math.log(rows / before.rows), 2) : '',
        peakMb: rounded(peakMb),
        overDataMb: rounded(peakMb - beforeMb),
        inR: inR ?? 'no counterpart',
        rSeconds: typeof ofR === 'number' ? significant(ofR) : ofR,
        // R counts in milliseconds, so a few of them are no measure.
        timesFaster: typeof ofR === 'number' && ofR >= 0.01 ? significant(ofR / seconds) : '',
      });
      before = { rows, seconds };
    }
  }
  show(
    'Statistics in processor seconds, each size in a process of its own, next to the function of R in the column inR (its computing alone)',
    figures,
  );
  await keep(figures);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(name: string, rows: number, csv: string): Promise<Measured> {
  const arguments_ = ['--import', 'tsx', '--expose-gc', here('./statistics-process.ts'), name, String(rows)];
  const { stdout } = await run(process.execPath, rscript === null ? arguments_ : [...arguments_, csv]);
  return JSON.parse(stdout) as Measured;
}

/** Seconds, or why there are none. */
async function measureR(name: string, csv: string): Promise<number | string> {
  try {
    const { stdout } = await run('Rscript', [here('./statistics.R'), name, csv], { timeout: longest * 1000 });
    // A package may print something before the figure.
    const seconds = Number(stdout.trim().split(/\s+/).at(-1) || Number.NaN);
    return Number.isFinite(seconds) ? seconds : 'no package';
  } catch (error) {
    return error instanceof Error && 'killed' in error && error.killed ? `over ${longest}` : 'failed';
  }
}

function findR(): string | null {
  if (process.env.BENCH_R === 'off') return null;
  const packages = ['psych', 'lme4', 'MatchIt'].map(
    (name) =>
      `cat("${name}", if (requireNamespace("${name}", quietly = TRUE)) format(packageVersion("${name}")) else "absent", "")`,
  );
  try {
    const told = execFileSync('Rscript', ['-e', `cat(R.version.string, ""); ${packages.join('; ')}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `Next to ${told.trim()}\n`;
  } catch {
    return null;
  }
}

function significant(value: number): number {
  return Number(value.toPrecision(3));
}
