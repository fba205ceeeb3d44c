/** The running server, from the environment to the listening socket. Called by `main.ts` and by `fidelis serve`. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issueSetupLink } from './accounts/setup.ts';
import { createApp } from './app.ts';
import { addressesOfThisMachine, bannerOf } from './banner.ts';
import { type Config, ConfigError, loadConfig, localUrl } from './config.ts';
import type { Context } from './context.ts';
import { connectDatabase, type Database } from './database/connect.ts';
import { prepareDataFolder } from './database/data-folder.ts';
import { DatabaseStartError } from './database/errors.ts';
import { ensureIndexes } from './database/models.ts';
import { demoSurveyLink, loadDemo } from './demo/load.ts';
import { hadDemo } from './demo/progress.ts';
import { ensureLibrary } from './instruments/library.ts';
import type { RunningJobs } from './jobs/agenda.ts';
import { startJobs } from './jobs/jobs.ts';
import { createLog } from './log.ts';
import { keepRunningServer } from './running-server.ts';
import { loadSecret } from './secret.ts';
import { requireSameSecret } from './secret-check.ts';
import { closeGracefully } from './shutdown.ts';
import { answerStarting } from './starting.ts';
import { listStudies } from './studies/store.ts';

/** A start that cannot go on, in one sentence for the person at the terminal. */
class StartError extends Error {}

/** Starts and stays; ends the process with exit code 1 and a clear sentence when it cannot. */
export async function serve(): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (error instanceof StartError || error instanceof ConfigError || error instanceof DatabaseStartError) {
      process.stderr.write(`\nFidelis did not start: ${error.message}\n`);
      process.exit(1);
    }
    throw error;
  }
}

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog(config);
  if (config.mongodbUri === undefined && (await prepareDataFolder(config.dataFolder))) {
    process.stderr.write(`Made the data folder ${config.dataFolder}\n`);
  }
  const database = await connectDatabase({
    mongodbUri: config.mongodbUri,
    dataFolder: config.dataFolder,
    log,
  });
  const server = createServer(answerStarting);
  try {
    // First of all: an address that cannot be had is told before anything is loaded.
    await listen(server, config);
    const secret = await loadSecret(config);
    const early: Context = { db: database.connection, config, log, secret, clock: () => new Date() };
    await ensureIndexes(database.connection);
    await requireSameSecret(database.connection, secret, { accept: config.secretChanged });
    await ensureLibrary(early);
    if (database.kind === 'embedded' && config.demo && (await isUntouched(early))) await loadDemoWithProgress(early);
    const { port } = server.address() as AddressInfo;
    const local = localUrl(config.host, port);
    // PORT=0 means any free port, which is known only now.
    const context = { ...early, config: config.publicUrlGiven ? config : { ...config, publicUrl: local } };
    server.off('request', answerStarting);
    server.on('request', createApp(context));
    const jobs = await startJobs(context);
    stopOnSignal(server, database, context, jobs);
    await keepRunningServer(config.dataFolder, { pid: process.pid, local, publicUrl: context.config.publicUrl });
    await printAddresses(context, port);
  } catch (error) {
    server.close();
    await database.close();
    throw error;
  }
}

/** Nothing was ever loaded here: a demonstration that somebody deleted does not come back by itself. */
async function isUntouched({ db }: Context): Promise<boolean> {
  return (await listStudies(db)).length === 0 && !(await hadDemo(db));
}

async function loadDemoWithProgress(context: Context): Promise<void> {
  const started = Date.now();
  let shown = -1;
  await loadDemo(context, {
    onProgress: ({ done, total }) => {
      const percent = Math.floor((100 * done) / total);
      if (percent === shown || (!process.stderr.isTTY && percent % 25 !== 0)) return;
      shown = percent;
      process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}Loading the demonstration study … ${percent} %`);
      if (!process.stderr.isTTY) process.stderr.write('\n');
    },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stderr.write(
    `${process.stderr.isTTY ? '\r' : ''}Loaded the demonstration study (simulated data) in ${seconds} s.\n`,
  );
}

async function listen(server: Server, config: Config): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, config)));
    server.listen(config.port, config.host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, { host, port }: Config): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(
      `port ${port} on ${host} is in use. Stop the other program, or choose another port: PORT=${port + 1} npm start`,
    );
  }
  if (error.code === 'EACCES') {
    return new StartError(`this user may not listen on port ${port}. Choose a port above 1023, like PORT=3000.`);
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartError(
      `HOST=${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all addresses.`,
    );
  }
  return error;
}

/** First signal: finish what is in flight and stop. Second signal: stop at once. */
function stopOnSignal(server: Server, database: Database, context: Context, jobs: RunningJobs): void {
  let stopping = false;
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    context.log.info({ signal }, 'stopping');
    await Promise.all([closeGracefully(server), jobs.stop()]);
    await database.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, (name) => void stop(name));
}

async function printAddresses(context: Context, port: number): Promise<void> {
  const setup = await issueSetupLink(context);
  const survey = await demoSurveyLink(context);
  process.stdout.write(bannerOf({ config: context.config, port, setup, survey, addresses: addressesOfThisMachine() }));
}
