/**
 * Columns of a file and the cells of its rows, as every format takes them (`file-table.ts`): plain ones, variables of a
 * codebook, and beside texts, days and times the column that tells why there is none.
 */
import type { Variable } from '../../instruments/codebook.ts';
import type { MissingReason } from '../../instruments/missing.ts';
import { freeName } from './columns.ts';

export type FileKind = 'integer' | 'number' | 'text' | 'date' | 'datetime' | 'time';

export interface FileVariable {
  readonly name: string;
  readonly label: string;
  readonly kind: FileKind;
  readonly measurement: 'nominal' | 'ordinal' | 'scale';
  readonly values: readonly { readonly code: number; readonly label: string }[];
  /** Whether a cell may be missing for a reason. */
  readonly gaps: boolean;
  /** Name of the variable of texts, days or times before it whose gaps this column tells. */
  readonly gapOf?: string;
}

/** Aligned with the variables: a value, or the reason why there is none; neither where nothing applies. */
export interface FileRow {
  readonly values: readonly (number | string | null)[];
  readonly reasons: readonly (MissingReason | null)[];
}

export function plain(name: string, label: string, kind: FileKind): FileVariable {
  return { name, label, kind, measurement: 'nominal', values: [], gaps: false };
}

export function variableOf({ name, label, type, measurement, values }: Variable): FileVariable {
  // Answers that count as missing are reasons in the rows already.
  const labels = values.filter(({ missing }) => !missing).map(({ code, label }) => ({ code, label }));
  return { name, label, kind: type, measurement, values: labels, gaps: true };
}

const isNumeric = ({ kind }: Pick<FileVariable, 'kind'>) => kind === 'integer' || kind === 'number';

/** Texts, days and times are followed by the column of their gaps. */
export function withGap(variable: FileVariable, taken: Set<string>): FileVariable[] {
  if (isNumeric(variable)) return [variable];
  const name = freeName(`${variable.name.slice(0, 28)}_gap`, taken);
  const label = `Why there is no text in ${variable.name}`;
  return [
    { ...variable, gaps: false },
    { ...plain(name, label, 'integer'), gaps: true, gapOf: variable.name },
  ];
}

/** An empty row of so many columns, to be filled from the first to the last. */
export function newCells(width: number) {
  // As long as it gets: growing lists are most of the work otherwise.
  const values = new Array<number | string | null>(width).fill(null);
  const reasons = new Array<MissingReason | null>(width).fill(null);
  let at = 0;
  return {
    row: { values, reasons } satisfies FileRow,
    put(value: number | string | null, reason: MissingReason | null): void {
      if (reason === null) values[at] = value;
      else reasons[at] = reason;
      at += 1;
    },
  };
}

export function putCoded(
  cells: ReturnType<typeof newCells>,
  asked: readonly FileVariable[],
  coded: { readonly values: readonly (number | string | null)[]; readonly reasons: readonly (MissingReason | null)[] },
): void {
  for (let at = 0; at < asked.length; at += 1) {
    const kind = asked[at]?.kind ?? 'integer';
    const value = coded.values[at] ?? null;
    const reason = coded.reasons[at] ?? null;
    if (kind === 'text') cells.put(value ?? '', null);
    else cells.put(value, reason);
    if (kind !== 'integer' && kind !== 'number') cells.put(null, reason);
  }
}
