/** Matching beyond the oracle: every rule against brute force, invariances, and what it refuses. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differenceInDifferences } from '../../analysis/difference-in-differences.ts';
import { balanceRow, effectiveUnits } from '../../analysis/matching/balance.ts';
import { numericColumns } from '../../analysis/matching/covariates.ts';
import { type NearestOptions, nearestMatches } from '../../analysis/matching/nearest.ts';
import { matchNearest } from '../../analysis/matching.ts';
import { randomOf } from '../../instruments/random.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';
import { readFrame } from '../verify/folder.ts';

/** The same rules, trying every control for every treated unit. */
function bruteForce(distances: readonly number[], treated: readonly boolean[], options: NearestOptions) {
  const { order = 'largest', ratio = 1, replace = false, caliper = Number.POSITIVE_INFINITY, strata } = options;
  const units = [...distances.keys()];
  const d = (unit: number) => distances[unit] ?? 0;
  const sorted = [...units].sort((a, b) => d(a) - d(b) || a - b);
  const sign = { largest: -1, smallest: 1, data: 0 }[order];
  const choosing = units.filter((unit) => treated[unit]).sort((a, b) => sign * (d(a) - d(b)) || a - b);
  const used = new Set<number>();
  const chosen = new Map<number, number[]>();
  for (let round = 0; round < ratio; round += 1) {
    for (const unit of choosing) {
      const own = chosen.get(unit) ?? [];
      const near = units
        .filter((other) => !treated[other] && !own.includes(other) && (replace || !used.has(other)))
        .filter((other) => strata?.[other] === strata?.[unit] && Math.abs(d(other) - d(unit)) <= caliper);
      const [best] = near.sort((a, b) => Math.abs(d(a) - d(unit)) - Math.abs(d(b) - d(unit)) || rank(a) - rank(b));
      function rank(control: number) {
        const [place, from] = [sorted.indexOf(control), sorted.indexOf(unit)];
        return place < from ? from - place : units.length + place;
      }
      if (best === undefined) continue;
      used.add(best);
      chosen.set(unit, [...own, best]);
    }
  }
  return units.flatMap((unit) => {
    const controls = chosen.get(unit);
    return controls ? [{ treated: unit, controls }] : [];
  });
}

test('links to free controls choose as trying every control does, with ties, calipers, strata and ratios', () => {
  const unit = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean(), fc.integer({ min: 0, max: 1 }));
  const options = fc.record({
    order: fc.constantFrom('largest', 'smallest', 'data') as fc.Arbitrary<'largest' | 'smallest' | 'data'>,
    ratio: fc.integer({ min: 1, max: 3 }),
    replace: fc.boolean(),
    caliper: fc.constantFrom(0, 1, 3, Number.POSITIVE_INFINITY),
  });
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), options, fc.boolean(), (units, given, stratified) => {
      const distances = units.map(([distance]) => distance);
      const treated = units.map(([, arm]) => arm);
      const strata = units.map(([, , stratum]) => stratum);
      const all = stratified ? { ...given, strata } : given;
      expect(nearestMatches(distances, treated, all)).toEqual(bruteForce(distances, treated, all));
    }),
    { seed: 21101, numRuns: 300 },
  );
});

test('matches respect caliper and use each control once; a longer list of controls never worsens the first match', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 40 }), (distances) => {
      const treated = distances.map((_, i) => i % 3 === 0);
      const matches = nearestMatches(distances, treated, { caliper: 0.1 });
      const controls = matches.flatMap((match) => match.controls);
      expect(new Set(controls).size).toBe(controls.length);
      for (const match of matches) {
        const gap = Math.abs((distances[match.treated] ?? 0) - (distances[match.controls[0] ?? -1] ?? 9));
        expect(gap).toBeLessThanOrEqual(0.1);
      }
    }),
    { seed: 21102, numRuns: 60 },
  );
});

const lalonde = ['treat', 'age', 'educ', 'married', 'nodegree', 're74', 're75', 're78'];
const [treat = [], age = [], educ = [], married = [], nodegree = [], re74 = [], re75 = [], re78 = []] = oracleColumns(
  'lalonde.csv',
  lalonde,
);
const covariates = { age, educ, married, nodegree, re74, re75 };

test('the weights of controls add up to their number, and matching with them brings the arms together', () => {
  for (const options of [{ ratio: 2 }, { replace: true, caliper: 0.2 }, { replace: true, ratio: 3 }]) {
    const { matching } = matchNearest(treat, covariates, options);
    const weights = matching?.weights ?? [];
    const ofControls = weights.filter((_, row) => treat[row] === 0);
    expectClose(
      ofControls.reduce((total, weight) => total + weight, 0),
      matching?.controls.matched ?? 0,
      1e-12,
      'weights',
    );
    const size = (rows: readonly { standardisedDifference: number | null }[] = []) =>
      rows.reduce((total, row) => total + Math.abs(row.standardisedDifference ?? 0), 0);
    expect(size(matching?.balance.matched)).toBeLessThan(size(matching?.balance.all));
  }
});

test('the order of the rows and the scale of a covariate choose the same people where no scores are tied', () => {
  const unique = [...age.keys()].filter((row) => [...age.keys()].findIndex((other) => key(other) === key(row)) === row);
  function key(row: number) {
    return Object.values(covariates)
      .map((column) => column[row])
      .join();
  }
  const pairsOf = (rows: readonly number[], scale: number) => {
    const pick = (column: readonly (number | null)[]) => rows.map((row) => column[row] ?? null);
    const picked = Object.fromEntries(Object.entries(covariates).map(([name, column]) => [name, pick(column)]));
    const scaled = { ...picked, age: (picked.age ?? []).map((value) => (value ?? 0) * scale + 5) };
    const found = matchNearest(pick(treat), scaled, { replace: true }).matching?.matches ?? [];
    return new Map(found.map((match) => [rows[match.treated], match.controls.map((control) => rows[control])]));
  };
  expect(pairsOf([...unique].reverse(), 7)).toEqual(new Map([...pairsOf(unique, 1)].reverse()));
});

test('the engine matches lalonde with scores of its own as MatchIt does', () => {
  interface Case {
    readonly pairs: readonly { treated: number; control: number }[];
  }
  const race = readFrame(readFileSync(new URL('../oracles/lalonde.csv', import.meta.url), 'utf8')).column('race');
  const results = oracleResults<Record<string, Case>>('11_matching_did.json');
  const { matching } = matchNearest(treat, { age, educ, race, married, nodegree, re74, re75 }, { ratio: 2 });
  const ours = matching?.matches.flatMap(({ treated, controls }) =>
    controls.map((control) => ({ treated: treated + 1, control: control + 1 })),
  );
  expect(ours).toEqual(results.lalonde_2to1?.pairs);
});

test('matching says when it cannot', () => {
  const code = (...of: Parameters<typeof matchNearest>) => matchNearest(...of).notes[0]?.code;
  expect(code([], { x: [] })).toBe('no-variance');
  expect(code([1, 1], { x: [1, 2] })).toBe('no-variance');
  expect(code([1, 1, 0, 0, 1, 0], { x: [4, 5, 1, 2, 6, 3] })).toBe('separation');
  expect(code([1, 0, 1, 0, 1], { x: [1, 2, 3, 4, 5], y: [2, 4, 6, 8, 10] })).toBe('collinear');
  expect(code([1, 0, 1, 0], { x: [1, 2, 5, 3] }, { caliper: 0 })).toBe('no-matches');
  expect(code([1, 0, 1, 0], { x: [1, 2, 4, 3], g: ['a', 'b', 'a', 'b'] }, { exact: ['g'] })).toBe('separation');
  expect(code([1, 0, 1, 0, null], { x: [1, 2, 4, 3, 9] })).toBe('rows-left-out');
  expect(code([1, 0, 1, 0, 1], { x: [1, 2, 4, 3, 2] })).toBe('treated-left-out');
  expect(() => matchNearest([1, 0, 1, 0], { x: [1, 2, 4, 3] }, { exact: ['z'] })).toThrow(RangeError);
  expect(() => matchNearest([1, 0], { x: [1] })).toThrow(RangeError);
  expect(() => nearestMatches([1], [true, false])).toThrow(RangeError);
  expect(() => nearestMatches([Number.NaN], [true])).toThrow(RangeError);
  expect(() => nearestMatches([1, 2], [true, false], { ratio: 0 })).toThrow(RangeError);
  expect(() => nearestMatches([1, 2], [true, false], { caliper: -1 })).toThrow(RangeError);
  expect(() => nearestMatches([1, 2], [true, false], { strata: ['a'] })).toThrow(RangeError);
  expect(nearestMatches([], [])).toEqual([]);
  expect(nearestMatches([1, 2], [true, true])).toEqual([]);
  expect(() => numericColumns('mixed', ['a', 1], 'all')).toThrow(RangeError);
});

test('balance of constant covariates and of arms without anybody', () => {
  const constant = balanceRow('c', [5, 5, 5, 5], [true, true, false, false]);
  expect(constant).toMatchObject({ standardisedDifference: null, varianceRatio: null, largestShareDifference: 0 });
  const binary = balanceRow('b', [1, 0, 0, 0], [true, true, false, false]);
  expect(binary).toMatchObject({ standardisedDifference: 1, varianceRatio: null, meanShareDifference: 0.5 });
  expect(() => balanceRow('x', [1, 2], [true, true])).toThrow(RangeError);
  expect(() => balanceRow('x', [1, 2], [true])).toThrow(RangeError);
  expect(() => balanceRow('x', [1, 2], [true, false], [1, 0])).toThrow(RangeError);
  expect(effectiveUnits([])).toBe(0);
});

test('difference-in-differences is the difference of the changes, on matched data with the weights', () => {
  const { matching } = matchNearest(treat, covariates, { ratio: 2, caliper: 0.5 });
  const weights = matching?.weights ?? [];
  const { model } = differenceInDifferences(re75, re78, treat, { weights, clusters: matching?.pairs ?? [] });
  const change = (arm: number) => {
    const rows = [...weights.keys()].filter((row) => treat[row] === arm);
    const total = rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0);
    return rows.reduce((sum, row) => sum + (weights[row] ?? 0) * ((re78[row] ?? 0) - (re75[row] ?? 0)), 0) / total;
  };
  expectClose(model?.coefficients[3]?.estimate, change(1) - change(0), 1e-10, 'effect');
  expect(model?.clusters).toBe(matching?.matches.length);
});

test('difference-in-differences leaves out whoever was not seen twice, and says when nothing is left', () => {
  const { model } = differenceInDifferences([1, 2, 1, 3, null], [4, 6, 2, 5, 9], [1, 1, 0, 0, 1]);
  expect(model).toMatchObject({ n: 8, clusters: 4 });
  expect(model?.coefficients[3]?.term).toBe('treated:after');
  expectClose(model?.coefficients[3]?.estimate, 2, 1e-12, 'effect');
  const code = (...of: Parameters<typeof differenceInDifferences>) => differenceInDifferences(...of).notes[0]?.code;
  expect(code([], [], [])).toBe('too-few-clusters');
  expect(code([1, 2, 3], [2, 3, 5], [1, 1, 1])).toBe('collinear');
  expect(code([1, 2, 3, 4], [2, 3, 4, 5], [1, 1, 0, 0], { clusters: ['a', 'a', 'a', 'a'] })).toBe('too-few-clusters');
  expect(() => differenceInDifferences([1], [1, 2], [1])).toThrow(RangeError);
  expect(() => differenceInDifferences([1], [1], [2])).toThrow(RangeError);
});

test('300 among 16,000 are matched, none twice', () => {
  const random = randomOf('matching');
  const n = 16_300;
  const x = Array.from({ length: n }, () => random.normal());
  const z = Array.from({ length: n }, () => random.normal());
  const arm = x.map((value) => Number(random.chance(1 / (1 + Math.exp(4.4 - value)))));
  const { matching } = matchNearest(arm, { x, z }, { caliper: 0.2 });
  expect(matching?.matches.length).toBeGreaterThan(250);
  const controls = matching?.matches.flatMap((match) => match.controls) ?? [];
  expect(new Set(controls).size).toBe(controls.length);
});
