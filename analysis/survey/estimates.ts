/** Means, totals, ratios and quantiles of a sample drawn by a design, with linearised standard errors. Called by plans. */
import type { Values } from '../descriptives.ts';
import { noEstimate, requireLevel } from '../estimate.ts';
import { normalQuantile } from '../numeric/normal.ts';
import { studentTQuantile } from '../numeric/student-t.ts';
import { sum } from '../numeric/sums.ts';
import type { Estimate, Note } from '../result.ts';
import type { SurveyDesign } from './design.ts';

export interface SurveyOptions {
  /** Rows that the estimate is about; the others still tell how the sample was drawn. Default: all with a value. */
  readonly domain?: readonly boolean[];
  readonly level?: number;
  /** Interval from the normal distribution (default, as in R) or from t with the degrees of freedom of the design. */
  readonly interval?: 'normal' | 't';
}

export interface SurveyEstimate {
  readonly estimate: Estimate;
  readonly standardError: number | null;
  readonly df: number;
}

export interface SurveyMean extends SurveyEstimate {
  /** Variance over that of a simple random sample of as many rows: without and with replacement. */
  readonly designEffect: number | null;
  readonly designEffectWithReplacement: number | null;
}

/** The weighted rows that count, with their values. */
function counted(caller: string, design: SurveyDesign, values: Values, domain?: readonly boolean[]) {
  if (values.length !== design.rows || (domain && domain.length !== design.rows)) {
    throw new RangeError(`${caller} requires one value for each row of the design`);
  }
  const x = new Float64Array(design.rows);
  const weights = new Float64Array(design.rows);
  let n = 0;
  values.forEach((value, row) => {
    if (value === null || domain?.[row] === false) return;
    if (!Number.isFinite(value)) throw new RangeError(`${caller} requires finite numbers`);
    x[row] = value;
    weights[row] = design.weights[row] ?? 0;
    if (weights[row] !== 0) n += 1;
  });
  return { x, weights, n, total: sum(weights) };
}

/** An estimate whose sampling error is that of the total of `influence`. */
function estimated(
  caller: string,
  design: SurveyDesign,
  value: number,
  n: number,
  influence: Float64Array,
  { level = 0.95, interval = 'normal' }: SurveyOptions,
): SurveyEstimate {
  requireLevel(caller, level);
  const { matrix, notes } = design.covariance([influence]);
  const variance = matrix?.[0]?.[0] ?? null;
  const method = `Survey estimate with ${interval === 't' ? 'Student t' : 'normal'} interval`;
  if (variance === null || (interval === 't' && design.df < 1)) {
    return { estimate: { value, n, interval: null, method, notes }, standardError: null, df: design.df };
  }
  const standardError = Math.sqrt(variance);
  const share = (1 + level) / 2;
  const reach = (interval === 't' ? studentTQuantile(share, design.df) : normalQuantile(share)) * standardError;
  const bounds = { lower: value - reach, upper: value + reach, level };
  return { estimate: { value, n, interval: bounds, method, notes }, standardError, df: design.df };
}

const noRows: Note = { code: 'no-values', text: 'No weighted rows with a value, so no estimate.' };

/**
 * The weighted mean of a population, Σ w x / Σ w: what would the mean be, had everybody been asked? Standard error by
 * linearisation. Assumes that the design and its weights are right. Missing values are left out as if they were another
 * domain. No rows: no value, note `no-values`; a stratum with one unit: no interval, note `lonely-unit`.
 *
 * Reference: Binder (1983), International Statistical Review 51, 279-292. Agrees with R's `svymean` to 1e-12.
 *
 * @throws RangeError for a column of another length, infinite values or a level outside (0, 1)
 * @example
 * surveyMean(surveyDesign({ stages: [{ units: [1, 2, 3] }] }), [2, 4, 9]).estimate.value // => 5
 */
export function surveyMean(design: SurveyDesign, values: Values, options: SurveyOptions = {}): SurveyMean {
  const { x, weights, n, total } = counted('surveyMean', design, values, options.domain);
  if (!(total > 0)) {
    const nothing = noEstimate(0, 'Survey mean', noRows);
    return {
      estimate: nothing,
      standardError: null,
      df: design.df,
      designEffect: null,
      designEffectWithReplacement: null,
    };
  }
  const value = sum(x.map((each, row) => each * (weights[row] ?? 0))) / total;
  const influence = x.map((each, row) => ((each - value) * (weights[row] ?? 0)) / total);
  const found = estimated('surveyMean', design, value, n, influence, options);
  const spread = (sum(x.map((each, row) => (each - value) ** 2 * (weights[row] ?? 0))) / total) * (n / (n - 1));
  const over = (simple: number) =>
    found.standardError === null || !(simple > 0) ? null : found.standardError ** 2 / simple;
  return {
    ...found,
    designEffect: over((spread * (total - n)) / (total * n)),
    designEffectWithReplacement: over(spread / n),
  };
}

/**
 * The weighted total of a population, Σ w x: how much is there in all? Notes and assumptions as `surveyMean`.
 *
 * @throws RangeError for a column of another length, infinite values or a level outside (0, 1)
 * @example
 * surveyTotal(surveyDesign({ stages: [{ units: [1, 2] }], weights: [10, 20] }), [1, 2]).estimate.value // => 50
 */
export function surveyTotal(design: SurveyDesign, values: Values, options: SurveyOptions = {}): SurveyEstimate {
  const { x, weights, n, total } = counted('surveyTotal', design, values, options.domain);
  if (!(total > 0)) return { estimate: noEstimate(0, 'Survey total', noRows), standardError: null, df: design.df };
  const influence = x.map((each, row) => each * (weights[row] ?? 0));
  return estimated('surveyTotal', design, sum(influence), n, influence, options);
}

/**
 * The ratio of two totals: how much of the one is there for each unit of the other? Rows with a gap in either are left
 * out. A denominator of zero: no value, note `no-values`.
 *
 * @throws RangeError for columns of another length, infinite values or a level outside (0, 1)
 * @example
 * surveyRatio(surveyDesign({ stages: [{ units: [1, 2] }] }), [1, 2], [2, 4]).estimate.value // => 0.5
 */
export function surveyRatio(
  design: SurveyDesign,
  top: Values,
  bottom: Values,
  options: SurveyOptions = {},
): SurveyEstimate {
  const domain = top.map(
    (value, row) => value !== null && (bottom[row] ?? null) !== null && options.domain?.[row] !== false,
  );
  const above = counted('surveyRatio', design, top, domain);
  const below = counted('surveyRatio', design, bottom, domain);
  const denominator = sum(below.x.map((each, row) => each * (below.weights[row] ?? 0)));
  if (denominator === 0)
    return { estimate: noEstimate(above.n, 'Survey ratio', noRows), standardError: null, df: design.df };
  const value = sum(above.x.map((each, row) => each * (above.weights[row] ?? 0))) / denominator;
  const influence = above.x.map(
    (each, row) => ((each - value * (below.x[row] ?? 0)) * (above.weights[row] ?? 0)) / denominator,
  );
  return estimated('surveyRatio', design, value, above.n, influence, options);
}

/**
 * The smallest value at or below which at least the share `p` of the population lies; null without values.
 *
 * @throws RangeError for a share outside [0, 1] or a column of another length
 * @example
 * surveyQuantile(surveyDesign({ stages: [{ units: [1, 2, 3] }] }), [30, 10, 20], 0.5) // => 20
 */
export function surveyQuantile(design: SurveyDesign, values: Values, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError('surveyQuantile requires a share between 0 and 1');
  const { x, weights, total } = counted('surveyQuantile', design, values);
  const order = [...x.keys()].filter((row) => (weights[row] ?? 0) > 0).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  let reached = 0;
  for (const row of order) {
    reached += weights[row] ?? 0;
    // Weights add up with rounding; a share met up to that is met.
    if (reached >= p * total * (1 - 1e-13)) return x[row] ?? null;
  }
  return null;
}
