/**
 * One export, or one raw scan, in a process of its own, so that its peak memory is its own: started by exports.ts as
 * `node export-process.mjs <data folder> <administration> <scan|csv|zip|xlsx>` while the engine runs. Uses the build, as
 * the server does. Prints one JSON line.
 */
import { Writable } from 'node:stream';

const [dataFolder = '', administration = '', format = ''] = process.argv.slice(2);
/** @param {string} file */
const built = (file) => import(new URL(`../../dist/server/${file}`, import.meta.url).href);
const { connectDatabase } = await built('database/connect.js');
const { createLog } = await built('log.js');
const { exportCsv, exportParts } = await built('datasets/export.js');
const { loadDataset } = await built('datasets/dataset.js');

const database = await connectDatabase({ dataFolder, join: true, log: createLog({ logLevel: 'silent' }) });
const context = { db: database.connection, clock: () => new Date() };
let bytes = 0;
const sink = () =>
  new Writable({
    write(chunk, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });

async function scan() {
  const cursor = context.db
    .collection('responses')
    .find({ study: 'bench', administration })
    .sort({ _id: 1 })
    .batchSize(500);
  for await (const document of cursor) bytes += document.answersHash.length;
}

const before = process.resourceUsage().maxRSS;
const started = performance.now();
if (format === 'scan') await scan();
else if (format === 'csv') await exportCsv(context, await loadDataset(context, 'bench', administration), sink());
else await exportParts(context, 'bench', [administration], format, sink);
const seconds = (performance.now() - started) / 1000;
const megabytes = (/** @type {number} */ kilobytes) => kilobytes / 1024;
const after = process.resourceUsage().maxRSS;
process.stdout.write(`${JSON.stringify({ seconds, bytes, peakMb: megabytes(after), beforeMb: megabytes(before) })}\n`);
await database.close();
