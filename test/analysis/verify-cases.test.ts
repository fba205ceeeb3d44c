/**
 * Cases that the expected files do not hold, with figures from R 4.2.2 (lme4 1.1-31, survey 4.1.1): other data sets, other
 * columns, descriptions that leave the design to the cases beside them.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openFolder, readFrame } from '../verify/folder.ts';
import { verifyFile } from '../verify/run.ts';
import type { DataSource, JsonObject } from '../verify/types.ts';

const oracles = openFolder(fileURLToPath(new URL('../oracles', import.meta.url)));
const renamed: Readonly<Record<string, string>> = { army: 'lq2002', clusters: 'apiclus1' };
const data: DataSource = (name) => oracles.data(renamed[name] ?? name);

const verified = async (file: string, results: JsonObject, from: DataSource = data) => {
  const { figures, agree, disagreements, unsupported } = await verifyFile(file, { results }, from);
  return { figures, agree, disagreements, reasons: [...new Set(unsupported.map(({ reason }) => reason))] };
};

test('ICCs of several variables take the group that the other cases of the data set state', async () => {
  const list = [
    { Variable: 'TSIG', ICC1: 0.0809815545767994, ICC2: 0.785966212154356 },
    { Variable: 'LEAD', ICC1: 0.107829403257675, ICC2: 0.834347493309492 },
  ];
  const icc = { any: { data: 'army', y: 'TSIG', group: 'COMPID', N: 2042 } };
  expect(await verified('07_x.json', { icc, mult_icc_army: list })).toMatchObject({ figures: 5, agree: 5 });
  expect(await verified('07_x.json', { mult_icc_army: list })).toMatchObject({
    agree: 0,
    reasons: ['neither the list nor another case of army states a group'],
  });
});

test('a group whose second part is missing is a group of its own, as R pastes it', async () => {
  const rows = 'a,b,x\n1,p,1\n1,p,3\n1,,2\n1,,4\n1,,6\n';
  const group = { group: '1 NA', n: 3, ad_item1: 4 / 3 };
  const options = { data: 'mine', items: ['x'], group: 'a + b', ranvar: 2, range: [1, 5], per_group: [group] };
  expect(await verified('07_x.json', { agreement: { two: options } }, () => readFrame(rows))).toMatchObject({
    figures: 5,
    agree: 5,
  });
});

test('p values of kappas keep what irr keeps of them: 2 (1 - pnorm(z)) at z near 7', async () => {
  const strong = {
    table: [
      [15, 2, 1],
      [3, 12, 2],
      [1, 3, 14],
    ],
    irr_kappa2: { unweighted: { kappa: 0.66025641025641, z: 6.80020124782478, p: 1.04474207063276e-11 } },
  };
  expect(await verified('13_x.json', { cohen: { strong } })).toMatchObject({ figures: 12, agree: 12 });
});

test('designs, levels of a factor and terms of a survey are those that the cases state', async () => {
  const fpc = {
    renamed: {
      design: 'clusters post-stratified to stype 4421/755/1018',
      mean: { api00: 642.310788211582 },
      se: { api00: 23.9204864450904 },
      df: 14,
    },
    beside: { design: 'clusters, PSU dnum, fpc', mean: { api00: 644.169398907104 }, se: { api00: 23.542240693781 } },
    factor: {
      design: 'apistrat by stype, fpc',
      mean: { awardsNo: 0.361063935949422, awardsYes: 0.638936064050578 },
      total_se: { awardsNo: 213.110254631354, awardsYes: 213.110254631354 },
      ci95_z: [
        [0.293629575819736, 0.428498296079107],
        [0.571501703920893, 0.706370424180264],
      ],
    },
    by_awards: {
      group: ['No', 'Yes'],
      mean: [633.734911659413, 678.422405614438],
      se: [15.334770976045, 11.8566309874443],
    },
    regression_of_types: [
      { term: '(Intercept)', est: 867.51307314923, se: 8.36821667986674 },
      { term: 'meals', est: -3.72963247342526, se: 0.151784956050279 },
      { term: 'stypeH', est: -128.386838606567, se: 10.6518245683399 },
      { term: 'stypeM', est: -59.1262014232586, se: 9.7951362017727 },
    ],
    regression_of_types_df: 194,
  };
  expect(await verified('14_x.json', { fpc })).toMatchObject({ figures: 26, agree: 26 });
  const vague = { bare: { design: 'clusters', mean: { api00: 1 } }, quantile: [501, 836], by_nobody: { mean: [1] } };
  expect(await verified('14_x.json', { fpc: vague })).toMatchObject({
    figures: 4,
    agree: 0,
    disagreements: [],
    reasons: [
      'the description of clusters states neither units, strata nor fpc',
      'the case states no shares, and has not three as the script',
      'the data set has no column nobody',
    ],
  });
});

test('a case whose neighbour the folder does not hold is computed from what the script says of it', async () => {
  const all = oracles.expected('08_mixed.json').results as Record<string, JsonObject>;
  for (const name of ['mathach_random_slope', 'nlme_check_mathach', 'nlme_check_sim3']) {
    const report = await verifyFile('08_mixed.json', { results: { [name]: all[name] ?? {} } }, oracles.data);
    expect(report, name).toMatchObject({ unsupported: [], disagreements: [] });
    expect(report.compared, name).toBeGreaterThan(5);
  }
});

test('an inner variance at zero, of which the search of R leaves 1.5e-8, agrees', async () => {
  // lme4 1.1 of R 4.2, REML; schools of three people, three in each of four clusters.
  const y = [
    -0.5, -0.7, 0.4, -1.1, 0.8, -0.3, -0.7, 0.4, -0.5, 3.4, 2.8, 3.8, 2.4, 1.9, 0.6, 2.1, 0.9, 4.9, -2.6, -2.9, -1.1,
    -0.7, -2.4, -2, -1.7, -0.3, -2.3, 0.1, -2.4, -1.2, -0.4, -1.7, -1, -1.1, -1, -1.2,
  ];
  const lines = y.map((each, row) => `${each},s${Math.floor(row / 3)},c${Math.floor(row / 9)}`);
  const reml = {
    fixed: [{ estimate: -0.147222222222222 }],
    variance_components: [
      { vcov: 2.02570037574708e-16, sdcor: 1.42327101275445e-8 },
      { vcov: 3.48739460145447, sdcor: 1.86745672010209 },
      { vcov: 0.897430554289274, sdcor: 0.94732811332135 },
    ],
    theta: [1.50240554749738e-8, 1.9712881881595],
    logLik: -54.9349523055428,
  };
  const results = { one: { data: 'made', formula: 'y ~ 1 + (1 | cluster/school)', reml } };
  const report = await verifyFile('08_mixed.json', { results }, () =>
    readFrame(['y,school,cluster', ...lines].join('\n')),
  );
  expect(report).toMatchObject({ compared: 10, unsupported: [], disagreements: [] });
  // A variance that is not zero is still told to five digits.
  const wrong = { ...reml, variance_components: [{ vcov: 1e-8 }, ...reml.variance_components.slice(1)] };
  const other = await verifyFile('08_mixed.json', { results: { one: { ...results.one, reml: wrong } } }, () =>
    readFrame(['y,school,cluster', ...lines].join('\n')),
  );
  expect(other.disagreements).toHaveLength(1);
});
