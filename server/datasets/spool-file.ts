/**
 * Lines of JSON on disk, for rows that are read more than once. The file is private and has no name once it is open; it is
 * gone when it is closed, also after a crash. Called by the spools of datasets.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const blockBytes = 256 * 1024;

export async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelis-export-'));
  try {
    return await open(join(folder, 'rows'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines of the first `bytes` of a file, parsed, in batches. */
export async function* readLines<T>(
  file: FileHandle,
  bytes: number,
  parse: (line: string) => T,
): AsyncGenerator<T[], void, undefined> {
  const decoder = new StringDecoder('utf8');
  const block = Buffer.alloc(blockBytes);
  let rest = '';
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(block, 0, Math.min(blockBytes, bytes - at), at);
    if (bytesRead === 0) throw new Error('the spool of an export ended too early');
    at += bytesRead;
    const lines = (rest + decoder.write(block.subarray(0, bytesRead))).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(parse);
  }
}
