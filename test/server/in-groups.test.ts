/** Items that arrive together go together, each gets its own answer, and none suffers for another's fault. */
import type { Connection } from 'mongoose';
import { beforeAll, expect, test } from 'vitest';
import { inGroups } from '../../server/database/in-groups.ts';
import { testDatabase } from '../database.ts';

let db: Connection;
beforeAll(async () => {
  db = (await testDatabase()).connection;
});

/** Doubles; remembers which items went together. */
function doubling(fault: (item: number) => Error | null = () => null) {
  const groups: number[][] = [];
  const double = inGroups<number, number>(async (_, items) => {
    groups.push([...items]);
    await new Promise((resolve) => setImmediate(resolve));
    const failing = items.map(fault).find((error) => error !== null);
    if (failing) throw failing;
    return items.map((item) => (item < 0 ? new RangeError(`${item} is negative`) : 2 * item));
  });
  return { double, groups };
}

test('what arrives in one turn goes together, and what arrives meanwhile after it', async () => {
  const { double, groups } = doubling();
  const first = [1, 2, 3].map((item) => double(db, item));
  await new Promise((resolve) => setImmediate(resolve));
  const second = [4, 5].map((item) => double(db, item));
  expect(await Promise.all([...first, ...second])).toEqual([2, 4, 6, 8, 10]);
  expect(groups).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(await double(db, 6)).toBe(12);
});

test('a group has an end', async () => {
  const { double, groups } = doubling();
  const items = Array.from({ length: 450 }, (_, index) => index);
  expect(await Promise.all(items.map((item) => double(db, item)))).toEqual(items.map((item) => 2 * item));
  expect(groups.map((group) => group.length)).toEqual([200, 200, 50]);
});

test('an item that fails by itself leaves the others', async () => {
  const { double } = doubling();
  const settled = await Promise.allSettled([1, -2, 3].map((item) => double(db, item)));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('an item over which the whole group fails is found by trying each alone', async () => {
  const { double, groups } = doubling((item) => (item === 13 ? new TypeError('not 13') : null));
  const settled = await Promise.allSettled([12, 13, 14].map((item) => double(db, item)));
  expect(settled).toEqual([
    { status: 'fulfilled', value: 24 },
    { status: 'rejected', reason: new TypeError('not 13') },
    { status: 'fulfilled', value: 28 },
  ]);
  expect(groups).toEqual([[12, 13, 14], [12], [13], [14]]);
});

test('a database that is away is not asked again for each', async () => {
  const away = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const { double, groups } = doubling(() => away);
  const settled = await Promise.allSettled([1, 2].map((item) => double(db, item)));
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(groups).toEqual([[1, 2]]);
});
