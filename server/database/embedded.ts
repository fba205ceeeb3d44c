/**
 * Runs the embedded engine in a child process (engine.mjs) and keeps it running: restarted with growing pauses when it
 * dies, closed while the disk is full, at one address that stays the same throughout. Called by connect.ts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { prepareDataFolder } from './data-folder.ts';
import { freeSpace, NEEDED_SPACE, RESERVED_SPACE } from './disk.ts';
import { endChild, launchChild, type RunningChild } from './engine-child.ts';
import { findRunningEngine, removeRunningEngine, writeRunningEngine } from './engine-file.ts';
import { noteDiskFull } from './errors.ts';
import { engineCommand } from './libc.ts';
import { diskFull, isInUse, startErrorOf } from './start-errors.ts';

/** An engine that this process owns. */
export type EmbeddedEngine = {
  uri: string;
  /** The child's process id; undefined while it is being restarted. */
  pid(): number | undefined;
  /** Closes the engine, ends the child and removes everything temporary. May be called twice. */
  stop(): Promise<void>;
};

export type EngineOptions = { dataFolder: string; log: Logger; shared: boolean };

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 5_000;
/** A child that lived this long was healthy: the next pause is the first again. */
const STABLE_AFTER = 30_000;
/** How long a start waits for an engine whose owner has gone to close, or for a command to finish. */
const PATIENCE = { orphan: 10_000, command: 30_000 };
/** How often the free space is looked at; at full speed the engine writes some ten megabytes in this time. */
const LOOK_EVERY = 250;

/**
 * Opens the engine on the data folder (created if missing). Rejects with a DatabaseStartError when the folder is in use,
 * cannot be written, is a file, the disk is full, or the engine cannot run on this machine.
 */
export async function startEngine({ dataFolder, log, shared }: EngineOptions): Promise<EmbeddedEngine> {
  await prepareFolder(dataFolder);
  const command = await engineCommand();
  // A socket's path may have 104 characters on macOS and 108 on Linux, of which the engine's own part takes 36.
  const base = tmpdir().length > 50 ? '/tmp' : tmpdir();
  const privateFolder = await mkdtemp(join(base, 'fidelis-'));
  const socketPath = join(privateFolder, 'mongodb.sock');
  const uri = `mongodb://${encodeURIComponent(socketPath)}/?directConnection=true`;
  const launch = () => launchChild({ command, dataFolder, privateFolder, socketPath });

  let first: RunningChild | undefined;
  try {
    first = await launchPatiently(launch, dataFolder);
    const startedAt = new Date().toISOString();
    await writeRunningEngine(dataFolder, { pid: process.pid, uri, socketPath, shared, startedAt });
  } catch (error) {
    if (first !== undefined) await endChild(first);
    await rm(privateFolder, { recursive: true, force: true });
    throw startErrorOf(error, dataFolder);
  }

  const supervision = supervise(first, launch, dataFolder, log);
  const forget = () => removeRunningEngine(dataFolder);
  process.once('exit', forget);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    forget();
    process.off('exit', forget);
    await supervision.stop();
    await rm(privateFolder, { recursive: true, force: true });
  };
  return {
    uri,
    pid: supervision.pid,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** A data folder of our own with room in it, or the clear reason why not. */
async function prepareFolder(dataFolder: string): Promise<void> {
  await prepareDataFolder(dataFolder);
  if ((await freeSpace(dataFolder)) < NEEDED_SPACE) throw diskFull(dataFolder);
}

/** The first start: an engine whose server was killed needs a moment to close, and a command may be about to end. */
async function launchPatiently(launch: () => Promise<RunningChild>, dataFolder: string): Promise<RunningChild> {
  const since = Date.now();
  for (;;) {
    try {
      return await launch();
    } catch (error) {
      if (!isInUse(error)) throw error;
      const owner = findRunningEngine(dataFolder);
      const patience = owner === null ? PATIENCE.orphan : owner.shared ? 0 : PATIENCE.command;
      if (Date.now() - since > patience) throw error;
      await wait(200);
    }
  }
}

/** Keeps a child running until `stop`. */
function supervise(first: RunningChild, launch: () => Promise<RunningChild>, dataFolder: string, log: Logger) {
  let running: RunningChild | null = first;
  let closedForSpace = false;
  const stopping = new AbortController();
  const { signal } = stopping;
  const pauseFor = (ms: number) => wait(ms, undefined, { signal }).catch(() => {});

  // Out of space, the engine aborts in the middle of its work, again at each attempt to open it. Closed in time, it
  // stops in order, and requests are told why.
  const look = setInterval(() => {
    void freeSpace(dataFolder).then((free) => {
      if (free >= RESERVED_SPACE || closedForSpace || running === null || signal.aborted) return;
      closedForSpace = true;
      noteDiskFull(true);
      log.error({ freeBytes: free }, 'the disk is full: the database is closed until there is space again');
      return endChild(running);
    });
  }, LOOK_EVERY);
  look.unref();

  const untilSpace = async () => {
    while (!signal.aborted && (await freeSpace(dataFolder)) < NEEDED_SPACE) await pauseFor(1_000);
  };

  const loop = async () => {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (running !== null) {
        const since = Date.now();
        const how = await running.ended;
        running = null;
        if (signal.aborted) return;
        if (closedForSpace || Date.now() - since > STABLE_AFTER) pause = FIRST_PAUSE;
        if (!closedForSpace) log.error({ how, restartInMs: pause }, 'the database engine ended unexpectedly');
      }
      await pauseFor(pause);
      await untilSpace();
      if (signal.aborted) return;
      try {
        const next = await launch();
        // Stopped while it came up: nobody wants it any more.
        if (signal.aborted) return await endChild(next);
        running = next;
        closedForSpace = false;
        noteDiskFull(false);
        log.warn('the database engine runs again');
      } catch (error) {
        const { code, message } = startErrorOf(error, dataFolder);
        log.error({ code, reason: message }, 'the database engine could not be restarted');
      }
    }
  };
  const ended = loop();

  return {
    pid: () => running?.child.pid,
    stop: async () => {
      clearInterval(look);
      stopping.abort();
      noteDiskFull(false);
      if (running !== null) await endChild(running);
      await ended;
    },
  };
}
