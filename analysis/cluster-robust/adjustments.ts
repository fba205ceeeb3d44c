/**
 * What makes up for residuals being smaller than errors, cluster by cluster: the matrix A of each kind of cluster-robust
 * error, applied to the weighted columns of the cluster. Called by sandwich.ts.
 */
import { symmetricEigen } from '../numeric/eigen.ts';
import { orthonormalDesign, weightedProduct } from './orthonormal.ts';

/** CR0 plain; CR1, CR1p and CR1S with a factor for few clusters; CR2 unbiased if errors are alike; CR3 like a jackknife. */
export type ClusterRobustType = 'CR0' | 'CR1' | 'CR1p' | 'CR1S' | 'CR2' | 'CR3';

export type Matrix = readonly (readonly number[])[];

/** The rows of one cluster; columns are orthonormal over all rows under the weights. */
export interface Block {
  readonly columns: readonly Float64Array[];
  /** The same columns times the weights. */
  readonly weighted: readonly Float64Array[];
  readonly residuals: Float64Array;
}

/** An eigenvalue this small belongs to what the cluster alone determines: there, no residual is left to adjust. */
const leastEigenvalue = 1e-12;

/**
 * Σ over rows, without weights.
 *
 * @example
 * crossProducts([[1, 2]], [[3, 4], [1, 0]]) // => [[11, 1]]
 */
export function crossProducts(left: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): number[][] {
  const ones = new Float64Array(left[0]?.length ?? 0).fill(1);
  return left.map((a) => right.map((b) => weightedProduct(a, b, ones)));
}

/**
 * The square root of the inverse of a positive semidefinite matrix; directions without any size stay without.
 *
 * @example
 * inverseRoot([[4, 0], [0, 0]]) // => [[0.5, 0], [0, 0]]
 */
export function inverseRoot(matrix: Matrix): number[][] {
  const { values, vectors } = symmetricEigen(matrix);
  return matrix.map((_, i) =>
    matrix.map((__, j) =>
      values.reduce((total, value, k) => {
        if (value <= leastEigenvalue) return total;
        return total + ((vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0)) / Math.sqrt(value);
      }, 0),
    ),
  );
}

/**
 * A·(weighted columns) for CR2. The errors' working model is that they are alike and independent, so the residuals of the
 * cluster have the covariance B = (I - H)(I - H)' of its rows, and A = B^(-1/2). B differs from I only in the space
 * that the columns and the weighted columns span, so the root is taken there, whatever the size of the cluster.
 *
 * @param meat Q'WWQ over all rows; the identity without weights
 * @example
 * adjustedCR2({ columns: [Float64Array.of(0.6)], weighted: [Float64Array.of(0.6)] }, null)[0] // => [0.75]
 */
export function adjustedCR2(block: Pick<Block, 'columns' | 'weighted'>, meat: Matrix | null): Float64Array[] {
  const { columns, weighted } = block;
  const basis = spanOf(meat === null ? columns : [...columns, ...weighted]);
  const inside = crossProducts(basis, columns);
  const insideWeighted = meat === null ? inside : crossProducts(basis, weighted);
  const spread = basis.map((_, i) =>
    basis.map((__, j) => {
      let value = i === j ? 1 : 0;
      for (let a = 0; a < columns.length; a += 1) {
        value -= (inside[i]?.[a] ?? 0) * (insideWeighted[j]?.[a] ?? 0);
        if (meat === null) continue;
        value -= (insideWeighted[i]?.[a] ?? 0) * (inside[j]?.[a] ?? 0);
        for (let b = 0; b < columns.length; b += 1) {
          value += (inside[i]?.[a] ?? 0) * (meat[a]?.[b] ?? 0) * (inside[j]?.[b] ?? 0);
        }
      }
      return value;
    }),
  );
  const root = inverseRoot(spread);
  return weighted.map((column, a) => {
    const adjusted = Float64Array.from(column);
    for (const [i, direction] of basis.entries()) {
      let change = -(insideWeighted[i]?.[a] ?? 0);
      for (let j = 0; j < basis.length; j += 1) change += (root[i]?.[j] ?? 0) * (insideWeighted[j]?.[a] ?? 0);
      for (let row = 0; row < adjusted.length; row += 1) {
        adjusted[row] = (adjusted[row] ?? 0) + change * (direction[row] ?? 0);
      }
    }
    return adjusted;
  });
}

/**
 * A'·(weighted columns) for CR3, A = (I - H)⁻¹: (weighted columns)·(I - S)⁻¹ with S = the cluster's share of Q'WQ = I.
 * Null when the cluster alone determines a coefficient.
 *
 * @example
 * adjustedCR3({ columns: [Float64Array.of(0.6)], weighted: [Float64Array.of(0.6)] })[0] // => [0.9375]
 */
export function adjustedCR3(block: Pick<Block, 'columns' | 'weighted'>): Float64Array[] | null {
  const { columns, weighted } = block;
  const { values, vectors } = symmetricEigen(crossProducts(columns, weighted));
  if (values.some((value) => 1 - value <= leastEigenvalue)) return null;
  return columns.map((_, a) => {
    const adjusted = new Float64Array(weighted[0]?.length ?? 0);
    for (const [b, column] of weighted.entries()) {
      const factor = values.reduce(
        (total, value, k) => total + ((vectors[k]?.[a] ?? 0) * (vectors[k]?.[b] ?? 0)) / (1 - value),
        0,
      );
      for (let row = 0; row < adjusted.length; row += 1) {
        adjusted[row] = (adjusted[row] ?? 0) + factor * (column[row] ?? 0);
      }
    }
    return adjusted;
  });
}

/** An orthonormal basis of what the columns span within the cluster; a column that adds nothing is passed over. */
function spanOf(columns: readonly Float64Array[]): Float64Array[] {
  const ones = new Float64Array(columns[0]?.length ?? 0).fill(1);
  let basis: readonly Float64Array[] = [];
  for (const column of columns) {
    if (basis.length === ones.length) break;
    basis = orthonormalDesign([...basis, column], ones)?.columns ?? basis;
  }
  return [...basis];
}
