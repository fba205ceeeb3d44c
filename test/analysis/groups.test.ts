/** Tests of intraclass correlations and agreement beyond the oracles: closed forms, invariances, degenerate input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementNotes, groupAgreement, rectangularNull, rwgOfGroups } from '../../analysis/agreement.ts';
import { groupsOf } from '../../analysis/compare.ts';
import { groupMoments, momentsOfLists, numberGroups } from '../../analysis/group-moments.ts';
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
  const codes = (groups: Parameters<typeof agreementNotes>[0]) => agreementNotes(groups).map(({ code }) => code);
  expect(codes(found)).toEqual(['group-of-one', 'no-complete-rows']);
  expect(codes([])).toEqual(['no-groups']);
  const labels = ['a', 'a', 'b', 'b', 'c', 'c'];
  const told = groupAgreement([[1, 5, 2, 4, 3, 3]], labels, { range: [1, 5] });
  expect(agreementNotes(told).map(({ text }) => text.slice(0, 12))).toEqual(['1 of 3 group']);
  expect(codes(told)).toEqual(['beyond-null']);
  expect(codes(groupAgreement([[1, 1, 2]], ['a', 'a', 'a'], { range: [1, 5] }))).toEqual(['no-room']);
});

test('a wrong caller of agreement is told', () => {
  expect(() => groupAgreement([], [], { range: [1, 5] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], [], { range: [1, 5] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], ['a'], { range: [5, 1] })).toThrow(RangeError);
  expect(() => groupAgreement([[1]], ['a'], { range: [1, 5], nullVariance: 0 })).toThrow(RangeError);
  expect(() => rectangularNull(1)).toThrow(RangeError);
});

/** Rows of two items with gaps, in groups, some rows in none. */
const gap = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { freq: 8 });
const row = fc.tuple(gap(answer), gap(answer), gap(fc.constantFrom('x', 'y', 'z', 'w')));
const rows = fc.array(row, { maxLength: 40 });

test('one pass over a column gives the moments and intraclass correlations of the groups as lists, far from zero too', () => {
  const value = fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), gap(fc.integer({ min: 1, max: 8 })));
  const offset = fc.constantFrom(0, 1e3, 1e6);
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), offset, (people, far) => {
      const values = people.map(([each], at) => (at % 7 === 6 ? null : far + each));
      const labels = people.map(([, label]) => label);
      const groups = numberGroups(labels);
      const found = groupMoments(values, groups);
      const lists = groupsOf(values, labels);
      const plain = momentsOfLists(lists.map((group) => group.values));
      expect([...groups.labels].sort()).toEqual(lists.map(({ label }) => label));
      for (const [at, { label }] of lists.entries()) {
        const group = groups.labels.indexOf(label);
        const size = plain.sizes[at] ?? 0;
        expect(found.sizes[group]).toBe(size);
        expect(Math.abs((found.means[group] ?? 0) - (plain.means[at] ?? 0))).toBeLessThanOrEqual(1e-14 * (far + 3));
        // What the values themselves lose when they are added to the offset.
        const spread = Math.sqrt(plain.squares[at] ?? 0);
        const lost = 1e-13 * (1 + spread * spread) + 1e-15 * far * size * spread;
        expect(Math.abs((found.squares[group] ?? 0) - (plain.squares[at] ?? 0))).toBeLessThanOrEqual(lost);
      }
      const [once, twice] = [groupReliability(found), groupReliability(lists.map((group) => group.values))];
      expect(codes(once.notes).filter((code) => code !== 'negative-icc')).toEqual(
        codes(twice.notes).filter((code) => code !== 'negative-icc'),
      );
      expect({ n: once.n, groups: once.groups, singletons: once.singletons }).toEqual({
        n: twice.n,
        groups: twice.groups,
        singletons: twice.singletons,
      });
    }),
    { seed: 20703, numRuns: 300 },
  );
});

test('whole answers in one pass: F, ICC(1), ICC(2) and the variances are those of the lists', () => {
  fc.assert(
    fc.property(rows, (people) => {
      const [values, labels] = [people.map(([a]) => a), people.map(([, , label]) => label)];
      const lists = groupsOf(values, labels).map((group) => group.values);
      const moments = groupMoments(values, numberGroups(labels));
      const [once, plain] = [groupReliability(moments), groupReliability(lists)];
      for (const [found, expected] of [
        [once.f, plain.f],
        [once.icc1.value, plain.icc1.value],
        [once.icc2.value, plain.icc2.value],
        [once.icc1.interval?.lower ?? null, plain.icc1.interval?.lower ?? null],
        [groupVariance(moments, 'reml').within, groupVariance(lists, 'reml').within],
      ] as const) {
        if (expected === null || !Number.isFinite(expected)) expect(found).toBe(expected);
        else expectClose(found, expected, 1e-9);
      }
    }),
    { seed: 20704, numRuns: 300 },
  );
});

test('agreement in one pass is that of the definitions, group by group', () => {
  const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
  const variance = (values: readonly number[]) =>
    values.reduce((total, value) => total + (value - mean(values)) ** 2, 0) / (values.length - 1);
  const middle = (values: readonly number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
  };
  const distance = (values: readonly number[], from: number) => mean(values.map((value) => Math.abs(value - from)));
  const close = (found: number | null | undefined, expected: number) => {
    if (Number.isNaN(expected)) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  };
  fc.assert(
    fc.property(rows, (people) => {
      const columns = [people.map(([a]) => a), people.map(([, b]) => b)];
      const labels = people.map(([, , label]) => label);
      const found = groupAgreement(columns, labels, { range: [1, 5] });
      expect(found.map(({ group }) => group)).toEqual([...new Set(labels.filter((label) => label !== null))]);
      for (const each of found) {
        const members = people.filter(([, , label]) => label === each.group);
        const all = [0, 1].map((item) =>
          members.flatMap((person) => (person[item] === null ? [] : [Number(person[item])])),
        );
        const whole = members.filter(([a, b]) => a !== null && b !== null);
        const complete = [whole.map(([a]) => Number(a)), whole.map(([, b]) => Number(b))];
        const share = mean(complete.map(variance)) / 2;
        expect(each.n).toBe(whole.length);
        close(each.lindell, whole.length < 2 ? Number.NaN : 1 - share);
        const agreed = 2 * Math.max(0, 1 - share);
        close(each.rwgJ, whole.length < 2 ? Number.NaN : agreed / (agreed + Math.min(1, share)));
        for (const [item, values] of all.entries()) {
          close(each.items[item], values.length < 2 ? Number.NaN : Math.max(0, 1 - variance(values) / 2));
          close(each.itemDeviations[item], values.length < 2 ? Number.NaN : distance(values, mean(values)));
        }
        const from = (centre: (values: readonly number[]) => number) =>
          whole.length < 2 ? Number.NaN : mean(complete.map((values) => distance(values, centre(values))));
        close(each.deviationFromMean, from(mean));
        close(each.deviationFromMedian, from(middle));
      }
      const without = found.map(({ itemDeviations, deviationFromMean, deviationFromMedian, ...rest }) => rest);
      expect(rwgOfGroups(columns, labels, { range: [1, 5] })).toEqual(without);
    }),
    { seed: 20705, numRuns: 300 },
  );
});

test('a large group is sorted as a small one, and awg keeps a mean that is right at its limit', () => {
  const many = Array.from({ length: 201 }, (_, at) => ((at * 7) % 5) + 1);
  const [found] = groupAgreement(
    [many],
    many.map(() => 'a'),
    { range: [1, 5] },
  );
  // 41 ones and 40 of each other answer: the median is 3, and people are 2, 1, 0, 1 and 2 away.
  expectClose(found?.deviationFromMedian, (41 * 2 + 40 * (1 + 0 + 1 + 2)) / 201, 1e-13);
  for (const size of [3, 6, 7, 11, 49]) {
    const oneApart = [...new Array<number>(size - 1).fill(1), 5];
    const [edge] = groupAgreement(
      [oneApart],
      oneApart.map(() => 'a'),
      { range: [1, 5] },
    );
    expectClose(edge?.awg, -1, 1e-12);
  }
});

test('one pass refuses what is no column of answers, and keeps equal values without spread', () => {
  const groups = numberGroups(['a', 'a', 'b']);
  expect(() => groupMoments([1, 2], groups)).toThrow(RangeError);
  expect(() => groupMoments([1, Number.NaN, 2], groups)).toThrow(RangeError);
  expect([...groupMoments([0.1, 0.1, null], groups).squares]).toEqual([0, 0]);
  expect(groupReliability(groupMoments([], numberGroups([])))).toMatchObject({ n: 0, groups: 0, f: null });
  expect(codes(groupReliability(groupMoments([0.1, 0.1, 0.3], groups)).notes)).toEqual(['no-variance', 'singleton']);
});

test('an item that all answer at an end counts as agreed in awg, as in R', () => {
  // R 4.2.2, multilevel 2.7, awg(x, g, c(0, 4)): company 37 of lq2002, items HOSTIL01, 03, 04, 05.
  const columns = [
    [0, 1, 1, 0, 1, 0, 0, 1, 0, 0],
    [0, 1, 0, 0, 3, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 3, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ];
  const [group] = groupAgreement(columns, columns[0]?.map(() => 'a') ?? [], { range: [0, 4] });
  expectClose(group?.awg, 0.333333333333333, 1e-12);
});
