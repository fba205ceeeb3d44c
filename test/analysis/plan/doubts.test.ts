/** Notes name columns and count in words; what has no figure says so of each term; shares above 1 are told. */
import { describe, expect, it } from 'vitest';
import { omegaHierarchical } from '../../../analysis/omega.ts';
import { omegaOrdinal } from '../../../analysis/omega-ordinal.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { ask, estimateOf } from './ask.ts';

const answers = {
  anna: [1, 2, 3, 4, 5, 2, 4, 1],
  bert: [2, 2, 3, 5, 5, 1, 4, 2],
  carl: [5, 4, 3, 1, 1, 5, 2, 4],
  dora: [3, 3, 3, 3, 3, 3, 3, 3],
  emma: [4, 5, 2, 1, 2, 4, 1, 5],
  fred: [1, 3, 3, 4, 4, 2, 5, 1],
};
const data = datasetOf(answers);
const items = Object.keys(answers);
const moving = items.filter((name) => name !== 'dora');

describe('notes name the columns', () => {
  const textsOf = (analysis: string, options: object) => {
    const { notes = [], tables, estimates = [] } = ask(data, analysis, options);
    const all = [
      ...notes,
      ...tables.flatMap((table) => table.notes),
      ...estimates.flatMap((one) => one.estimate.notes),
    ];
    return [...new Set(all.map(({ text }) => text))];
  };

  it.each([
    ['cronbach-alpha', { items: ['anna', 'bert', 'carl', 'dora'] }, 'Everybody gave the same answer to dora.'],
    [
      'cronbach-alpha',
      { items: ['anna', 'bert', 'carl', 'fred'] },
      'carl goes against the sum of the others. Check the keying.',
    ],
    ['guttman-bounds', { items }, 'dora does not vary, so it has no correlations.'],
    ['omega-total', { items: moving, gaps: false }, 'carl and emma go against the others. Check the keying.'],
    [
      'omega-hierarchical',
      { items: moving, groups: 1 },
      'carl and emma go against the general factor and were turned.',
    ],
    ['polychoric-correlations', { items: ['anna', 'dora'] }, 'Everybody gave the same answer to dora.'],
    ['number-of-factors', { items, correlations: 'polychoric', seed: 1 }, 'Everybody gave the same answer to dora.'],
    [
      'confirmatory-factor-analysis',
      { factors: [{ name: 'f', items: ['bert', 'anna', 'dora'] }] },
      'dora does not vary, so no model.',
    ],
    ['likelihood-moments', { columns: items }, 'dora does not vary, so no moments.'],
    ['careless-answers', { items }, 'dora does not vary, so no moments.'],
  ])('%s %j', (analysis, options, expected) => {
    const texts = textsOf(analysis, options);
    expect(texts).toContain(expected);
    expect(texts.filter((text) => /\b(items?|columns?) \d/i.test(text))).toEqual([]);
  });

  it('a group factor is not taken for the item of its place', () => {
    // Two clusters of items and one between them; the group factors, not the items, are the cases of the second extraction.
    const r = (i: number, j: number) => (i === j ? 1 : Math.floor(i / 2) === Math.floor(j / 2) ? 0.6 : 0.55);
    const six = Array.from({ length: 6 }, (_, i) => Array.from({ length: 6 }, (__, j) => r(i, j)));
    const told = omegaHierarchical(six, 3).notes.filter(({ text }) => text.startsWith('Of the group factors'));
    for (const { text } of told) expect(text).not.toMatch(/item/);
  });
});

it('a label that nobody has is refused wherever labels are counted', () => {
  const few = datasetOf({
    y: ['Yes', 'No', 'Yes', 'No'],
    arm: [0, 0, 1, 1],
    school: ['a', 'b', 'c', 'd'],
    x: [1, 3, 2, 5],
  });
  const ones = ['yes'];
  const asked = [
    ['proportion', {}],
    ['proportion-difference', { group: 'arm', compare: [1, 0] }],
    ['survey-proportion', { stages: [{ units: 'school' }] }],
    ['logistic-regression', { predictors: ['x'] }],
  ] as const;
  for (const [analysis, more] of asked) {
    const options = { outcome: 'y', ones, ...more };
    const refused = 'analyses[0].options.ones[0]: no row has yes in column y';
    expect(() => ask(few, analysis, options), analysis).toThrow(refused);
    expect(ask(few, analysis, { ...options, ones: ['Yes'] }).estimates?.length, analysis).toBeGreaterThan(0);
  }
  // Whoever counts any answer does not look at labels.
  const answered = ask(few, 'survey-proportion', { outcome: 'y', answered: true, stages: [{ units: 'school' }] });
  expect(answered.text).toContain('any value');
});

it('one is counted as one', () => {
  const two = datasetOf({ a: [1, 2, 3, 4, 2], b: [2, 1, 4, 3, null], c: [1, 3, 4, 4, 2] });
  const omega = ask(two, 'omega-total', { items: ['a', 'b', 'c'], gaps: false });
  expect(omega.estimates?.flatMap(({ estimate }) => estimate.notes).map(({ text }) => text)).toContain(
    '1 row with missing answers left out.',
  );
  const one = datasetOf({ a: [3], b: [4], g: ['x'] });
  expect(ask(one, 'cronbach-alpha', { items: ['a', 'b'] }).text).toMatch(/1 of 1 row is complete\.$/);
  expect(ask(one, 'group-reliability', { outcome: 'a', group: 'g' }).text).toMatch(/of 1 person in 1 group by/);
});

describe('a regression that cannot be had names its terms and counts its rows', () => {
  const rows = datasetOf({
    y: [1, 2, 3, 4, 5, null],
    z: [0, 0, 0, 1, 1, 1],
    x: [1, 2, 3, 4, 5, 6],
    twice: [2, 4, 6, 8, 10, 12],
    g: ['a', 'b', 'a', 'b', 'a', 'b'],
  });
  const predictors = ['x', 'twice'];
  it.each([
    ['linear-regression', { outcome: 'y', predictors }, 5, 'collinear'],
    ['logistic-regression', { outcome: 'z', predictors }, 6, 'collinear'],
    ['cluster-robust-regression', { outcome: 'y', predictors, cluster: 'g' }, 5, 'collinear'],
    ['mixed-model', { outcome: 'y', predictors, levels: ['g'] }, 5, 'collinear'],
    ['survey-regression', { outcome: 'y', predictors, stages: [{ units: 'g' }] }, 5, 'collinear'],
  ])('%s', (analysis, options, n, code) => {
    const { estimates = [] } = ask(rows, analysis, options);
    expect(estimates.map(({ label }) => label)).toEqual(['(Intercept)', 'x', 'twice']);
    for (const { estimate } of estimates) {
      expect(estimate).toMatchObject({ value: null, n });
      expect(estimate.notes.map((note) => note.code)).toContain(code);
    }
  });
});

it('without gaps Rubin’s rules give the errors and intervals of the ordinary regression', () => {
  // R 4.2.2: lm(y ~ a + b), glm(z ~ a, binomial, epsilon = 1e-15), confint and confint.default.
  const given = datasetOf({
    y: [3, 5, 4, 7, 8, 6, 9, 12],
    a: [1, 2, 2, 4, 5, 4, 6, 7],
    b: [0, 1, 0, 1, 0, 0, 1, 1],
    z: [0, 1, 0, 1, 0, 1, 0, 1],
  });
  const linear = ask(given, 'imputed-regression', { outcome: 'y', predictors: ['a', 'b'], seed: 1 });
  const slope = estimateOf(linear, 'term-2');
  expect(slope.value).toBeCloseTo(1.262626262626, 11);
  expect(slope.interval?.lower).toBeCloseTo(0.932343811912, 11);
  expect(slope.interval?.upper).toBeCloseTo(1.59290871334, 10);
  const tests = linear.tables.find(({ id }) => id === 'x-tests')?.rows ?? [];
  const near = (value: number) => expect.closeTo(value, 11);
  expect(tests).toEqual([
    ['(Intercept)', near(0.500722618319), near(2.92002230103), 5, near(0.033012890545431), 0],
    ['a', near(0.128485483767), near(9.82699543644), 5, near(0.000185859137844), 0],
    ['b', near(0.504826970734), near(1.56569297249), 5, near(0.178196519526289), 0],
  ]);
  const logistic = ask(given, 'imputed-regression', { outcome: 'z', predictors: ['a'], model: 'logistic', seed: 1 });
  expect(estimateOf(logistic, 'term-2').interval?.upper).toBeCloseTo(0.927784117211, 9);
  expect(logistic.tables.find(({ id }) => id === 'x-tests')?.rows[1]?.[1]).toBeCloseTo(0.37201471186, 10);
});

describe('shares above 1', () => {
  it('turned items that cancel: omega hierarchical over total, and the definition that stays a share', () => {
    // R 4.2.2, psych 2.2.9: l <- fa(R, 1, fm = "minres")$loadings; the items turned by the signs of l.
    const r = [
      [1, -0.45, 0.48, -0.59, -0.22],
      [-0.45, 1, -0.33, 0.44, -0.51],
      [0.48, -0.33, 1, -0.5, -0.4],
      [-0.59, 0.44, -0.5, 1, -0.3],
      [-0.22, -0.51, -0.4, -0.3, 1],
    ];
    const found = omegaHierarchical(r, 1);
    expect(found.hierarchical).toBeCloseTo(0.7208957147, 5);
    expect(found.total).toBeCloseTo(0.7183054816, 5);
    expect(found.asymptotic).toBeCloseTo(1.0036060328, 5);
    expect(found.byModel.hierarchical).toBeCloseTo(0.7190332509, 5);
    expect(found.byModel.total).toBeCloseTo(0.7190332509, 5);
    expect(found.byModel.asymptotic).toBeCloseTo(1, 12);
    expect(found.notes.map(({ code }) => code)).toContain('beyond-one');
  });

  it('ordered answers whose loadings pass 1', () => {
    const wild = [
      [3, 3, 1, 1, 2, 2, 2, 1, 3, 1],
      [2, 2, 2, 3, 2, 1, 2, 1, 2, 2],
      [1, 2, 2, 1, 3, 2, 3, 2, 2, 2],
      [2, 3, 3, 2, 3, 1, 2, 2, 1, 2],
    ];
    expect(omegaOrdinal(wild).ofLatentResponses.notes.map(({ code }) => code)).toContain('beyond-one');
    // By its model the sum of these has no variance, so nothing is a share of it.
    const none = [
      [1, 1, 1, 2, 2, 2, 3, 1, 2, 1],
      [1, 1, 2, 1, 1, 3, 3, 3, 2, 3],
      [3, 3, 2, 2, 2, 2, 2, 2, 2, 3],
      [2, 2, 3, 3, 3, 3, 2, 2, 3, 3],
    ];
    const { ofLatentResponses } = omegaOrdinal(none);
    expect(ofLatentResponses.value).toBeNull();
    expect(ofLatentResponses.notes.map(({ code }) => code)).toContain('no-variance');
  });

  it('correlations without errors have no factor and no omega', () => {
    const answersOf = [
      [3, 3, 3, 3, 3, 1, 3, 2, 3, 3],
      [1, 1, 1, 1, 1, 1, 2, 3, 1, 1],
      [1, 3, 1, 2, 3, 2, 3, 3, 2, 2],
      [1, 1, 3, 3, 1, 3, 2, 1, 1, 2],
    ];
    const { factor, ofAnswers } = omegaOrdinal(answersOf);
    expect(factor).toBeNull();
    expect(ofAnswers).toMatchObject({ value: null, notes: [{ code: 'no-errors' }] });
  });
});

it('a design effect below zero is refused, since no ICC is less than -1 / (n - 1)', () => {
  const none = datasetOf({ a: [1] });
  const asked = (clusterSize: number | number[], icc: number | number[]) => () =>
    ask(none, 'design-effect', { clusterSize, icc });
  expect(asked(11, -0.2)).toThrow('analyses[0].options.icc');
  expect(asked([2, 11], [0.1, -0.2])).toThrow('analyses[0].options.icc[1]');
  // At the least there is, the mean of a cluster does not vary: 1 + 10 * -0.1 = 0.
  expect(asked(11, -0.1)().estimates?.[0]?.estimate.value).toBeCloseTo(0, 12);
  expect(asked(1, -1)().estimates?.[0]?.estimate.value).toBe(1);
});

it('a factor model without degrees of freedom leaves nothing out, and says so', () => {
  const columns = { a: [1, 2, 4, 3, 5, 2, 4, 5], b: [1, 3, 4, 4, 5, 1, 3, 4], c: [2, 2, 5, 3, 4, 1, 4, 5] };
  const found = ask(datasetOf(columns), 'confirmatory-factor-analysis', {
    factors: [{ name: 'f', items: ['a', 'b', 'c'] }],
  });
  const left = found.tables.find(({ id }) => id === 'x-modifications');
  expect(left?.rows).toEqual([]);
  expect(left?.notes?.map(({ code }) => code)).toEqual(['saturated']);
});

it('clusters that hold both arms are told where whole clusters should have been assigned', () => {
  const y = [1, 2, 4, 3, 6, 5, 7, 9];
  const arm = [0, 0, 0, 0, 1, 1, 1, 1];
  const told = (k: number[]) =>
    ask(datasetOf({ y, arm, k }), 'clustered-effect', { outcome: 'y', group: 'arm', compare: [1, 0], cluster: 'k' })
      .notes?.find(({ code }) => code === 'arms-share-clusters')
      ?.text.slice(0, 45);
  expect(told([1, 1, 2, 2, 2, 2, 3, 3])).toBe('1 of 3 clusters of k hold people of both arms'.slice(0, 45));
  expect(told([1, 1, 2, 2, 3, 3, 4, 4])).toBeUndefined();
});
