/**
 * The sandwich of cluster-robust errors and Satterthwaite's degrees of freedom, from the fit of a model whose columns are
 * orthonormal under its weights. Called by cluster-robust.ts and instrumental.ts.
 */
import {
  adjustedCR2,
  adjustedCR3,
  type Block,
  type ClusterRobustType,
  crossProducts,
  type Matrix,
} from './adjustments.ts';
import { type JointForm, jointForm } from './joint-form.ts';
import { dot, type Piece, partsOf } from './pieces.ts';

export interface FittedRows {
  /** Orthonormal under the weights: Q'WQ = I. */
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly residuals: Float64Array;
  /** The cluster of each row, from 0 to `clusters` - 1. */
  readonly codes: Int32Array;
  readonly clusters: number;
}

export interface Sandwich {
  /** Covariance of the coefficients of the orthonormal columns. */
  readonly covariance: Matrix;
  /** Satterthwaite's degrees of freedom of a combination of these coefficients. */
  readonly degreesOf: (contrast: readonly number[]) => number;
  /** The matrix P of clusters by clusters whose quadratic form the estimated variance of the combination is. */
  readonly formOf: (contrast: readonly number[]) => number[][];
  /** How the estimated covariance of several combinations varies. */
  readonly jointOf: (contrasts: readonly (readonly number[])[]) => JointForm;
}

/**
 * Covariance and degrees of freedom by one pass over the clusters. Null when CR3 meets a cluster that alone determines a
 * coefficient.
 *
 * References: Liang and Zeger (1986), Biometrika 73, 13-22; Bell and McCaffrey (2002), Survey Methodology 28, 169-181;
 * Pustejovsky and Tipton (2018), Journal of Business & Economic Statistics 36, 672-683.
 *
 * @example
 * sandwich({
 *   columns: [Float64Array.of(0.5, 0.5, 0.5, 0.5)], weights: Float64Array.of(1, 1, 1, 1),
 *   residuals: Float64Array.of(1, 1, -1, -1), codes: Int32Array.of(0, 0, 1, 1), clusters: 2,
 * }, 'CR0').covariance // => [[2]]
 */
export function sandwich(rows: FittedRows, type: ClusterRobustType): Sandwich | null {
  const { columns, weights } = rows;
  const weighted = columns.map((column) => column.map((value, row) => value * (weights[row] ?? 0)));
  const meat = weights.every((weight) => weight === 1) ? null : crossProducts(weighted, weighted);
  const pieces: Piece[] = [];
  for (const block of blocksOf(rows, weighted)) {
    const adjusted = adjustedRows(block, type, meat);
    if (adjusted === null) return null;
    pieces.push({
      score: crossProducts(adjusted, [block.residuals]).map(([value]) => value ?? 0),
      own: crossProducts(adjusted, adjusted),
      plain: crossProducts(block.columns, adjusted),
      weighted: crossProducts(block.weighted, adjusted),
    });
  }
  return sandwichOf(pieces, meat, fewClusters(type, rows.clusters, rows.residuals.length, columns.length));
}

/**
 * The sandwich of the pieces of all clusters.
 *
 * @param meat (WX)'Θ(WX) over all rows; null for the identity
 * @param factor what the covariance is multiplied with
 * @example
 * sandwichOf([{ score: [2], own: [[1]], plain: [[1]], weighted: [[1]] }], null, 2).covariance // => [[8]]
 */
export function sandwichOf(pieces: readonly Piece[], meat: Matrix | null, factor: number): Sandwich {
  const scores = pieces.map(({ score }) => Float64Array.from(score));
  const across = (scores[0] ?? new Float64Array()).length;
  const byColumn = Array.from({ length: across }, (_, i) => Float64Array.from(scores, (score) => score[i] ?? 0));
  const covariance = crossProducts(byColumn, byColumn).map((line) => line.map((value) => value * factor));
  return {
    covariance,
    degreesOf: (contrast) => satterthwaite(pieces, meat, contrast),
    jointOf: (contrasts) => jointForm(pieces, meat, contrasts),
    formOf: (contrast) => {
      const parts = pieces.map((piece) => partsOf(piece, meat, contrast));
      return parts.map(({ d, u, z }, i) =>
        parts.map((other, j) => (i === j ? d : 0) - dot(z, other.u) - dot(u, other.z)),
      );
    },
  };
}

/**
 * 2 / (relative variance of the estimated variance), if the errors follow the working model. The estimate is a quadratic
 * form with the matrix P of clusters, P[i, j] = own[i] if i = j - z[i]'u[j] - u[i]'z[j], and the degrees of freedom are
 * trace(P)² / trace(P²); the second trace needs sums over clusters only.
 */
function satterthwaite(pieces: readonly Piece[], meat: Matrix | null, contrast: readonly number[]): number {
  const size = contrast.length;
  const square = () => Array.from({ length: size }, () => new Float64Array(size));
  const [zz, uu, zu] = [square(), square(), square()];
  let trace = 0;
  let ofSquares = 0;
  for (const piece of pieces) {
    const { d, u, z } = partsOf(piece, meat, contrast);
    const cross = dot(z, u);
    trace += d - 2 * cross;
    ofSquares += d * d - 4 * d * cross;
    for (let i = 0; i < size; i += 1) {
      for (let j = 0; j < size; j += 1) {
        addTo(zz, i, j, (z[i] ?? 0) * (z[j] ?? 0));
        addTo(uu, i, j, (u[i] ?? 0) * (u[j] ?? 0));
        addTo(zu, i, j, (z[i] ?? 0) * (u[j] ?? 0));
      }
    }
  }
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      ofSquares += 2 * (zz[i]?.[j] ?? 0) * (uu[j]?.[i] ?? 0) + 2 * (zu[i]?.[j] ?? 0) * (zu[j]?.[i] ?? 0);
    }
  }
  return (trace * trace) / ofSquares;
}

function addTo(matrix: readonly Float64Array[], i: number, j: number, value: number): void {
  const line = matrix[i];
  if (line) line[j] = (line[j] ?? 0) + value;
}

function adjustedRows(block: Block, type: ClusterRobustType, meat: Matrix | null): readonly Float64Array[] | null {
  if (type === 'CR2') return adjustedCR2(block, meat);
  if (type === 'CR3') return adjustedCR3(block);
  return block.weighted;
}

/**
 * The factor for few clusters: 1, G / (G - 1), G / (G - p), or Stata's G (N - 1) / ((G - 1)(N - p)).
 *
 * @example
 * fewClusters('CR1', 10, 100, 3) // => 10 / 9
 */
export function fewClusters(type: ClusterRobustType, clusters: number, rows: number, coefficients: number): number {
  if (type === 'CR1') return clusters / (clusters - 1);
  if (type === 'CR1p') return clusters / (clusters - coefficients);
  if (type === 'CR1S') return (clusters * (rows - 1)) / ((clusters - 1) * (rows - coefficients));
  return 1;
}

/** The rows of each cluster together. */
function* blocksOf(
  { columns, residuals, codes, clusters }: FittedRows,
  weighted: readonly Float64Array[],
): Generator<Block> {
  const starts = new Int32Array(clusters + 1);
  for (const code of codes) starts[code + 1] = (starts[code + 1] ?? 0) + 1;
  for (let k = 0; k < clusters; k += 1) starts[k + 1] = (starts[k + 1] ?? 0) + (starts[k] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(codes.length);
  for (const [row, code] of codes.entries()) {
    const place = next[code] ?? 0;
    order[place] = row;
    next[code] = place + 1;
  }
  for (let k = 0; k < clusters; k += 1) {
    const rows = order.subarray(starts[k], starts[k + 1]);
    const of = (column: Float64Array) => Float64Array.from(rows, (row) => column[row] ?? 0);
    yield { columns: columns.map(of), weighted: weighted.map(of), residuals: of(residuals) };
  }
}
