/** The variables of an instrument version as tables: the main one and one for each repeated group. */
import { useMemo } from 'react';
import type { Table } from '../../../analysis/result.ts';
import type { Codebook, Variable } from '../../../instruments/codebook.ts';
import { missingCodes, missingLabels, missingReasons } from '../../../instruments/missing.ts';
import { noFigure } from '../../shared/format.ts';
import { DataTable } from '../parts/data-table.tsx';

const typeTitles: Readonly<Record<Variable['type'], string>> = {
  integer: 'whole number',
  number: 'number',
  text: 'text',
  date: 'date',
  datetime: 'date and time',
  time: 'time',
};

function variableTable(id: string, title: string, variables: readonly Variable[]): Table {
  return {
    id,
    title,
    columns: [
      { id: 'name', title: 'Variable', kind: 'text' },
      { id: 'label', title: 'Label', kind: 'text' },
      { id: 'type', title: 'Type', kind: 'text' },
      { id: 'values', title: 'Values', kind: 'text' },
      { id: 'scales', title: 'Scale', kind: 'text' },
    ],
    rows: variables.map((variable) => [
      variable.name,
      variable.label,
      `${typeTitles[variable.type]}${variable.origin === 'calculated' ? ', calculated' : ''}`,
      valuesOf(variable),
      variable.scales.map(({ scale, reversed }) => (reversed ? `${scale} (reversed)` : scale)).join(', ') || null,
    ]),
    notes: [],
  };
}

/** Codes with their labels, or the range, or nothing. */
function valuesOf(variable: Variable): string | null {
  if (variable.values.length > 0) {
    return variable.values
      .map(({ code, label, missing }) => `${code} = ${label}${missing ? ` (missing: ${missing})` : ''}`)
      .join('; ');
  }
  return variable.range ? `${variable.range.min} to ${variable.range.max}` : null;
}

export function CodebookTables({ codebook, file }: { codebook: Codebook; file: string }) {
  const tables = useMemo(
    () => [
      variableTable('variables', 'Variables', codebook.variables),
      ...codebook.tables.map((table) => variableTable(table.name, `Repeated: ${table.label}`, table.variables)),
    ],
    [codebook],
  );
  return tables.map((table, index) => (
    <div className="card" key={table.id}>
      <DataTable
        table={table}
        quietTitle={index === 0}
        searchable
        pageSize={15}
        file={index === 0 ? file : file.replace(/\.csv$/, `-${table.id}.csv`)}
        cells={{
          name: (value) => <code>{value}</code>,
          values: (value) => (typeof value === 'string' ? <ValueList text={value} /> : noFigure),
        }}
      />
    </div>
  ));
}

function ValueList({ text }: { text: string }) {
  return (
    <ul className="value-list">
      {text.split('; ').map((value) => (
        <li key={value}>{value}</li>
      ))}
    </ul>
  );
}

/** The reserved codes that say why a value is missing. */
export function MissingCodes() {
  return (
    <details className="card">
      <summary>Codes for missing values</summary>
      <p className="soft">In the files a missing value always says why it is missing.</p>
      <dl className="count-list">
        {missingReasons.map((reason) => (
          <div key={reason}>
            <dt>{missingLabels[reason]}</dt>
            <dd>{missingCodes[reason]}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
