/** Asks an analysis through a plan, as `fidelis analyse` does, and finds figures in the section that it gives. */
import { readFileSync } from 'node:fs';
import type { Cell, Dataset } from '../../../analysis/plan/dataset.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { parsePlan, runPlan } from '../../../analysis/plan.ts';
import type { CellValue, Estimate, Section } from '../../../analysis/result.ts';
import { expectClose } from '../../oracle.ts';
import { readFrame } from '../../verify/folder.ts';

/** A data set of test/oracles. */
export function oracleData(name: string): Dataset {
  const frame = readFrame(readFileSync(new URL(`../../oracles/${name}.csv`, import.meta.url), 'utf8'));
  return datasetOf(Object.fromEntries(frame.names.map((column): [string, Cell[]] => [column, frame.column(column)])));
}

/** The section of one analysis. Throws an error with all issues when the plan is refused. */
export function ask(data: Dataset, analysis: string, options: object, more: object = {}): Section {
  const parsed = parsePlan({ title: 'Test', analyses: [{ id: 'x', analysis, options, ...more }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const [section] = runPlan(parsed.value, data).sections;
  if (!section) throw new Error('the report has no section');
  return section;
}

export function estimateOf(section: Section, id: string): Estimate {
  const found = section.estimates?.find((one) => one.id === id);
  if (!found) throw new Error(`no estimate ${id} among ${section.estimates?.map((one) => one.id)}`);
  return found.estimate;
}

/** The cells of the row that begins so. */
export function rowOf(section: Section, table: string, first: CellValue): CellValue[] {
  const found = section.tables.find(({ id }) => id === `x-${table}`);
  const row = found?.rows.find(([cell]) => cell === first);
  if (!row) throw new Error(`no row ${first} in ${table}: ${JSON.stringify(found?.rows.map(([cell]) => cell))}`);
  return [...row];
}

/** Asserts figures in their order. */
export function expectAll(actual: readonly unknown[], expected: readonly unknown[], tolerance = 1e-8): void {
  if (actual.length !== expected.length) throw new Error(`${actual.length} figures, ${expected.length} expected`);
  actual.forEach((figure, at) => {
    const wanted = expected[at];
    if (wanted === null && figure === null) return;
    if (typeof wanted !== 'number' || typeof figure !== 'number') throw new Error(`${at}: ${figure} against ${wanted}`);
    expectClose(figure, wanted, tolerance, String(at));
  });
}
