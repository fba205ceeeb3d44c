/** The report of an administration: figures worked out by hand or by R, charts that say what the tables say. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ChartHints } from '../../analysis/chart-frame.ts';
import { administrationReport } from '../../analysis/report.ts';
import type { CellValue, Report, Table } from '../../analysis/result.ts';
import { codebookOf } from '../../instruments/codebook.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { scoreItems } from '../../instruments/scoring.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';
import { type Answers, type SchoolOf, trust, world } from './report-world.ts';

const tablesOf = (report: Report) => report.sections.flatMap((section) => section.tables);
const chartsOf = (report: Report) => report.sections.flatMap((section) => section.charts);

function tableOf(report: Report, id: string): Table {
  const table = tablesOf(report).find((one) => one.id === id);
  if (!table) throw new Error(`no table ${id}`);
  return table;
}

/** A cell by the first cell of its row (or the first two) and the id of its column. */
function cell(table: Table, row: string, column: string): CellValue {
  const place = table.columns.findIndex((one) => one.id === column);
  const found = table.rows.find((cells) => cells[0] === row || `${cells[0]}/${cells[1]}` === row);
  if (!found || place < 0) throw new Error(`no cell ${row}, ${column} in ${table.id}`);
  return found[place] ?? null;
}

interface Config {
  readonly data: {
    readonly labels: readonly string[];
    readonly datasets: readonly { readonly label: string; readonly data: readonly unknown[] }[];
  };
  readonly options: { readonly plugins: { readonly fidelis: ChartHints } };
}
function configOf(report: Report, id: string): Config {
  const chart = chartsOf(report).find((one) => one.id === id);
  if (!chart) throw new Error(`no chart ${id}`);
  return chart.config as unknown as Config;
}

const high: Answers = [1, 5, 5, 1, 1];
const middle: Answers = [1, 3, 3, 3, 0];
const low: Answers = [2, 1, 1, 5, null];
const gap: Answers = [null, 4, null, 2, 1];
const schools: readonly SchoolOf[] = [
  { id: 'a', cluster: 'k1', arm: 'i', invited: 10, people: [high, middle, low, high, middle] },
  { id: 'b', cluster: 'k1', arm: 'i', invited: 4, people: [gap] },
  { id: 'd', cluster: 'k2', arm: 'i', invited: 6, people: [middle, middle, gap] },
  { id: 'e', cluster: null, arm: 'c', invited: 5, people: [low, low] },
];

test('rates by cluster, arm and school are the counts, with Wilson’s interval', () => {
  const report = administrationReport(world(schools));
  const byCluster = tableOf(report, 'response-by-cluster');
  expect(byCluster.rows.map((row) => row.slice(0, 4))).toEqual([
    ['Cluster k1', 'Intervention', 14, 6],
    ['Cluster k2', 'Intervention', 6, 3],
    ['Comparison: outside clusters', 'Comparison', 5, 2],
  ]);
  const byArm = tableOf(report, 'response-by-arm');
  expect(byArm.rows.map((row) => row.slice(0, 3))).toEqual([
    ['Intervention', 20, 9],
    ['Comparison', 5, 2],
    ['All', 25, 11],
  ]);
  const bySchool = tableOf(report, 'response-by-school');
  expect(cell(bySchool, 'School a', 'rate')).toBe(0.5);
  // R: prop.test(5, 10, correct = FALSE)
  expectClose(cell(bySchool, 'School a', 'rate-lower') as number, 0.236593090512564, 1e-12, 'lower');
  expectClose(cell(bySchool, 'School a', 'rate-upper') as number, 0.763406909487436, 1e-12, 'upper');
  expect(configOf(report, 'response-by-cluster').data.datasets[0]?.data[1]).toMatchObject({ x: 50, y: 'Cluster k2' });
});

test('every closed item has its distribution: as asked, before reversal, without the answers that count as missing', () => {
  const report = administrationReport(world(schools));
  const table = tableOf(report, 'items-trust');
  expect(table.title).toBe('Trust: How far do you agree?');
  expect(table.rows.map((row) => row[0])).toEqual([
    'We help each other.',
    'We keep our word.',
    'We hide mistakes. (reversed)',
  ]);
  // q2: high 5 twice, middle 3 four times, low 1 three times, gap twice without an answer.
  const q2 = (column: string) => cell(table, 'We keep our word.', column);
  expect([q2('answered'), q2('missing')]).toEqual([9, 2]);
  expect([1, 2, 3, 4, 5].map((code) => q2(`n-${code}`))).toEqual([3, 0, 4, 0, 2]);
  expectClose(q2('share-3') as number, 4 / 9, 1e-15, 'share');
  expect(table.columns.some((column) => column.title.startsWith('Prefer not to say'))).toBe(false);
  // Left of the middle: three ninths and half of the four in the middle.
  const { datasets } = configOf(report, 'items-trust').data;
  expect(datasets.map((set) => set.label)).toEqual([
    'Strongly disagree',
    'Disagree',
    'Neither',
    'Agree',
    'Strongly agree',
  ]);
  const [first, , neutral, , last] = datasets.map((set) => set.data[1] as [number, number]);
  expectClose(first?.[0], -500 / 9, 1e-7, 'left end');
  expectClose(neutral?.[0], -200 / 9, 1e-7, 'middle from');
  expectClose(neutral?.[1], 200 / 9, 1e-7, 'middle to');
  expectClose(last?.[1], 400 / 9, 1e-7, 'right end');
});

test('items without an order are plain stacked bars, what was chosen first; text is counted, not shown', () => {
  const report = administrationReport(world(schools));
  expect(chartsOf(report).find((chart) => chart.id === 'items-role')?.kind).toBe('bar');
  expect(chartsOf(report).find((chart) => chart.id === 'items-trust')?.kind).toBe('diverging');
  const part = configOf(report, 'items-part').data;
  expect(part.datasets.map((set) => set.label)).toEqual(['Yes', 'No']);
  expect(part.datasets[0]?.data[0]).toEqual([0, 50]);
  const items = report.sections.find((section) => section.id === 'items');
  expect(items?.text).toContain('1 variable is text or a measurement');
  expect(items?.tables.map((table) => table.id)).toEqual(['items-role', 'items-trust', 'items-part']);
});

test('scale means with t intervals: people first, by hand', () => {
  const report = administrationReport(world(schools));
  // Scores: high 5, middle 3, low 1, gap (4 + 4) / 2 = 4. School a: 5, 3, 1, 5, 3.
  const bySchool = tableOf(report, 'scale-trust-by-school');
  const a = (column: string) => cell(bySchool, 'School a', column) as number;
  expect([a('n'), a('mean')]).toEqual([5, 3.4]);
  expectClose(a('sd'), Math.sqrt(2.8), 1e-14, 'sd');
  // R: qt(0.975, 4) = 2.7764451051977934
  expectClose(a('mean-upper'), 3.4 + 2.7764451051977934 * Math.sqrt(2.8 / 5), 1e-12, 'upper');
  expect(['n', 'mean', 'mean-lower', 'sd'].map((column) => cell(bySchool, 'School b', column))).toEqual([
    1,
    4,
    null,
    null,
  ]);
  expect(['n', 'mean', 'mean-lower', 'sd'].map((column) => cell(bySchool, 'School e', column))).toEqual([
    2,
    1,
    null,
    0,
  ]);
  expect(bySchool.notes.map((note) => note.text)).toEqual([
    'One group: the interval reaches beyond the ends of the scale, where no mean can lie: read it as “up to the end”.',
    'One group: 1 person, whose own score the mean is; no interval.',
    'One group: two or three people, so the interval is wide and says little about the group.',
    'One group: all people have the same score, so no interval.',
  ]);
  const [ofIntervention] = chartsOf(report).filter(({ table }) => table === bySchool.id);
  expect(ofIntervention?.summary).toContain('intervals that reach beyond the scale are cut off at its end');
  const overview = tableOf(report, 'scale-means');
  expect(overview.rows.map((row) => row.slice(0, 3))).toEqual([
    ['Trust', 'Intervention', 9],
    ['Trust', 'Comparison', 2],
    ['Trust', 'All', 11],
  ]);
  expectClose(cell(overview, 'Trust/All', 'mean') as number, (17 + 4 + 10 + 2) / 11, 1e-14, 'mean of all');
  expect(configOf(report, 'scale-trust-by-cluster').options.plugins.fidelis.lines).toEqual([
    { value: 3, label: 'Mean of all 3.00' },
  ]);
});

test('a scale that averages items first does so, and sums multiply', () => {
  const items = administrationReport(world(schools, { scale: { ...trust, aggregation: 'item-first' } }));
  // Cluster k2: q1 3, 3, 4; q2 3, 3, -; q3 reversed 3, 3, 4: (10/3 + 3 + 10/3) / 3.
  const mean = (report: Report) => cell(tableOf(report, 'scale-trust-by-cluster'), 'Cluster k2', 'mean') as number;
  expectClose(mean(items), 29 / 9, 1e-14, 'item first');
  expectClose(mean(administrationReport(world(schools))), 10 / 3, 1e-14, 'person first');
  const sums = administrationReport(world(schools, { scale: { ...trust, aggregation: 'item-first', score: 'sum' } }));
  expectClose(mean(sums), 29 / 3, 1e-14, 'sum');
});

test('charts and tables say the same, names are unique, and nothing in them is lost in JSON', () => {
  const report = administrationReport(world(schools));
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  const ids = [...tablesOf(report), ...chartsOf(report)].map(({ id }) => id);
  expect(new Set(tablesOf(report).map(({ id }) => id)).size).toBe(tablesOf(report).length);
  expect(new Set(chartsOf(report).map(({ id }) => id)).size).toBe(chartsOf(report).length);
  expect(ids.every((id) => /^[a-z0-9_-]+$/.test(id))).toBe(true);
  for (const section of report.sections) {
    for (const chart of section.charts) {
      const table = section.tables.find(({ id }) => id === chart.table);
      expect(table, chart.id).toBeDefined();
      if (chart.kind !== 'interval' || !table) continue;
      for (const point of configOf(report, chart.id).data.datasets[0]?.data ?? []) {
        const { x, xMin, y } = point as { x: number; xMin?: number; y: string };
        const group = y.replace(' (1 person)', '');
        expect(cell(table, group, 'n') === 1, y).toBe(group !== y);
        expect(cell(table, group, 'mean')).toBe(x);
        expect(cell(table, group, 'mean-lower')).toBe(xMin ?? null);
      }
    }
    for (const table of section.tables) {
      for (const row of table.rows) expect(row.length, table.id).toBe(table.columns.length);
    }
  }
  expect(report).toMatchObject({
    title: 'Staff survey',
    subtitle: 'The study · Small instrument, version 1',
    simulated: true,
  });
  expect(report.notes.map((note) => note.code)).toEqual(['simulated']);
});

test('schools are drawn by arm, highest mean first', () => {
  const report = administrationReport(world(schools));
  expect(configOf(report, 'scale-trust-by-school-i').data.labels).toEqual([
    'School b (1 person)',
    'School a',
    'School d',
  ]);
  expect(configOf(report, 'scale-trust-by-school-c').data.labels).toEqual(['School e']);
});

test('a thousand schools: tables are complete, charts in pages of at most fifty', () => {
  const many = Array.from({ length: 1000 }, (_, i): SchoolOf => {
    const cluster = i % 2 === 0 ? `k${i % 200}` : null;
    return {
      id: `s${i}`,
      cluster,
      arm: cluster ? 'i' : 'c',
      invited: 4,
      people: [high, [1, 1 + (i % 5), 3, 3, 1], middle],
    };
  });
  const report = administrationReport(world(many));
  expect(tableOf(report, 'scale-trust-by-school').rows).toHaveLength(1000);
  const charts = chartsOf(report).filter((chart) => chart.table === 'scale-trust-by-school');
  const lengths = charts.map((chart) => configOf(report, chart.id).data.labels.length);
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(1000);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(50);
  expect(charts[1]?.title).toBe('Trust: means by school of arm Intervention (51 to 100 of 500)');
});

test('no responses and no invitations make a report that says so', () => {
  const empty = administrationReport(world([]));
  expect(empty.notes.map((note) => note.code)).toEqual(['simulated', 'no-responses']);
  expect(tableOf(empty, 'response-by-cluster').rows).toEqual([]);
  expect(cell(tableOf(empty, 'scale-means'), 'Trust/All', 'mean')).toBeNull();
  expect(cell(tableOf(empty, 'reliability'), 'Trust', 'alpha')).toBeNull();
  const imported = administrationReport(world([{ id: 'a', cluster: 'k1', arm: 'i', invited: 0, people: [high, low] }]));
  const rates = tableOf(imported, 'response-by-school');
  expect(cell(rates, 'School a', 'rate')).toBeNull();
  expect(rates.notes.map((note) => note.code)).toEqual(['more-than-invited']);
  expect(chartsOf(imported).some((chart) => chart.table === 'response-by-cluster')).toBe(false);
});

test('places that no roster knows go by their ids, and people without a school stay in the counts', () => {
  const input = world(schools);
  const strange = administrationReport({
    ...input,
    rows: [
      ...input.rows,
      { school: 'x', cluster: 'y', arm: 'z', values: [1, 5, 5, 1, 1, null], scores: [5] },
      { school: null, cluster: 'k2', arm: 'i', values: [1, 5, 5, 1, 1, null], scores: [5] },
    ],
  });
  const names = tableOf(strange, 'scale-trust-by-school').rows.map((row) => row.slice(0, 3));
  expect(names).toContainEqual(['x', 'y', 'z']);
  expect(names).toContainEqual(['Cluster k2: no school', 'Cluster k2', 'Intervention']);
  expect(cell(tableOf(strange, 'scale-means'), 'Trust/All', 'n')).toBe(13);
});

test('alpha in the report is R’s on 2,800 people, reversal and gaps included', () => {
  const parsed = parseInstrument(
    JSON.parse(readFileSync(new URL('../fixtures/instruments/bfi.v1.json', import.meta.url), 'utf8')),
  );
  if (!parsed.ok) throw new Error('the fixture does not parse');
  const { scales, title } = parsed.value;
  const codebook = codebookOf(parsed.value);
  const names = codebook.variables.map(({ name }) => name);
  const columns = oracleColumns(
    'bfi.csv',
    names.map((name) => (/^[a-z]\d$/.test(name) ? name.toUpperCase() : name)),
  );
  const rows = (columns[0] ?? []).map((_, i) => {
    const values = columns.map((column) => column[i] ?? null);
    const scores = scales.map((scale) =>
      scoreItems(
        scale,
        scale.items.map((item) => values[names.indexOf(item.name)] ?? null),
      ),
    );
    return { school: 's', cluster: null, arm: 'i', values, scores };
  });
  const instrument = { id: 'bfi', version: 1, title };
  const report = administrationReport({ ...world([]), instrument, codebook, scales, rows });
  const oracle =
    oracleResults<
      Record<
        string,
        {
          pairwise: {
            alpha_raw: number;
            alpha_std: number;
            feldt_95: { lower: number; upper: number };
            items: { 'r.drop': number }[];
            if_deleted: { raw_alpha: number }[];
          };
        }
      >
    >('02_reliability.json');
  const cases = {
    agree: 'bfi_agree',
    conscientious: 'bfi_consc',
    extraversion: 'bfi_extra',
    neuroticism: 'bfi_neuro',
    openness: 'bfi_open',
  };
  for (const [id, name] of Object.entries(cases)) {
    const expected = oracle[name]?.pairwise;
    const scale = scales.find((one) => one.id === id);
    if (!expected || !scale) throw new Error(`no case ${name}`);
    const figure = (column: string) => cell(tableOf(report, 'reliability'), scale.title, column) as number;
    expect(figure('n')).toBe(2800);
    expectClose(figure('alpha'), expected.alpha_raw, 1e-10, `${id} alpha`);
    expectClose(figure('standardised'), expected.alpha_std, 1e-10, `${id} standardised`);
    expectClose(figure('alpha-lower'), expected.feldt_95.lower, 1e-10, `${id} lower`);
    expectClose(figure('alpha-upper'), expected.feldt_95.upper, 1e-10, `${id} upper`);
    tableOf(report, `reliability-${id}`).rows.forEach((row, i) => {
      expectClose(row[1] as number, expected.items[i]?.['r.drop'] ?? Number.NaN, 1e-10, `${id} item-rest ${i}`);
      expectClose(row[2] as number, expected.if_deleted[i]?.raw_alpha ?? Number.NaN, 1e-10, `${id} without ${i}`);
    });
  }
  // R: mean(rowMeans(N1..N5, na.rm = TRUE)) and sd, in `scoring_bfi_neuro` of the oracle.
  const neuro = scales.find((one) => one.id === 'neuroticism')?.title ?? '';
  expectClose(cell(tableOf(report, 'scale-means'), `${neuro}/All`, 'mean') as number, 3.16226785714286, 1e-13, 'mean');
  expectClose(cell(tableOf(report, 'scale-means'), `${neuro}/All`, 'sd') as number, 1.19633137580959, 1e-13, 'sd');
});

test('a scale of one item has a mean and no alpha', () => {
  const report = administrationReport(
    world(schools, { scale: { ...trust, items: trust.items.slice(0, 1), minimumAnswered: 1 } }),
  );
  const table = tableOf(report, 'reliability');
  expect(cell(table, 'Trust', 'alpha')).toBeNull();
  expect(table.notes.map((note) => note.code)).toEqual(['too-few-items']);
});
