/**
 * No space left on the disk, on a small file system in memory. Skipped where this user may not mount one; the rest of
 * the engine's life is in database.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, expect, test } from 'vitest';
import { connectDatabase } from '../../server/database/connect.ts';
import { retryWhileUnavailable, translateDatabaseError } from '../../server/database/errors.ts';

const disk = mkdtempSync(join(tmpdir(), 'fidelis-test-disk-'));
const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=250m', 'tmpfs', disk]).status === 0;
const dataFolder = join(disk, 'data');
const filler = join(disk, 'filler');
const log = pino({ level: 'silent' });

afterAll(() => {
  if (mounted) spawnSync('/bin/umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

const fill = (megabytes: number) => writeFile(filler, Buffer.alloc(megabytes * 1024 * 1024));

test.skipIf(!mounted)(
  'a full disk closes the database in time, is told as such, and opens it again when freed',
  async () => {
    const database = await connectDatabase({ dataFolder, log });
    const marks = database.connection.collection<{ _id: number; text: string }>('marks');
    const text = 'x'.repeat(20_000);
    try {
      await fill(120);
      const acknowledged: number[] = [];
      let failure: unknown = null;
      for (let _id = 0; failure === null; _id++) {
        try {
          await marks.insertOne({ _id, text: text + Math.random() });
          acknowledged.push(_id);
          if (_id === 50) await fill(180);
        } catch (error) {
          failure = error;
        }
      }
      expect(translateDatabaseError(failure)).toEqual({ kind: 'disk-full' });
      expect(acknowledged.length).toBeGreaterThan(50);

      await rm(filler);
      const deadline = Date.now() + 20_000;
      const count = async (): Promise<number> => {
        try {
          return await marks.countDocuments({ _id: { $in: acknowledged } });
        } catch (error) {
          if (translateDatabaseError(error)?.kind !== 'disk-full' || Date.now() > deadline) throw error;
          return count();
        }
      };
      expect(await count()).toBe(acknowledged.length);
      await retryWhileUnavailable(() => marks.insertOne({ _id: -1, text }), { forMs: 10_000 });
    } finally {
      await database.close();
    }
  },
);

test.skipIf(!mounted)('a start on a full disk is refused', async () => {
  await fill(180);
  await expect(connectDatabase({ dataFolder, log })).rejects.toMatchObject({ code: 'disk-full' });
});
