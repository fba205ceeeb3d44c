/**
 * The data folder before anything is opened in it: made where it is wanted, or a sentence why it cannot be. Called by
 * embedded.ts, by the server's start, by the command line and by the keeping of the secret.
 */
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../folders.ts';
import { startErrorOf } from './start-errors.ts';

/**
 * Makes the folder, for this user alone, when it is missing; true when it was. Rejects with a DatabaseStartError when it
 * cannot be made, is a file, or may not be written.
 */
export async function prepareDataFolder(dataFolder: string): Promise<boolean> {
  try {
    const made = await makeFolder(dataFolder, 0o700);
    await access(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
    return made;
  } catch (error) {
    throw startErrorOf(error, dataFolder);
  }
}

/** Whether the embedded engine was ever opened on the folder. */
export function holdsData(dataFolder: string): boolean {
  return existsSync(join(dataFolder, 'WiredTiger'));
}
