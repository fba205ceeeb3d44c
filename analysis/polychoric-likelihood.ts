/** One polychoric correlation with its thresholds at once, by full likelihood, and its standard error. */
import { noEstimate } from './estimate.ts';
import { inversePositiveDefinite } from './numeric/cholesky.ts';
import { normalQuantile } from './numeric/normal.ts';
import { minimise } from './numeric/optimise.ts';
import { cellProbabilities, cellSlopes, polychoricOfTable, thresholdSlopes, thresholdsOf } from './polychoric-table.ts';
import type { Estimate, Note } from './result.ts';

export interface PolychoricLikelihood {
  readonly correlation: Estimate;
  readonly standardError: number | null;
  readonly rowThresholds: readonly number[];
  readonly columnThresholds: readonly number[];
}

export interface PolychoricLikelihoodOptions {
  /** Thresholds from the margins, kept while the correlation is found (two steps); default false: all at once. */
  readonly twoStep?: boolean;
  readonly level?: number;
}

/**
 * The polychoric correlation of a table of counts with its standard error, from the curvature of the likelihood at its top,
 * and a normal interval within -1 and 1. All at once it makes use of what the table says of the thresholds; the two-step error
 * takes the thresholds as known and is a little too small. Empty rows and columns are left out.
 *
 * Value null with note `one-category`; note `at-bound` when the likelihood has no top inside, and then no error.
 *
 * Reference: Olsson (1979), Psychometrika 44, 443-460. R's polycor searches the same to 1e-3 (all at once) and 1e-5.
 *
 * @example
 * polychoricLikelihood([[30, 10], [10, 30]]).correlation.value?.toFixed(6) // => Math.sin(Math.PI / 4).toFixed(6)
 */
export function polychoricLikelihood(
  counts: readonly (readonly number[])[],
  options: PolychoricLikelihoodOptions = {},
): PolychoricLikelihood {
  const { twoStep = false, level = 0.95 } = options;
  const filled = (counts[0] ?? []).map((_, j) => counts.some((line) => (line[j] ?? 0) > 0));
  const table = counts
    .filter((line) => line.some((count) => count > 0))
    .map((line) => line.filter((_, j) => filled[j]));
  const rows = thresholdsOf(table.map((line) => line.reduce((total, count) => total + count, 0)));
  const columns = thresholdsOf(
    (table[0] ?? []).map((_, j) => table.reduce((total, line) => total + (line[j] ?? 0), 0)),
  );
  const n = table.flat().reduce((total, count) => total + count, 0);
  const method = `Polychoric correlation, ${twoStep ? 'two steps' : 'full likelihood'}`;
  if (rows.length < 1 || columns.length < 1) {
    const text = 'One of the items has a single category in this table.';
    const correlation = noEstimate(n, method, { code: 'one-category', text });
    return { correlation, standardError: null, rowThresholds: rows, columnThresholds: columns };
  }
  const start = polychoricOfTable(table, rows, columns);
  const inside = Math.abs(start) < 0.998;
  const whole = inside && !twoStep ? minimise(surface(table, rows.length), [start, ...rows, ...columns]) : null;
  const point = whole?.point ?? [start, ...rows, ...columns];
  const error = inside ? errorAt(table, rows.length, point, twoStep) : null;
  const value = point[0] ?? start;
  const notes: Note[] = [];
  if (!inside) notes.push({ code: 'at-bound', text: 'The table is as if the correlation were 1 or -1.' });
  if (whole?.converged === false) notes.push({ code: 'not-converged', text: 'The search did not settle.' });
  const reach = error === null ? null : normalQuantile((1 + level) / 2) * error;
  const interval =
    reach === null ? null : { lower: Math.max(value - reach, -1), upper: Math.min(value + reach, 1), level };
  return {
    correlation: { value, n, interval, method, notes },
    standardError: error,
    rowThresholds: point.slice(1, rows.length + 1),
    columnThresholds: point.slice(rows.length + 1),
  };
}

type Table = readonly (readonly number[])[];

/** Minus the log-likelihood of correlation, row and column thresholds, and its slopes. */
function surface(table: Table, rowCuts: number) {
  const parts = (point: readonly number[]) => ({
    rho: point[0] ?? 0,
    rows: point.slice(1, rowCuts + 1),
    columns: point.slice(rowCuts + 1),
  });
  const rising = (cuts: readonly number[]) => cuts.every((cut, k) => k === 0 || cut > (cuts[k - 1] ?? 0));
  const value = (point: readonly number[]) => {
    const { rho, rows, columns } = parts(point);
    if (!(Math.abs(rho) < 1 && rising(rows) && rising(columns))) return Number.POSITIVE_INFINITY;
    const cells = cellProbabilities(rho, rows, columns);
    let total = 0;
    table.forEach((line, i) => {
      line.forEach((count, j) => {
        if (count > 0) total -= count * Math.log(Math.max(cells[i]?.[j] ?? 0, Number.MIN_VALUE));
      });
    });
    return total;
  };
  const gradient = (point: readonly number[]) => {
    const { rho, rows, columns } = parts(point);
    const cells = cellProbabilities(rho, rows, columns);
    const odds = (i: number, j: number) => {
      const count = table[i]?.[j] ?? 0;
      return count > 0 ? count / Math.max(cells[i]?.[j] ?? 0, Number.MIN_VALUE) : 0;
    };
    const slopes = cellSlopes(rho, rows, columns);
    const ofRho = slopes.flatMap((line, i) => line.map((slope, j) => slope * odds(i, j)));
    const total = (values: readonly number[]) => values.reduce((sum, part) => sum - part, 0);
    return [
      total(ofRho),
      ...rows.map((_, k) =>
        total(thresholdSlopes(rows, columns, rho, k).map((s, j) => s * (odds(k, j) - odds(k + 1, j)))),
      ),
      ...columns.map((_, k) =>
        total(thresholdSlopes(columns, rows, rho, k).map((s, i) => s * (odds(i, k) - odds(i, k + 1)))),
      ),
    ];
  };
  return { value, gradient };
}

/** From the second derivatives, as differences of the slopes; null where they are no top. */
function errorAt(table: Table, rowCuts: number, point: readonly number[], alone: boolean): number | null {
  const { gradient } = surface(table, rowCuts);
  const width = 1e-5;
  const shifted = (k: number, by: number) => gradient(point.map((part, i) => (i === k ? part + by : part)));
  const bends = point.map((_, k) => {
    const [above, below] = [shifted(k, width), shifted(k, -width)];
    return above.map((slope, i) => (slope - (below[i] ?? 0)) / (2 * width));
  });
  if (alone) return (bends[0]?.[0] ?? 0) > 0 ? 1 / Math.sqrt(bends[0]?.[0] ?? 1) : null;
  const even = bends.map((line, i) => line.map((value, j) => (value + (bends[j]?.[i] ?? 0)) / 2));
  const variance = inversePositiveDefinite(even)?.[0]?.[0];
  return variance === undefined ? null : Math.sqrt(variance);
}
