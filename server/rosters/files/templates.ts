/**
 * Templates of roster files, CSV and XLSX, made from the same list of columns that reads them.
 * Called by the import's routes.
 */
import type { Writable } from 'node:stream';
import { csvLine } from '../../datasets/formats/csv.ts';
import { writeTables } from '../../datasets/formats/tables-xlsx.ts';
import { type MemberKind, memberKinds } from '../models.ts';
import { rosterColumns } from './columns.ts';

const byteOrderMark = '\uFEFF';

/** Header and two rows of an example, with the study's further columns of schools. */
function templateRows(kind: MemberKind, arm: string, extras: readonly string[]): string[][] {
  const columns = rosterColumns[kind];
  const further = kind === 'schools' ? extras : [];
  const cell = (name: string, example: string) => (name === 'arm' && kind === 'clusters' ? arm : example);
  return [
    [...columns.map(({ name }) => name), ...further],
    ...[0, 1].map((at) => [
      ...columns.map(({ name, example }) => cell(name, example[at] ?? '')),
      ...further.map(() => ''),
    ]),
  ];
}

/** With a byte order mark: it is opened in a spreadsheet, which would spoil accents without one. */
export function csvTemplate(kind: MemberKind, arm: string, extras: readonly string[]): string {
  return byteOrderMark + templateRows(kind, arm, extras).map(csvLine).join('');
}

/** One workbook with a sheet for each kind, and one that says what the columns mean. */
export async function writeTemplateWorkbook(out: Writable, arm: string, extras: readonly string[]): Promise<void> {
  const hints = memberKinds.flatMap((kind) =>
    rosterColumns[kind].map(({ name, needed, hint }) => [kind, name, needed ? 'yes' : '', hint]),
  );
  await writeTables(out, [
    ...memberKinds.map((kind) => ({ name: kind, rows: templateRows(kind, arm, extras) })),
    { name: 'columns', rows: [['sheet', 'column', 'needed', 'what to write'], ...hints] },
  ]);
}
