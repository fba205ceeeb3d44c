/** What a case says and no module knows makes it unsupported, never a wrong figure; the same case said in known words is computed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openFolder, readFrame } from '../verify/folder.ts';
import type { DataFrame, JsonObject } from '../verify/types.ts';
import { verifyFile } from '../verify/verify.ts';

const people = 'g,x,y,z,w\na,1,2,0,1\na,2,3,1,0\nb,3,5,0,1\nb,4,4,1,1\nc,5,8,1,0\nc,6,6,0,1\nd,7,9,1,0\nd,8,8,0,0\n';

async function reasons(file: string, results: JsonObject, frames: Record<string, string> = { people }) {
  const data = (name: string): DataFrame => readFrame(frames[name] ?? '');
  const report = await verifyFile(file, { results }, data);
  return { reasons: report.unsupported.map(({ reason }) => reason), report };
}

const robust = { data: 'people', formula: 'y ~ x', cluster: 'g', coef: { '(Intercept)': 9 } };

test('words on the data that are not known', async () => {
  for (const derived of ['x > 2', 'x = log(y)', 'without the first', 'weights trimmed at 3', 'no such present']) {
    const { reasons: told } = await reasons('09_cluster_robust.json', { one: { ...robust, derived } });
    expect(told, derived).toHaveLength(1);
  }
  const known = await reasons('09_cluster_robust.json', { one: { ...robust, derived: "g == 'a' (the first)" } });
  expect(known.reasons).toEqual(['Fewer than two clusters, so no errors between them.']);
});

test('random slopes under cluster-robust errors, and crossed groups', async () => {
  for (const formula of ['y ~ x + (1 + x | g)', 'y ~ x + (1 | g) + (1 | z)']) {
    const { reasons: told } = await reasons('09_cluster_robust.json', {
      one: { data: 'people', formula, fixef: { x: 1 }, se: [1, 2] },
    });
    expect(new Set(told)).toEqual(
      new Set(['cluster-robust errors are of models with random intercepts of nested groups']),
    );
  }
});

test('data sets that share several columns are joined only where all say the same', async () => {
  const schools = 'g,size,mean\na,10,1\nb,20,2\nc,30,3\nd,40,4\n';
  const pupils = (mean: (row: number) => number) =>
    `g,y,mean\n${['a', 'a', 'b', 'b', 'c', 'd'].map((g, row) => `${g},${row * row},${mean(row)}`).join('\n')}\n`;
  const one = { data: ['pupils', 'schools'], formula: 'y ~ size', cluster: 'g', n: 6 };
  const same = await reasons(
    '09_cluster_robust.json',
    { one },
    { pupils: pupils((row) => [1, 1, 2, 2, 3, 4][row] ?? 0), schools },
  );
  expect(same.report).toMatchObject({ compared: 1, agree: 1 });
  const other = await reasons('09_cluster_robust.json', { one }, { pupils: pupils((row) => row), schools });
  expect(other.reasons).toEqual(['the data sets share g, mean, and mean differs between them']);
});

test('several instruments', async () => {
  const { reasons: stated } = await reasons('12_cace.json', {
    one: { data: 'people', y: 'y', d: 'x', z: ['z', 'w'], covariates: [], cluster: 'g', n: 8 },
    two: { data: 'people', formula: 'y ~ x | z + w', coef: { x: 1 } },
  });
  expect(stated).toEqual(['one column is taken as z', 'several instruments, or several variables that need one']);
});

test('occasions of a data set that is not stated', async () => {
  const model = 'f =~ a1 + a2 + a3';
  const { reasons: told } = await reasons('05_invariance.json', { mine: { configural: { model, n: 8 } } });
  expect(told).toEqual(['the case states no data']);
});

test('a single figure stands for a list of one, both ways', async () => {
  const at = (value: number | number[]): JsonObject => ({
    cohen: {
      mine: {
        table: [
          [4, 1],
          [1, 4],
        ],
        unweighted: { kappa: value },
      },
    },
  });
  for (const value of [0.6, [0.6]]) {
    expect((await reasons('13_agreement_raters.json', at(value))).report).toMatchObject({
      figures: 5,
      unsupported: [],
      disagreements: [],
    });
  }
});

test('a byte-order mark before figures and data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelis-test-verify-'));
  try {
    writeFileSync(join(folder, '09_mine.json'), '\uFEFF{"results":{"a":1}}');
    writeFileSync(join(folder, 'mine.csv'), '\uFEFFg,x\r\na,1\r\n');
    const opened = openFolder(folder);
    expect(opened.expected('09_mine.json').results).toEqual({ a: 1 });
    expect(opened.data('mine').names).toEqual(['g', 'x']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('rows that say what they are of are compared with that and nothing else, and what is reversed must be an item', async () => {
  const items = ['x', 'y', 'w'];
  const scale = { data: 'people', items, reversed: [], scale: [0, 9] };
  const rows = (first: string) => [
    { item: first, n: 8 },
    { item: 'y', n: 8 },
  ];
  const { report } = await reasons('02_reliability.json', {
    right: { ...scale, pairwise: { items: rows('x') } },
    wrong: { ...scale, pairwise: { items: rows('w') } },
    unknown: { ...scale, reversed: ['v'], missing_cells: 0 },
  });
  expect(report.disagreements).toEqual([]);
  expect(report.unsupported.filter(({ path }) => !path.includes('/scale/'))).toEqual([
    { path: 'wrong/pairwise/items/0/n', reason: 'the case has item w where x is computed' },
    { path: 'unknown/missing_cells', reason: 'the case reverses v, which is none of its items' },
  ]);
  const raters = {
    ratings: [
      [1, 2],
      [3, 3],
      [5, 4],
    ],
    psych_ICC: [{ type: 'ICC3', F: 1 }],
  };
  const icc = await reasons('13_agreement_raters.json', { rater_icc: { mine: raters } });
  expect(icc.reasons).toEqual(['the case has type ICC3 where ICC1 is computed']);
});

test('a search that R says did not converge, joint tests, and other random parts', async () => {
  const fit = { fixed: [{ estimate: 1 }] };
  const mixed = { data: 'people', formula: 'y ~ x + (1 | g)' };
  const failures: JsonObject[] = [
    { converged: false },
    { convergence: -4 },
    { messages: ['Model failed to converge'] },
  ];
  for (const said of failures) {
    const { reasons: told } = await reasons('08_mixed.json', { one: { ...mixed, reml: { ...fit, ...said } } });
    expect(new Set(told)).toEqual(new Set([expect.stringContaining('did not converge')]));
  }
  const ended = await reasons('08_mixed.json', { one: { ...mixed, reml: { ...fit, converged: true, messages: [] } } });
  expect(ended.report).toMatchObject({ compared: 1, unsupported: [] });
  const joint = await reasons('09_cluster_robust.json', {
    one: { ...robust, coef: {}, CR2: { wald_joint: { terms: ['x'], tests: [{ test: 'LR', Fstat: 1 }] } } },
  });
  expect(joint.reasons).toEqual(['no joint test LR']);
  const slopes = { data: 'people', formula: 'y ~ w + x + (1 + x | g)', b: 1 };
  const effect = await reasons('10_effect_sizes.json', { model_based: { one: slopes } });
  expect(effect.reasons).toEqual(['effects are of models with a random intercept of one level of groups']);
});
