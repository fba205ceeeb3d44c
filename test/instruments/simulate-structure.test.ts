/** Simulated structure against its closed forms: what two items share, what scales share, what schools share. */
import { expect, test } from 'vitest';
import { codeRow } from '../../instruments/coding.ts';
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import { type SimulationStructure, structured } from '../../instruments/simulate-structure.ts';
import { compiled, pageOf } from './build.ts';

const items = ['a1', 'a2', 'b1', 'b2'];
const scaleOf = (id: string) => ({
  ...{ id, title: id, construct: id, range: { min: 0, max: 100 }, score: 'mean', minimumAnswered: 1 },
  ...{ aggregation: 'person-first', referenceValues: [] },
  items: items.filter((name) => name.startsWith(id.at(-1) ?? '')).map((name) => ({ name, reversed: name === 'b2' })),
});
// A hundred steps: what rounding to a code takes away is less than the error of the estimates.
const instrument = compiled(pageOf(...items.map((name) => ({ type: 'rating', name, rateMin: 0, rateMax: 100 }))), {
  scales: [scaleOf('on_a'), scaleOf('on_b')],
});

function correlation(xs: readonly number[], ys: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const product = (us: readonly number[], mu: number, vs: readonly number[], mv: number) =>
    us.reduce((sum, u, at) => sum + (u - mu) * ((vs[at] ?? 0) - mv), 0);
  return product(xs, mx, ys, my) / Math.sqrt(product(xs, mx, xs, mx) * product(ys, my, ys, my));
}

const people = 4_000;
const perSchool = 10;

function simulated(structure: SimulationStructure) {
  const random = randomOf('structure');
  const rows = Array.from({ length: people }, (_, number) => {
    const place = { cluster: null, school: `school ${Math.floor(number / perSchool)}`, person: `person ${number}` };
    const options = structured(random, structure, place, instrument);
    const response = simulateAnswers(instrument, { ...options, random: random.fork(`answers ${number}`), declined: 0 });
    return { traits: options.traits, row: codeRow(instrument, response) };
  });
  const values = (name: string) => rows.map(({ row }) => row.values[instrument.positions.get(name) ?? -1] ?? null);
  const numbers = (name: string) => values(name).map(Number);
  const standing = (scale: string) => rows.map(({ traits }) => traits[scale] ?? 0);
  return { values, numbers, standing };
}

/** Four standard errors of a correlation of independent people, and a little for codes at the ends of the range. */
const allowance = (rho: number) => (4 * (1 - rho ** 2)) / Math.sqrt(people) + 0.02;

test('two items of a scale correlate by the product of their loadings, across scales times the correlation of scales', () => {
  const loadings = { a1: 0.9, a2: 0.6, b1: 0.8, b2: 0.7 };
  const { numbers } = simulated({ loadings, factorCorrelation: 0.5, icc: 0, missing: 0 });
  const near = (one: string, other: string, rho: number) =>
    expect(Math.abs(correlation(numbers(one), numbers(other)) - rho), `${one} ${other}`).toBeLessThan(allowance(rho));
  near('a1', 'a2', 0.9 * 0.6);
  // b2 is reversed.
  near('b1', 'b2', -0.8 * 0.7);
  near('a1', 'b1', 0.9 * 0.8 * 0.5);
  near('a2', 'b2', -0.6 * 0.7 * 0.5);
});

test('scales correlate as asked, at nought and at one, too', () => {
  for (const rho of [0, 0.3, 1]) {
    const { standing } = simulated({ factorCorrelation: rho, icc: 0 });
    expect(Math.abs(correlation(standing('on_a'), standing('on_b')) - rho)).toBeLessThan(allowance(rho));
  }
});

test('schools share as much of the variance as asked', () => {
  for (const icc of [0, 0.2, 0.5]) {
    const standing = simulated({ icc, missing: 0 }).standing('on_a');
    const schools = people / perSchool;
    const means = Array.from(
      { length: schools },
      (_, at) => standing.slice(at * perSchool, (at + 1) * perSchool).reduce((sum, one) => sum + one, 0) / perSchool,
    );
    const grand = means.reduce((sum, one) => sum + one, 0) / schools;
    const between = (perSchool * means.reduce((sum, one) => sum + (one - grand) ** 2, 0)) / (schools - 1);
    const within =
      standing.reduce((sum, one, at) => sum + (one - (means[Math.floor(at / perSchool)] ?? 0)) ** 2, 0) /
      (people - schools);
    const found = (between - within) / (between + (perSchool - 1) * within);
    // Donner and Koval (1980): the large-sample variance of an intraclass correlation from equal groups.
    const k = perSchool;
    const error = Math.sqrt((2 * (1 - icc) ** 2 * (1 + (k - 1) * icc) ** 2) / (k * (k - 1) * (schools - 1)));
    expect(Math.abs(found - icc)).toBeLessThan(4 * error);
  }
});

test('as many items are blank as asked', () => {
  const { values } = simulated({ missing: 0.25 });
  const blank = items.flatMap((name) => values(name)).filter((value) => value === null).length;
  const n = people * items.length;
  expect(Math.abs(blank / n - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / n));
});

test('a structure that cannot be is refused by name', () => {
  const place = { cluster: null, school: null, person: 'p' };
  const make = (structure: SimulationStructure) => () => structured(randomOf(1), structure, place, instrument);
  expect(make({ icc: 1.2 })).toThrow(/icc must be from 0 to 1/);
  expect(make({ factorCorrelation: -0.1 })).toThrow(/factorCorrelation/);
  expect(make({ loadings: { a1: 2 } })).toThrow(/loading/);
  expect(make({ missing: 2 })).toThrow(/missing/);
});
