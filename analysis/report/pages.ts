/** Long charts in pages, so that a chart of a thousand schools stays readable. Called by the sections. */

import { printedCount } from './cells.ts';

/** Most rows of one chart. */
export const rowsOfAChart = 50;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Ending of the chart's id; empty for the only page. */
  readonly ending: string;
  /** Like ` (51 to 100 of 300)`; empty for the only page. */
  readonly span: string;
}

/**
 * The rows in pages of at most fifty; the pages are equally long, so that none holds a single row.
 *
 * @example
 * pagesOf([1, 2, 3]) // => [{ rows: [1, 2, 3], ending: '', span: '' }]
 */
export function pagesOf<Row>(rows: readonly Row[]): Page<Row>[] {
  const pages = Math.ceil(rows.length / rowsOfAChart);
  const length = Math.ceil(rows.length / Math.max(pages, 1));
  return Array.from({ length: pages }, (_, page) => {
    const from = page * length;
    const part = rows.slice(from, from + length);
    if (pages === 1) return { rows: part, ending: '', span: '' };
    return {
      rows: part,
      ending: `-page-${page + 1}`,
      span: ` (${[from + 1, from + part.length].map(printedCount).join(' to ')} of ${printedCount(rows.length)})`,
    };
  });
}
