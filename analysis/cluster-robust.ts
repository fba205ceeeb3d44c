/**
 * Least squares, with or without weights, and errors that hold when people of one cluster are alike. Called by plans and
 * by the effect on those who took part (instrumental.ts).
 */
import type { ClusterRobustType, Matrix } from './cluster-robust/adjustments.ts';
import { type JointTest, type JointTestName, jointTests } from './cluster-robust/joint-test.ts';
import { leastSquares, type RowFit } from './cluster-robust/least-squares.ts';
import { weightedProduct } from './cluster-robust/orthonormal.ts';
import { saddlepointP } from './cluster-robust/saddlepoint.ts';
import { type Sandwich, sandwich } from './cluster-robust/sandwich.ts';
import { twoSided } from './compare.ts';
import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { studentTQuantile } from './numeric/student-t.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface RobustCoefficient {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number;
  /** Satterthwaite's, from how the clusters carry this coefficient. */
  readonly df: number;
  readonly p: number;
  /** By a saddlepoint, for p values far below 0.001; null where it was not asked for. */
  readonly saddlepointP: number | null;
  readonly interval: { readonly lower: number; readonly upper: number; readonly level: number };
}

export interface ClusterRobustModel {
  /** The intercept first. */
  readonly coefficients: readonly RobustCoefficient[];
  readonly covariance: Matrix;
  readonly type: ClusterRobustType;
  readonly n: number;
  readonly clusters: number;
  readonly smallestCluster: number;
  readonly largestCluster: number;
  /** As if people were independent. */
  readonly plainErrors: readonly number[];
  readonly residualSd: number;
  readonly rSquared: number;
  /** Joint tests of these terms, in any number from one; null when their covariance cannot be inverted. Throws RangeError for another term. */
  readonly joint: (terms: readonly string[]) => Readonly<Record<JointTestName, JointTest>> | null;
}

export interface ClusterRobustOptions {
  /** CR2, the default, is unbiased when errors are alike; see the type. */
  readonly type?: ClusterRobustType;
  /** How much each row counts; not negative. Rows of weight 0 are left out. */
  readonly weights?: Values;
  readonly level?: number;
  /** Saddlepoint p values too; their time grows with the third power of the number of clusters. */
  readonly saddlepoint?: boolean;
}

/**
 * Least squares with cluster-robust errors: how does the outcome go with each predictor, when people of one cluster (a
 * school, or what was randomised) are alike in ways that the predictors leave out? The errors need clusters that are
 * independent of one another, and nothing else; a predictor that varies between clusters only needs ten of them or so.
 * With fewer, CR2 with Satterthwaite's degrees of freedom is the one to trust: it is right if errors are alike, and nearly
 * right otherwise. Rows with a gap are left out.
 *
 * Null with a note: `too-few-clusters` (fewer than two), `too-few-values`, `no-variance`, `collinear`,
 * `cluster-determines` (CR3 when a cluster alone determines a coefficient). Notes beside a model: `few-degrees` when a
 * coefficient has less than four degrees of freedom, `perfect-fit` when no residuals are left; in place of one when an
 * error is then 0.
 *
 * References: Bell and McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky and Tipton (2018), Journal of
 * Business & Economic Statistics 36, 672-683. Agrees with R's clubSandwich to 1e-9.
 *
 * @throws RangeError for columns of unequal length, a negative weight or a level outside 0 and 1
 * @example
 * clusterRobustModel([1, 3, 5, 7], {}, ['a', 'a', 'b', 'b']).model.coefficients[0].df // => 1
 */
export function clusterRobustModel(
  outcome: Values,
  predictors: Predictors,
  clusters: readonly (string | number | null)[],
  { type = 'CR2', weights, level = 0.95, saddlepoint = false }: ClusterRobustOptions = {},
): { model: ClusterRobustModel | null; notes: readonly Note[] } {
  if (!(level > 0 && level < 1)) throw new RangeError('clusterRobustModel requires a level between 0 and 1');
  const none = (code: string, text: string) => ({ model: null, notes: [{ code, text }] });
  const found = leastSquares(outcome, predictors, clusters, weights);
  if (found.fit === null) return { model: null, notes: found.notes };
  const { fit } = found;
  const few = tooFewFor(type, fit);
  if (few) return { model: null, notes: [few] };
  const errors = sandwich(fit, type);
  if (errors === null)
    return none('cluster-determines', 'One cluster alone determines a coefficient, so no CR3 errors.');
  const coefficients = robustCoefficients(fit, errors, level, saddlepoint);
  if (!coefficients.every(({ t }) => Number.isFinite(t))) {
    return none('perfect-fit', 'The predictors fit the outcome exactly, so there is nothing to take errors from.');
  }
  const sizes = new Int32Array(fit.clusters);
  for (const code of fit.codes) sizes[code] = (sizes[code] ?? 0) + 1;
  const [n, df] = [fit.residuals.length, fit.residuals.length - fit.terms.length];
  const rest = weightedProduct(fit.residuals, fit.residuals, fit.weights);
  const scaledSd = Math.sqrt(rest / df);
  const notes: Note[] = [...found.notes];
  if (coefficients.some((each) => each.df < 4)) {
    const text =
      'So few clusters carry a coefficient that its p value is not to be trusted below 4 degrees of freedom.';
    notes.push({ code: 'few-degrees', text });
  }
  return {
    model: {
      coefficients,
      covariance: backTransformed(fit.back, errors.covariance),
      type,
      n,
      clusters: fit.clusters,
      smallestCluster: sizes.reduce((least, size) => Math.min(least, size), n),
      largestCluster: sizes.reduce((most, size) => Math.max(most, size), 0),
      plainErrors: fit.back.map((line) => scaledSd * Math.sqrt(sum(line.map((value) => value * value)))),
      residualSd: scaledSd * Math.sqrt(fit.scale),
      rSquared: 1 - rest / fit.total,
      joint: (terms) => jointOfTerms(fit, errors, terms),
    },
    notes,
  };
}

function jointOfTerms(fit: RowFit, errors: Sandwich, terms: readonly string[]) {
  const places = terms.map((term) => fit.terms.indexOf(term));
  if (places.length === 0 || places.includes(-1)) throw new RangeError('joint requires terms of the model');
  const contrasts = places.map((k) => fit.back[k] ?? []);
  return jointTests({
    estimates: places.map((k) => fit.coefficients[k] ?? Number.NaN),
    covariance: backTransformed(contrasts, errors.covariance),
    contrasts,
    formOf: errors.jointOf,
    clusters: fit.clusters,
    coefficients: fit.terms.length,
  });
}

/**
 * Each coefficient with its robust error, degrees of freedom, test and interval.
 *
 * @example
 * robustCoefficients(
 *   { terms: ['x'], back: [[2]], coefficients: [3] }, { covariance: [[1]], degreesOf: () => 5, formOf: () => [[1]], jointOf: () => null }, 0.95,
 * )[0].t // => 1.5
 */
export function robustCoefficients(
  { terms, back, coefficients }: Pick<RowFit, 'terms' | 'back' | 'coefficients'>,
  errors: Sandwich,
  level: number,
  saddlepoint = false,
): RobustCoefficient[] {
  const covariance = backTransformed(back, errors.covariance);
  return terms.map((term, k) => {
    const estimate = coefficients[k] ?? Number.NaN;
    const standardError = Math.sqrt(covariance[k]?.[k] ?? Number.NaN);
    const df = errors.degreesOf(back[k] ?? []);
    const t = estimate / standardError;
    const tested = df > 0 && !Number.isNaN(t);
    const reach = tested ? studentTQuantile((1 + level) / 2, df) * standardError : Number.NaN;
    const interval = { lower: estimate - reach, upper: estimate + reach, level };
    const exact = saddlepoint && tested ? saddlepointP(t, errors.formOf(back[k] ?? [])) : null;
    return {
      term,
      estimate,
      standardError,
      t,
      df,
      saddlepointP: exact,
      p: tested ? twoSided(t, df) : Number.NaN,
      interval,
    };
  });
}

/**
 * back · covariance · back'.
 *
 * @example
 * backTransformed([[2]], [[3]]) // => [[12]]
 */
export function backTransformed(back: Matrix, covariance: Matrix): number[][] {
  const half = back.map((line) => covariance.map((other) => sum(other.map((value, k) => value * (line[k] ?? 0)))));
  return half.map((left) => back.map((line) => sum(line.map((value, k) => value * (left[k] ?? 0)))));
}

/**
 * Why a type has no errors: CR1p divides by the clusters that the coefficients leave over. Null where it has.
 *
 * @example
 * tooFewFor('CR1p', { clusters: 2, terms: ['(Intercept)', 'x'] }).code // => 'too-few-clusters'
 * tooFewFor('CR2', { clusters: 2, terms: ['(Intercept)', 'x'] }) // => null
 */
export function tooFewFor(
  type: ClusterRobustType,
  { clusters, terms }: Pick<RowFit, 'clusters' | 'terms'>,
): Note | null {
  if (type !== 'CR1p' || clusters > terms.length) return null;
  return { code: 'too-few-clusters', text: 'CR1p needs more clusters than there are coefficients, so no errors.' };
}
