/** Tests of intraclass correlations and agreement beyond the oracles: closed forms, invariances, degenerate input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupAgreement, rectangularNull } from '../../analysis/agreement.ts';
import { groupReliability, steppedUp } from '../../analysis/group-reliability.ts';
import { groupVariance } from '../../analysis/group-variance.ts';
import { expectClose } from '../oracle.ts';

const answer = fc.integer({ min: 1, max: 5 });
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

test('with equal groups all definitions meet: n0 is the mean size, and likelihood gives the analysis of variance', () => {
  const groups = [
    [1, 2, 3, 2],
    [2, 3, 4, 4],
    [6, 7, 8, 6],
  ];
  const found = groupReliability(groups);
  expect(found.effectiveSize).toBe(4);
  expectClose(found.icc1.value, found.icc1MeanSize.value ?? 0, 1e-14);
  expectClose(found.icc2SteppedUp, found.icc2.value ?? 0, 1e-14);
  expectClose(groupVariance(groups, 'reml').icc, found.icc1.value ?? 0, 1e-10);
  // Full likelihood in closed form: between = ((J - 1) / J MSB - MSW) / n.
  const between = ((2 / 3) * (found.meanSquareBetween ?? 0) - (found.meanSquareWithin ?? 0)) / 4;
  expectClose(groupVariance(groups, 'ml').between, between, 1e-10);
  expect(found.icc1.interval?.lower).toBeLessThan(found.icc1.value ?? 0);
  expect(found.icc1.interval?.upper).toBeGreaterThan(found.icc1.value ?? 0);
});

test('neither order, gaps, empty groups nor a change of unit move the figures', () => {
  const group = fc.array(answer, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(group, { minLength: 3, maxLength: 6 }), (groups) => {
      const plain = groupReliability(groups);
      const other = groupReliability([
        [],
        ...[...groups].reverse().map((values) => [null, ...values.map((value) => 10 + 2 * value)]),
      ]);
      if (plain.icc1.value === null) expect(other.icc1.value).toBeNull();
      else expect(other.icc1.value).toBeCloseTo(plain.icc1.value, 10);
      expect(other.n).toBe(plain.n);
    }),
    { seed: 20701, numRuns: 100 },
  );
});

test('groups that say nothing give notes instead of values', () => {
  expect(groupReliability([])).toMatchObject({ n: 0, groups: 0, f: null, icc1: { value: null, interval: null } });
  expect(codes(groupReliability([[1, 2]]).icc2.notes)).toEqual(['too-few-groups']);
  expect(codes(groupReliability([[1], [2]]).notes)).toEqual(['too-few-values', 'singleton']);
  expect(
    codes(
      groupReliability([
        [1, 1],
        [2, 2],
      ]).notes,
    ),
  ).toEqual(['no-variance']);
  expect(codes(groupReliability([[1, 3], [3, 1], [2]]).notes)).toEqual(['singleton', 'negative-icc']);
  expect(codes(groupReliability([[null, null], [null]]).notes)).toEqual(['too-few-groups']);
  expect(() =>
    groupReliability(
      [
        [1, 2],
        [2, 3],
      ],
      95,
    ),
  ).toThrow(RangeError);
  expect(
    groupVariance(
      [
        [1, 3],
        [3, 1],
      ],
      'reml',
    ),
  ).toMatchObject({ between: 0, within: 4 / 3, icc: 0 });
  expect(
    codes(
      groupVariance(
        [
          [1, 3],
          [3, 1],
        ],
        'ml',
      ).notes,
    ),
  ).toEqual(['singular']);
  expect(codes(groupVariance([[1, 3]], 'ml').notes)).toEqual(['too-few-groups']);
  expect(codes(groupVariance([[1], [3]], 'reml').notes)).toEqual(['too-few-values']);
  expect(
    codes(
      groupVariance(
        [
          [1, 1],
          [3, 3],
        ],
        'reml',
      ).notes,
    ),
  ).toEqual(['no-variance']);
  expect(steppedUp(null, 3)).toBeNull();
});

test('one voice is full agreement, the null variance is none, and more than that is not below none', () => {
  const labels = ['a', 'a', 'a', 'b', 'b', 'b'];
  const [same, ends] = groupAgreement([[3, 3, 3, 1, 5, 5]], labels, { range: [1, 5] });
  expect(same).toMatchObject({ n: 3, items: [1], rwgJ: 1, lindell: 1, deviationFromMean: 0, awg: 1 });
  expect(ends).toMatchObject({ items: [0], rwgJ: 0 });
  expectClose(ends?.deviationFromMedian, 4 / 3, 1e-14);
  expectClose(ends?.lindell, 1 - 16 / 3 / 2, 1e-14);
  const [atNull] = groupAgreement([[1, 3, 2]], ['a', 'a', 'a'], { range: [1, 5], nullVariance: 1 });
  expect(atNull).toMatchObject({ items: [0], rwgJ: 0, lindell: 0 });
});

test('agreement does not depend on the direction of the scale or on the order of people', () => {
  const people = fc.array(fc.tuple(answer, answer, fc.constantFrom('x', 'y', 'z')), { minLength: 2, maxLength: 15 });
  fc.assert(
    fc.property(people, (rows) => {
      const figures = (turn: (value: number) => number, order: typeof rows) =>
        new Map(
          groupAgreement(
            [order.map(([a]) => turn(a)), order.map(([, b]) => turn(b))],
            order.map(([, , label]) => label),
            { range: [1, 5] },
          ).map(({ group, ...rest }) => [group, rest]),
        );
      const plain = figures((value) => value, rows);
      const other = figures((value) => 6 - value, [...rows].reverse());
      for (const [group, { n, rwgJ, lindell, deviationFromMean }] of plain) {
        const turned = other.get(group);
        expect(turned?.n).toBe(n);
        if (rwgJ === null) expect(turned?.rwgJ).toBeNull();
        else expect(turned?.rwgJ).toBeCloseTo(rwgJ, 10);
        if (lindell !== null) expect(turned?.lindell).toBeCloseTo(lindell, 10);
        if (deviationFromMean !== null) expect(turned?.deviationFromMean).toBeCloseTo(deviationFromMean, 10);
      }
    }),
    { seed: 20702, numRuns: 100 },
  );
});

test('groups of one, groups without a complete row and people without a group', () => {
  const found = groupAgreement(
    [
      [4, 2, null, 3],
      [4, null, 3, 3],
    ],
    ['one', 'gaps', 'gaps', null],
    { range: [1, 5] },
  );
  const unknown = { rwgJ: null, lindell: null, deviationFromMean: null, deviationFromMedian: null, awg: null };
  expect(found).toEqual([
    { group: 'one', n: 1, items: [null, null], itemDeviations: [null, null], ...unknown },
    { group: 'gaps', n: 0, items: [null, null], itemDeviations: [null, null], ...unknown },
  ]);
  expect(groupAgreement([[]], [], { range: [1, 5] })).toEqual([]);
});

test('a wrong caller of agreement is told', () => {
  expect(() => groupAgreement([], [], { range: [1, 5] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], [], { range: [1, 5] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], ['a'], { range: [5, 1] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], ['a'], { range: [1, 5], nullVariance: 0 })).toThrow(RangeError);
  expect(() => rectangularNull(1)).toThrow(RangeError);
});
