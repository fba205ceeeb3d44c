/**
 * Exports of 10,000, 50,000 and 100,000 simulated responses as CSV, zip and workbook next to a raw cursor scan of the
 * same documents, each in a process of its own with its peak memory. Run by run.mjs.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { insertResponsesBulk, type StoredResponse } from '../../server/responses/store.ts';
import { type FigureRow, keep, rounded, show } from './figures.ts';
import { benchStudy, simulatePeople } from './study.ts';

const sizes = (process.env.BENCH_ROWS ?? '10000,50000,100000').split(',').map(Number);
const script = fileURLToPath(new URL('./export-process.mjs', import.meta.url));
const run = promisify(execFile);

interface Measured {
  readonly seconds: number;
  readonly bytes: number;
  readonly peakMb: number;
  readonly beforeMb: number;
}

const dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-bench-'));
const database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
try {
  await ensureIndexes(database.connection);
  const study = await benchStudy(database.connection);
  const figures: FigureRow[] = [];
  for (const size of sizes) {
    const administration = await study.addAdministration(`rows-${size}`);
    let batch: StoredResponse[] = [];
    for (const { document } of simulatePeople(study, administration, String(size), size)) {
      batch.push(document);
      if (batch.length < 1000) continue;
      await insertResponsesBulk(database.connection, batch);
      batch = [];
    }
    await insertResponsesBulk(database.connection, batch);
    // Once for nothing, so that no format pays for a cold cache.
    await measure(administration.id, 'scan');
    const scan = await measure(administration.id, 'scan');
    for (const format of ['scan', 'csv', 'zip', 'xlsx']) {
      const measured = format === 'scan' ? scan : await measure(administration.id, format);
      figures.push({
        rows: size,
        format,
        seconds: rounded(measured.seconds, 2),
        rowsPerSecond: rounded(size / measured.seconds),
        timesScan: rounded(measured.seconds / scan.seconds, 2),
        fileMb: format === 'scan' ? 0 : rounded(measured.bytes / 1e6, 1),
        peakMb: rounded(measured.peakMb),
        overStartMb: rounded(measured.peakMb - measured.beforeMb),
      });
    }
  }
  show('Exports, each in a process of its own, next to a raw cursor scan (peak memory is maxRSS)', figures);
  await keep(figures);
} finally {
  await database.close();
  await rm(dataFolder, { recursive: true, force: true });
}

async function measure(administration: string, format: string): Promise<Measured> {
  const { stdout } = await run(process.execPath, [script, dataFolder, administration, format]);
  return JSON.parse(stdout) as Measured;
}
