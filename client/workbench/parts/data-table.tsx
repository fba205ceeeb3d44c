/**
 * A table of results as the person wants to see it: sorted by any column, searched, in pages, saved as CSV. What is
 * saved is the whole table as it was given, with full precision, whatever is shown of it.
 */
import {
  columnFilteringFeature,
  createColumnHelper,
  createFilteredRowModel,
  createPaginatedRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowPaginationFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import type { CellValue, Column, Table } from '../../../analysis/result.ts';
import { formatCell, formatNumber } from '../../shared/format.ts';
import { useNarrow } from './narrow.ts';
import { ScrollRegion } from './scroll-region.tsx';
import { Pager, SearchBox, SortButton, saveTable } from './table-controls.tsx';

type TableRow = readonly CellValue[];

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  rowPaginationFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  paginatedRowModel: createPaginatedRowModel(),
});
const helper = createColumnHelper<typeof features, TableRow>();
const collator = new Intl.Collator('en-GB', { numeric: true, sensitivity: 'base' });
const everyRow = 1_000_000;

interface DataTableProps {
  readonly table: Table;
  /** Name of the CSV file; no button without one. */
  readonly file?: string;
  readonly searchable?: boolean;
  /** Rows shown at once before the person asks for more. */
  readonly pageSize?: number;
  readonly sortBy?: { readonly id: string; readonly desc: boolean };
  /** How the cells of a column look, by column id, where plain text is not enough. */
  readonly cells?: Readonly<Record<string, (value: CellValue, row: TableRow) => ReactNode>>;
  /** Columns that are in the file but not on the screen. */
  readonly hidden?: readonly string[];
  /** Hides the title where a heading already says it. */
  readonly quietTitle?: boolean;
}

export function DataTable(props: DataTableProps) {
  const { table: source } = props;
  const columns = useMemo(() => columnsOf(source), [source]);
  const data = useMemo(() => [...source.rows], [source]);
  const pageSize = props.pageSize ?? 25;
  const table = useTable({
    features,
    columns,
    data,
    initialState: {
      pagination: { pageIndex: 0, pageSize },
      sorting: props.sortBy ? [{ ...props.sortBy }] : [],
    },
    enableMultiSort: false,
    // Figures that change while somebody reads page three must not throw them back to the first.
    autoResetPageIndex: false,
    globalFilterFn: (row, columnId, words: string) =>
      String(row.getValue(columnId) ?? '')
        .toLocaleLowerCase('en-GB')
        .includes(words.trim().toLocaleLowerCase('en-GB')),
    getColumnCanGlobalFilter: (column) => isText(source, column.id),
  });

  const narrow = useNarrow();
  const visible = source.columns.filter((column) => !props.hidden?.includes(column.id));
  const shown = narrow ? figuresFirst(visible) : visible;
  const found = table.getFilteredRowModel().rows.length;
  const { pageIndex, pageSize: size } = table.state.pagination;
  return (
    <div className="data-table">
      <div className="table-tools">
        {props.searchable && source.rows.length > 0 && (
          <SearchBox
            label={`Search ${source.title}`}
            found={found}
            of={source.rows.length}
            search={(words) => {
              table.setGlobalFilter(words);
              table.setPageIndex(0);
            }}
          />
        )}
        {props.file && source.rows.length > 0 && (
          <button
            type="button"
            className="button button-small table-save"
            onClick={() => saveTable(source, props.file ?? '')}
          >
            Save as CSV<span className="visually-hidden">: {source.title}</span>
          </button>
        )}
      </div>
      <ScrollRegion label={source.title}>
        <table>
          <caption className={props.quietTitle ? 'visually-hidden' : ''}>{source.title}</caption>
          <thead>
            <tr>
              {shown.map((column) => {
                const head = table.getColumn(column.id);
                const sorted = head?.getIsSorted() ?? false;
                return (
                  <th key={column.id} scope="col" className={column.kind} aria-sort={sortWord(sorted)}>
                    <SortButton title={column.title} sorted={sorted} sort={() => head?.toggleSorting()} />
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id}>
                {shown.map((column, index) => (
                  <Cell key={column.id} column={column} first={index === 0}>
                    {cellOf(props, column, row.original)}
                  </Cell>
                ))}
              </tr>
            ))}
            {found === 0 && (
              <tr>
                <td className="table-nothing" colSpan={shown.length}>
                  {source.rows.length === 0 ? 'No rows yet.' : 'Nothing fits the search.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollRegion>
      {source.notes.length > 0 && (
        <ul className="notes">
          {source.notes.map((note) => (
            <li key={`${note.code} ${note.text}`}>{note.text}</li>
          ))}
        </ul>
      )}
      {found > Math.min(pageSize, size) && (
        <Pager
          what={source.title}
          page={pageIndex + 1}
          pages={table.getPageCount()}
          first={pageIndex * size + 1}
          last={Math.min((pageIndex + 1) * size, found)}
          total={found}
          go={(page) => table.setPageIndex(page - 1)}
        >
          <button
            type="button"
            className="button button-small"
            onClick={() => table.setPageSize(size >= everyRow ? pageSize : everyRow)}
          >
            {size >= everyRow ? `Show ${pageSize} at a time` : `Show all ${formatNumber(found)}`}
          </button>
        </Pager>
      )}
    </div>
  );
}

/** On a phone the figures stand beside the name that they belong to; further names come after them. */
function figuresFirst([name, ...others]: readonly Column[]): Column[] {
  const isFigure = ({ kind }: Column) => kind !== 'text';
  const figures = others.filter(isFigure);
  const main = figures.find(({ id }) => id === 'rate' || id === 'mean');
  const rest = figures.filter((column) => column !== main);
  return [name, main, ...rest, ...others.filter((column) => !isFigure(column))].filter(
    (column) => column !== undefined,
  );
}

function Cell({ column, first, children }: { column: Column; first: boolean; children: ReactNode }) {
  return first ? (
    <th scope="row" className={column.kind}>
      {children}
    </th>
  ) : (
    <td className={column.kind}>{children}</td>
  );
}

function cellOf(props: DataTableProps, column: Column, row: TableRow): ReactNode {
  const value = row[props.table.columns.indexOf(column)] ?? null;
  const draw = props.cells?.[column.id];
  if (draw) return draw(value, row);
  if (value === 'suppressed' && column.kind !== 'text') return <i className="suppressed">suppressed</i>;
  return formatCell(value, column);
}

/** Figures sort as numbers, texts as people sort them; a cell without a figure stays last either way. */
function columnsOf(source: Table) {
  const columns = source.columns.map((column, index) =>
    helper.accessor((row) => sortable(row[index] ?? null, column), {
      id: column.id,
      header: column.title,
      sortUndefined: 'last',
      sortDescFirst: column.kind !== 'text',
      sortFn: (one, other, id) => {
        const [a, b] = [one.getValue(id), other.getValue(id)];
        return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
      },
    }),
  );
  return helper.columns(columns);
}

function sortable(value: CellValue, column: Column): string | number | undefined {
  if (value === null) return undefined;
  return column.kind !== 'text' && typeof value === 'string' ? undefined : value;
}

function isText(source: Table, id: string): boolean {
  return source.columns.some((column) => column.id === id && column.kind === 'text');
}

function sortWord(sorted: false | 'asc' | 'desc'): 'ascending' | 'descending' | 'none' {
  if (sorted === false) return 'none';
  return sorted === 'asc' ? 'ascending' : 'descending';
}
