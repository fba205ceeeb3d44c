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

type WriteInto = (file: Writable) => Promise<void>;

/** Writes beside the path and gives the file its name when it is complete; nothing is left of one that is not. */
export async function whole(path: string, writeInto: WriteInto): Promise<WrittenFile> {
  const [written] = await wholeSet((write) => write(path, writeInto));
  if (!written) throw new Error('a file was written and is not there');
  return written;
}

/** The same for files that belong together: they get their names when all of them are complete, or none does. */
export async function wholeSet(
  make: (write: (path: string, writeInto: WriteInto) => Promise<void>) => Promise<void>,
): Promise<WrittenFile[]> {
  const made: { readonly path: string; readonly unnamed: string }[] = [];
  try {
    await make(async (path, writeInto) => {
      const unnamed = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
      made.push({ path, unnamed });
      await writeUnnamed(path, unnamed, writeInto);
    });
    for (const { path, unnamed } of made) await rename(unnamed, path);
  } catch (error) {
    for (const { unnamed } of made) await rm(unnamed, { force: true }).catch(() => {});
    throw error;
  }
  return Promise.all(made.map(async ({ path }) => ({ path: resolve(path), bytes: (await stat(path)).size })));
}

async function writeUnnamed(path: string, unnamed: string, writeInto: WriteInto): Promise<void> {
  const file = createWriteStream(unnamed);
  try {
    await once(file, 'open');
    await removeAbandoned(path);
    await writeInto(file);
  } catch (error) {
    file.destroy();
    throw toldOf(error, unnamed, path);
  }
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
