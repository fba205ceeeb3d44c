/** Files that commands are given. */
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { Problem } from '../problems.ts';
import { jsonFault } from './json-fault.ts';

/** For the parser of the command line: a path is never empty, as when a variable of the shell is not set. */
export function pathArgument(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('a path is expected.');
  return text;
}

/** Rejects with the system's error, which names the path, unless this is a file that can be read. */
export async function requireFile(path: string): Promise<void> {
  await access(path, constants.R_OK);
  if ((await stat(path)).isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR', path });
}

/** The value in a JSON file. Throws `malformed-json` with the name of the file and the place in it. */
export async function readJson(file: string): Promise<unknown> {
  await requireFile(file);
  const source = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(source);
  } catch (error) {
    const reason = jsonFault(source) ?? (error instanceof Error ? error.message : String(error));
    throw new Problem('malformed-json', { detail: `${file} is not valid JSON: ${reason}.`, cause: error });
  }
}
