/** What a reader found in a file, in one form for all readers, and how it compares with what was written. */
import { type MissingReason, missingCodes, missingReasons } from '../../../instruments/missing.ts';
import type { FileVariable } from '../../../server/datasets/file-columns.ts';
import type { FileTable } from '../../../server/datasets/file-table.ts';

export interface ReadColumn {
  /** As the reader gives them, null where it has nothing. */
  readonly cells: readonly (string | null)[];
  /** Reasons of gaps, where the reader tells them apart from values. */
  readonly reasons?: readonly (string | null)[];
  readonly label?: string | null;
  /** Value labels by code; of Stata's tags by `.a` to `.g`. */
  readonly values?: Readonly<Record<string, string>> | null;
}

export interface ReadTable {
  readonly names: readonly string[];
  readonly columns: ReadonlyMap<string, ReadColumn>;
  /** The sheet in words, where there is one. */
  readonly labelled?: ReadonlyMap<string, readonly (string | null)[]>;
}

/** What a reader or its format cannot tell. */
export interface Limits {
  /** Codes of gaps stand among the values: of all columns, or of numbers only. */
  readonly codes?: 'all' | 'numbers';
  /** Blanks at the end of a text are padding. */
  readonly trims?: boolean;
  /** A text of blanks alone is none. */
  readonly blankless?: boolean;
  /** All ends of lines are line feeds. */
  readonly lineFeeds?: boolean;
  /** Digits of a number. */
  readonly digits?: number;
  /** Decimals of a number. */
  readonly decimals?: number;
  /** Why a value is missing is not told. */
  readonly reasonless?: boolean;
  /** A text as it stands in a format that cannot hold it whole. */
  cut?(text: string): string;
  /** What was put before texts for the sake of spreadsheets is taken off. */
  unmarked?(text: string): string;
  /** Days, moments and hours are numbers to the reader. */
  moment?(kind: FileVariable['kind'], cell: number): string;
}

const reasonOfCode: ReadonlyMap<string, MissingReason> = new Map(
  missingReasons.map((reason) => [String(missingCodes[reason]), reason]),
);
/** Stata's tags in the order of the reasons. */
export const reasonOfTag: ReadonlyMap<string, MissingReason> = new Map(
  missingReasons.map((reason, at) => [String.fromCharCode('a'.charCodeAt(0) + at), reason]),
);

const isNumeric = ({ kind }: FileVariable) => kind === 'integer' || kind === 'number';
const toSeconds = (text: string) => (/^(?:.*T)?\d\d:\d\d$/.test(text) ? `${text}:00` : text);

/** Columns of the table as their readers should show them: a gap's reason in brackets. */
export async function expectedCells(table: FileTable, limits: Limits): Promise<Map<string, (string | null)[]>> {
  const expected = new Map(shownVariables(table).map(({ name }): [string, (string | null)[]] => [name, []]));
  for await (const batch of table.read()) {
    for (const { values, reasons } of batch) {
      table.variables.forEach((variable, at) => {
        if (variable.gapOf !== undefined) return;
        const own = reasons[at] ?? (table.variables[at + 1]?.gapOf === variable.name ? reasons[at + 1] : null) ?? null;
        const value = values[at] ?? null;
        const whole = typeof value === 'string' && limits.cut ? limits.cut(value) : value;
        expected.get(variable.name)?.push(own === null ? shown(variable, whole, limits) : reasonIn(own, limits));
      });
    }
  }
  return expected;
}

/** The same of what was read. */
export function foundCells(table: FileTable, read: ReadTable, limits: Limits): Map<string, (string | null)[]> {
  const found = new Map<string, (string | null)[]>();
  table.variables.forEach((variable, at) => {
    if (variable.gapOf !== undefined) return;
    const column = read.columns.get(variable.name);
    const next = table.variables[at + 1];
    const gaps = next?.gapOf === variable.name ? { column: read.columns.get(next.name), variable: next } : null;
    const cells = (column?.cells ?? []).map((cell, line) => {
      const reason =
        reasonAt(column, tells(variable, gaps !== null, limits), line, limits) ??
        (gaps === null ? null : reasonAt(gaps.column, true, line, { ...limits, codes: 'all' }));
      if (reason !== null) return reasonIn(reason, limits);
      return shown(variable, cell === null ? null : unmarkedCell(variable, cell, limits), limits);
    });
    found.set(variable.name, cells);
  });
  return found;
}

export function shownVariables({ variables }: Pick<FileTable, 'variables'>): FileVariable[] {
  return variables.filter(({ gapOf }) => gapOf === undefined);
}

/** Whether a code among the values of a column stands for a reason. */
function tells(variable: FileVariable, hasGaps: boolean, { codes }: Limits): boolean {
  return (variable.gaps || hasGaps) && (codes === 'all' || (codes === 'numbers' && isNumeric(variable)));
}

const reasonIn = (reason: string, { reasonless }: Limits) => (reasonless ? null : `[${reason}]`);

function reasonAt(column: ReadColumn | undefined, coded: boolean, line: number, { codes }: Limits): string | null {
  const told = column?.reasons?.[line] ?? null;
  return told ?? (coded && codes ? (reasonOfCode.get(column?.cells[line]?.trim() ?? '') ?? null) : null);
}

function unmarkedCell(variable: FileVariable, cell: string, { unmarked, moment }: Limits): string {
  if (variable.kind === 'text') return unmarked ? unmarked(cell) : cell;
  return moment && !isNumeric(variable) && cell !== '' ? moment(variable.kind, Number(cell)) : cell;
}

/** A value in one spelling, as much of it as the reader or the format can tell. */
function shown(variable: FileVariable, value: string | number | null, limits: Limits): string | null {
  if (value === null || value === '') return null;
  if (isNumeric(variable)) return shownNumber(Number(value), limits);
  const text = String(value);
  if (variable.kind === 'date') return text;
  if (variable.kind !== 'text') return toSeconds(text);
  const ended = limits.lineFeeds ? text.replaceAll(/\r\n?/g, '\n') : text;
  if (limits.blankless && ended.trim() === '') return null;
  return (limits.trims ? ended.replace(/ +$/, '') : ended) || null;
}

function shownNumber(value: number, { digits, decimals }: Limits): string {
  if (digits !== undefined) return String(Number(value.toPrecision(digits)));
  return decimals === undefined ? String(value) : String(Number(value.toFixed(decimals)) + 0);
}
