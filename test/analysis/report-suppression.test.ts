/** What a report tells a reader who may not see identified rows: no small cell, and none by subtraction. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { administrationReport } from '../../analysis/report.ts';
import type { CellValue, Report, Table } from '../../analysis/result.ts';
import { type Equation, exactlyKnown } from './attack.ts';
import { type Answers, type SchoolOf, trust, world } from './report-world.ts';

const minimum = 5;
const tablesOf = (report: Report) => report.sections.flatMap((section) => section.tables);
const find = (report: Report, id: string) => tablesOf(report).find((table) => table.id === id);

const answer = (max: number) => fc.option(fc.integer({ min: 1, max }), { freq: 12 });
const taken = fc.constantFrom(null, 0, 1, 1);
const answers: fc.Arbitrary<Answers> = fc.tuple(answer(3), answer(5), answer(5), answer(5), taken);
const place = fc.constantFrom<[string | null, string]>(
  ['k1', 'i'],
  ['k1', 'i'],
  ['k2', 'i'],
  ['k3', 'c'],
  [null, 'i'],
  [null, 'c'],
);
const schools: fc.Arbitrary<SchoolOf[]> = fc
  .array(fc.tuple(place, fc.array(answers, { maxLength: 12 }), fc.integer({ min: 0, max: 6 })), {
    minLength: 1,
    maxLength: 9,
  })
  .map((list) =>
    list.map(([[cluster, arm], people, more], i) => ({
      id: `s${i}`,
      cluster,
      arm,
      people,
      invited: people.length + more,
    })),
  );
const scale = fc.constantFrom(trust, { ...trust, aggregation: 'item-first' as const });

/** Cells of integer columns, which are counts of people everywhere but in the column of items of a scale. */
function counts(table: Table): { name: string; value: CellValue }[] {
  return table.columns.flatMap((column, place) =>
    column.kind === 'integer' && column.id !== 'items'
      ? table.rows.map((row) => ({ name: `${table.id}/${row[0]}/${column.id}`, value: row[place] ?? null }))
      : [],
  );
}

test('no count of any table stands for fewer people than the minimum', () => {
  fc.assert(
    fc.property(schools, scale, (list, one) => {
      const report = administrationReport(world(list, { suppress: true, minimumCell: minimum, scale: one }));
      for (const { name, value } of tablesOf(report).flatMap(counts)) {
        if (value === 'suppressed') continue;
        expect(typeof value, name).toBe('number');
        expect(value === 0 || (value as number) >= minimum, `${name} is ${value}`).toBe(true);
      }
    }),
    { seed: 20277, numRuns: 120 },
  );
});

/** The column of a table by group, keyed by the group's place in the roster. */
function column(
  table: Table | undefined,
  id: string,
  key: (row: readonly CellValue[]) => string,
): Map<string, number | null> {
  const place = table?.columns.findIndex((one) => one.id === id) ?? -1;
  return new Map(
    table?.rows.map((row) => {
      const value = row[place];
      return [key(row), typeof value === 'number' ? value : null];
    }),
  );
}

test('no hidden count of a school, cluster or arm can be had from the others', () => {
  const sources = [
    { id: 'responded', school: 'response-by-school', cluster: 'response-by-cluster', arm: 'response-by-arm', name: 0 },
    { id: 'invited', school: 'response-by-school', cluster: 'response-by-cluster', arm: 'response-by-arm', name: 0 },
    { id: 'n', school: 'scale-trust-by-school', cluster: 'scale-trust-by-cluster', arm: 'scale-means', name: 1 },
  ];
  let attacked = 0;
  fc.assert(
    fc.property(schools, scale, (list, one) => {
      const report = administrationReport(world(list, { suppress: true, minimumCell: minimum, scale: one }));
      for (const source of sources) {
        const inSchools = column(find(report, source.school), source.id, (row) => `${row[2]}/${row[1]}/${row[0]}`);
        const inClusters = column(find(report, source.cluster), source.id, (row) => `${row[1]}/${row[0]}`);
        const inArms = column(find(report, source.arm), source.id, (row) => String(row[source.name]));
        const shown = new Map([...inSchools, ...inClusters, ...inArms]);
        const under = (name: string, parts: Map<string, unknown>): Equation => [
          { cell: name, sign: -1 },
          ...[...parts.keys()]
            .filter((part) => part.startsWith(`${name}/`))
            .map((cell) => ({ cell, sign: 1 as const })),
        ];
        const arms = [...inArms.keys()].filter((name) => name !== 'All');
        const equations: Equation[] = [
          ...[...inClusters.keys()].map((name) => under(name, inSchools)),
          ...arms.map((name) => under(name, inClusters)),
          [{ cell: 'All', sign: -1 }, ...arms.map((cell) => ({ cell, sign: 1 as const }))],
        ];
        attacked += [...shown.values()].filter((value) => value === null).length;
        expect(exactlyKnown({ truth: new Map(), shown, equations }), source.id).toEqual([]);
      }
    }),
    { seed: 20278, numRuns: 120 },
  );
  expect(attacked).toBeGreaterThan(500);
});

test('no hidden answer to an item can be had from the others', () => {
  fc.assert(
    fc.property(schools, (list) => {
      const report = administrationReport(world(list, { suppress: true, minimumCell: minimum }));
      for (const table of tablesOf(report).filter(({ id }) => id.startsWith('items-'))) {
        expect(table.columns.some(({ id }) => id === 'missing')).toBe(false);
        for (const row of table.rows) {
          const cells = table.columns.flatMap(({ id }, at) =>
            id.startsWith('n-') || id === 'answered' ? [[id, row[at]] as const] : [],
          );
          const shown = new Map(cells.map(([id, value]) => [id, typeof value === 'number' ? value : null]));
          const sum: Equation = cells.map(([cell]) => ({ cell, sign: cell === 'answered' ? -1 : 1 }));
          expect(exactlyKnown({ truth: new Map(), shown, equations: [sum] })).toEqual([]);
          // A share is a count in other words: without the count there is none.
          table.columns.forEach(({ id }, at) => {
            if (!id.startsWith('share-')) return;
            const count = shown.get(id.replace('share-', 'n-'));
            if (count === null || shown.get('answered') === null) expect(row[at]).toBe('suppressed');
          });
        }
      }
    }),
    { seed: 20279, numRuns: 120 },
  );
});

test('charts show nothing that the tables hide', () => {
  fc.assert(
    fc.property(schools, (list) => {
      const report = administrationReport(world(list, { suppress: true, minimumCell: minimum }));
      for (const section of report.sections) {
        for (const chart of section.charts) {
          const table = section.tables.find(({ id }) => id === chart.table);
          const text = JSON.stringify(chart.config);
          for (const row of table?.rows ?? []) {
            const hidden = row.includes('suppressed') && !chart.table.startsWith('items-');
            // Names end with a letter or a digit and a quotation mark follows, so s1 is not found in s10.
            if (hidden) expect(text.includes(`${row[0]}"`), `${chart.id} shows ${row[0]}`).toBe(false);
          }
          const { data } = chart.config as { data: { datasets: { data: unknown[] }[] } };
          if (!chart.table.startsWith('items-') || !table) continue;
          const nulls = data.datasets.flatMap((set) => set.data).filter((value) => value === null).length;
          const drawn = table.rows.filter((row) =>
            row.some((value, at) => at > 1 && typeof value === 'number' && table.columns[at]?.kind === 'percent'),
          );
          const shares = drawn.flatMap((row) => row.filter((_, at) => table.columns[at]?.kind === 'percent'));
          expect(nulls).toBe(shares.filter((value) => value === 'suppressed').length);
        }
      }
    }),
    { seed: 20280, numRuns: 80 },
  );
});

test('means are rounded, small reliabilities and small numbers of responses are not told, and the report says so', () => {
  const seven: Answers[] = Array.from({ length: 7 }, (_, i) => [1, 1 + (i % 5), 1 + (i % 3), 2, 1]);
  const report = administrationReport(
    world([{ id: 'a', cluster: 'k1', arm: 'i', invited: 9, people: seven }], { suppress: true, minimumCell: minimum }),
  );
  const means =
    find(report, 'scale-means')
      ?.rows.flat()
      .filter((value) => typeof value === 'number') ?? [];
  expect(means.every((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9)).toBe(true);
  expect(report.notes.map(({ code }) => code)).toEqual(['simulated', 'suppression']);
  const few = administrationReport(
    world([{ id: 'a', cluster: 'k1', arm: 'i', invited: 9, people: seven.slice(0, 4) }], {
      suppress: true,
      minimumCell: minimum,
    }),
  );
  expect(find(few, 'reliability')?.rows).toEqual([['Trust', 3, ...new Array(5).fill('suppressed')]]);
  expect(find(few, 'reliability')?.notes.map(({ code }) => code)).toEqual(['suppressed']);
  expect(
    find(few, 'reliability-trust')?.rows.every((row) => row.slice(1).every((value) => value === 'suppressed')),
  ).toBe(true);
  expect(few.sections.flatMap((section) => section.charts)).toEqual([]);
  expect(JSON.stringify(few.sections.map(({ text }) => text))).not.toMatch(/\b4 response/);
});

test('without suppression nothing is hidden', () => {
  fc.assert(
    fc.property(schools, (list) => {
      const text = JSON.stringify(administrationReport(world(list, { minimumCell: minimum })));
      expect(text).not.toContain('suppressed');
    }),
    { seed: 20281, numRuns: 30 },
  );
});
