/** Makes folders. Called for the data folder and by the export of the command line. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes the folder and those above it that are missing; true when it was missing. Rejects with the system's error. Not
 * `mkdir` with `recursive`: below /proc, which says of a new folder that there is no such thing, that never returns.
 */
export async function makeFolder(path: string, mode?: number): Promise<boolean> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await isFolder(folder)); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      await mkdir(folder, { mode });
    } catch (error) {
      // Somebody else was quicker.
      if (!(await isFolder(folder))) throw error;
    }
  }
  return missing.length > 0;
}

/** False when there is nothing; throws when it is something else, or cannot be looked at. */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`ENOTDIR: not a directory, '${path}'`), { code: 'ENOTDIR', path });
}
