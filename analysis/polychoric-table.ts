/** One table of two ordered items: thresholds, cells and the polychoric correlation. polychoric.ts goes through all pairs. */
import { bivariateNormalLower } from './numeric/bivariate-normal.ts';
import { brentMinimum } from './numeric/minimum.ts';
import { normalQuantile, normalTails } from './numeric/normal.ts';
import { brentRoot } from './numeric/root.ts';

type Table = readonly (readonly number[])[];

export interface CorrelationSearch {
  /** Where the search for a correlation stops; by default at machine precision. R's `optimize` stops at EPSILON ** 0.25. */
  readonly tolerance?: number;
  /** Correlations are searched between minus this and this; default 0.9999. */
  readonly reach?: number;
}

/**
 * Normal quantiles of the cumulated shares of so many people, by default of all counted; one less than categories.
 *
 * @example
 * thresholdsOf([5, 5]) // => [0]
 */
export function thresholdsOf(counts: readonly number[], people?: number): number[] {
  const total = people ?? counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return counts.slice(0, -1).map((count) => {
    below += count;
    return normalQuantile(Math.min(below / total, 1));
  });
}

/**
 * The correlation of greatest likelihood for a table of counts and given thresholds of its rows and columns. NaN for a table
 * with one row or column or nobody in it.
 *
 * @throws RangeError unless there is one threshold less than categories
 * @example
 * polychoricOfTable([[30, 10], [10, 30]], [0], [0]).toFixed(9) // => Math.sin(Math.PI / 4).toFixed(9)
 */
export function polychoricOfTable(
  table: Table,
  rowThresholds: readonly number[],
  columnThresholds: readonly number[],
  options: CorrelationSearch = {},
): number {
  if (rowThresholds.length < 1 || columnThresholds.length < 1) return Number.NaN;
  if (table.length !== rowThresholds.length + 1 || table[0]?.length !== columnThresholds.length + 1) {
    throw new RangeError('polychoricOfTable requires one threshold less than categories');
  }
  const { tolerance, reach = 0.9999 } = options;
  const counts = withoutEmptyFourth(table);
  const total = counts.flat().reduce((sum, count) => sum + count, 0);
  if (total === 0) return Number.NaN;
  const shares = counts.map((line) => line.map((count) => count / total));
  const cost = (rho: number) => {
    const cells = cellProbabilities(rho, rowThresholds, columnThresholds);
    return -shares.flatMap((line, i) => line.map((share, j) => weighted(share, cells[i]?.[j] ?? 0))).reduce(sum2, 0);
  };
  const rough = brentMinimum(cost, -reach, reach, tolerance ?? Number.EPSILON ** 0.25);
  if (tolerance !== undefined) return rough;
  const slope = (rho: number) => -likelihoodSlope(shares, rho, rowThresholds, columnThresholds);
  for (let width = 1e-4; width < 0.1; width *= 8) {
    const low = Math.max(rough - width, -reach);
    const high = Math.min(rough + width, reach);
    if (slope(low) < 0 && slope(high) > 0) return brentRoot(slope, low, high);
  }
  return rough;
}

const sum2 = (a: number, b: number) => a + b;
const weighted = (share: number, cell: number) => (share > 0 && cell > 0 ? share * Math.log(cell) : 0);

/** One empty cell of four takes half a person from its neighbours. */
function withoutEmptyFourth(table: Table): Table {
  const [[a = 0, b = 0] = [], [c = 0, d = 0] = []] = table;
  const four = table.length === 2 && table[0]?.length === 2;
  if (!four || [a, b, c, d].filter((count) => count === 0).length !== 1) return table;
  const shift = a === 0 || d === 0 ? 0.5 : -0.5;
  return [
    [a + shift, b - shift],
    [c - shift, d + shift],
  ];
}

/**
 * How likely each pair of categories is for a correlation and thresholds: differences of the bivariate normal distribution
 * at the corners.
 *
 * @example
 * cellProbabilities(0, [0], [0]) // => [[0.25, 0.25], [0.25, 0.25]]
 */
export function cellProbabilities(
  rho: number,
  rowThresholds: readonly number[],
  columnThresholds: readonly number[],
): number[][] {
  const lastRow = rowThresholds.length;
  const lastColumn = columnThresholds.length;
  const below = (i: number, j: number) => {
    if (i < 0 || j < 0) return 0;
    const row = rowThresholds[i] ?? Number.POSITIVE_INFINITY;
    const column = columnThresholds[j] ?? Number.POSITIVE_INFINITY;
    if (i === lastRow) return j === lastColumn ? 1 : normalTails(column).lower;
    return j === lastColumn ? normalTails(row).lower : bivariateNormalLower(row, column, rho);
  };
  const corners = Array.from({ length: lastRow + 1 }, (_, i) =>
    Array.from({ length: lastColumn + 1 }, (__, j) => below(i, j)),
  );
  return differences(corners);
}

/**
 * How the cells' probabilities change with the correlation: differences of the bivariate normal density at the corners.
 *
 * @example
 * cellSlopes(0, [0], [0])[0]?.[0]?.toFixed(9) // => (1 / (2 * Math.PI)).toFixed(9)
 */
export function cellSlopes(
  rho: number,
  rowThresholds: readonly number[],
  columnThresholds: readonly number[],
): number[][] {
  const rest = 1 - rho * rho;
  const density = (x = Number.POSITIVE_INFINITY, y = Number.POSITIVE_INFINITY) =>
    Number.isFinite(x) && Number.isFinite(y)
      ? Math.exp(-(x * x - 2 * rho * x * y + y * y) / (2 * rest)) / (2 * Math.PI * Math.sqrt(rest))
      : 0;
  return differences(
    Array.from({ length: rowThresholds.length + 1 }, (_, i) =>
      Array.from({ length: columnThresholds.length + 1 }, (__, j) => density(rowThresholds[i], columnThresholds[j])),
    ),
  );
}

function differences(corners: Table): number[][] {
  return corners.map((line, i) =>
    line.map((value, j) => value - (corners[i - 1]?.[j] ?? 0) - (line[j - 1] ?? 0) + (corners[i - 1]?.[j - 1] ?? 0)),
  );
}

function likelihoodSlope(
  shares: Table,
  rho: number,
  rowThresholds: readonly number[],
  columnThresholds: readonly number[],
): number {
  const cells = cellProbabilities(rho, rowThresholds, columnThresholds);
  const slopes = cellSlopes(rho, rowThresholds, columnThresholds);
  return shares
    .flatMap((line, i) =>
      line.map((share, j) => {
        const cell = cells[i]?.[j] ?? 0;
        return share > 0 && cell > 0 ? (share * (slopes[i]?.[j] ?? 0)) / cell : 0;
      }),
    )
    .reduce(sum2, 0);
}

/**
 * The standard normal density.
 *
 * @example
 * density(0) // => 1 / Math.sqrt(2 * Math.PI)
 */
export function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/**
 * How the cells below threshold k of the own item grow with it, by the category of the other item; those above it shrink as
 * much.
 *
 * @example
 * thresholdSlopes([0], [0], 0, 0) // => [0.5 / Math.sqrt(2 * Math.PI), 0.5 / Math.sqrt(2 * Math.PI)]
 */
export function thresholdSlopes(own: readonly number[], other: readonly number[], rho: number, k: number): number[] {
  const cut = own[k] ?? 0;
  const spread = Math.sqrt(1 - rho * rho);
  const below = [0, ...other.map((edge) => normalTails((edge - rho * cut) / spread).lower), 1];
  return below.slice(1).map((value, j) => density(cut) * (value - (below[j] ?? 0)));
}
