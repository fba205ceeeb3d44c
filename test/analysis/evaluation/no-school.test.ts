/** People who tell no school: they answered, and are in no model of schools. Worked by hand. */
import { expect, test } from 'vitest';
import { evaluationReport } from '../../../analysis/evaluation/evaluation-report.ts';
import { instrumentFigures } from '../../../analysis/evaluation/study-figures.ts';
import type { CellValue, Report } from '../../../analysis/result.ts';
import { type SchoolOf, world } from '../report-world.ts';
import { studyWorld } from './study-world.ts';

const gate = { icc1: -1, icc2: -100, rwgJ: 0, minimumGroup: 1 };
const school = (id: string, arm: string, answers: readonly number[]): SchoolOf => ({
  ...{ id, cluster: null, arm, invited: answers.length },
  people: answers.map((answer) => [1, answer, answer, 6 - answer, 1]),
});

/** Three schools of six in each arm; in the programme some more who tell no school. */
function reportOf(without: readonly number[], suppress: boolean): Report {
  const list = ['i', 'c'].flatMap((arm) => [1, 2, 3].map((at) => school(`${arm}${at}`, arm, [1, 2, 3, 3, 4, at])));
  const base = studyWorld(list, []);
  const input = world([...list, school('nowhere', 'i', without)]);
  const rows = input.rows.map((row) => (row.school === 'nowhere' ? { ...row, school: null } : row));
  const rates = input.rates.map((rate) => (rate.school === 'nowhere' ? { ...rate, school: null } : rate));
  const administration = { ...input.administration, wave: 'before' };
  const administrations = [{ ...input, study: base.study, administration, rows, rates }];
  const scales = instrumentFigures({ administrations, maps: [], gate });
  return evaluationReport({ ...base, gate, scales, suppress });
}

function tableOf(report: Report, id: string): Record<string, CellValue | undefined>[] {
  const table = report.sections.flatMap(({ tables }) => tables).find((one) => one.id === id);
  return (table?.rows ?? []).map((row) =>
    Object.fromEntries((table?.columns ?? []).map((column, at) => [column.id, row[at]])),
  );
}

test('n beside a mean of the model is of those in the model, and everybody stands apart', () => {
  for (const suppress of [false, true]) {
    // 18 of the arm in schools and six outside: 24 answered.
    const report = reportOf([5, 5, 5, 5, 5, 5], suppress);
    expect(tableOf(report, 'outcome-1-trust-means').map((row) => [row.n, row['in-model']])).toEqual([
      [24, 18],
      [18, 18],
    ]);
    expect(tableOf(report, 'outcome-1-trust-changes').map(({ n }) => n)).toEqual([36]);
    expect(JSON.stringify(report.sections.map(({ charts }) => charts))).toContain('Intervention, Before (n = 18)');
  }
});

test('how many of the arm tell no school is not told where they are few', () => {
  const exact = tableOf(reportOf([5, 5], false), 'outcome-1-trust-means')[0];
  expect([exact?.n, exact?.['in-model']]).toEqual([20, 18]);
  const report = reportOf([5, 5], true);
  const [row] = tableOf(report, 'outcome-1-trust-means');
  expect([row?.n, row?.['in-model'], typeof row?.mean]).toEqual([20, 'suppressed', 'number']);
  expect(tableOf(report, 'outcome-1-trust-changes').map(({ n }) => n)).toEqual(['suppressed']);
});

test('where everybody tells a school nothing is said of it', () => {
  expect(Object.keys(tableOf(reportOf([], true), 'outcome-1-trust-means')[0] ?? {})).not.toContain('in-model');
});
