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
export function tableSchema({
  name,
  variables,
  ...keys
}: Pick<FileTable, 'name' | 'variables' | 'key' | 'references'>): TableSchema {
  const [first = 'response', second = 'row'] = variables.map((variable) => variable.name);
  const key = keys.key ?? (name === 'data' ? [first] : [first, second]);
  const references = keys.references ?? (name === 'data' ? [] : [{ column: first, table: 'data' }]);
  return {
    fields: variables.filter(({ gapOf }) => gapOf === undefined).map(fieldOf),
    missingValues: [{ value: '', label: 'none' }, ...missingValues],
    primaryKey: key.length === 1 ? (key[0] ?? first) : key,
    ...(references.length === 0
      ? {}
      : {
          foreignKeys: references.map(({ column, table }) => ({
            fields: column,
            reference: { resource: table.replaceAll('_', '-'), fields: column },
          })),
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
