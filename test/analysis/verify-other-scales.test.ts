/**
 * Cases of scales that the files 02, 03 and 06 do not hold: items that go the wrong way, doubled items, other seeds, part of
 * the figures. The figures are from R 4.2.2 with psych 2.2.9, by the scripts of those files.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openFolder } from '../verify/folder.ts';
import type { DataFrame, DataSource, JsonObject } from '../verify/types.ts';
import { verifyFile } from '../verify/verify.ts';

const folder = openFolder(fileURLToPath(new URL('../oracles', import.meta.url)));
const report = (file: string, results: JsonObject, data: DataSource = folder.data) =>
  verifyFile(file, { results }, data);

/** The columns of bfi for the first rows, some of them cut to a narrower range. */
function cut(rows: number, ranges: Readonly<Record<string, readonly [number, number]>>): DataFrame {
  const bfi = folder.data('bfi');
  const numeric = (name: string) => {
    const [low, high] = ranges[name] ?? [-Infinity, Infinity];
    const within = (value: number) => Math.min(Math.max(value, low), high);
    return bfi
      .numeric(name)
      .slice(0, rows)
      .map((value) => (value === null ? null : within(value)));
  };
  return { names: bfi.names, rows, column: numeric, numeric };
}

test('halves of items of which two go the wrong way, and items given twice', async () => {
  const scale = [1, 6];
  const turned = {
    max_lambda4: 0.775978129920224,
    min_beta: 0.714386560393536,
    mean: 0.73641614576402,
    lambda6: 0.725967408377008,
    lambda2_std: 0.763076028828773,
  };
  const doubled = {
    G6_smc: 0.69632448816807,
    items: [0.710942563203314, 0.710942563203314, 0.744508113157823, 0.583412829649934].map((r) => ({ 'r.cor': r })),
  };
  const results = {
    extra: { data: 'bfi', items: ['E1', 'E2', 'E3', 'E4', 'E5'], scale, guttman_listwise: { split_half: turned } },
    twice: { data: 'bfi', items: ['N1', 'N1', 'N3', 'N4'], scale, pairwise: doubled },
  };
  expect(await report('02_reliability.json', results)).toMatchObject({ figures: 14, agree: 14 });
});

test('a rule of two answers, and items of unequal range that psych turns', async () => {
  const n = ['N1', 'N2', 'N3', 'N4', 'N5'];
  const rule = { n: 2800, mean: 3.16226785714286, sd: 1.19633137580959 };
  const results = {
    scoring: { data: 'bfi', items: n, answered_table: {}, at_least_2: rule },
    keys: {
      data: 'bfi',
      items: ['E1', 'E2', 'E3', 'E4', 'E5'],
      with_check_keys: { scale_mean: 4.16238690476191 },
      without: {},
    },
  };
  const found = await report('02_reliability.json', results, () => cut(2800, { E1: [1, 5] }));
  expect(found).toMatchObject({ figures: 4, agree: 4 });
});

test('polychoric correlations of items of unequal range, and of one reversed on the range of all', async () => {
  const uneven = [
    [1, 0.768242459313438, 0.625930567890141],
    [0.768242459313438, 1, 0.570434995993223],
    [0.625930567890141, 0.570434995993223, 1],
  ];
  const whole = [
    [1, 0.408463791128917, 0.322517432336691],
    [0.408463791128917, 1, 0.555450998316547],
    [0.322517432336691, 0.555450998316547, 1],
  ];
  const results = {
    uneven: { data: 'cut', items: ['N1', 'N2', 'N3'], ordinal: { psych_default: { polychoric: uneven } } },
    agree: {
      data: 'people',
      items: ['A1', 'A2', 'A3'],
      reversed: 'A1',
      ordinal: { psych_default: { polychoric: whole } },
    },
  };
  const data: DataSource = (name) => (name === 'cut' ? cut(250, { N1: [1, 4], N2: [2, 6] }) : cut(2800, {}));
  expect(await report('03_omega_ordinal.json', results, data)).toMatchObject({ figures: 18, agree: 18 });
});

test('random eigenvalues of the seed of the script exactly, of another as far as chance lets them', async () => {
  const four = { data: 'HolzingerSwineford1939', items: ['x1', 'x2', 'x3', 'x4'] };
  const of42 = {
    reps: 100,
    mean: [1.13026074082252, 1.03405381469285, 0.962424747147871, 0.873260697336763],
    p95: [1.19289946840131, 1.07979149446722, 0.999128829628023, 0.929151838846225],
  };
  const of7 = {
    reps: 100,
    mean: [1.12783393176333, 1.03601519704884, 0.959054610396307, 0.877096260791525],
    p95: [1.20550877515385, 1.08489203884283, 0.994548008412703, 0.934556132691645],
    p99: [1.23203166148559, 1.10053582124631, 1.00079534120296, 0.959494129477451],
    mc_se_of_mean: [0.00416508532419852, 0.00303484338274228, 0.00274633581856751, 0.00339014479687045],
    sd: [0.0416508532419852, 0.0303484338274228, 0.0274633581856751, 0.0339014479687045],
  };
  const wrong = { reps: 100, mean: [1.16, 1.036, 0.959, 0.877] };
  const one = await report('06_efa_parallel.json', { one: { ...four, parallel_reference: of42 } });
  expect(one).toMatchObject({ figures: 9, agree: 9, wider: [] });
  const other = await report('06_efa_parallel.json', { other: { ...four, parallel_reference: of7 } });
  expect(other).toMatchObject({ figures: 21, agree: 21 });
  expect(other.wider).toHaveLength(20);
  const far = await report('06_efa_parallel.json', { far: { ...four, parallel_reference: wrong } });
  expect(far.disagreements.map(({ path }) => path)).toEqual(['far/parallel_reference/mean/0']);
});

test('a case of factors with part of the figures, and one that does not say what it takes', async () => {
  const eigenvalues_listwise = [1.90189312483874, 0.909927304175955, 0.694283735663942, 0.493895835321365];
  const part = { data: 'HolzingerSwineford1939', items: ['x1', 'x2', 'x3', 'x4'], eigenvalues_listwise };
  const results = { part, psych_fa_parallel_part: { pc_values: eigenvalues_listwise, fa_values: [1, 1, 1, 1] } };
  const found = await report('06_efa_parallel.json', results);
  expect(found.disagreements.map(({ path }) => path.replace(/\d$/, ''))).toEqual(
    Array.from({ length: 4 }, () => 'psych_fa_parallel_part/fa_values/'),
  );
  expect(found).toMatchObject({ figures: 12, compared: 12, agree: 8 });
  const unknown = await report('06_efa_parallel.json', { psych_fa_parallel_mine: { nfact: 1, fa_values: [2, 1] } });
  expect(unknown).toMatchObject({ figures: 3, compared: 0 });
  expect(unknown.unsupported[0]?.reason).toBe('the case states neither its data set nor its items');
});
