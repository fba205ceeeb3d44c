/** Every oracle file of the repository is recomputed as `npm run verify` does; and the runner itself counts right. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { readFrame, UnreadableFile } from '../verify/folder.ts';
import { openFolder, reportLines, verifyFile } from '../verify/run.ts';
import { type JsonObject, MissingData, type OracleFile } from '../verify/types.ts';

const oracles = openFolder(fileURLToPath(new URL('../oracles', import.meta.url)));
const noData = (name: string): never => {
  throw new MissingData(name);
};

test.for(oracles.files)('all that is computed of %s agrees', { timeout: 120_000 }, async (file) => {
  const report = await verifyFile(file, oracles.expected(file), oracles.data);
  expect(report.disagreements).toEqual([]);
  expect(report.compared + report.unsupported.length).toBe(report.figures);
});

test('the files of distributions and of planning are computed whole', async () => {
  for (const file of ['01_distributions.json', '17_power_design.json']) {
    const report = await verifyFile(file, oracles.expected(file), noData);
    expect(report.figures).toBeGreaterThan(50);
    expect(report).toMatchObject({ compared: report.figures, agree: report.figures, unsupported: [], missingData: [] });
  }
});

test('each number counts: a wrong one disagrees, an unknown case is unsupported with its reason, options are given', async () => {
  const results = {
    pnorm: [
      { q: 0, value: 0.5 },
      { q: 1, value: 0.8 },
    ],
    pmystery: [{ q: 1, value: 2 }],
    pchisq: [{ q: 1, value: 3 }],
  };
  const report = await verifyFile('01_distributions.json', { results }, noData);
  expect(report).toMatchObject({ figures: 8, compared: 4, given: 2, computedAgree: 1, agree: 3, missingData: [] });
  expect(report.disagreements.map(({ path }) => path)).toEqual(['pnorm/1/value']);
  expect(report.largest?.path).toBe('pnorm/1/value');
  expect(report.unsupported).toEqual([
    { path: 'pmystery/0/q', reason: 'no function pmystery' },
    { path: 'pmystery/0/value', reason: 'no function pmystery' },
    { path: 'pchisq/0/q', reason: 'the case states no number df' },
    { path: 'pchisq/0/value', reason: 'the case states no number df' },
  ]);
  expect(reportLines(report, false)).toContain('  unsupported pmystery/* (2): no function pmystery');
  expect(reportLines(report, true)).toContain('  unsupported pmystery/0/q: no function pmystery');
});

test('a data set that is not there leaves its cases unsupported and is named', async () => {
  const file: OracleFile = {
    results: {
      independent: { a: { data: 'elsewhere', desc: 'y, arm 1 minus 0', n1: 3 } },
      J: { df: [3], exact: [0.7236012545582676] },
    },
  };
  const report = await verifyFile('10_effect_sizes.json', file, noData);
  expect(report).toMatchObject({ figures: 3, compared: 2, agree: 2, missingData: ['elsewhere'] });
});

test('cases that the files do not hold are computed from what they state', async () => {
  const data = () => readFrame('y,arm\n10,a\n12,a\n14,a\n4,b\n6,b\n8,b\n,b\n');
  const file: OracleFile = {
    results: {
      independent: {
        new: { data: 'mine', desc: 'y, arm a minus b', n1: 3, n2: 3, cohen_d: 3, t_pooled: 3 * Math.sqrt(1.5) },
      },
    },
  };
  expect(await verifyFile('10_effect_sizes.json', file, data)).toMatchObject({
    figures: 4,
    compared: 4,
    agree: 4,
    given: 0,
  });
});

test('the treatment of a model is found wherever it stands, and one df without a factor leaves the others', async () => {
  const results = oracles.expected('10_effect_sizes.json').results as { model_based: { sim: JsonObject } };
  const sim = { ...results.model_based.sim, formula: 'score_post ~ female + score_pre + treat + (1 | cluster)' };
  const swapped = { ...sim, formula: 'score_post ~ score_pre + treat + (1 | cluster)' };
  const report = await verifyFile(
    '10_x.json',
    { results: { model_based: { swapped }, J: { df: [1, 3], exact: [0, Math.sqrt(Math.PI / 6)] } } },
    oracles.data,
  );
  expect(report).toMatchObject({ compared: report.figures - 1, disagreements: [] });
  expect(report.unsupported.map(({ path }) => path)).toEqual(['J/exact/0']);
  // With another predictor of 0 and 1 the treatment is the one that whole clusters share.
  const adjusted = await verifyFile('10_x.json', { results: { model_based: { sim } } }, oracles.data);
  expect(adjusted.disagreements.map(({ path }) => path)).not.toContain('model_based/sim/delta_raw_pooled_sd/sd');
  expect(adjusted.compared).toBe(adjusted.figures);
  const unsaid = { ...sim, formula: 'score_post ~ female + uptake + (1 | cluster)' };
  const none = await verifyFile('10_x.json', { results: { model_based: { unsaid } } }, oracles.data);
  expect(none.unsupported[0]?.reason).toBe('the case does not say which of its predictors is the treatment');
});

test('models take their predictors from what their coefficients name, labels in the order of R', async () => {
  // R 4.2.2: table(phase, treat) has the rows lower, Upper; coef(lm(score_post ~ treat + phase)).
  const rows = ['lower,0', 'lower,1', 'lower,1', 'lower,1', 'Upper,0', 'Upper,0', 'Upper,0', 'Upper,1'];
  const y = [1, 2, 4, 7, 3, 5, 6, 9];
  const data = () => readFrame(`phase,treat,score_post,post\n${rows.map((row, i) => `${row},${y[i]},`).join('\n')}\n`);
  const lm = { coef: { '(Intercept)': 0.625, treat: 23 / 6, phaseUpper: 25 / 6 } };
  const chisq = {
    table: [
      [1, 3],
      [3, 1],
    ],
    x2: 2,
  };
  const report = await verifyFile('16_x.json', { results: { tests: { chisq, lm, mine: { t: 3 } } } }, data);
  expect(report).toMatchObject({ compared: 8, unsupported: [{ path: 'tests/mine/t' }] });
  expect(report.disagreements).toEqual([]);
});

test('p values in a case of any name are adjusted; a table that is not two by two has no correction', async () => {
  const more = { p: [0.001, 0.3, 0.02], n: 5, holm: [0.005, 0.9, 0.08] };
  const chisq = { x2: 6, yates: 6, p_yates: Math.exp(-3) };
  const data = () => readFrame('phase,treat\na,0\na,0\nb,1\nb,1\nc,0\nc,0\n');
  const report = await verifyFile('16_x.json', { results: { more, tests: { chisq } } }, data);
  expect(report).toMatchObject({ compared: 10, agree: 10 });
});

test('attrition has its terms and its arm from the case; complete columns leave Little nothing to test', async () => {
  // R 4.2.2: glm(is.na(post) ~ group + phase, family = binomial).
  const data = () => readFrame('group,phase,post\n1,a,1\n1,b,\n0,a,3\n0,b,4\n1,a,\n0,a,\n0,b,4\n1,b,2\n');
  const group = { term: 'group', est: 1.1872455201196694, se: 1.601929059542667 };
  const logit: JsonObject[] = [{ term: '(Intercept)' }, group, { term: 'phaseb' }];
  const attrition = { data: 'd', outcome: 'post missing', by_arm: { t1: 0.5, t0: 0.25 }, logit, n: 8 };
  const little = { whole: { data: 'd', vars: ['group'], chisq_ml_cov: 0, df: 0, p_ml_cov: 1, p_unbiased_cov: 1 } };
  const report = await verifyFile('15_x.json', { results: { attrition, little } }, data);
  expect(report).toMatchObject({ compared: 9, agree: 9 });
});

test('a file without a recomputation is unsupported as a whole', async () => {
  const report = await verifyFile('99_unknown.json', { results: { a: [1, 2], b: { c: 3, d: 'text' } } }, noData);
  expect(report).toMatchObject({ figures: 3, compared: 0, agree: 0 });
  expect(report.unsupported).toHaveLength(3);
});

test('the command ends with the total and succeeds only when all that was compared agrees', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelis-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'expected'));
  const write = (value: number) =>
    writeFileSync(
      join(folder, 'expected', '17_power_design.json'),
      JSON.stringify({ results: { deff: [{ n: 20, rho: 0.15, deff: value }], other: 7 } }),
    );
  const run = (...args: string[]) => {
    const script = fileURLToPath(new URL('../verify/run.ts', import.meta.url));
    return spawnSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' });
  };
  write(3.85);
  const good = run(folder);
  expect(good.stdout).toContain(
    '\nof the compared 1 computed, 1 agree; 2 options that define the cases, as they were read\n',
  );
  expect(good.stdout.trimEnd().split('\n').at(-1)).toBe('total: 4 figures, 3 compared, 3 agree, 1 unsupported');
  expect(good.status).toBe(0);
  write(3.9);
  const bad = run(folder);
  expect(bad.stdout.trimEnd().split('\n').at(-1)).toBe('total: 4 figures, 3 compared, 2 agree, 1 unsupported');
  expect(bad.stdout).toMatch(/disagrees deff\/0\/deff: 3\.8\d* against 3\.9/);
  expect(bad.status).toBe(1);
  writeFileSync(join(folder, 'expected', '17_power_design.json'), 'no json');
  expect(run(folder).status).toBe(1);
  const absent = run(join(folder, 'nowhere'));
  expect(absent).toMatchObject({ status: 2, stdout: '' });
  expect(absent.stderr).toMatch(/^There is no such folder: .*nowhere\. Name one with/);
  expect(absent.stderr).not.toContain('ENOENT');
  const file = run(join(folder, 'expected', '17_power_design.json'));
  expect(file).toMatchObject({ status: 2, stderr: expect.stringMatching(/^This is a file, a folder was expected/) });
  expect(run().status).toBe(2);
});

test('what rounding has left of a zero is met by a zero, but not a probability as small', async () => {
  const data = () => readFrame('score_pre,score_post\n1,1\n2,-1\n3,-1\n4,1\n');
  const tests = { cor_pearson: { r: 1.4e-22, t: 3e-21, p: 1 } };
  expect(await verifyFile('16_x.json', { results: { tests } }, data)).toMatchObject({ compared: 3, agree: 3 });
  const results = { pnorm: [{ q: -9, value: 1e-20 }] };
  const report = await verifyFile('01_x.json', { results }, noData);
  expect(report.disagreements.map(({ path }) => path)).toEqual(['pnorm/0/value']);
});

test('files that are not read are named, and one that holds no results is said to be unreadable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelis-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'expected', 'more'), { recursive: true });
  const good = JSON.stringify({ results: {} });
  const files = {
    '16_x.json': good,
    'expected/16_x.json': good,
    'package.json': good,
    'expected/reliability.json': good,
  };
  const others = { 'expected/more/02_z.json': good, 'expected/02_x.json': '{"meta":{}}', 'expected/03_x.json': 'null' };
  for (const [file, text] of Object.entries({ ...files, ...others })) writeFileSync(join(folder, file), text);
  const opened = openFolder(folder);
  expect(opened.files).toEqual(['02_x.json', '03_x.json', '16_x.json', 'reliability.json']);
  expect(opened.ignored.map((line) => line.replace(/: .*/, ''))).toEqual(
    ['package.json', '16_x.json', 'expected/more/02_z.json'].map((file) => join(folder, file)),
  );
  for (const file of ['02_x.json', '03_x.json']) expect(() => opened.expected(file)).toThrow(UnreadableFile);
});

test('data sets are read as R reads them', () => {
  const frame = readFrame('a,b,c\n1,x,\n2,,3.5\n,"y, z",1e3\n');
  expect(frame.rows).toBe(3);
  expect(frame.numeric('a')).toEqual([1, 2, null]);
  expect(frame.column('b')).toEqual(['x', null, 'y, z']);
  expect(frame.numeric('c')).toEqual([null, 3.5, 1000]);
  expect(() => frame.numeric('b')).toThrow(RangeError);
  expect(() => frame.column('d')).toThrow(RangeError);
});

test('numbers outside the results and files without a number are unsupported by path, and nothing computed is no success', {
  timeout: 60_000,
}, async () => {
  const expected = { meta: { seed: 7 }, results: { deff: [{ n: 20, rho: 0.15, deff: 3.85 }] }, also: [1, { b: 2 }] };
  const report = await verifyFile('17_x.json', expected as OracleFile, noData);
  expect(report).toMatchObject({ figures: 6, compared: 3, given: 2, computedAgree: 1, agree: 3 });
  expect(report.unsupported).toEqual(
    ['meta/seed', 'also/0', 'also/1/b'].map((path) => ({ path, reason: 'stands outside `results`' })),
  );
  const folder = mkdtempSync(join(tmpdir(), 'fidelis-verify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const script = fileURLToPath(new URL('../verify/run.ts', import.meta.url));
  const run = () => spawnSync(process.execPath, ['--import', 'tsx', script, folder], { encoding: 'utf8' });
  const empty = run();
  expect(empty.status).toBe(1);
  expect(empty.stdout).toContain('nothing was computed, so nothing is verified');
  mkdirSync(join(folder, 'expected'));
  writeFileSync(join(folder, 'expected', 'foo.json'), JSON.stringify({ results: { a: [1, 2] }, b: 3 }));
  const unknown = run();
  expect(unknown.status).toBe(1);
  expect(unknown.stdout).toContain('foo.json: 3 figures, 0 compared, 0 agree, 3 unsupported');
  expect(unknown.stdout).toContain('unsupported results/a (2): the name of the file begins with no number');
  writeFileSync(join(folder, 'expected', '17_x.json'), JSON.stringify(expected));
  const both = run();
  expect(both.stdout.trimEnd().split('\n').at(-1)).toBe('total: 9 figures, 3 compared, 3 agree, 6 unsupported');
  expect(both.status).toBe(0);
});
