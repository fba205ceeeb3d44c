/**
 * Exports of simulated responses with 120 columns in every format, next to a raw cursor scan of the same documents, to
 * exceljs' streaming writer fed from memory and to R's haven writing the same table; each in a process of its own with its
 * peak memory. Run by run.mjs.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { insertResponsesBulk, type StoredResponse } from '../../server/responses/store.ts';
import { type FigureRow, keep, rounded, show } from './figures.ts';
import { type BenchStudy, benchStudy, simulatePeople } from './study.ts';
import { wideInstrument } from './wide-instrument.ts';

const sizes = (process.env.BENCH_ROWS ?? '50000,100000').split(',').map(Number);
const all = ['csv', 'jsonl', 'sav', 'dta', 'parquet', 'r', 'ddi', 'xlsx', 'zip'];
const formats = process.env.BENCH_FORMATS?.split(',') ?? all;
const script = fileURLToPath(new URL('./export-process.mjs', import.meta.url));
const rScript = fileURLToPath(new URL('./exports.R', import.meta.url));
const run = promisify(execFile);

interface Measured {
  readonly seconds: number;
  readonly writing: number;
  readonly bytes: number;
  readonly peakMb: number;
  readonly beforeMb: number;
}

const folder = await mkdtemp(join(tmpdir(), 'fidelis-bench-'));
const [dataFolder, files] = [join(folder, 'data'), join(folder, 'files')];
await mkdir(files);
const database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
try {
  await ensureIndexes(database.connection);
  const study = await benchStudy(database.connection, wideInstrument());
  const figures: FigureRow[] = [];
  const peaks = new Map<string, number>();
  for (const size of sizes) {
    const administration = await fill(study, size);
    // Once for nothing, so that no format pays for a cold cache.
    await measure(administration, 'scan');
    const scan = await measure(administration, 'scan');
    for (const format of ['scan', ...formats]) {
      const measured = format === 'scan' ? scan : await measure(administration, format);
      figures.push({
        rows: size,
        format,
        seconds: rounded(measured.seconds, 2),
        writing: rounded(measured.writing, 2),
        timesScan: rounded(measured.seconds / scan.seconds, 2),
        ...(await rivalOf(administration, format, measured)),
        fileMb: format === 'scan' ? 0 : rounded(measured.bytes / 1e6, 1),
        peakMb: rounded(measured.peakMb),
        overStartMb: rounded(measured.peakMb - measured.beforeMb),
        grownMb: rounded(measured.peakMb - (peaks.get(format) ?? measured.peakMb)),
      });
      peaks.set(format, measured.peakMb);
      // Each takes a minute or more: what is known is told at once.
      process.stdout.write(`${JSON.stringify(figures.at(-1))}\n`);
    }
  }
  show(
    'Exports of 120 columns, each in a process of its own (writing, rivalSeconds: processor seconds; peak memory is maxRSS; grownMb since the size before)',
    figures,
  );
  await keep(figures);
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

async function fill(study: BenchStudy, size: number): Promise<string> {
  const administration = await study.addAdministration(`rows-${size}`);
  let batch: StoredResponse[] = [];
  for (const { document } of simulatePeople(study, administration, String(size), size)) {
    batch.push(document);
    if (batch.length < 1000) continue;
    await insertResponsesBulk(database.connection, batch);
    batch = [];
  }
  await insertResponsesBulk(database.connection, batch);
  return administration.id;
}

async function measure(administration: string, format: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [script, dataFolder, administration, format, files]);
  return JSON.parse(stdout) as Measured;
}

/** What writing takes as a multiple of somebody else's writing of the same table. */
async function rivalOf(administration: string, format: string, { writing }: Measured): Promise<FigureRow> {
  const theirs = await rivalSeconds(administration, format);
  if (theirs === null) return { rival: '', rivalSeconds: '', timesRival: '' };
  const rival = format === 'xlsx' ? 'exceljs' : 'haven';
  return { rival, rivalSeconds: rounded(theirs, 2), timesRival: rounded(writing / theirs, 2) };
}

async function rivalSeconds(administration: string, format: string): Promise<number | null> {
  // It takes its rows from the CSV file that was written before.
  if (format === 'xlsx') return formats.includes('csv') ? (await measure(administration, 'exceljs')).writing : null;
  if (format !== 'sav' && format !== 'dta') return null;
  try {
    const { stdout } = await run('Rscript', [rScript, join(files, `${administration}.${format}`)]);
    return stdout.trim() === '' ? null : Number(stdout);
  } catch {
    return null;
  }
}
