/**
 * The codebook and the scales as tables of cells: the codebook sheet of the workbook, `codebook.csv` in the zip and
 * beside a plain CSV, and `fidelis instruments codebook --format csv`. Counts are there when rows were read.
 */
import type { Variable } from '../../instruments/codebook.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { missingCodes, missingReasons } from '../../instruments/missing.ts';
import type { Cell } from './cells.ts';
import { type DatasetColumns, linkedColumns } from './columns.ts';
import type { Spool } from './spool.ts';

export interface CellTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

type Counts = Pick<Spool, 'rows' | 'present' | 'answered' | 'scored' | 'linked'>;

const codebookHeader = [
  'variable',
  'label',
  'type',
  'measurement',
  'values',
  'minimum',
  'maximum',
  'missing_codes',
  'scale',
  'keying',
  'table',
  'page',
  'question',
  'question_type',
  'origin',
  'version',
  'n',
  'missing_percent',
] as const;

/** One line for every column of the data, in order, then for the columns of linked tables. */
export function codebookTable(columns: DatasetColumns, instrument: Instrument, counts: Counts | null): CellTable {
  const { version } = instrument;
  const share = (n: number | null | undefined, of: number | undefined): Cell[] =>
    n === undefined || n === null || of === undefined ? [null, null] : [n, of === 0 ? null : (100 * (of - n)) / of];
  const rows: Cell[][] = columns.response.map((column, at) => [
    column.name,
    column.label,
    column.text ? 'text' : 'integer',
    'nominal',
    ...blank(6),
    'data',
    ...blank(3),
    'administration',
    version,
    ...share(counts && (counts.present[at] ?? 0), counts?.rows),
  ]);
  columns.variables.forEach((variable, at) => {
    rows.push([...variableCells(variable, 'data'), version, ...share(counts?.answered[at], counts?.rows)]);
  });
  columns.scores.forEach(({ scale, score, answered }, at) => {
    const items = scale.items.length;
    rows.push([
      score,
      `${scale.title}: ${scale.score} of the items`,
      'number',
      'scale',
      null,
      scale.score === 'sum' ? scale.range.min * items : scale.range.min,
      scale.score === 'sum' ? scale.range.max * items : scale.range.max,
      missingText,
      scale.id,
      null,
      'data',
      ...blank(3),
      'score',
      version,
      ...share(counts?.scored[at], counts?.rows),
    ]);
    rows.push([
      answered,
      `${scale.title}: number of items answered, of ${items}`,
      'integer',
      'scale',
      null,
      0,
      items,
      null,
      scale.id,
      null,
      'data',
      ...blank(3),
      'score',
      version,
      ...(counts ? [counts.rows, null] : [null, null]),
    ]);
  });
  columns.tables.forEach((table, tableAt) => {
    const linked = counts?.linked[tableAt];
    const [response = '', row = ''] = linkedColumns(table);
    for (const [name, label, type] of [
      [response, 'Response id: the row of the main table', 'text'],
      [row, 'Number of the entry within the response', 'integer'],
    ] as const) {
      const keys = share(linked?.rows, linked?.rows);
      rows.push([
        name,
        label,
        type,
        'nominal',
        ...blank(6),
        table.name,
        ...blank(3),
        'administration',
        version,
        ...keys,
      ]);
    }
    table.variables.forEach((variable, at) => {
      rows.push([...variableCells(variable, table.name), version, ...share(linked?.answered[at], linked?.rows)]);
    });
  });
  return { header: codebookHeader, rows };
}

/** What a variable is, up to its version and counts. */
function variableCells(variable: Variable, table: string): Cell[] {
  const values = variable.values.filter((value) => !value.missing);
  return [
    variable.name,
    variable.label,
    variable.type,
    variable.measurement,
    values.length > 0 ? values.map(({ code, label }) => `${code} = ${label}`).join('; ') : null,
    variable.range?.min ?? null,
    variable.range?.max ?? null,
    missingText,
    variable.scales.map(({ scale }) => scale).join('; ') || null,
    variable.scales.map(({ reversed }) => (reversed ? 'reversed' : 'as worded')).join('; ') || null,
    table,
    variable.page + 1,
    variable.question,
    variable.questionType,
    variable.origin,
  ];
}

/** `not-asked -991; hidden -992; …`: begins with a letter, so that no spreadsheet takes it for a formula. */
const missingText = missingReasons.map((reason) => `${reason} ${missingCodes[reason]}`).join('; ');

const scalesHeader = [
  'scale',
  'title',
  'construct',
  'score_column',
  'answered_column',
  'score',
  'minimum_answered',
  'item_minimum',
  'item_maximum',
  'school_aggregate',
  'items',
  'n',
  'reference_values',
] as const;

/** One line for every scale: what it measures, how it is scored, with which items and keying. */
export function scalesTable(columns: DatasetColumns, counts: Counts | null): CellTable {
  return {
    header: scalesHeader,
    rows: columns.scores.map(({ scale, score, answered }, at) => [
      scale.id,
      scale.title,
      scale.construct,
      score,
      answered,
      scale.score,
      scale.minimumAnswered,
      scale.range.min,
      scale.range.max,
      scale.aggregation,
      scale.items.map((item) => (item.reversed ? `${item.name} (reversed)` : item.name)).join('; '),
      counts?.scored[at] ?? null,
      scale.referenceValues
        .map((value) => `${value.statistic} ${value.value} (${value.sample}; ${value.source})`)
        .join('; ') || null,
    ]),
  };
}

function blank(cells: number): null[] {
  return new Array<null>(cells).fill(null);
}
