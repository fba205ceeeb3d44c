/** How much room the disk of the data folder has. Called by embedded.ts. */
import { statfs } from 'node:fs/promises';

/** With less free space than this, in bytes, the engine is closed: what it holds in memory must still fit. */
export const RESERVED_SPACE = 64 * 1024 * 1024;

/** And opened only with this much, so that it does not close again at once. */
export const NEEDED_SPACE = 96 * 1024 * 1024;

/** The bytes that this user may still write; infinitely many where the system does not tell. */
export async function freeSpace(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
