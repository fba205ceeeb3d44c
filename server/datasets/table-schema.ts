/**
 * A table described as the Frictionless project's Table Schema: names, types, labels, codes and the reasons of gaps. It
 * stands in `datapackage.json`, beside JSON Lines, and in the metadata of Parquet files.
 */
import { missingCodes, missingLabels, missingReasons } from '../../instruments/missing.ts';
import type { FileKind, FileVariable } from './file-columns.ts';
import type { FileTable } from './file-table.ts';

/** Reasons of gaps by their codes in flat files. */
const missingValues = missingReasons.map((reason) => ({ value: String(missingCodes[reason]), label: reason }));
export const missingReasonTexts = Object.fromEntries(missingReasons.map((reason) => [reason, missingLabels[reason]]));

const types: Readonly<Record<FileKind, string>> = {
  integer: 'integer',
  number: 'number',
  text: 'string',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
};

export interface TableSchema {
  readonly fields: readonly object[];
  readonly missingValues: readonly object[];
  readonly primaryKey: string | readonly string[];
  readonly foreignKeys?: readonly object[];
}

/** Without the columns that tell gaps of texts, days and times: where those stand, their format says it. */
export function tableSchema({ name, variables }: Pick<FileTable, 'name' | 'variables'>): TableSchema {
  const [first, second] = variables.map((variable) => variable.name);
  const key = first ?? 'response';
  return {
    fields: variables.filter(({ gapOf }) => gapOf === undefined).map(fieldOf),
    missingValues: [{ value: '', label: 'none' }, ...missingValues],
    ...(name === 'data'
      ? { primaryKey: key }
      : {
          primaryKey: [key, second ?? 'row'],
          foreignKeys: [{ fields: key, reference: { resource: 'data', fields: key } }],
        }),
  };
}

function fieldOf({ name, label, kind, measurement, values }: FileVariable): object {
  return {
    name,
    type: types[kind],
    title: label,
    ...(kind === 'datetime' ? { format: 'any' } : {}),
    ...(kind === 'time' ? { format: 'any' } : {}),
    measurement,
    ...(values.length === 0
      ? {}
      : {
          categories: values.map(({ code, label }) => ({ value: code, label })),
          categoriesOrdered: measurement === 'ordinal',
        }),
  };
}
