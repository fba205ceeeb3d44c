/** R's saddlepoint p stops where rounding sends it; ours does not depend on the order of the rows. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { randomOf } from '../../instruments/random.ts';
import { recompute, tolerance } from '../verify/09-cluster-robust.ts';
import { openFolder } from '../verify/folder.ts';
import type { DataFrame, JsonObject } from '../verify/types.ts';

const oracles = openFolder(fileURLToPath(new URL('../oracles', import.meta.url)));
const expected = oracles.expected('09_cluster_robust.json').results as Record<string, JsonObject>;
const name = 'sim_cluster_pairs_fe';

function shuffled(frame: DataFrame, seed: string): DataFrame {
  const random = randomOf(seed);
  const order = Array.from({ length: frame.rows }, (_, row) => ({ row, at: random.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
  const of = <Cell>(cells: readonly Cell[]) => order.map((row) => cells[row] as Cell);
  return { ...frame, column: (each) => of(frame.column(each)), numeric: (each) => of(frame.numeric(each)) };
}

it('saddlepoint p values are the same in any order of the rows, and R’s as far as its stop is determined', () => {
  const cases = { [name]: expected[name] ?? {} };
  const pOf = (data: (of: string) => DataFrame) => {
    const all = recompute(cases, data)[name] as Record<string, { p_saddlepoint: number[] }>;
    return ['CR0', 'CR1p', 'CR2'].flatMap((type) => all[type]?.p_saddlepoint ?? []);
  };
  const given = pOf(oracles.data);
  expect(given.length).toBeGreaterThan(30);
  for (const seed of ['once', 'again']) {
    const other = pOf((of) => shuffled(oracles.data(of), seed));
    for (const [at, p] of given.entries()) expect(Math.abs((other[at] ?? 0) / p - 1)).toBeLessThan(1e-8);
  }
  // No p is let off more than rounding at the pole moves R's own figure.
  const allowed = (type: string, k: number) => {
    const within = tolerance(`${name}/${type}/p_saddlepoint/${k}`);
    return typeof within === 'number' ? within : within.absolute;
  };
  expect(allowed('CR1p', 12)).toBeGreaterThan(1e-5);
  for (let k = 0; k < 10; k += 1) expect(allowed('CR2', k)).toBeLessThan(1e-6);
});
