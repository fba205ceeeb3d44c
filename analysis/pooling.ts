/** Rubin's rules: one answer from several imputed data sets. Called by plans; imputation.ts makes the data sets. */
import { twoSided } from './compare.ts';
import { requireLevel } from './estimate.ts';
import { studentTQuantile } from './numeric/student-t.ts';
import { mean, sumOfSquaredDeviations } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

export interface PooledEstimate {
  readonly estimate: Estimate;
  readonly standardError: number | null;
  readonly t: number | null;
  readonly p: number | null;
  readonly df: number | null;
  /** Mean variance within imputations, variance between them, and both together. */
  readonly within: number | null;
  readonly between: number | null;
  readonly total: number | null;
  /** Increase of the variance by the gaps relative to `within`; share of `total` that is due to them. */
  readonly relativeIncrease: number | null;
  readonly missingShare: number | null;
  /** Fraction of missing information, which allows for few imputations. */
  readonly fractionMissing: number | null;
}

/** A share of variance below this counts as this, so that the degrees of freedom stay finite; as R's mice does. */
const leastShare = 1e-4;

/** With fewer degrees of freedom an interval has no bounds that mean anything. */
const leastDegrees = 0.5;

/**
 * Rubin's rules: what do m analyses of imputed data sets say together? The estimate is their mean Q; with the mean U of
 * their squared standard errors and the variance B of their estimates (m - 1), its variance is T = U + (1 + 1/m) B. Tested
 * by t with the degrees of freedom of Barnard and Rubin, which never exceed those of complete data. Assumes imputations
 * that are proper: they vary as much as the data leave open. All in the order in which the imputations were made.
 *
 * Null with a note: `too-few-imputations` below two, `no-variance` when T is 0. No interval, note `no-degrees`, where nearly all
 * information is missing.
 *
 * References: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, chapter 3; Barnard and Rubin (1999), Biometrika
 * 86, 948-955. Agrees with R's mice (`pool`) to 1e-12.
 *
 * @param estimates of one parameter, one for each imputation
 * @param dfComplete degrees of freedom of the analysis without gaps; Infinity in large samples
 * @param n people in the analysis of one imputed data set, which the estimate carries; 0 where it is not told
 * @throws RangeError for lists of unequal length, figures that are not finite, a standard error below 0, a level outside (0, 1)
 * @example
 * pooledEstimate([1, 2, 3], [1, 1, 1], 20).total // => 1 + 4 / 3
 */
export function pooledEstimate(
  estimates: readonly number[],
  standardErrors: readonly number[],
  dfComplete = Number.POSITIVE_INFINITY,
  level = 0.95,
  n = 0,
): PooledEstimate {
  requireLevel('pooledEstimate', level);
  const m = estimates.length;
  if (standardErrors.length !== m || ![...estimates, ...standardErrors].every(Number.isFinite)) {
    throw new RangeError('pooledEstimate requires one finite estimate and standard error for each imputation');
  }
  if (standardErrors.some((error) => error < 0))
    throw new RangeError('pooledEstimate requires standard errors of 0 or more');
  if (!(dfComplete > 0)) throw new RangeError('pooledEstimate requires positive degrees of freedom');
  const method = "Rubin's rules, Barnard and Rubin's degrees of freedom";
  const without = (note: Note): PooledEstimate => ({
    estimate: { value: m === 0 ? null : mean(estimates), n, interval: null, method, notes: [note] },
    standardError: null,
    t: null,
    p: null,
    df: null,
    within: null,
    between: null,
    total: null,
    relativeIncrease: null,
    missingShare: null,
    fractionMissing: null,
  });
  if (m < 2)
    return without({ code: 'too-few-imputations', text: 'Fewer than two imputations, so no variance between them.' });
  const value = mean(estimates);
  const within = mean(standardErrors.map((error) => error * error));
  const between = sumOfSquaredDeviations(estimates) / (m - 1);
  const added = (1 + 1 / m) * between;
  const total = within + added;
  if (total === 0) return without({ code: 'no-variance', text: 'All estimates are the same and without error.' });
  const missingShare = added / total;
  const df = degreesOfFreedom(m, missingShare, dfComplete);
  const standardError = Math.sqrt(total);
  const t = value / standardError;
  const reach = studentTQuantile((1 + level) / 2, df) * standardError;
  const increase = within > 0 ? added / within : null;
  const text = 'The gaps leave no degrees of freedom, so no interval.';
  const bounded =
    df > leastDegrees
      ? { interval: { lower: value - reach, upper: value + reach, level }, notes: [] }
      : { interval: null, notes: [{ code: 'no-degrees', text }] };
  return {
    estimate: { value, n, method, ...bounded },
    standardError,
    t,
    p: twoSided(t, df),
    df,
    within,
    between,
    total,
    relativeIncrease: increase,
    missingShare,
    fractionMissing: increase === null ? null : (increase + 2 / (df + 3)) / (increase + 1),
  };
}

/** A model that was fitted to one imputed data set: `linearModel` and `logisticModel` give such. */
export interface FittedModel {
  readonly coefficients: readonly {
    readonly term: string;
    readonly estimate: number;
    readonly standardError: number;
  }[];
  /** Degrees of freedom of the residuals; none in large samples. */
  readonly df?: number;
  /** Rows that it was fitted to. */
  readonly n: number;
}

/**
 * Rubin's rules for each coefficient of a model that was fitted to each imputed data set. The estimates carry the number of
 * rows of the smallest model.
 *
 * @throws RangeError for models of unequal terms, and as `pooledEstimate`
 * @example
 * pooledCoefficients([1, 3].map((estimate) => ({ coefficients: [{ term: 'x', estimate, standardError: 1 }], n: 9 })))[0].pooled.estimate.value // => 2
 */
export function pooledCoefficients(
  models: readonly FittedModel[],
  level = 0.95,
): { term: string; pooled: PooledEstimate }[] {
  const [first] = models;
  const terms = first?.coefficients.map(({ term }) => term) ?? [];
  if (models.some(({ coefficients }) => coefficients.map(({ term }) => term).join('\n') !== terms.join('\n'))) {
    throw new RangeError('pooledCoefficients requires models of the same terms');
  }
  const df = models.reduce((least, model) => Math.min(least, model.df ?? least), Number.POSITIVE_INFINITY);
  const n = models.length === 0 ? 0 : Math.min(...models.map((model) => model.n));
  return terms.map((term, place) => {
    const of = (figure: 'estimate' | 'standardError') =>
      models.map(({ coefficients }) => coefficients[place]?.[figure] ?? Number.NaN);
    return { term, pooled: pooledEstimate(of('estimate'), of('standardError'), df, level, n) };
  });
}

/**
 * The coefficients of a model of data without a gap, in the form of pooled ones. Nothing was imputed, so nothing varies between
 * imputations: Rubin's variance is that of the model, and the degrees of freedom are its own.
 *
 * @example
 * completeCoefficients({ coefficients: [{ term: 'x', estimate: 3, standardError: 2 }], df: 9, n: 11 })[0].pooled.t // => 1.5
 */
export function completeCoefficients(model: FittedModel, level = 0.95): { term: string; pooled: PooledEstimate }[] {
  requireLevel('completeCoefficients', level);
  const { n, df = Number.POSITIVE_INFINITY } = model;
  return model.coefficients.map(({ term, estimate: value, standardError }) => {
    const reach = studentTQuantile((1 + level) / 2, df) * standardError;
    const interval = { lower: value - reach, upper: value + reach, level };
    const t = standardError > 0 ? value / standardError : null;
    const within = standardError * standardError;
    const estimate = { value, n, interval, method: 'Without gaps: the ordinary regression', notes: [] };
    const nothing = { between: 0, relativeIncrease: 0, missingShare: 0, fractionMissing: 0 };
    return {
      term,
      pooled: {
        estimate,
        standardError,
        t,
        p: t === null ? null : twoSided(t, df),
        df,
        within,
        total: within,
        ...nothing,
      },
    };
  });
}

/** Barnard and Rubin: those of the imputations and those that the observed data allow, combined. */
function degreesOfFreedom(m: number, missingShare: number, dfComplete: number): number {
  const share = Math.max(missingShare, leastShare);
  const ofImputations = (m - 1) / share ** 2;
  if (dfComplete === Number.POSITIVE_INFINITY) return ofImputations;
  const ofData = ((dfComplete + 1) / (dfComplete + 3)) * dfComplete * (1 - share);
  // With a share of 1 the data allow none; a trace is left so that t has a distribution.
  return Math.max((ofImputations * ofData) / (ofImputations + ofData), Number.EPSILON);
}
