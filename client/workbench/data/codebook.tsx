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
      valuesOf(variable).join('; ') || null,
      variable.scales.map(({ scale, reversed }) => (reversed ? `${scale} (reversed)` : scale)).join(', ') || null,
    ]),
    notes: [],
  };
}

/** Codes with their labels, or the range; empty for neither. */
function valuesOf(variable: Variable): string[] {
  if (variable.values.length > 0) {
    return variable.values.map(
      ({ code, label, missing }) => `${code} = ${label}${missing ? ` (missing: ${missing})` : ''}`,
    );
  }
  return variable.range ? [`${variable.range.min} to ${variable.range.max}`] : [];
}

export function CodebookTables({ codebook, file }: { codebook: Codebook; file: string }) {
  const tables = useMemo(
    () => [
      { id: 'variables', title: 'Variables', variables: codebook.variables },
      ...codebook.tables.map(({ name, label, variables }) => ({ id: name, title: `Repeated: ${label}`, variables })),
    ],
    [codebook],
  );
  return tables.map(({ id, title, variables }, index) => (
    <div className="card" key={id}>
      <VariableTable
        id={id}
        title={title}
        variables={variables}
        quietTitle={index === 0}
        file={index === 0 ? file : file.replace(/\.csv$/, `-${id}.csv`)}
      />
    </div>
  ));
}

interface VariableTableProps {
  readonly id: string;
  readonly title: string;
  readonly variables: readonly Variable[];
  readonly quietTitle: boolean;
  readonly file: string;
}

function VariableTable({ id, title, variables, quietTitle, file }: VariableTableProps) {
  const table = useMemo(() => variableTable(id, title, variables), [id, title, variables]);
  const byName = useMemo(() => new Map<unknown, Variable>(variables.map((one) => [one.name, one])), [variables]);
  return (
    <DataTable
      table={table}
      quietTitle={quietTitle}
      searchable
      pageSize={15}
      file={file}
      cells={{
        name: (value) => <code>{value}</code>,
        values: (_, [name]) => <ValueList variable={byName.get(name)} />,
      }}
    />
  );
}

function ValueList({ variable }: { variable: Variable | undefined }) {
  const values = variable ? valuesOf(variable) : [];
  if (values.length === 0) return noFigure;
  return (
    <ul className="value-list">
      {values.map((value) => (
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
