/** Cluster-robust errors and the effect on those who took part: closed forms, invariances, and what they refuse. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { independentErrors } from '../../analysis/cluster-robust/independent.ts';
import { saddlepointP } from '../../analysis/cluster-robust/saddlepoint.ts';
import { clusterRobustModel } from '../../analysis/cluster-robust.ts';
import { complierEffect } from '../../analysis/instrumental.ts';
import { linearModel } from '../../analysis/linear-model.ts';
import { mixedRobustModel } from '../../analysis/mixed-robust.ts';

const value = fc.integer({ min: -20, max: 20 });
const cases = fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 5 })), { minLength: 12, maxLength: 40 });
type Case = [number, number, number];
const columnsOf = (rows: readonly Case[]) => ({
  y: rows.map(([y]) => y),
  x: rows.map(([, x]) => x),
  cluster: rows.map(([, , c]) => c),
});
const types = ['CR0', 'CR1', 'CR1S', 'CR2', 'CR3'] as const;

test('the mean of equal clusters: CR2 is the error of the mean of cluster means, on one degree of freedom less', () => {
  const means = [1, 4, 6, 9];
  const y = means.flatMap((mean) => [mean - 1, mean, mean + 1]);
  const clusters = means.flatMap((_, cluster) => [cluster, cluster, cluster]);
  const { model } = clusterRobustModel(y, {}, clusters);
  // Variance of 1, 4, 6, 9 is 34 / 3; over four clusters 34 / 12.
  expect(model?.coefficients[0]?.estimate).toBeCloseTo(5, 12);
  expect(model?.coefficients[0]?.standardError).toBeCloseTo(Math.sqrt(34 / 12), 12);
  expect(model?.coefficients[0]?.df).toBeCloseTo(3, 12);
});

test('in a mixed model of equal groups CR2 is the error of the mean of group means too, and order changes nothing', () => {
  const means = [1, 4, 6, 9];
  const y = means.flatMap((mean) => [mean - 1, mean, mean + 1]);
  const groups = means.flatMap((_, group) => [group, group, group]);
  const { model } = mixedRobustModel(y, {}, [{ name: 'school', groups }]);
  expect(model?.coefficients[0]?.standardError).toBeCloseTo(Math.sqrt(34 / 12), 9);
  expect(model?.coefficients[0]?.df).toBeCloseTo(3, 9);
  const x = y.map((_, row) => (row * 7) % 5);
  const of = (turn: <T>(column: T[]) => T[], type: (typeof types)[number]) =>
    mixedRobustModel(turn(y), { x: turn(x) }, [{ name: 'school', groups: turn(groups) }], { type }).model
      ?.coefficients[1];
  for (const type of types) {
    const [given, reversed] = [of((column) => column, type), of((column) => [...column].reverse(), type)];
    expect(reversed?.standardError).toBeCloseTo(given?.standardError ?? 0, 9);
    expect(reversed?.df).toBeCloseTo(given?.df ?? 0, 7);
  }
  expect(mixedRobustModel([1, 2], {}, [{ name: 'school', groups: [1, 1] }]).notes[0]?.code).toBe('too-few-groups');
  expect(() => mixedRobustModel([1], {}, [])).toThrow(RangeError);
  expect(() => mixedRobustModel([1], {}, [{ name: 'a', groups: [1] }], { level: 2 })).toThrow(RangeError);
});

test('people as their own clusters give the errors for unequal spreads', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const { y, x } = columnsOf(rows as Case[]);
      const alone = y.map((_, row) => row);
      const of = (type: (typeof types)[number]) =>
        clusterRobustModel(y, { x }, alone, { type }).model?.coefficients.map((each) => each.standardError);
      const errors = independentErrors(y, { x });
      const expected = { CR0: errors.HC0, CR1S: errors.HC1, CR2: errors.HC2 };
      for (const type of ['CR0', 'CR1S', 'CR2'] as const) {
        if (errors.HC0 === null) expect(of(type)).toBeUndefined();
        // A person whom the model fits exactly leaves no residual: there HC2 divides nothing by nothing.
        else
          for (const [k, error] of (expected[type] ?? []).entries()) {
            if (Number.isFinite(error)) expect(of(type)?.[k]).toBeCloseTo(error, 8);
          }
      }
    }),
    { seed: 20901, numRuns: 60 },
  );
});

test('order, names of clusters, and the scale of a predictor or of the weights change nothing; estimates are those of least squares', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(...types), (rows, type) => {
      const { y, x, cluster } = columnsOf(rows as Case[]);
      const { model } = clusterRobustModel(y, { x }, cluster, { type });
      const plain = linearModel(y, { x }).model;
      if (model === null || plain === null) return;
      const moved = clusterRobustModel(
        [...y].reverse(),
        { x: [...x].reverse().map((each) => 10 * each) },
        [...cluster].reverse().map((each) => `c${each}`),
        { type, weights: y.map(() => 7) },
      ).model;
      expect(model.coefficients[1]?.estimate).toBeCloseTo(plain.coefficients[1]?.estimate ?? 0, 9);
      expect(model.plainErrors[1]).toBeCloseTo(plain.coefficients[1]?.standardError ?? 0, 9);
      expect((moved?.coefficients[1]?.standardError ?? 0) * 10).toBeCloseTo(
        model.coefficients[1]?.standardError ?? 0,
        7,
      );
      if (model.coefficients[1]?.df && model.coefficients[1].standardError > 1e-6) {
        expect(moved?.coefficients[1]?.df).toBeCloseTo(model.coefficients[1].df, 5);
      }
    }),
    { seed: 20902, numRuns: 80 },
  );
});

test('cluster-robust models refuse what they cannot fit, and say when little carries a coefficient', () => {
  const code = (...of: Parameters<typeof clusterRobustModel>) => clusterRobustModel(...of).notes[0]?.code;
  expect(code([], {}, [])).toBe('too-few-clusters');
  expect(code([1], {}, ['a'])).toBe('too-few-clusters');
  expect(code([1, 2, 3], {}, ['a', 'a', 'a'])).toBe('too-few-clusters');
  expect(code([1, 2, null], {}, ['a', 'a', 'b'])).toBe('too-few-clusters');
  expect(code([1, 2], { x: [0, 1] }, ['a', 'b'])).toBe('too-few-values');
  expect(code([2, 2, 2], {}, ['a', 'b', 'b'])).toBe('no-variance');
  expect(code([1, 2, 4, 3], { a: [1, 2, 3, 4], b: [3, 5, 7, 9] }, [1, 1, 2, 2])).toBe('collinear');
  expect(code([1, 3, 5, 7], { a: [0, 1, 2, 3] }, [1, 1, 2, 2])).toBe('perfect-fit');
  expect(code([1, 3, 4, 7], {}, [1, 1, 2, 2])).toBe('few-degrees');
  // The one cluster in which `a` varies determines its coefficient alone.
  expect(code([1, 3, 4, 7], { a: [0, 1, 0, 0] }, [1, 1, 2, 2], { type: 'CR3' })).toBe('cluster-determines');
  expect(() => clusterRobustModel([1, 2], {}, [1])).toThrow(RangeError);
  expect(() => clusterRobustModel([1, 2], {}, [1, 2], { weights: [1, -1] })).toThrow(RangeError);
  expect(() => clusterRobustModel([1, 2], {}, [1, 2], { level: 1 })).toThrow(RangeError);
});

test('the effect on those who took part is the effect of the offer over its effect on taking part, whatever is added to both', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const { y, x, cluster } = columnsOf(rows as Case[]);
      const offer = rows.map((_, row) => row % 2);
      const took = rows.map(([, each], row) => (row % 2 === 1 && each > -10 ? 1 : 0));
      const { effect } = complierEffect(y, took, offer, cluster, { covariates: { x } });
      if (effect === null) return;
      const [outcome, part] = [y, took].map((each) => linearModel(each, { offer, x }).model?.coefficients[1]?.estimate);
      if (outcome === undefined || part === undefined || Math.abs(part) < 0.05) return;
      expect(effect.effect.estimate).toBeCloseTo(outcome / part, 7);
      const shifted = complierEffect(
        y.map((each) => each + 1000),
        took,
        offer,
        cluster,
        { covariates: { x } },
      ).effect;
      expect(shifted?.effect.estimate).toBeCloseTo(effect.effect.estimate, 6);
    }),
    { seed: 20903, numRuns: 60 },
  );
});

test('an offer that all follow gives the plain difference; one that moves nobody gives none; a weak one is noted', () => {
  const clusters = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'];
  const offer = [0, 0, 1, 1, 0, 0, 1, 1];
  const y = [1, 3, 5, 8, 2, 2, 4, 6];
  const followed = complierEffect(y, offer, offer, clusters);
  expect(followed.effect?.effect.estimate).toBeCloseTo(5.75 - 2, 12);
  expect(followed.effect?.takeUp).toEqual({ offered: 1, notOffered: 0 });
  expect(
    complierEffect(
      y,
      offer.map(() => 1),
      offer,
      clusters,
    ).notes[0]?.code,
  ).toBe('no-first-stage');
  expect(complierEffect(y, [0, 1, 0, 1, 0, 1, 0, 1], offer, clusters).notes[0]?.code).toBe('no-first-stage');
  const weak = complierEffect(y, [0, 1, 1, 0, 0, 0, 0, 1], offer, clusters);
  expect(weak.notes.map((note) => note.code)).toContain('weak-instrument');
  expect(
    complierEffect(
      y,
      offer.map(() => null),
      offer,
      clusters,
    ).notes[0]?.code,
  ).toBe('too-few-clusters');
  expect(complierEffect([], [], [], []).effect).toBeNull();
  expect(() => complierEffect(y, offer, offer, ['a'])).toThrow(RangeError);
  expect(() => complierEffect(y, offer, offer, clusters, { level: 0 })).toThrow(RangeError);
});

test('saddlepoint p values are those of the formula with its root solved to the end, and fall with t', () => {
  const form = [3, 2, 1, 0.5].map((value, i) => [0, 1, 2, 3].map((j) => (i === j ? value : 0)));
  // From R 4.2.2: uniroot with a tolerance of 1e-15 and pnorm of the upper tail.
  expect(saddlepointP(0.6, form)).toBeCloseTo(0.588462684930677, 9);
  expect(saddlepointP(2.5, form)).toBeCloseTo(0.0844274836951387, 10);
  expect(saddlepointP(6, form)).toBeCloseTo(0.00599111455276184, 11);
  const equal = [1, 1, 1].map((value, i) => [0, 1, 2].map((j) => (i === j ? value : 0)));
  expect(saddlepointP(-2, equal)).toBeCloseTo(0.143920129311889, 10);
  const falling = [0.2, 0.9, 0.999, 1, 1.001, 1.1, 2, 5, 50, 1e4].map((t) => saddlepointP(t, form));
  for (const [at, p] of falling.slice(1).entries()) expect(p).toBeLessThan((falling[at] ?? 0) + 1e-9);
  expect(falling.at(-1)).toBeGreaterThan(0);
  expect(saddlepointP(2, [[0]])).toBeNaN();
  const y = [1, 3, 2, 8, 5, 6, 2, 4];
  const clusters = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'];
  const { model } = clusterRobustModel(y, {}, clusters, { saddlepoint: true });
  expect(model?.coefficients[0]?.saddlepointP).toBeCloseTo(model?.coefficients[0]?.p ?? 0, 1);
  expect(clusterRobustModel(y, {}, clusters).model?.coefficients[0]?.saddlepointP).toBeNull();
});

test('one coefficient jointly tested is its own t test, and the order of several is of no matter', () => {
  const [y, x, z] = [
    [3, 5, 4, 8, 7, 9, 12, 10, 11, 15, 13, 18],
    [1, 2, 2, 3, 4, 4, 5, 5, 6, 7, 7, 9],
    [0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0],
  ];
  const clusters = ['a', 'a', 'b', 'b', 'b', 'c', 'c', 'd', 'd', 'd', 'e', 'e'];
  const { model } = clusterRobustModel(y, { x, z }, clusters);
  const t = model?.coefficients[1];
  const alone = model?.joint(['x'])?.['hotelling-z'];
  expect(alone?.f).toBeCloseTo((t?.t ?? 0) ** 2, 10);
  expect(alone?.df2).toBeCloseTo(t?.df ?? 0, 10);
  expect(alone?.p).toBeCloseTo(t?.p ?? 0, 12);
  const [one, other] = [model?.joint(['x', 'z']), model?.joint(['z', 'x'])];
  for (const name of ['hotelling-a', 'hotelling-z', 'eigen-f', 'eigen-t'] as const) {
    expect(one?.[name].f).toBeCloseTo(other?.[name].f ?? 0, 9);
    expect(
      one?.[name].df2 === other?.[name].df2 || Math.abs((one?.[name].df2 ?? 0) - (other?.[name].df2 ?? 0)) < 1e-9,
    ).toBe(true);
  }
  expect(() => model?.joint(['w'])).toThrow(RangeError);
});
