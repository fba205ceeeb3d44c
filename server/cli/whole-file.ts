/** Files that appear under their name only when they are whole. Called by the commands that export. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Writable } from 'node:stream';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

/** Writes beside the path and gives the file its name when it is complete; nothing is left of one that is not. */
export async function whole(path: string, writeInto: (file: Writable) => Promise<void>): Promise<WrittenFile> {
  const unnamed = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const file = createWriteStream(unnamed);
  try {
    await once(file, 'open');
    await removeAbandoned(path);
    await writeInto(file);
    await rename(unnamed, path);
  } catch (error) {
    file.destroy();
    await rm(unnamed, { force: true }).catch(() => {});
    throw toldOf(error, unnamed, path);
  }
  return { path: resolve(path), bytes: (await stat(path)).size };
}

/** What commands that were killed have left of this file: it holds people's answers, and nobody would look for it. */
async function removeAbandoned(path: string): Promise<void> {
  const begin = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const by = name.startsWith(begin) ? /^(\d+)\.part$/.exec(name.slice(begin.length)) : null;
    if (by && !isRunning(Number(by[1]))) await rm(join(dirname(path), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is one all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The system's error about the unnamed file as one about the path that was asked for, or the folder that is not there. */
function toldOf(error: unknown, unnamed: string, path: string): unknown {
  if (!(error instanceof Error && 'path' in error && error.path === unnamed)) return error;
  const missing = 'code' in error && error.code === 'ENOENT';
  return Object.assign(error, { path: missing ? dirname(path) : path });
}
