/** The small controls around a table: search, sort, page, save. Used by data tables and by the link list. */
import { type ReactNode, useId } from 'react';
import type { Table } from '../../../analysis/result.ts';
import { csvOf } from '../../shared/csv.ts';
import { saveFile } from '../../shared/download.ts';
import { formatNumber } from '../../shared/format.ts';
import { announce } from './announce.tsx';

/** Saves the whole table under a file name. */
export function saveTable(table: Table, file: string): void {
  saveFile(file, new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  announce(`${table.title} saved as ${file}`);
}

export function SearchBox(props: { label: string; found: number; of: number; search: (words: string) => void }) {
  const id = useId();
  return (
    <div className="search">
      <label htmlFor={id} className="visually-hidden">
        {props.label}
      </label>
      <input id={id} type="search" placeholder="Search" onChange={(event) => props.search(event.target.value)} />
      <span role="status" className="search-found">
        {props.found === props.of ? '' : `${formatNumber(props.found)} of ${formatNumber(props.of)}`}
      </span>
    </div>
  );
}

/** The button in a column's head; the arrow is decoration, `aria-sort` on the head says the same. */
export function SortButton(props: { title: string; sorted: false | 'asc' | 'desc'; sort: () => void }) {
  return (
    <button type="button" className="sort" onClick={props.sort}>
      {props.title}
      <svg aria-hidden="true" viewBox="0 0 10 14" width="10" height="14" data-sorted={props.sorted || 'no'}>
        <path className="sort-up" d="M5 1 9 6H1z" />
        <path className="sort-down" d="M5 13 1 8h8z" />
      </svg>
    </button>
  );
}

interface PagerProps {
  readonly what: string;
  readonly page: number;
  readonly pages: number;
  readonly first: number;
  readonly last: number;
  readonly total: number;
  readonly go: (page: number) => void;
  readonly children?: ReactNode;
}

export function Pager(props: PagerProps) {
  return (
    <nav className="pager" aria-label={`Pages of ${props.what}`}>
      <span role="status">
        {formatNumber(props.first)}–{formatNumber(props.last)} of {formatNumber(props.total)}
      </span>
      <span className="pager-buttons">
        <button
          type="button"
          className="button button-small"
          aria-disabled={props.page <= 1}
          onClick={() => props.page > 1 && props.go(props.page - 1)}
        >
          Previous
        </button>
        <button
          type="button"
          className="button button-small"
          aria-disabled={props.page >= props.pages}
          onClick={() => props.page < props.pages && props.go(props.page + 1)}
        >
          Next
        </button>
        {props.children}
      </span>
    </nav>
  );
}
