/** What seeded respondents give under a draft: the same again for the same seed, legal, and with the structure that was asked for. */
import { expect, test } from 'vitest';
import { simulatedTables } from '../../client/workbench/instruments/drafts/simulated-tables.ts';
import { fixtureInstrument } from '../server/world.ts';

const wish = { people: 300, schools: 20, seed: 'one', icc: 0.2, missing: 0.1 };

test('the same seed gives the same tables, another one others', async () => {
  const instrument = await fixtureInstrument('staffroom.v1');
  expect(simulatedTables(instrument, wish)).toEqual(simulatedTables(instrument, wish));
  expect(simulatedTables(instrument, { ...wish, seed: 'two' })).not.toEqual(simulatedTables(instrument, wish));
});

test('every person is counted as an answer or as missing, and answers lie within the range of their item', async () => {
  const { items } = simulatedTables(await fixtureInstrument('staffroom.v1'), wish);
  for (const [, n, missing] of items.rows) expect(Number(n) + Number(missing)).toBe(wish.people);
  const [, , missing, mean] = items.rows.find(([name]) => name === 'help') ?? [];
  // Of 300 people each leaves the item blank with the chance 0.1: 30, give or take five standard deviations of 5.2.
  expect(Number(missing)).toBeGreaterThan(4);
  expect(Number(missing)).toBeLessThan(56);
  expect(Number(mean)).toBeGreaterThan(1);
  expect(Number(mean)).toBeLessThan(3);
});

test('items of one scale go together when reversed ones are turned round', async () => {
  const { scales } = simulatedTables(await fixtureInstrument('staffroom.v1'), { ...wish, missing: 0 });
  const [scale] = scales.rows;
  expect(scale?.[1]).toBe(wish.people);
  expect(Number(scale?.[4])).toBeGreaterThan(0.3);
});
