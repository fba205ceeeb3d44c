/**
 * `engine.json` in the data folder: which process runs the embedded engine there and where it answers, so that the
 * command line finds a running server and a second server is refused by name. Called by connect.ts and embedded.ts.
 */
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../lock.mjs';

const runningEngineSchema = z.object({
  /** The process that supervises the engine: a server or a command. */
  pid: z.int().positive(),
  uri: z.string(),
  /** The Unix socket in the uri. */
  socketPath: z.string(),
  /** False: a command that ends soon owns the engine, so nobody else should join it. */
  shared: z.boolean(),
  startedAt: z.iso.datetime(),
});

export type RunningEngine = z.infer<typeof runningEngineSchema>;

/** The engine that the data folder says is running, as far as can be told without asking it; null for a stale record. */
export function findRunningEngine(dataFolder: string): RunningEngine | null {
  const record = readRecord(dataFolder);
  if (record === null || record.pid === process.pid || !isAlive(record.pid)) return null;
  try {
    // After a restart of the machine or container the same pid may belong to anybody, but the socket's folder is gone.
    // The symbolic link itself, not its target: that is away for a moment while a crashed engine is restarted.
    lstatSync(record.socketPath);
    return record;
  } catch {
    return null;
  }
}

/** Replaces the record, atomically. */
export async function writeRunningEngine(dataFolder: string, engine: RunningEngine): Promise<void> {
  const path = pathIn(dataFolder);
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(engine, null, 2)}\n`, {
    mode: 0o600,
  });
  await rename(aside, path);
}

/** Removes the record of this process, and no other's. Synchronous: it is also called while the process exits. */
export function removeRunningEngine(dataFolder: string): void {
  if (readRecord(dataFolder)?.pid === process.pid) rmSync(pathIn(dataFolder), { force: true });
}

function readRecord(dataFolder: string): RunningEngine | null {
  try {
    return runningEngineSchema.parse(JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')));
  } catch {
    // Missing, half a file from a crash, or another version's: as good as none.
    return null;
  }
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'engine.json');
}
