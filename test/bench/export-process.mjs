/**
 * One export, or what it is measured by, in a process of its own, so that its peak memory is its own: started by exports.ts
 * as `node export-process.mjs <data folder> <administration> <format> <folder for files>` while the engine runs. Formats are
 * those of the command line, and `scan`: a raw cursor scan; `exceljs`: its own streaming writer fed from memory with the rows
 * of the CSV file that stands in the folder already, as two sheets like ours, in codes and in words. Uses the build, as
 * the server does. Prints one JSON line: `seconds` of all, `writing`: processor seconds of what came after the rows had been read.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';

const [dataFolder = '', administration = '', format = '', folder = ''] = process.argv.slice(2);
/** @param {string} file */
const built = (file) => import(new URL(`../../dist/server/${file}`, import.meta.url).href);
const { connectDatabase } = await built('database/connect.js');
const { createLog } = await built('log.js');
const { exportCsv, exportDdi, exportFileTables, exportParts, exportTables } = await built('datasets/export.js');
const { loadDataset } = await built('datasets/dataset.js');

let bytes = 0;
let writing = 0;
/** Seconds of processor time of this process so far: what else the machine does is not in it. */
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const pathOf = (/** @type {string} */ name) => join(folder, `${administration}.${name}`);

/** @param {string} name @param {(out: import('node:fs').WriteStream) => Promise<unknown>} write */
async function intoFile(name, write) {
  const out = createWriteStream(pathOf(name));
  await once(out, 'open');
  const from = processor();
  await write(out);
  writing += processor() - from;
  bytes += out.bytesWritten;
}

/** @param {any} context */
async function scan(context) {
  const cursor = context.db
    .collection('responses')
    .find({ study: 'bench', administration })
    .sort({ _id: 1 })
    .batchSize(500);
  for await (const document of cursor) bytes += document.answersHash.length;
}

/** @param {string[][]} rows @param {(cell: string) => string | number} inWords */
async function exceljs(rows, inWords) {
  const { default: excel } = await import('exceljs');
  await intoFile('exceljs.xlsx', async (stream) => {
    const workbook = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
    for (const [name, cellOf] of /** @type {const} */ ([
      ['data', (/** @type {string} */ cell) => (/^-?\d+$/.test(cell) ? Number(cell) : cell)],
      ['labelled', inWords],
    ])) {
      const sheet = workbook.addWorksheet(name);
      let waiting = 0;
      for (const row of rows) {
        sheet.addRow(row.map(cellOf)).commit();
        waiting += 1;
        // It hands rows on without waiting; a turn now and then is all that can be given to it.
        if (waiting % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      sheet.commit();
    }
    await workbook.commit();
  });
}

async function rowsInMemory() {
  const rows = [];
  for await (const line of createInterface({ input: createReadStream(pathOf('csv')) })) rows.push(line.split(','));
  return rows;
}

/** @param {any} context */
async function run(context) {
  const of = { study: 'bench', administration, asAt: null };
  switch (format) {
    case 'scan':
      return scan(context);
    case 'csv': {
      const dataset = await loadDataset(context, 'bench', administration);
      return intoFile('csv', (out) => exportCsv(context, dataset, out));
    }
    case 'r':
      return exportTables(
        context,
        'bench',
        administration,
        (/** @type {string} */ table, /** @type {string} */ _stem, /** @type {any} */ write) =>
          intoFile(`${table}.r.csv`, write),
        null,
        async (/** @type {string} */ _stem, /** @type {(data: string) => string} */ scriptOf) =>
          intoFile('R', (out) => finished(out.end(scriptOf('data.csv')))),
      );
    case 'ddi':
      return exportDdi(context, of, (/** @type {string} */ _stem, /** @type {string} */ text) =>
        intoFile('xml', (out) => finished(out.end(text))),
      );
    case 'xlsx':
    case 'zip': {
      const out = createWriteStream(pathOf(format));
      let from = 0;
      const open = () => {
        from = processor();
        return out;
      };
      await exportParts(context, 'bench', [administration], format, open);
      writing = processor() - from;
      bytes = out.bytesWritten;
      return;
    }
    default:
      return exportFileTables(
        context,
        { ...of, format },
        (/** @type {any} */ _table, /** @type {string} */ _stem, /** @type {any} */ write) => intoFile(format, write),
      );
  }
}

const megabytes = (/** @type {number} */ kilobytes) => kilobytes / 1024;
const words = ['', 'Never', 'Seldom', 'Sometimes', 'Often', 'Always'];
if (format === 'exceljs') {
  const rows = await rowsInMemory();
  await exceljs(rows, (cell) => words[Number(cell)] ?? cell);
  process.stdout.write(`${JSON.stringify({ seconds: 0, writing, bytes, peakMb: 0, beforeMb: 0 })}\n`);
} else {
  const database = await connectDatabase({ dataFolder, join: true, log: createLog({ logLevel: 'silent' }) });
  const context = { db: database.connection, clock: () => new Date() };
  const before = process.resourceUsage().maxRSS;
  const started = performance.now();
  await run(context);
  const seconds = (performance.now() - started) / 1000;
  const [peakMb, beforeMb] = [megabytes(process.resourceUsage().maxRSS), megabytes(before)];
  process.stdout.write(`${JSON.stringify({ seconds, writing, bytes, peakMb, beforeMb })}\n`);
  await database.close();
}
