/** What keeps a plan from running is told at once, by path, before anything is computed; what fails otherwise is a fault of ours. */
import { describe, expect, it } from 'vitest';
import { type Cell, type Dataset, datasetOf } from '../../../analysis/plan/dataset.ts';
import {
  AnalysisFailure,
  checkPlan,
  type Plan,
  PlanError,
  parsePlan,
  planIssues,
  runPlan,
} from '../../../analysis/plan.ts';
import { ask, estimateOf } from './ask.ts';

function planOf(...analyses: object[]): Plan {
  const parsed = parsePlan({ title: 'T', analyses });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

/** Codes and paths of what is wrong with one analysis on these data. */
function against(data: Dataset, analysis: string, options: object, more: object = {}): string[] {
  return checkPlan(planOf({ analysis, options, ...more }), data).map(
    ({ code, path, message }) => `${code} at ${path.replace('analyses[0].options.', '')}: ${message}`,
  );
}

const rows = 300;
const column = (of: (row: number) => Cell) => Array.from({ length: rows }, (_, row) => of(row));
const many = datasetOf({
  score: column((row) => row / 7),
  name: column((row) => `p${row}`),
  answer: column((row) => 1 + (row % 5)),
  other: column((row) => 1 + ((row * row) % 5)),
  third: column((row) => 1 + ((row * 3 + (row % 7)) % 5)),
  half: column((row) => (row < 80 ? 'early' : 'late')),
});

describe('a column of many values is no column of categories', () => {
  const told = (name: string, most: number, different = rows) =>
    `column ${name} holds ${different} different values; as categories at most ${most} are taken`;

  it.each([
    ['chi-square-test', { rows: 'score', columns: 'half' }, `too-many-categories at rows: ${told('score', 100)}`],
    ['chi-square-test', { rows: 'half', columns: 'name' }, `too-many-categories at columns: ${told('name', 100)}`],
    ['cohen-kappa', { raters: ['score', 'answer'] }, `too-many-categories at raters[0]: ${told('score', 100)}`],
    ['fleiss-kappa', { raters: ['answer', 'name'] }, `too-many-categories at raters[1]: ${told('name', 100)}`],
    [
      'polychoric-correlations',
      { items: ['answer', 'score'] },
      `too-many-categories at items[1]: ${told('score', 50)}`,
    ],
    [
      'ordinal-reliability',
      { items: ['answer', 'other', 'score'] },
      `too-many-categories at items[2]: ${told('score', 50)}`,
    ],
    [
      'exploratory-factor-analysis',
      { items: ['answer', 'other', 'score'], factors: 1, correlations: 'polychoric' },
      'refused at items[2]: column score holds 300 different values; polychoric correlations take at most 50',
    ],
    [
      'linear-regression',
      { outcome: 'answer', factors: ['name'] },
      `too-many-categories at factors[0]: ${told('name', 200)}`,
    ],
    [
      'mixed-model',
      { outcome: 'answer', factors: ['score'], levels: ['half'] },
      `too-many-categories at factors[0]: ${told('score', 200)}`,
    ],
    [
      'measurement-invariance',
      { factors: [{ name: 'f', items: ['answer', 'other', 'third'] }], group: 'name' },
      `too-many-categories at group: ${told('name', 100)}`,
    ],
    [
      'matching',
      { group: 'half', compare: ['early', 'late'], covariates: ['answer', 'name'] },
      'refused at covariates[1]: column name holds 300 different labels; at most 200 are taken',
    ],
  ])('%s %j', (analysis, options, expected) => {
    expect(against(many, analysis, options)).toEqual([expected]);
  });

  it('only the rows of the analysis count', () => {
    const options = { rows: 'name', columns: 'answer' };
    expect(against(many, 'chi-square-test', options, { where: { half: 'early' } })).toEqual([]);
    expect(against(many, 'chi-square-test', options, { where: { half: 'late' } })).toEqual([
      `too-many-categories at rows: ${told('name', 100, 220)}`,
    ]);
  });

  it('groups that need no table of categories may be many', () => {
    expect(against(many, 'group-means', { outcome: 'answer', group: 'name' })).toEqual([]);
    expect(against(many, 'cluster-robust-regression', { outcome: 'answer', cluster: 'name' })).toEqual([]);
  });
});

it('labels that no row has are told of every analysis, and nothing is computed before', () => {
  const test = (group: string, compare: unknown[]) => ({
    analysis: 't-test',
    options: { outcome: 'answer', group, compare },
  });
  const plan = planOf(
    { analysis: 'descriptives', options: { columns: ['answer'] } },
    test('half', ['early', 'late']),
    test('half', ['early', 'never']),
    { ...test('half', ['late', 'early']), where: { half: 'late' } },
    test('answer', [1, 1]),
  );
  const shares: number[] = [];
  const run = () => runPlan(plan, many, ({ share }) => shares.push(share));
  expect(run).toThrow(PlanError);
  expect(shares).toEqual([]);
  expect(checkPlan(plan, many).map(({ path, message }) => `${path}: ${message}`)).toEqual([
    'analyses[2].options.compare[1]: no row has never in column half',
    'analyses[3].options.compare[1]: no row has early in column half',
    'analyses[4].options.compare[1]: two different groups are compared',
  ]);
});

it('one mistake does not hide the others', () => {
  const parsed = parsePlan({
    title: '',
    seed: 1,
    analyses: [
      { analysis: 'cronbach-alpha', id: 'Not an id', options: { items: ['a'], level: 95, reversed: ['b', 'c'] } },
      { analysis: 'no-such', options: 7 },
      {
        analysis: 'mixed-model',
        options: { outcome: 'y', levels: ['g'], predictors: ['y', 'x', 'x'], slopes: ['z'], level: 2 },
      },
      { analysis: 'power', id: 'one', options: {} },
      { analysis: 'omega-hierarchical', id: 'one', options: { items: ['a', 'b', 'c'], groups: 3, lvl: 1 } },
    ],
  });
  expect(parsed.ok ? [] : parsed.issues.map(({ path }) => path).sort()).toEqual(
    [
      'title',
      'seed',
      'analyses[0].id',
      'analyses[0].options.items',
      'analyses[0].options.level',
      'analyses[1].analysis',
      'analyses[1].options',
      'analyses[2].options.level',
      'analyses[2].options.predictors[0]',
      'analyses[2].options.predictors[2]',
      'analyses[2].options.slopes[0]',
      'analyses[3].analysis',
      'analyses[4].id',
      'analyses[4].options.groups',
      'analyses[4].options.lvl',
    ].sort(),
  );
});

it.each([
  ['adjust-p-values', { p: [0.1, 0.2], family: 1, labels: ['a'] }, ['labels', 'family']],
  [
    'cluster-trial-power',
    { clusters: [10, 4], clusterSize: 5, icc: 0.1, effect: 0.2, clusterCovariates: 2 },
    ['clusterCovariates'],
  ],
  ['group-agreement', { items: ['a'], range: [1, 3.5], group: 'g' }, ['range']],
  ['scale-scores', { items: ['a', 'b'], least: 3 }, ['least']],
  [
    'careless-answers',
    { items: ['a', 'b'], scales: [{ items: ['a', 'b'], reversed: ['c'] }], list: -1 },
    ['list', 'scales[0].reversed[0]', 'range'],
  ],
  [
    'matching',
    { group: 'g', compare: [1, 0], covariates: ['a', 'g', 'a'], exact: ['b'] },
    ['covariates[2]', 'exact[0]', 'covariates[1]'],
  ],
  ['complier-effect', { outcome: 'y', takingPart: 'y', offer: 'y', cluster: 'k' }, ['takingPart', 'offer']],
  [
    'confirmatory-factor-analysis',
    {
      factors: [
        { name: 'f', items: ['1.5', 'a b'] },
        { name: 'f', items: ['c', 'd'] },
      ],
      residualCovariances: [['c', 'c']],
    },
    ['factors[1].name', 'factors[0].items[0]', 'factors[0].items[1]', 'residualCovariances[0][1]'],
  ],
  ['imputed-regression', { outcome: 'y', predictors: ['x'], auxiliary: ['x'], seed: 1 }, ['auxiliary[0]']],
])('%s %j is refused by path', (analysis, options, paths) => {
  const parsed = parsePlan({ title: 'T', analyses: [{ analysis, options }] });
  expect(parsed.ok ? [] : parsed.issues.map(({ path }) => path.replace('analyses[0].options.', '')).sort()).toEqual(
    [...paths].sort(),
  );
});

describe('values that do not fit the options', () => {
  const data = datasetOf({
    a: [1, 5, -9, 2, null],
    b: [4, 1, 3, 2, 6],
    c: [2, 4, 1, 5, 3],
    w: [1, 1, -1, 1, 1],
    n: [3, 3, 3, 3, 3],
    g: ['x', 'x', null, 'y', 'y'],
    y: [0, 1, 2, 1, 0],
  });

  it('answers outside the declared range are told by column and row', () => {
    const hint = 'if it stands for a missing value, name it in "missing" of the plan';
    const expected = [
      `refused at items[0]: column a, row 4: the answer -9 lies outside 1 to 5; ${hint}`,
      `refused at items[1]: column b, row 6: the answer 6 lies outside 1 to 5; ${hint}`,
    ];
    const options = { items: ['a', 'b', 'c'], range: [1, 5] };
    for (const analysis of ['cronbach-alpha', 'omega-total', 'scale-scores', 'guttman-bounds', 'careless-answers']) {
      expect(against(data, analysis, options), analysis).toEqual(expected);
    }
    expect(against(data, 'group-agreement', { ...options, group: 'g' })).toEqual(expected);
    expect(against(data, 'cronbach-alpha', { items: ['a', 'b', 'c'] })).toEqual([]);
    expect(against(data, 'cronbach-alpha', { ...options, range: [-9, 6] })).toEqual([]);
  });

  it.each([
    ['survey-mean', { outcomes: ['a'], strata: 'g' }, 'strata: column g, row 4: a design may have no gaps'],
    ['survey-mean', { outcomes: ['a'], weights: 'w' }, 'weights: column w, row 4: a weight is 0 or more'],
    [
      'survey-ratio',
      { top: 'a', bottom: 'b', population: 'n' },
      'population: a population is at least as large as the number of units drawn from it',
    ],
    [
      'survey-mean',
      { outcomes: ['a'], postStratify: { column: 'y', population: { 0: 5, 1: 5 } } },
      'postStratify.population: no population of 2',
    ],
    [
      'cluster-robust-regression',
      { outcome: 'b', cluster: 'c', weights: 'w' },
      'weights: column w, row 4: a weight is 0 or more',
    ],
    [
      'imputed-regression',
      { outcome: 'y', predictors: ['a'], model: 'logistic', seed: 1 },
      'outcome: column y, row 4: 0 or 1 is expected',
    ],
    [
      'krippendorff-alpha',
      { raters: ['a', 'b'], scales: ['ratio'] },
      'raters[0]: column a, row 4: a ratio scale has no values below 0',
    ],
    [
      'krippendorff-alpha',
      { raters: ['a', 'g'], scales: ['nominal', 'interval'] },
      'raters[1]: column g, row 2: labels have a nominal scale alone',
    ],
  ])('%s %j', (analysis, options, expected) => {
    expect(against(data, analysis, options)).toEqual([`refused at ${expected}`]);
  });
});

it('nominal alpha takes labels, and codes of them say the same', () => {
  // Krippendorff (2019), chapter 12: 12 units, 4 observers; nominal alpha 0.743.
  const codes = {
    a: [1, 2, 3, 3, 2, 1, 4, 1, 2, null, null, null],
    b: [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, null, 3],
    c: [null, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, null],
    d: [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, null],
  };
  const words = ['', 'red', 'Blue', 'green', '10', 'é'];
  const labels = Object.fromEntries(
    Object.entries(codes).map(([name, column]) => [
      name,
      column.map((code) => (code === null ? null : (words[code] ?? null))),
    ]),
  );
  const asked = (data: Dataset) =>
    estimateOf(ask(data, 'krippendorff-alpha', { raters: ['a', 'b', 'c', 'd'] }), 'nominal');
  expect(asked(datasetOf(codes)).value).toBeCloseTo(0.743, 3);
  expect(asked(datasetOf(labels))).toEqual(asked(datasetOf(codes)));
  // One rater used numbers alone, so that the column of that rater came as numbers.
  expect(asked(datasetOf({ ...labels, a: [1, 2], b: ['1', 'x'], c: ['1', '2'], d: [1, 2] })).n).toBe(2);
});

it('what fails without a wrong plan is no refusal of the plan', () => {
  const plan = planOf({ analysis: 'descriptives', options: { columns: ['answer'] } });
  let asked = 0;
  // The column breaks after the checks: whatever the engine throws then, the plan is not to blame.
  const broken: Dataset = {
    ...many,
    numeric(name) {
      asked += 1;
      return asked === 1 ? many.numeric(name) : [Number.NaN];
    },
  };
  expect(() => runPlan(plan, broken)).toThrow(AnalysisFailure);
  expect(() => runPlan(plan, broken)).toThrow('analyses[0], descriptives failed: ');
});

describe('shapes, columns and values are told together', () => {
  const plan = {
    title: '',
    analyses: [
      { analysis: 'descriptives', options: { columns: ['answer', 'nowhere'], level: 2 } },
      { analysis: 't-test', options: { outcome: 'answer', group: 'half', compare: ['early', 'never'] } },
      { analysis: 'descriptives', where: { nobody: 1 }, options: { columns: ['name', 'gone'] } },
      { analysis: 'no-such', options: { columns: ['lost'] } },
      { analysis: 'descriptives', options: { columns: ['name', 'gone'] } },
    ],
  };
  const shapes = ['title', 'analyses[0].options.level', 'analyses[3].analysis'];

  it('of a dataset', () => {
    expect(planIssues(plan, many).map(({ path }) => path)).toEqual([
      ...shapes,
      'analyses[0].options.columns[1]',
      'analyses[1].options.compare[1]',
      'analyses[2].where.nobody',
      'analyses[2].options.columns[1]',
      'analyses[4].options.columns[0]',
      'analyses[4].options.columns[1]',
    ]);
  });

  it('of a file of which only the header is known', () => {
    expect(planIssues(plan, { names: many.names }).map(({ path }) => path)).toEqual([
      ...shapes,
      'analyses[0].options.columns[1]',
      'analyses[2].where.nobody',
      'analyses[2].options.columns[1]',
      'analyses[4].options.columns[1]',
    ]);
  });

  it('values are left alone where it is not known which are missing', () => {
    const outside = { analysis: 'cronbach-alpha', options: { items: ['answer', 'other'], range: [1, 4] } };
    const of = (missing: unknown) => planIssues({ title: 'T', missing, analyses: [outside] }, many);
    expect(of([5])).toEqual([]);
    expect(of([]).map(({ path }) => path)).toEqual(['analyses[0].options.items[0]', 'analyses[0].options.items[1]']);
    expect(of('five').map(({ path }) => path)).toEqual(['missing']);
  });

  it.each([7, null, [], { analyses: [7, null, { analysis: 'power' }, { analysis: 'descriptives', options: 3 }] }])(
    'whatever was given: %j',
    (json) => {
      expect(planIssues(json, many).length).toBeGreaterThan(0);
    },
  );
});
