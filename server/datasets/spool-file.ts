/**
 * Blocks on disk, for rows that are read more than once. The file is private and has no name once it is open; it is
 * gone when it is closed, also after a crash. Called by the spools of datasets.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function openNameless(): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelis-export-'));
  try {
    return await open(join(folder, 'rows'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The blocks that were appended to a file, by their lengths. */
export async function* readBlocks(
  file: FileHandle,
  lengths: readonly number[],
): AsyncGenerator<Buffer, void, undefined> {
  let at = 0;
  for (const length of lengths) {
    const block = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length; ) {
      const { bytesRead } = await file.read(block, filled, length - filled, at + filled);
      if (bytesRead === 0) throw new Error('the spool of an export ended too early');
      filled += bytesRead;
    }
    at += length;
    yield block;
  }
}
