/**
 * Small tables of texts as a workbook, for the roster's templates. Every column is formatted as text, so that a
 * spreadsheet keeps a national number like 0123 as it is typed.
 */
import type { Writable } from 'node:stream';
import { startWorkbook } from './sheets.ts';

export interface TextTable {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

/** Writes the workbook into `out`, then ends it. */
export async function writeTables(out: Writable, tables: readonly TextTable[]): Promise<void> {
  const workbook = await startWorkbook(out);
  for (const { name, rows } of tables) {
    const sheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
    sheet.columns = (rows[0] ?? []).map((title, at) => ({
      width: Math.min(60, Math.max(...rows.map((row) => (row[at] ?? '').length), title.length) + 4),
      style: { numFmt: '@' },
    }));
    rows.forEach((cells, at) => {
      const row = sheet.addRow([...cells]);
      if (at === 0) row.font = { bold: true };
      row.commit();
    });
    sheet.commit();
  }
  await workbook.commit();
}
