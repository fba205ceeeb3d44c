/**
 * Cluster-robust errors for a mixed model: its effects, with errors that hold even if its variances do not describe how the
 * people of a group are alike. Called by plan/mixed.ts to check a mixed model against its assumptions.
 */
import { adjustedCR3, type ClusterRobustType, crossProducts, inverseRoot } from './cluster-robust/adjustments.ts';
import type { Piece } from './cluster-robust/pieces.ts';
import { fewClusters, sandwichOf } from './cluster-robust/sandwich.ts';
import { type RobustCoefficient, robustCoefficients } from './cluster-robust.ts';
import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { type Fitted, fittedModel } from './multilevel/fitted.ts';
import type { Level } from './multilevel/rows.ts';
import { cholesky, inversePositiveDefinite } from './numeric/cholesky.ts';
import { type Matrix, multiply, transpose } from './numeric/matrix.ts';
import type { Note } from './result.ts';

export interface MixedRobustOptions {
  /** CR2, the default, is unbiased when the model's variances are right. */
  readonly type?: ClusterRobustType;
  readonly level?: number;
}

export interface MixedRobustModel {
  /** The intercept first. */
  readonly coefficients: readonly RobustCoefficient[];
  readonly clusters: number;
  readonly n: number;
}

/**
 * The random-intercept model by restricted likelihood, with errors from the outermost groups as clusters. The working model
 * of the errors is the fitted one, so that CR2 is unbiased if it is right, and errors hold for many clusters if it is not.
 * Time grows with the third power of the largest cluster: meant for clusters of up to some hundred rows.
 *
 * Null with a note as `mixedModel`, and `cluster-determines` for CR3 as `clusterRobustModel`.
 *
 * Reference: Pustejovsky and Tipton (2018), Journal of Business & Economic Statistics 36, 672-683. Agrees with R's
 * clubSandwich on lme4 fits to 1e-6.
 *
 * @param levels outermost first
 * @throws RangeError as `mixedModel`
 * @example
 * mixedRobustModel([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }]).model.clusters // => 2
 */
export function mixedRobustModel(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  { type = 'CR2', level = 0.95 }: MixedRobustOptions = {},
): { model: MixedRobustModel | null; notes: readonly Note[] } {
  if (!(level > 0 && level < 1)) throw new RangeError('mixedRobustModel requires a level between 0 and 1');
  const { fitted, notes } = fittedModel(outcome, predictors, levels, 'reml', []);
  if (fitted === null) return { model: null, notes };
  const { rows, fit, back } = fitted;
  const { coefficients, inverse } = fit.point.solution;
  // Columns in which the model's information is the identity: R with R R' = its inverse.
  const root = cholesky(inverse, 0) ?? [];
  const pieces: Piece[] = [];
  for (const cluster of clustersOf(fitted, root)) {
    const piece = pieceOf(cluster, type);
    if (piece === null) {
      const text = 'One cluster alone determines a coefficient, so no CR3 errors.';
      return { model: null, notes: [...notes, { code: 'cluster-determines', text }] };
    }
    pieces.push(piece);
  }
  const factor = fewClusters(type, pieces.length, rows.n, inverse.length);
  const estimates = back.map((line) => line.reduce((total, value, k) => total + value * (coefficients[k] ?? 0), 0));
  estimates[0] = (estimates[0] ?? 0) + (rows.means.at(-1) ?? 0);
  const terms = ['(Intercept)', ...Object.keys(predictors)];
  const toGiven = { terms, back: multiply(back, root), coefficients: estimates };
  return {
    model: {
      coefficients: robustCoefficients(toGiven, sandwichOf(pieces, null, factor), level),
      clusters: pieces.length,
      n: rows.n,
    },
    notes,
  };
}

/** The rows of one outermost group. */
interface Cluster {
  readonly columns: Float64Array[];
  readonly residuals: Float64Array;
  /** Relative covariance of the rows. */
  readonly covariance: number[][];
}

function* clustersOf({ rows, structure, fit }: Fitted, root: Matrix): Generator<Cluster> {
  const relative = structure.relative(fit.theta);
  const [inner, outer] = rows.groupings;
  if (!inner) return;
  const clusterOf = (row: number) => (outer?.codes ?? inner.codes)[row] ?? 0;
  const members = (outer ?? inner).labels.map((): number[] => []);
  for (let row = 0; row < rows.n; row += 1) members[clusterOf(row)]?.push(row);
  const predictors = rows.columns.slice(0, -1);
  const { coefficients } = fit.point.solution;
  for (const places of members) {
    const given = predictors.map((column) => Float64Array.from(places, (row) => column[row] ?? 0));
    yield {
      columns: transpose(root).map((line) => sumOf(given, line)),
      residuals: Float64Array.from(places, (row) => {
        const fittedValue = predictors.reduce(
          (total, column, k) => total + (coefficients[k] ?? 0) * (column[row] ?? 0),
          0,
        );
        return (rows.columns.at(-1)?.[row] ?? 0) - fittedValue;
      }),
      covariance: places.map((row) =>
        places.map(
          (other) =>
            (row === other ? 1 : 0) +
            (inner.codes[row] === inner.codes[other] ? (relative[0] ?? 0) : 0) +
            (outer ? (relative[1] ?? 0) : 0),
        ),
      ),
    };
  }
}

function sumOf(columns: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const total = new Float64Array(columns[0]?.length ?? 0);
  for (const [k, column] of columns.entries()) {
    for (let row = 0; row < total.length; row += 1)
      total[row] = (total[row] ?? 0) + (weights[k] ?? 0) * (column[row] ?? 0);
  }
  return total;
}

function pieceOf({ columns, residuals, covariance }: Cluster, type: ClusterRobustType): Piece | null {
  const weights = inversePositiveDefinite(covariance) ?? [];
  const weighted = columns.map((column) => times(weights, column));
  const adjusted =
    type === 'CR2'
      ? adjustedToModel(columns, weighted, covariance)
      : type === 'CR3'
        ? adjustedCR3({ columns, weighted })
        : weighted;
  if (adjusted === null) return null;
  const plain = crossProducts(columns, adjusted);
  return {
    score: crossProducts(adjusted, [residuals]).map(([value]) => value ?? 0),
    own: crossProducts(
      adjusted,
      adjusted.map((column) => times(covariance, column)),
    ),
    plain,
    // The working covariance undoes the weights.
    weighted: plain,
  };
}

/** A·(weighted columns) with A = D'(D (V - QQ') D')^(-1/2) D and D the Cholesky factor of V, D'D = V. */
function adjustedToModel(
  columns: readonly Float64Array[],
  weighted: readonly Float64Array[],
  covariance: Matrix,
): Float64Array[] {
  const factor = transpose(cholesky(covariance) ?? []);
  const left = covariance.map((line, i) =>
    line.map((value, j) => value - columns.reduce((total, column) => total + (column[i] ?? 0) * (column[j] ?? 0), 0)),
  );
  const root = inverseRoot(multiply(multiply(factor, left), transpose(factor)));
  const adjustment = multiply(multiply(transpose(factor), root), factor);
  return weighted.map((column) => times(adjustment, column));
}

function times(matrix: Matrix, column: Float64Array): Float64Array {
  return Float64Array.from(matrix, (line) => line.reduce((total, value, k) => total + value * (column[k] ?? 0), 0));
}
