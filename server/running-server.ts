/**
 * `server.json` in the data folder: where the server that runs there listens and which address people type, so that the
 * command line prints links that lead to it. Written by serve.ts, read by the command line.
 */
import { readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const runningServerSchema = z.object({
  pid: z.int().positive(),
  /** Where it is reached from this machine. */
  local: z.url({ protocol: /^http$/ }),
  /** Where people reach it. */
  publicUrl: z.url({ protocol: /^https?$/ }),
});

export type RunningServer = z.infer<typeof runningServerSchema>;

/** A server on this machine answers at once. */
const patienceMs = 1000;

/** The server that the folder says is running, when one answers there; null for a record that a crash left behind. */
export async function findRunningServer(dataFolder: string): Promise<RunningServer | null> {
  const record = readRecord(dataFolder);
  if (record === null) return null;
  try {
    const answer = await fetch(`${record.local}/healthz`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(patienceMs),
    });
    const { status } = (await answer.json()) as { status?: unknown };
    return status === 'alive' ? record : null;
  } catch {
    return null;
  }
}

/** Keeps the record while the process lives. Nothing is kept where there is no data folder: links are printed anyway. */
export async function keepRunningServer(dataFolder: string, server: RunningServer): Promise<void> {
  const path = pathIn(dataFolder);
  const aside = `${path}.${process.pid}`;
  try {
    await writeFile(aside, `${JSON.stringify(server, null, 2)}\n`, { mode: 0o600 });
    await rename(aside, path);
  } catch {
    return;
  }
  process.once('exit', () => {
    // Another server may have started on a shared database since.
    if (readRecord(dataFolder)?.pid === process.pid) rmSync(path, { force: true });
  });
}

function readRecord(dataFolder: string): RunningServer | null {
  try {
    return runningServerSchema.parse(JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')));
  } catch {
    // Missing, half a file from a crash, or another version's: as good as none.
    return null;
  }
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'server.json');
}
