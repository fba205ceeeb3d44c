/** Measurement invariance beyond the oracle: groups made alike or unlike on purpose, and what data cannot say. */
import { expect, test } from 'vitest';
import { confirmatoryFactorAnalysis } from '../../analysis/cfa.ts';
import { compareModels, measurementInvariance } from '../../analysis/invariance.ts';
import { randomOf } from '../../instruments/random.ts';

const model = 'f =~ a + b + c + d';
const names = ['a', 'b', 'c', 'd'];

/** People of groups that differ in the mean of the factor and, in item b, by what is said. */
function people(n: number, differ: { loading?: number; intercept?: number; spread?: number } = {}, seed = 1) {
  const random = randomOf(seed);
  const group = Array.from({ length: n }, (_, row) => (row % 2 === 0 ? 'first' : 'second'));
  const factor = group.map((label) => random.normal() + (label === 'second' ? 0.5 : 0));
  const columns = Object.fromEntries(
    names.map((name) => [
      name,
      group.map((label, row) => {
        const odd = label === 'second' && name === 'b' ? differ : {};
        const residual = random.normal() * 0.7 * (odd.spread ?? 1);
        return 3 + (odd.intercept ?? 0) + 0.8 * (odd.loading ?? 1) * (factor[row] ?? 0) + residual;
      }),
    ]),
  );
  return { group, columns };
}

function stepsOf(data: ReturnType<typeof people>, options: { partial?: string[]; robust?: boolean } = {}) {
  return measurementInvariance(model, data.columns, { group: data.group, ...options }).steps;
}

test('each kind of difference is found at its step, and freeing the parameter mends it', () => {
  for (const [differ, level, parameter] of [
    [{ loading: 0.5 }, 'metric', 'f =~ b'],
    [{ intercept: 0.6 }, 'scalar', 'b ~ 1'],
    [{ spread: 2 }, 'strict', 'b ~~ b'],
  ] as const) {
    const data = people(2000, differ);
    const pOf = (steps: ReturnType<typeof stepsOf>) => steps.find((step) => step.level === level)?.comparison?.p ?? 1;
    expect(pOf(stepsOf(data)), level).toBeLessThan(1e-6);
    expect(pOf(stepsOf(data, { partial: [parameter] })), level).toBeGreaterThan(1e-3);
    expect(pOf(stepsOf(data, { robust: true })), level).toBeLessThan(1e-6);
  }
});

test('the mean of the factor is found again in the second group', () => {
  const scalar = stepsOf(people(4000)).find(({ level }) => level === 'scalar')?.solution;
  const mean = scalar?.parameters.find(({ left, operator, group }) => left === 'f' && operator === '~1' && group === 1);
  // The factor has the scale of the first item: 0.8 of a unit per standard deviation.
  expect(Math.abs((mean?.estimate ?? 0) - 0.4)).toBeLessThan(4 * (mean?.standardError ?? 0));
});

test('groups with the same people differ in nothing, whatever they are called', () => {
  const { columns } = people(400);
  const twice = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column, ...column]]));
  const one = confirmatoryFactorAnalysis(model, columns).solution;
  for (const labels of [
    ['x', 'y'],
    [2, 1],
  ]) {
    const group = labels.flatMap((label) => Array.from({ length: 400 }, () => label));
    const { steps } = measurementInvariance(model, twice, { group });
    expect(steps.map(({ level }) => level)).toEqual(['configural', 'metric', 'scalar', 'strict']);
    expect(steps[0]?.comparison).toBeNull();
    for (const { solution, comparison } of steps) {
      expect(solution?.measures.chiSquare).toBeCloseTo(2 * (one?.measures.chiSquare ?? 0), 6);
      expect(solution?.groups.map(({ label }) => label)).toEqual(labels.map(String));
      if (comparison) expect(Math.abs(comparison.chiSquare ?? 1)).toBeLessThan(1e-6);
    }
  }
});

test('the chi-square never falls from step to step', () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const chiSquares = stepsOf(people(120, { loading: 0.7 }, seed)).map(
      ({ solution }) => solution?.measures.chiSquare ?? 0,
    );
    for (let i = 1; i < chiSquares.length; i += 1) {
      expect(chiSquares[i]).toBeGreaterThanOrEqual((chiSquares[i - 1] ?? 0) - 1e-7);
    }
  }
});

test('data that cannot say: one group, a group that is too small, no rows, an item constant in a group', () => {
  const { columns, group } = people(100);
  const steps = (labels: readonly (string | null)[], given: Record<string, (number | null)[]> = columns) =>
    measurementInvariance(model, given, { group: labels });
  expect(steps(group.map(() => 'all')).notes.map(({ code }) => code)).toEqual(['one-group']);
  expect(steps([], { a: [], b: [], c: [], d: [] }).notes.map(({ code }) => code)).toEqual(['one-group']);
  for (const [code, result] of [
    ['too-few-values', steps(group.map((_, row) => (row < 3 ? 'few' : 'many')))],
    ['no-variance', steps(group, { ...columns, a: group.map((label, row) => (label === 'first' ? 1 : row)) })],
  ] as const) {
    for (const { solution, comparison, notes } of result.steps) {
      expect([solution, comparison]).toEqual([null, null]);
      expect(notes.map((note) => note.code)).toContain(code);
    }
  }
});

test('models are compared the right way round, and both robust or neither', () => {
  const [free, restricted] = stepsOf(people(300)).map(({ solution }) => solution?.measures);
  const [scaled] = stepsOf(people(300), { robust: true }).map(({ solution }) => solution?.measures);
  if (!free || !restricted || !scaled) throw new Error('no solution');
  expect(compareModels(free, free)).toMatchObject({ chiSquare: 0, degreesOfFreedom: 0, p: null, cfi: 0 });
  expect(() => compareModels(free, restricted)).toThrow('restricted model first');
  expect(() => compareModels(restricted, scaled)).toThrow('both models');
});
