/** Cases that the files 11, 13 and 15 do not hold are recomputed from what they state, whatever they are called. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openFolder, readFrame } from '../verify/folder.ts';
import type { JsonObject } from '../verify/types.ts';
import { verifyFile } from '../verify/verify.ts';

const folder = openFolder(fileURLToPath(new URL('../oracles', import.meta.url)));

test('a matching with another formula, ratio and order', async () => {
  const mine = {
    formula: 'treat ~ age + re74 + race',
    options: { ratio: 3, 'm.order': 'smallest', exact: '~married' },
    distance_ref: 'lalonde_mine',
    n_input: 614,
    n_matched_treated: 185,
  };
  const withoutMarried: JsonObject = { ...mine, options: { ratio: 3, 'm.order': 'smallest', exact: '~race' } };
  const report = await verifyFile('11_matching_did.json', { results: { one: withoutMarried } }, folder.data);
  expect(report).toMatchObject({ figures: 3, compared: 3 });
  // 156 of the treated are black, and 87 controls: all are of use, for a match each at most.
  const treated = report.disagreements.find(({ path }) => path === 'one/n_matched_treated');
  expect(treated?.actual).toBe(185 - 156 + 87);
  // What is matched exactly must be among the covariates.
  const refused = await verifyFile('11_matching_did.json', { results: { two: mine } }, folder.data);
  expect(refused.unsupported[0]?.reason).toContain('no covariate married');
});

test('a table of two raters, and raters of a data set with gaps', async () => {
  const results = {
    cohen: {
      mine: {
        table: [
          [4, 1],
          [1, 4],
        ],
        n: 10,
        percent_agreement: 0.8,
        unweighted: { kappa: 0.6 },
      },
    },
    percent_agreement: { mine_within1: 50 },
    krippendorff: { any: { name: 'mine', alpha: { nominal: 0 } } },
  };
  const frame = () => readFrame('a,b\n1,2\n1,3\n,3\n');
  const report = await verifyFile('13_agreement_raters.json', { results }, frame);
  expect(report.unsupported).toEqual([]);
  expect(report.disagreements.map(({ path }) => path)).toEqual(['krippendorff/any/alpha/nominal']);
});

test('columns with gaps of another data set', async () => {
  const text = readFileSync(new URL('../oracles/nhanes_mice.csv', import.meta.url), 'utf8');
  // Figures of an EM run to 1e-13 in R 4.2.2, by the script of the file.
  const results = {
    little: {
      any: { data: 'people', vars: ['age', 'bmi', 'hyp', 'chl'], n: 25, patterns: 5, df: 9, p_ml_cov: 0.534196 },
    },
  };
  const report = await verifyFile('15_missing.json', { results }, () => readFrame(text));
  expect(report).toMatchObject({ figures: 4, compared: 4, agree: 4, unsupported: [] });
});

test('rows without a cluster are in no figure of a cluster-robust case, also not in errors without clusters', async () => {
  // Of R 4.2.2 with sandwich 3.0.2: lm(y ~ x) on the eight rows with a cluster.
  const results = {
    mine: {
      data: 'mine',
      formula: 'y ~ x',
      cluster: 'g',
      n: 8,
      hc_no_cluster: {
        HC0: [0.6372856537430148, 0.1653454710015125],
        HC1: [0.7358740874784303, 0.190924504384017],
        HC2: [0.7502136636050106, 0.1913272302047961],
        HC3: [0.8870073378892753, 0.2227753133805701],
      },
    },
  };
  const rows = ['2,1,a', '4,2,a', '3,3,b', '7,4,', '6,5,b', '9,6,c', '5,7,c', '11,8,d', '12,9,d'];
  const report = await verifyFile('09_cluster_robust.json', { results }, () =>
    readFrame(`y,x,g\n${rows.join('\n')}\n`),
  );
  expect(report).toMatchObject({ figures: 9, compared: 9, agree: 9, unsupported: [] });
});
