/** The two reports of a study: figures worked by hand, the gate in what is shown, and a reader who subtracts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluationReport } from '../../../analysis/evaluation/evaluation-report.ts';
import { schoolReport } from '../../../analysis/evaluation/school-report.ts';
import type { CellValue, Report, Table } from '../../../analysis/result.ts';
import { type Equation, exactlyKnown } from '../attack.ts';
import type { Answers, SchoolOf } from '../report-world.ts';
import { studyWorld } from './study-world.ts';

const open = { icc1: -1, icc2: -100, rwgJ: 0, minimumGroup: 5 };
const tableOf = (report: Report, id: string): Table => {
  const found = report.sections.flatMap(({ tables }) => tables).find((table) => table.id === id);
  if (!found)
    throw new Error(`no table ${id} in ${report.sections.flatMap(({ tables }) => tables.map((one) => one.id))}`);
  return found;
};
const person = (answer: number): Answers => [1, answer, answer, 6 - answer, 1];
const school = (id: string, cluster: string | null, arm: string, answers: readonly number[], more = 2): SchoolOf => ({
  ...{ id, cluster, arm },
  invited: answers.length + more,
  people: answers.map(person),
});
/** Three schools of a cluster and two of comparison; the third item is turned, so that a score is the answer. */
const before = [
  school('a', 'k1', 'i', [2, 3, 3, 4, 3]),
  school('b', 'k1', 'i', [4, 4, 5, 4, 4, 4]),
  school('c', 'k1', 'i', [1, 2, 2, 1, 2, 2]),
  school('d', null, 'c', [3, 3, 3, 2, 4]),
  school('e', null, 'c', [5, 4, 5, 5, 5]),
];
const after = [school('a', 'k1', 'i', [3, 4, 4, 5, 4]), ...before.slice(1)];

test('a school reads its own mean beside its cluster and all schools, as worked by hand', () => {
  const report = schoolReport(studyWorld(before, after, { suppress: true, gate: open }), 'a');
  expect(report.subtitle).toBe('The study, as at 2027-03-01');
  expect(report.sections[0]?.text).toContain(
    'by the answers that had come by 2027-03-01; the report of another school',
  );
  const { rows, columns } = tableOf(report, 'scale-1-trust');
  expect(columns.map(({ id }) => id)).toEqual([
    'wave',
    'group',
    'n',
    'mean',
    'mean-lower',
    'mean-upper',
    'share-low',
    'share-middle',
    'share-high',
  ]);
  // Before: a has 15 / 5 = 3.00, the cluster (15 + 25 + 10) / 17 = 2.94, all (50 + 15 + 24) / 27 = 3.30 (3.2963).
  expect(rows.slice(0, 3).map((row) => row.slice(0, 4))).toEqual([
    ['Before', 'Your school', 5, 3],
    ['Before', 'Your cluster', 17, 2.94],
    ['Before', 'All schools', 27, 3.3],
  ]);
  // The t interval of a: sd of 2, 3, 3, 4, 3 is 0.7071, its error 0.3162, the quantile of 4 df 2.776.
  expect(rows[0]?.slice(4, 6)).toEqual([2.12, 3.88]);
  // After: 20 / 5.
  expect(rows[3]?.slice(0, 4)).toEqual(['After', 'Your school', 5, 4]);
  const text = report.sections.find(({ id }) => id === 'scale-1-trust')?.text ?? '';
  expect(text).toContain(
    'Before: the mean of 5 people of your school is 3.00 on a scale from 1 to 5; of all 27 people of the study it is 3.30. A difference as small as this can come about by chance.',
  );
  expect(tableOf(report, 'response').rows[0]?.slice(2, 6)).toEqual(['Your school', 7, 5, 5 / 7]);
});

test('where the gate is not passed no school mean is shown, and the report says so', () => {
  const strict = { ...open, minimumGroup: 6 };
  const input = studyWorld(before, after, { suppress: true, gate: strict });
  const report = schoolReport(input, 'a');
  expect(tableOf(report, 'scale-1-trust').rows[0]?.slice(2, 6)).toEqual([5, 'no school mean', null, null]);
  expect(report.sections.find(({ id }) => id === 'scale-1-trust')?.text).toContain(
    'no mean is given, because one number would not stand for the school (5 people answered, fewer than 6)',
  );
  expect(JSON.stringify(report.sections.flatMap(({ charts }) => charts))).not.toContain('Your school');
  const schools = tableOf(evaluationReport({ ...input, suppress: false }), 'schools-1-trust');
  expect(schools.rows.map((row) => [row[0], row[3], row[4]])).toEqual([
    ['School a', 5, 'no school mean'],
    ['School b', 6, 25 / 6],
    ['School c', 6, 10 / 6],
    ['School d', 5, 'no school mean'],
    ['School e', 5, 'no school mean'],
  ]);
});

test('a cluster of two schools, or a trial of two, is no benchmark: the other school would be had by subtraction', () => {
  const two = [before[0], before[1], before[3], before[4]].flatMap((one) => (one ? [one] : []));
  const report = schoolReport(studyWorld(two, two, { suppress: true, gate: open }), 'a');
  expect(tableOf(report, 'scale-1-trust').rows.map((row) => row[1])).toEqual([
    'Your school',
    'All schools',
    'Your school',
    'All schools',
  ]);
  expect(tableOf(report, 'response').rows.map((row) => row[2])).toEqual([
    'Your school',
    'All schools',
    'Your school',
    'All schools',
  ]);
  const pair = two.slice(0, 2);
  const alone = schoolReport(studyWorld(pair, pair, { suppress: true, gate: open }), 'a');
  expect(tableOf(alone, 'scale-1-trust').rows.map((row) => row[1])).toEqual(['Your school', 'Your school']);
});

test('the evaluation report has response, flow, measures and outcomes that agree with the answers', () => {
  const report = evaluationReport(studyWorld(before, after, { gate: open }));
  expect(report.sections.map(({ id }) => id)).toEqual([
    'flow-of-participants',
    'response',
    'measures',
    'outcome-1-trust',
    'school-means',
    'amendments',
  ]);
  expect(tableOf(report, 'response-by-arm').rows[0]?.slice(0, 8)).toEqual([
    'Before',
    'Survey, before',
    'Intervention',
    3,
    3,
    23,
    17,
    17 / 23,
  ]);
  const flow = report.sections[0]?.flows?.[0];
  expect(flow?.columns.map(({ title, boxes }) => [title, boxes.map((box) => box.title)])).toEqual([
    ['Intervention', ['Allocated', 'Left since', 'Before', 'After', 'Analysed, last wave']],
    ['Comparison', ['Allocated', 'Left since', 'Before', 'After', 'Analysed, last wave']],
  ]);
  expect(flow?.columns[0]?.boxes[2]?.lines).toEqual([
    { label: 'Survey, before', value: '17 of 23 people, 3 of 3 schools' },
  ]);
  // Every line of the diagram stands in the table behind it.
  const table = tableOf(report, flow?.table ?? '');
  const lines = flow?.columns.flatMap(({ boxes }) => boxes.flatMap((box) => box.lines)) ?? [];
  expect(table.rows).toHaveLength((flow?.top.lines.length ?? 0) + lines.length);
  expect(tableOf(report, 'measures-reliability').rows.map((row) => row.slice(0, 4))).toEqual([
    ['Trust', 'Before', 3, 27],
    ['Trust', 'After', 3, 27],
  ]);
  // All three items are alike: the correlations have one eigenvalue of 3.
  expect(tableOf(report, 'measures-dimensions').rows[0]?.[2]).toBeCloseTo(3, 10);
  expect(tableOf(report, 'outcome-1-trust-means').rows.map((row) => row.slice(0, 5))).toEqual([
    ['Intervention', 'Before', 17, 3, 1],
    ['Intervention', 'After', 17, 3, 1],
    ['Comparison', 'Before', 10, 2, 0],
    ['Comparison', 'After', 10, 2, 0],
  ]);
  expect(tableOf(report, 'outcome-1-trust-changes').rows.map((row) => row[0])).toEqual([
    'Intervention: After less Before',
    'Comparison: After less Before',
    'Before: Intervention less Comparison',
    'After: Intervention less Comparison',
    'Net change, After since Before: Intervention less Comparison',
  ]);
});

test('numbers of people in schools, and agreement in few of them, tell of no school that is hidden', () => {
  // 18 people: from a median of 6 and a greatest of 9 the third school had 18 - 6 - 9 = 3.
  const list = [
    school('a', 'k1', 'i', [2, 3, 3, 4, 3, 3]),
    school('b', 'k1', 'i', [4, 4, 5, 4, 4, 4, 4, 4, 4]),
    school('c', 'k1', 'i', [1, 5, 3]),
  ];
  const input = studyWorld(list, [], { suppress: true, gate: { ...open, rwgJ: 0.99 } });
  const row = (report: Report) => {
    const { columns, rows } = tableOf(report, 'measures-gate');
    return Object.fromEntries(columns.map(({ id }, at) => [id, rows[0]?.[at]]));
  };
  const exact = row(evaluationReport({ ...input, suppress: false }));
  expect(exact).toMatchObject({ schools: 3, least: 3, median: 6, most: 9, rwgj: expect.any(Number) });
  // c is small, a is withheld so that it cannot be had from the whole; b alone is told, here as in the reports of schools.
  const report = evaluationReport(input);
  expect(row(report)).toMatchObject({ schools: 3, least: 'under 5', median: 9, most: 9, rwgj: 'suppressed' });
  const said = (of: Report) => JSON.stringify(of).match(/rwg\(j\)[a-z ]* is \d/g);
  expect(said(evaluationReport({ ...input, suppress: false }))).not.toBeNull();
  for (const one of [report, ...list.map(({ id }) => schoolReport(input, id))]) expect(said(one)).toBeNull();
});

test('a suppressed report is made of what may be shown alone: other exact figures change nothing in it', () => {
  const list = [...before, school('z', 'k1', 'i', [2, 4, 4])];
  const input = studyWorld(list, [], { suppress: true, gate: open });
  const other = {
    ...input,
    scales: input.scales.map((scale) => ({
      ...scale,
      waves: scale.waves.map((one) => ({
        ...one,
        groups: one.groups.map((group) => ({ ...group, exact: { ...group.exact, n: 0, sd: 9, bands: [0, 0, 0] } })),
      })),
    })),
  };
  expect(evaluationReport(other)).toEqual(evaluationReport(input));
  for (const { id } of list) expect(schoolReport(other, id)).toEqual(schoolReport(input, id));
});

test('an empty study has a report that says so', () => {
  const report = evaluationReport(studyWorld([], []));
  expect(report.notes.map(({ code }) => code)).toContain('no-responses');
  expect(() => schoolReport(studyWorld(before, after), 'a')).toThrow(RangeError);
  expect(() => schoolReport(studyWorld(before, after, { suppress: true }), 'nowhere')).toThrow(RangeError);
});

const place = fc.constantFrom<[string | null, string]>(['k1', 'i'], ['k1', 'i'], ['k2', 'i'], ['k3', 'c'], [null, 'c']);
const random = fc
  .array(fc.tuple(place, fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 })), { minLength: 1, maxLength: 9 })
  .map((list) => list.map(([[cluster, arm], answers], at) => school(`s${at}`, cluster, arm, answers, 0)));

/**
 * Everything that all school reports and the suppressed evaluation report of one study say of one wave, laid together: the
 * number of people and of bands for each school, cluster, arm and everybody. Shares times n are counts.
 */
function laidTogether(list: readonly SchoolOf[]) {
  const input = studyWorld(list, [], { suppress: true, gate: open });
  const shown = new Map<string, number | null>();
  const learn = (name: string, value: CellValue | undefined) => {
    if (typeof value === 'number') shown.set(name, Math.round(value));
    else if (!shown.has(name)) shown.set(name, null);
  };
  const learnRow = (name: string, n: CellValue | undefined, shares: readonly CellValue[]) => {
    learn(name, n);
    shares.forEach((share, band) => {
      learn(
        `${name}:${band}`,
        typeof n === 'number' && typeof share === 'number' ? share * n : share === null ? 0 : share,
      );
    });
  };
  for (const { id, cluster } of list) {
    const report = schoolReport(input, id);
    const scale = report.sections.flatMap(({ tables }) => tables).find((table) => table.id === 'scale-1-trust');
    for (const [, group, n, , , , ...shares] of scale?.rows ?? []) {
      learnRow(
        group === 'Your school' ? `school ${id}` : group === 'Your cluster' ? `cluster ${cluster}` : 'all',
        n,
        shares,
      );
    }
  }
  const evaluation = evaluationReport(input);
  const [rwgJ, , , , least, median, most] = tableOf(evaluation, 'measures-gate').rows[0]?.slice(9) ?? [];
  for (const row of tableOf(evaluation, 'outcome-1-trust-means').rows) learnRow(`arm ${row[0]}`, row[2], row.slice(9));
  for (const row of evaluation.sections.flatMap(({ tables }) => tables).find(({ id }) => id === 'schools-1-trust')
    ?.rows ?? []) {
    learn(`school ${String(row[0]).replace('School ', '')}`, row[3]);
  }
  return { shown, measures: { rwgJ, least, median, most } };
}

test('nobody in a small cell is had by laying all reports of a study side by side and subtracting', () => {
  let attacked = 0;
  fc.assert(
    fc.property(random, (list) => {
      if (list.every(({ people }) => people.length === 0)) return;
      const { shown, measures } = laidTogether(list);
      // The measures say of sizes what the reader has anyhow, and nothing of agreement in a few schools.
      const told = list
        .map(({ id }) => shown.get(`school ${id}`) ?? 0)
        .filter((n) => n > 0)
        .sort((one, other) => one - other);
      const middle = ((told[(told.length - 1) >> 1] ?? 0) + (told[told.length >> 1] ?? 0)) / 2;
      expect(measures).toMatchObject(
        told.length === 0
          ? { least: expect.stringMatching('suppressed'), median: 'suppressed', most: 'suppressed' }
          : { median: middle, most: told.at(-1) },
      );
      expect(measures.least === 'under 5' || measures.least === (told[0] ?? 'suppressed')).toBe(true);
      if (list.filter(({ people }) => people.length > 1).length < 5) expect(measures.rwgJ).toBe('suppressed');
      const cells = (name: string) => [name, ...[0, 1, 2].map((band) => `${name}:${band}`)];
      const known = list.filter(({ people }) => people.length > 0);
      const groups = new Map<string, string[]>();
      const add = (above: string, name: string) =>
        groups.set(above, [...new Set([...(groups.get(above) ?? []), name])]);
      for (const { id, cluster, arm } of known) {
        const title = arm === 'i' ? 'Intervention' : 'Comparison';
        add(`cluster ${cluster ?? `none of ${arm}`}`, `school ${id}`);
        add(`arm ${title}`, `cluster ${cluster ?? `none of ${arm}`}`);
        add('all', `arm ${title}`);
      }
      for (const name of [...groups.keys(), ...[...groups.values()].flat()].flatMap(cells))
        if (!shown.has(name)) shown.set(name, null);
      const equations: Equation[] = [];
      for (const [above, parts] of groups) {
        cells(above).forEach((cell, at) => {
          equations.push([
            { cell, sign: -1 },
            ...parts.map((part) => ({ cell: cells(part)[at] ?? '', sign: 1 as const })),
          ]);
        });
      }
      for (const name of new Set([...groups.keys(), ...[...groups.values()].flat()])) {
        const [whole = '', ...bands] = cells(name);
        equations.push([{ cell: whole, sign: -1 }, ...bands.map((cell) => ({ cell, sign: 1 as const }))]);
      }
      attacked += [...shown.values()].filter((value) => value === null).length;
      for (const [name, value] of shown)
        if (value !== null) expect(value === 0 || value >= 5, `${name} is ${value}`).toBe(true);
      // What can be worked out must not be a small group: larger ones are withheld for other reasons than their size.
      const truth = new Map<string, number>();
      for (const one of known) {
        const title = one.arm === 'i' ? 'Intervention' : 'Comparison';
        const score = (at: number) =>
          one.people.filter(([, answer]) => Math.min(2, Math.floor(((answer ?? 1) - 1) / (4 / 3) + 1e-9)) === at)
            .length;
        for (const name of [
          `school ${one.id}`,
          `cluster ${one.cluster ?? `none of ${one.arm}`}`,
          `arm ${title}`,
          'all',
        ]) {
          [one.people.length, score(0), score(1), score(2)].forEach((count, at) => {
            const cell = cells(name)[at] ?? '';
            truth.set(cell, (truth.get(cell) ?? 0) + count);
          });
        }
      }
      for (const [name, value] of shown) if (value !== null) expect(truth.get(name) ?? 0, name).toBe(value);
      const found = exactlyKnown({ truth, shown, equations }).filter((name) => {
        const count = truth.get(name) ?? 0;
        return count > 0 && count < 5;
      });
      expect(found).toEqual([]);
    }),
    { seed: 20295, numRuns: 60 },
  );
  expect(attacked).toBeGreaterThan(500);
});
