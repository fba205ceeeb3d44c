/** Reports and lists of analyses as lines for a terminal. Called by analyse.ts. */
import type { OptionDescription } from '../../analysis/plan/describe.ts';
import type { CellValue, Column, Note, Report, Section, Table } from '../../analysis/result.ts';

/** The report: each section with its text, tables and notes. Charts show what the tables say, and are left out. */
export function reportLines(report: Report): string[] {
  return [report.title, report.subtitle, ...noteLines(report.notes), ...report.sections.flatMap(sectionLines)];
}

function sectionLines({ title, text, tables, notes = [] }: Section): string[] {
  return ['', '', title, '='.repeat(title.length), text, ...noteLines(notes), ...tables.flatMap(tableLines)];
}

function tableLines({ title, columns, rows, notes }: Table): string[] {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column, at) => shown(column, row[at] ?? null))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => (columns[at]?.kind === 'text' ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return ['', title, head, rule, ...body, ...noteLines(notes)];
}

function noteLines(notes: readonly Note[]): string[] {
  return notes.map(({ text }) => `Note: ${text}`);
}

/** A cell with the digits of its column; small numbers that these would make a zero in powers of ten. */
function shown({ kind, digits = 3 }: Column, value: CellValue): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (kind === 'percent') return `${(100 * value).toFixed(digits)} %`;
  if (kind === 'integer' || value === 0) return String(value);
  const rounded = value.toFixed(digits);
  if (Number(rounded) === 0 || Math.abs(value) >= 1e9) return value.toPrecision(3);
  return rounded;
}

/** An analysis with its question and its options. */
export function analysisLines(name: string, question: string, options: readonly OptionDescription[]): string[] {
  const width = Math.max(...options.map((option) => option.name.length));
  return [
    name,
    `  ${question}`,
    ...options.map(
      ({ name: option, type, presence, about }) =>
        `    ${option.padEnd(width)}  ${type}${presence === '' ? '' : `, ${presence}`}${about === '' ? '' : `: ${about}`}`,
    ),
    '',
  ];
}
