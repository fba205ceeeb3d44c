/** Agreement of raters beyond the oracle: published examples, closed forms, invariances, and what cannot be said. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agreementShare, kendallW } from '../../analysis/concordance.ts';
import { completeRows } from '../../analysis/covariance.ts';
import { congerKappa, fleissKappa, lightKappa, ratingCounts } from '../../analysis/fleiss-kappa.ts';
import { agreementBesideKappa, cohenKappa, ratingTable } from '../../analysis/kappa.ts';
import { krippendorffAlpha, type RatingScale } from '../../analysis/krippendorff.ts';
import { raterReliability } from '../../analysis/rater-reliability.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { expectClose, oracleColumns } from '../oracle.ts';

const rating = fc.integer({ min: 1, max: 4 });
const threeRaters = fc.array(fc.tuple(rating, rating, rating), { minLength: 4, maxLength: 25 });
const columnsOf = (cases: readonly (readonly number[])[]) =>
  [0, 1, 2].map((rater) => cases.map((ratings) => ratings[rater] ?? 0));
const scales: RatingScale[] = ['nominal', 'ordinal', 'interval', 'ratio'];

test('kappa of a table agrees with psych 2.2.9', () => {
  const table = [
    [10, 3, 1],
    [2, 15, 4],
    [0, 5, 9],
  ];
  expectClose(cohenKappa(table).kappa.value, 0.527027027027027, 1e-13, 'plain');
  expectClose(cohenKappa(table).standardError, Math.sqrt(0.0106524332754763), 1e-13, 'error');
  expectClose(cohenKappa(table).kappa.interval?.upper, 0.729316136392643, 1e-13, 'upper');
  expectClose(cohenKappa(table, 'linear').kappa.value, 0.591240875912409, 1e-13, 'linear');
  expectClose(cohenKappa(table, 'quadratic').kappa.value, 2 / 3, 1e-13, 'quadratic');
});

test('intraclass correlations of ratings with ties agree with psych 2.2.9', () => {
  const raters = [
    [3, 5, 2, 4, 1, 3, 5, 2],
    [4, 5, 2, 4, 2, 3, 4, 3],
    [3, 4, 1, 4, 2, 5, 5, 2],
  ];
  const { oneWay, agreement, consistency, meanSquares } = raterReliability(raters);
  expectClose(oneWay.single.value, 0.767699115044248, 1e-12, 'ICC1');
  expectClose(agreement.single.value, 0.765886287625418, 1e-12, 'ICC2');
  expectClose(agreement.single.interval?.lower, 0.423444020217116, 1e-11, 'lower of ICC2');
  expectClose(agreement.mean.interval?.upper, 0.97991679435938, 1e-11, 'upper of ICC2k');
  expectClose(consistency.single.interval?.upper, 0.93697850642088, 1e-11, 'upper of ICC3');
  expectClose(consistency.single.p, 1.70256891387444e-4, 1e-11, 'p');
  expectClose(meanSquares?.within, 0.416666666666666, 1e-12, 'within');
});

test('the mean of raters in consistency is their Cronbach alpha', () => {
  const items = oracleColumns('bfi.csv', ['N1', 'N2', 'N3']);
  const alpha = cronbachAlpha(completeRows(items)).alpha.value;
  expectClose(raterReliability(items).consistency.mean.value, alpha ?? Number.NaN, 1e-11, 'alpha');
});

test('with two raters, Conger and Light are Cohen, and Fleiss is Scott', () => {
  fc.assert(
    fc.property(threeRaters, (cases) => {
      const [first = [], second = []] = columnsOf(cases);
      const table = ratingTable(first, second);
      const { categories, counts } = ratingCounts([first, second]);
      if (categories.length < 2) return;
      const cohen = cohenKappa(table.counts).kappa.value;
      if (cohen === null) return;
      expect(congerKappa([first, second]).value).toBeCloseTo(cohen, 10);
      expect(lightKappa([first, second]).value).toBeCloseTo(cohen, 10);
      expect(fleissKappa(counts).kappa.value).toBeCloseTo(agreementBesideKappa(table.counts).scottPi ?? 0, 10);
    }),
    { seed: 21301, numRuns: 60 },
  );
});

test('nominal alpha is the kappa of Fleiss but for the number of ratings', () => {
  fc.assert(
    fc.property(threeRaters, (cases) => {
      const raters = columnsOf(cases);
      const kappa = fleissKappa(ratingCounts(raters).counts).kappa.value;
      const alpha = krippendorffAlpha(raters, 'nominal').value;
      if (kappa === null || alpha === null) return;
      const ratings = 3 * cases.length;
      expect(1 - alpha).toBeCloseTo((1 - kappa) * (1 - 1 / ratings), 10);
    }),
    { seed: 21302, numRuns: 60 },
  );
});

test('the order of cases and of raters changes nothing; shift and scale change no interval or rank figure', () => {
  fc.assert(
    fc.property(threeRaters, fc.integer({ min: 1, max: 5 }), (cases, factor) => {
      const raters = columnsOf(cases);
      const turned = [...raters].reverse().map((column) => [...column].reverse());
      for (const scale of scales) {
        const alpha = krippendorffAlpha(raters, scale).value;
        expect(krippendorffAlpha(turned, scale).value ?? 9).toBeCloseTo(alpha ?? 9, 10);
        const stretched = raters.map((column) => column.map((value) => value * factor));
        expect(krippendorffAlpha(stretched, scale).value ?? 9).toBeCloseTo(alpha ?? 9, 10);
      }
      const moved = turned.map((column) => column.map((value) => 100 + factor * value));
      const [one, other] = [raterReliability(raters), raterReliability(moved)];
      expect(other.agreement.single.value ?? 9).toBeCloseTo(one.agreement.single.value ?? 9, 8);
      expect(other.oneWay.mean.value ?? 9).toBeCloseTo(one.oneWay.mean.value ?? 9, 8);
      expect(kendallW(moved).w.value ?? 9).toBeCloseTo(kendallW(raters).w.value ?? 9, 10);
      expect(agreementShare(turned).value).toBe(agreementShare(raters).value);
    }),
    { seed: 21303, numRuns: 40 },
  );
});

test('weights count no disagreement as more than full, and kappa of a table is that of its transpose', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 }), (cells) => {
      const table = [cells.slice(0, 3), cells.slice(3, 6), cells.slice(6)];
      const transposed = table.map((_, i) => table.map((row) => row[i] ?? 0));
      for (const weights of ['none', 'linear', 'quadratic'] as const) {
        const [one, other] = [cohenKappa(table, weights), cohenKappa(transposed, weights)];
        expect(one.kappa.value ?? 9).toBeCloseTo(other.kappa.value ?? 9, 10);
        expect(one.standardError ?? 9).toBeCloseTo(other.standardError ?? 9, 8);
        expect(one.kappa.value ?? 0).toBeLessThanOrEqual(1);
      }
    }),
    { seed: 21304, numRuns: 60 },
  );
});

test('a rater who chooses one category alone makes kappa 0 without an interval, full agreement an interval without width', () => {
  const tables = [
    [
      [7, 3],
      [0, 0],
    ],
    [
      [0, 4, 0],
      [0, 5, 0],
      [0, 2, 0],
    ],
  ];
  for (const table of tables) {
    for (const weights of ['none', 'linear', 'quadratic'] as const) {
      const { kappa, standardError, z, p, observed, expected } = cohenKappa(table, weights);
      expect(kappa).toMatchObject({ value: 0, interval: null, notes: [{ code: 'constant-rater' }] });
      expect({ standardError, z, p }).toEqual({ standardError: null, z: null, p: null });
      expect(observed).toBeCloseTo(expected ?? Number.NaN, 14);
    }
  }
  const { kappa } = cohenKappa([
    [6, 0],
    [0, 4],
  ]);
  expect(kappa).toMatchObject({ value: 1, interval: { lower: 1, upper: 1 }, notes: [{ code: 'full-agreement' }] });
});

test('agreement that cannot be told from chance is null, with the reason', () => {
  const empty = [
    [0, 0],
    [0, 0],
  ];
  expect(cohenKappa(empty).kappa).toMatchObject({ value: null, notes: [{ code: 'no-values' }] });
  expect(agreementBesideKappa(empty).gwetAc1).toBeNull();
  expect(
    cohenKappa([
      [4, 0],
      [0, 0],
    ]),
  ).toMatchObject({ z: null, standardError: null });
  expect(fleissKappa([]).kappa.notes[0]?.code).toBe('no-values');
  expect(fleissKappa([[1, 0]]).kappa.notes[0]?.code).toBe('too-few-raters');
  expect(
    fleissKappa([
      [3, 0],
      [3, 0],
    ]).kappa.notes[0]?.code,
  ).toBe('no-variance');
  expect(
    fleissKappa([
      [2, 0, 0],
      [0, 2, 0],
    ]).categories[2]?.kappa,
  ).toBeNull();
  expect(congerKappa([]).notes[0]?.code).toBe('no-values');
  expect(congerKappa([['a', 'b']]).notes[0]?.code).toBe('too-few-raters');
  expect(congerKappa([['a'], ['a']]).notes[0]?.code).toBe('no-variance');
  expect(lightKappa([[null], [1]]).notes[0]?.code).toBe('no-values');
  expect(lightKappa([[1, 1]]).notes[0]?.code).toBe('too-few-raters');
  expect(
    lightKappa([
      [1, 1],
      [1, 1],
      [1, 2],
    ]).notes[0]?.code,
  ).toBe('no-variance');
  for (const scale of scales) {
    expect(krippendorffAlpha([], scale).notes[0]?.code).toBe('too-few-ratings');
    expect(
      krippendorffAlpha(
        [
          [1, null],
          [null, 2],
        ],
        scale,
      ).notes[0]?.code,
    ).toBe('too-few-ratings');
    expect(
      krippendorffAlpha(
        [
          [2, 2],
          [2, 2],
        ],
        scale,
      ).notes[0]?.code,
    ).toBe('no-variance');
  }
  expect(kendallW([[1], [2]]).w.notes[0]?.code).toBe('too-few-subjects');
  expect(kendallW([[1, 2]]).w.notes[0]?.code).toBe('too-few-raters');
  expect(
    kendallW([
      [1, 1],
      [2, 2],
    ]).w.notes[0]?.code,
  ).toBe('no-variance');
  expect(agreementShare([]).notes[0]?.code).toBe('no-values');
  expect(agreementShare([['a']]).notes[0]?.code).toBe('too-few-raters');
});

test('reliability of raters at its limits', () => {
  const code = (...raters: (number | null)[][]) => raterReliability(raters).agreement.single.notes[0]?.code;
  expect(code()).toBe('too-few-subjects');
  expect(code([1], [1])).toBe('too-few-subjects');
  expect(code([1, null], [null, 2])).toBe('too-few-subjects');
  expect(code([1, 2, 3])).toBe('too-few-raters');
  expect(code([2, 2], [2, 2])).toBe('no-variance');
  expect(code([1, 2, 3], [3, 2, 1])).toBe('negative-icc');
  const alike = raterReliability([
    [0.1, 0.2, 0.4],
    [0.1, 0.2, 0.4],
  ]);
  expect(alike.oneWay.single).toMatchObject({ value: 1, interval: null, notes: [{ code: 'no-residual' }] });
  expect(alike.agreement.mean).toMatchObject({ value: 1, interval: null, p: null });
  const shifted = raterReliability([
    [1, 2, 4],
    [3, 4, 6],
  ]);
  expect(shifted.consistency.single).toMatchObject({ value: 1, interval: null });
  expect(shifted.agreement.single.value).toBeLessThan(1);
});

test('bounds of agreement that are upside down are no interval', () => {
  // All answers of two raters to the first and last of four subjects, between two on which they differ.
  const pairs = [0, 1, 2, 3].flatMap((a) => [0, 1, 2, 3].map((b) => [a, b] as const));
  let turned = 0;
  for (const [a, b] of pairs) {
    for (const [c, d] of pairs) {
      const { agreement } = raterReliability([
        [a, 1, 2, c],
        [b, 2, 1, d],
      ]);
      for (const { interval, notes } of [agreement.single, agreement.mean]) {
        if (interval !== null) expect(interval.lower).toBeLessThanOrEqual(interval.upper);
        else if (notes.some(({ code }) => code === 'no-interval')) turned += 1;
        else expect(notes.length).toBeGreaterThan(0);
      }
    }
  }
  expect(turned).toBeGreaterThan(0);
});

test('a lower bound far below minus one is told as what it is', () => {
  // Mean squares by hand: subjects 1/9, residual 29/18, so the mean of three in consistency is 1 - 29/2.
  const { consistency } = raterReliability([
    [1, 2, 3],
    [2, 3, 1],
    [3, 1, 3],
  ]);
  expect(consistency.mean.value).toBeCloseTo(-13.5, 12);
  expect(consistency.mean.interval?.lower).toBeLessThan(-1);
  expect(consistency.mean.notes.map(({ code }) => code)).toEqual(['negative-icc', 'lower-bound-below-minus-one']);
  expect(consistency.single.interval?.lower).toBeGreaterThanOrEqual(-1);
});

test('wrong callers are told', () => {
  expect(() => cohenKappa([[1]])).toThrow(RangeError);
  expect(() => cohenKappa([[1, 2], [3]])).toThrow(RangeError);
  expect(() =>
    cohenKappa([
      [1, 0.5],
      [1, 1],
    ]),
  ).toThrow(RangeError);
  expect(() =>
    cohenKappa(
      [
        [1, 1],
        [1, 1],
      ],
      'none',
      1,
    ),
  ).toThrow(RangeError);
  expect(() =>
    fleissKappa([
      [1, 1],
      [3, 0],
    ]),
  ).toThrow(RangeError);
  expect(() => fleissKappa([[1, 1], [2]])).toThrow(RangeError);
  expect(() => ratingTable(['a'], [])).toThrow(RangeError);
  expect(() => congerKappa([['a'], []])).toThrow(RangeError);
  expect(() => krippendorffAlpha([[1, 2], [1]], 'nominal')).toThrow(RangeError);
  expect(() =>
    krippendorffAlpha(
      [
        [1, -2],
        [1, 2],
      ],
      'ratio',
    ),
  ).toThrow(RangeError);
  expect(() => krippendorffAlpha([[Number.NaN], [1]], 'nominal')).toThrow(RangeError);
  expect(() =>
    raterReliability([
      [1, Number.POSITIVE_INFINITY],
      [1, 2],
    ]),
  ).toThrow(RangeError);
  expect(() =>
    raterReliability(
      [
        [1, 2],
        [1, 2],
      ],
      0,
    ),
  ).toThrow(RangeError);
  expect(() => agreementShare([['a'], ['b']], 1)).toThrow(RangeError);
  expect(() => agreementShare([[1], [2]], -1)).toThrow(RangeError);
  expect(() => agreementShare([[1], []])).toThrow(RangeError);
});
