/** JSON files that commands are given. */
import { readFile } from 'node:fs/promises';
import { Problem } from '../problems.ts';

/** The value in a JSON file. Throws `malformed-json` with the name of the file. */
export async function readJson(file: string): Promise<unknown> {
  const source = await readFile(file, 'utf8');
  try {
    return JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem('malformed-json', { detail: `${file}: ${reason}`, cause: error });
  }
}
