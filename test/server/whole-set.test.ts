/** Files of a command that belong together: all of them get their names, or none does. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { wholeSet } from '../../server/cli/whole-file.ts';

test('a set of which one file cannot be written leaves the former files as they were', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fidelis-test-set-'));
  try {
    const [first, second] = [join(folder, 'first.csv'), join(folder, 'second.csv')];
    await writeFile(first, 'former');
    const full = wholeSet(async (write) => {
      await write(first, (file) => finished(file.end('new')));
      await write(second, () => Promise.reject(new Error('the disk is full')));
    });
    await expect(full).rejects.toThrow('the disk is full');
    expect([await readdir(folder), await readFile(first, 'utf8')]).toEqual([['first.csv'], 'former']);
    const written = await wholeSet(async (write) => {
      await write(first, (file) => finished(file.end('new')));
      await write(second, (file) => finished(file.end('newer')));
    });
    expect(written).toEqual([
      { path: first, bytes: 3 },
      { path: second, bytes: 5 },
    ]);
    expect(await readFile(first, 'utf8')).toBe('new');
  } finally {
    await rm(folder, { recursive: true });
  }
});
