/**
 * Reads any CSV file into columns, as an analysis takes them: UTF-8, commas, a header. A column is of numbers when each of
 * its filled cells is a number that keeps each of its digits; blank cells and `NA` are missing. Called by analyse-file.ts.
 */
import { createReadStream } from 'node:fs';
import { type Cell, type Dataset, datasetOf } from '../../analysis/plan/dataset.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { counted } from '../../instruments/zod-words.ts';
import { type CsvRecord, NotUtf8, otherSeparator, readRecords } from '../responses/import-file.ts';

/** More wrong rows than these are counted, not listed. */
const listed = 20;

type Read =
  | { readonly ok: true; readonly value: Dataset }
  /** `names` where the header could be read. */
  | { readonly ok: false; readonly issues: readonly Issue[]; readonly names: readonly string[] | null };

/** The columns, or what is wrong with the file, by row. Throws what the file system throws. */
export async function readDataset(file: string, onRows: (rows: number) => void): Promise<Read> {
  const issues: Issue[] = [];
  let more = 0;
  let columns: ColumnReader[] | undefined;
  const header: string[] = [];
  const fileRows: number[] = [];
  try {
    for await (const records of readRecords(createReadStream(file))) {
      for (const record of records) {
        if (columns === undefined) {
          issues.push(...headerIssues(record));
          // Read with the wrong separator each row is wrong again.
          if (issues.some(({ code }) => code === 'wrong-separator')) return { ok: false, issues, names: null };
          header.push(...record.cells);
          columns = header.map(() => new ColumnReader());
        } else {
          const wrong = rowIssue(record, columns.length);
          if (wrong && issues.length < listed) issues.push(wrong);
          else if (wrong) more += 1;
          // Of data that are refused only the faults are wanted.
          if (issues.length === 0) for (const [at, column] of columns.entries()) column.add(record.cells[at] ?? '');
          fileRows.push(record.row);
        }
      }
      onRows(fileRows.length);
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return { ok: false, issues: [{ code: 'not-utf-8', path: 'file', message: error.message }], names: null };
  }
  if (columns === undefined) {
    const message = 'The file is empty; its first row names the columns.';
    issues.push({ code: 'no-header', path: 'row 1', message });
  }
  if (more > 0) {
    issues.push({
      code: 'more-rows',
      path: 'file',
      message: `And ${counted(more, 'more row is', 'more rows are')} wrong.`,
    });
  }
  if (issues.length > 0) return { ok: false, issues, names: header.length > 0 ? header : null };
  const cells = Object.fromEntries((columns ?? []).map((column, at) => [header[at] ?? '', column.cells()]));
  return { ok: true, value: datasetOf(cells, fileRows) };
}

function headerIssues({ row, cells, broken }: CsvRecord): Issue[] {
  const issues: Issue[] = [];
  const add = (code: string, path: string, message: string) => issues.push({ code, path, message });
  const separator = otherSeparator(cells) ?? otherSeparator(mostlyOther(cells));
  // Quotes are read amiss between other separators; that is no news of its own.
  if (separator) add('wrong-separator', `row ${row}`, separator);
  else if (broken !== null) add('broken-quotes', `row ${row}`, broken);
  // A column without a name, like the row names of R, is read over.
  cells.forEach((name, at) => {
    if (name !== '' && cells.indexOf(name) < at) {
      add('repeated-column', `row ${row}, column ${name}`, 'The header names this column twice.');
    }
  });
  return issues;
}

/** A header with more of another separator than of commas, like one of decimal commas or quoted names, as one cell. */
function mostlyOther(cells: readonly string[]): string[] {
  const [semicolons, tabs] = [';', '\t'].map((other) => cells.join('').split(other).length - 1);
  return Math.max(semicolons ?? 0, tabs ?? 0) > cells.length - 1 ? [cells.join(',')] : [...cells];
}

function rowIssue({ row, cells, broken }: CsvRecord, expected: number): Issue | null {
  const issue = (code: string, message: string) => ({ code, path: `row ${row}`, message });
  if (broken !== null) return issue('broken-quotes', broken);
  if (cells.length === expected) return null;
  return issue('wrong-number-of-cells', `The row has ${cells.length} cells, the header ${expected}.`);
}

const numberPattern = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** Two long ids that differ in their last digit alone can be the same number: such a column is one of labels. */
function keepsDigits(cell: string, value: number): boolean {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return true;
  const digits = cell.trim();
  return !/^[+-]?\d+$/.test(digits) || BigInt(digits) === BigInt(value);
}

/** Takes the cells of one column as numbers until one of them is none. */
class ColumnReader {
  readonly #values: Cell[] = [];
  /** How numbers were written whose text cannot be had back from the number, like 007. */
  readonly #written = new Map<number, string>();
  /** One copy of each text; a text that was cut from the file would keep a block of it in memory. */
  readonly #texts = new Map<string, string>();
  #numeric = true;

  add(cell: string): void {
    if (cell === 'NA' || cell.trim() === '') {
      this.#values.push(null);
      return;
    }
    if (this.#numeric && numberPattern.test(cell)) {
      const value = Number(cell);
      if (Number.isFinite(value) && keepsDigits(cell, value)) {
        if (String(value) !== cell) this.#written.set(this.#values.length, cell);
        this.#values.push(value);
        return;
      }
    }
    if (this.#numeric) this.#turnToTexts();
    this.#values.push(this.#once(cell));
  }

  cells(): readonly Cell[] {
    return this.#values;
  }

  #turnToTexts(): void {
    this.#numeric = false;
    this.#values.forEach((value, row) => {
      if (value !== null) this.#values[row] = this.#once(this.#written.get(row) ?? String(value));
    });
    this.#written.clear();
  }

  #once(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const copy = Buffer.from(text).toString();
    this.#texts.set(copy, copy);
    return copy;
  }
}
