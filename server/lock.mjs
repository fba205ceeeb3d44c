/**
 * One at a time: a lock file that names the process which holds it. Called by the preparation of `npm start`
 * (before anything is installed, hence plain JavaScript) and by the fetching of the newer C library.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Whether a process with this id exists on this machine.
 * @param {number} pid
 * @returns {boolean}
 */
export function isAlive(pid) {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Runs `work` while holding the lock file `path`, waiting for whoever holds it. The lock of a process that has died is
 * taken over. Rejects after `patienceMs` (default ten minutes) with a sentence that names the file to delete.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {{ patienceMs?: number, onWait?: (holder: number) => void }} [options]
 * @returns {Promise<T>}
 */
export async function withLock(path, work, { patienceMs = 600_000, onWait } = {}) {
  await mkdir(dirname(path), { recursive: true });
  const deadline = Date.now() + patienceMs;
  let told = false;
  while (!(await take(path))) {
    const holder = await holderOf(path);
    if (holder !== null && !isAlive(holder)) {
      await takeAway(path, holder);
      continue;
    }
    if (holder !== null && !told) {
      told = true;
      onWait?.(holder);
    }
    if (Date.now() > deadline) {
      throw new Error(`process ${holder ?? 'unknown'} has held ${path} for too long; end it, or delete the file`);
    }
    await wait(200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** @param {string} path */
async function take(path) {
  try {
    const file = await open(path, 'wx');
    await file.write(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * The process that holds the lock; null while the file is being written or has just gone.
 * @param {string} path
 */
async function holderOf(path) {
  const text = await readFile(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? null : pid;
}

/**
 * Two waiters may both see the dead holder: the rename lets one of them win, so that nobody deletes the lock that the
 * other has just taken.
 * @param {string} path
 * @param {number} holder
 */
async function takeAway(path, holder) {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await holderOf(aside);
  // A living process took the lock between the look and the rename: give it back.
  if (moved !== holder && moved !== null && isAlive(moved)) await rename(aside, path);
  else await rm(aside, { force: true });
}
