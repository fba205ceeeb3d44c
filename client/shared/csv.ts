/**
 * Tables of the workbench as CSV files: RFC 4180 (comma, CRLF, quotes doubled), UTF-8.
 *
 * The file begins with a byte order mark. These small tables are mostly opened with a double click in a spreadsheet,
 * and Excel reads a UTF-8 file without the mark in the local code page, which spoils every accent and dash. readr,
 * data.table and pandas drop the mark; base R's `read.csv` wants `fileEncoding = "UTF-8-BOM"`.
 */
import type { CellValue, Table } from '../../analysis/result.ts';

const byteOrderMark = '\uFEFF';

/** What spreadsheets take for a formula; some drop spaces and unseen characters before its sign. As in the server's CSV. */
const formula = /^(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/u;

/**
 * The whole table with full precision: shares stay between 0 and 1, a missing figure is an empty cell.
 *
 * @example
 * csvOf({ id: 't', title: 'T', columns: [{ id: 'n', title: 'n', kind: 'integer' }], rows: [[1]], notes: [] })
 * // => '\uFEFFn\r\n1\r\n'
 */
export function csvOf(table: Table): string {
  const header = table.columns.map((column) =>
    csvCell(column.kind === 'percent' ? `${column.title} (share, 0 to 1)` : column.title),
  );
  const lines = table.rows.map((row) => row.map(csvCell).join(','));
  return `${byteOrderMark}${[header.join(','), ...lines].map((line) => `${line}\r\n`).join('')}`;
}

/**
 * One cell. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are never touched.
 *
 * @example
 * csvCell('=1+1') // => "'=1+1"
 */
export function csvCell(value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
