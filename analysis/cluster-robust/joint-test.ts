/** Joint tests of several coefficients with cluster-robust errors. Called by cluster-robust.ts. */
import { chiSquareTails } from '../numeric/chi-square.ts';
import { inversePositiveDefinite } from '../numeric/cholesky.ts';
import { symmetricEigen } from '../numeric/eigen.ts';
import { fTails } from '../numeric/f.ts';
import { multiply, multiplyVector, quadraticForm } from '../numeric/matrix.ts';
import { mean, sum } from '../numeric/sums.ts';
import { inverseRoot, type Matrix } from './adjustments.ts';
import type { JointForm } from './joint-form.ts';

/**
 * `hotelling-z` is the one to report: it holds its level with few clusters. The others are for comparison: by the normal
 * distribution, by F with clusters less one or less all coefficients, with other degrees of freedom of Hotelling's T²
 * (`a`, `b`), and two by the eigenvalues of the covariance.
 */
export type JointTestName =
  | 'chi-square'
  | 'naive'
  | 'naive-coefficients'
  | 'hotelling-a'
  | 'hotelling-b'
  | 'hotelling-z'
  | 'eigen-f'
  | 'eigen-t';

export interface JointTest {
  readonly f: number;
  /** What the plain F was multiplied with. */
  readonly scale: number;
  readonly df1: number;
  /** Infinity for a large sample. */
  readonly df2: number;
  /** Null where no degrees of freedom are left. */
  readonly p: number | null;
}

/** What is tested: the coefficients, their covariance, and how that covariance varies. */
export interface JointHypothesis {
  readonly estimates: readonly number[];
  readonly covariance: Matrix;
  /** Of these combinations of the coefficients of the sandwich; one for each estimate. */
  readonly contrasts: readonly (readonly number[])[];
  readonly formOf: (contrasts: readonly (readonly number[])[]) => JointForm;
  readonly clusters: number;
  /** All coefficients of the model. */
  readonly coefficients: number;
}

/**
 * Are these coefficients all 0? With Q = b'V⁻¹b of q coefficients, Hotelling's T² with η degrees of freedom has (η - q + 1) / (η
 * q) · Q as F of q and η - q + 1. η comes from how the estimated V, standardised to have the identity as its mean under the working
 * model, varies: `hotelling-z` matches the total variance of its elements. Null when V cannot be inverted.
 *
 * Reference: Tipton and Pustejovsky (2015), Journal of Educational and Behavioral Statistics 40, 604-634. Agrees with R's
 * clubSandwich (`Wald_test`) to 1e-9.
 */
export function jointTests(hypothesis: JointHypothesis): Readonly<Record<JointTestName, JointTest>> | null {
  const { estimates, covariance, contrasts, formOf, clusters, coefficients } = hypothesis;
  const q = estimates.length;
  const inverse = inversePositiveDefinite(covariance);
  if (inverse === null) return null;
  const wald = quadraticForm(estimates, inverse);
  const plain = formOf(contrasts);
  const expected = estimates.map((_, a) => estimates.map((__, b) => plain.trace(a, b)));
  const root = inverseRoot(expected);
  const standardised = formOf(multiply(root, contrasts));
  const spread = (s: number, t: number, u: number, v: number) =>
    standardised.product(s, v, t, u) + standardised.product(s, u, t, v);
  const naive = (df2: number): JointTest => ofF(wald / q, 1, q, df2);
  const hotelling = (eta: number): JointTest => {
    const scale = Math.max((eta - q + 1) / eta, 0);
    return ofF((scale * wald) / q, scale, q, eta - q + 1);
  };
  const places = estimates.map((_, at) => at);
  const pairs = places.flatMap((s) => places.map((t) => [s, t] as const));
  const lower = pairs.filter(([s, t]) => t <= s);
  const variance = (of: typeof pairs) => sum(of.map(([s, t]) => spread(s, t, t, s)));
  const squares = (of: typeof pairs, all: boolean) =>
    sum(
      of.flatMap(([s, t]) =>
        of.filter(([u, v]) => all || u < s || (u === s && v <= t)).map(([u, v]) => spread(s, t, u, v) ** 2),
      ),
    );
  return {
    'chi-square': { f: wald / q, scale: 1, df1: q, df2: Number.POSITIVE_INFINITY, p: chiSquareTails(wald, q).upper },
    naive: naive(clusters - 1),
    'naive-coefficients': naive(clusters - coefficients),
    'hotelling-a': hotelling((2 * variance(pairs)) / squares(pairs, true)),
    'hotelling-b': hotelling((2 * variance(lower)) / squares(lower, false)),
    'hotelling-z': hotelling((q * (q + 1)) / variance(pairs)),
    ...byEigenvalues(hypothesis, wald, root),
  };
}

function ofF(f: number, scale: number, df1: number, df2: number): JointTest {
  if (!(df2 > 0)) return { f, scale, df1, df2, p: null };
  const p = df2 === Number.POSITIVE_INFINITY ? chiSquareTails(f * df1, df1).upper : fTails(f, df1, df2).upper;
  return { f, scale, df1, df2, p };
}

/** The two tests of independent t statistics: their F by its mean and variance, and the mean square of their normal scores. */
function byEigenvalues({ estimates, covariance, contrasts, formOf }: JointHypothesis, wald: number, root: Matrix) {
  const q = estimates.length;
  const { values, vectors } = symmetricEigen(multiply(multiply(root, covariance), root));
  const directions = multiply(vectors, root);
  const form = formOf(multiply(directions, contrasts));
  // Each direction's variance is 1 by the model, so its degrees of freedom are one over the variance of the estimate.
  const df = values.map((_, at) => 1 / form.product(at, at, at, at));
  const held = df.map((each) => Math.max(each, 4.1));
  const expected = sum(held.map((each) => each / (each - 2)));
  const variance = 2 * sum(held.map((each) => (each ** 2 * (each - 1)) / ((each - 2) ** 2 * (each - 4))));
  const wide = q * variance > 2 * expected ** 2;
  const scale = wide
    ? (expected ** 2 * (q - 2) + 2 * q * variance) / (expected * (variance + expected ** 2))
    : q / expected;
  const df2 = wide ? 4 + (2 * expected ** 2 * (q + 2)) / (q * variance - 2 * expected ** 2) : Number.POSITIVE_INFINITY;
  const scores = multiplyVector(directions, estimates).map((value, at) =>
    normalScore(value / Math.sqrt(values[at] ?? Number.NaN), df[at] ?? Number.NaN),
  );
  return {
    'eigen-f': ofF((scale * wald) / q, scale, q, df2),
    'eigen-t': ofF(mean(scores.map((score) => score * score)), 1, q, Number.POSITIVE_INFINITY),
  };
}

/** Hill's normal score of t with `df` degrees of freedom. */
function normalScore(t: number, df: number): number {
  const a = df - 0.5;
  const b = 48 * a * a;
  const c = Math.sqrt(a * Math.log1p((t * t) / df));
  const top = 4 * c ** 7 + 33 * c ** 5 + 240 * c ** 3 + 855 * c;
  return c + (c ** 3 + 3 * c) / b - top / (10 * b * b + 8 * b * c ** 4 + 1000 * b);
}
