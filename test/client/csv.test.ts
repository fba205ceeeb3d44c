/** Tables saved from the workbench as CSV: read back with another program's reader, they say the same. */
import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import type { CellValue, Table } from '../../analysis/result.ts';
import { csvCell, csvOf } from '../../client/shared/csv.ts';

const columns = [
  { id: 'a', title: 'School', kind: 'text' },
  { id: 'b', title: 'Mean', kind: 'number' },
  { id: 'c', title: 'Rate', kind: 'percent' },
] as const;
const tableOf = (rows: readonly (readonly CellValue[])[]): Table => ({ id: 't', title: 'T', columns, rows, notes: [] });
const read = (text: string) => Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data;

describe('a table as CSV', () => {
  test('begins with a byte order mark and ends every line with CRLF', () => {
    const text = csvOf(tableOf([['Alder Primary', 3.25, 0.5]]));
    expect(text).toBe('\uFEFFSchool,Mean,"Rate (share, 0 to 1)"\r\nAlder Primary,3.25,0.5\r\n');
  });

  test('keeps a file of no rows as a header alone', () => {
    expect(read(csvOf(tableOf([])))).toHaveLength(1);
  });

  test('doubles quotes and keeps commas and line breaks inside a cell', () => {
    const name = 'St "Anne\'s", Upper\r\nSchool';
    expect(read(csvOf(tableOf([[name, 1, 1]])))[1]?.[0]).toBe(name);
  });

  test('leaves a missing figure empty and a suppressed one as the word', () => {
    expect(read(csvOf(tableOf([['x', null, 'suppressed']])))[1]).toEqual(['x', '', 'suppressed']);
  });

  test.each(['=1+1', '+1', '-2', '@sum', '\tx', '\rx', '\nx', '  =1', '\u00A0@x', '＝1'])(
    'takes the power of a formula from the text %j',
    (text) => {
      expect(csvCell(text).replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  test('never touches a number, negative ones included', () => {
    expect(csvCell(-2.5)).toBe('-2.5');
    expect(csvCell(Number.NaN)).toBe('');
  });

  test('gives every number and text back exactly as it was', () => {
    const cell = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      fc.string({ unit: 'binary' }).filter((text) => text !== ''),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }), (rows) => {
        const parsed = Papa.parse<string[]>(csvOf(tableOf(rows)), { delimiter: ',', newline: '\r\n' }).data.slice(
          1,
          -1,
        );
        const given = parsed.map((row, at) =>
          row.map((text, column) => {
            const original = rows[at]?.[column];
            if (typeof original === 'number') return Number(text);
            // One mark and nothing else was added, if anything was.
            return text === original ? text : text.replace(/^'/, '');
          }),
        );
        expect(given).toEqual(rows);
      }),
      { seed: 20_26, numRuns: 300 },
    );
  });
});
