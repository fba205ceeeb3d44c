/** Intraclass correlations of raters: how reliable are ratings on a numeric scale? Called by plans. */
import { type Columns, completeRows, rowCount } from './covariance.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { steppedUp } from './group-reliability.ts';
import { fQuantile, fTails } from './numeric/f.ts';
import { mean, sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

/** An intraclass correlation with the F test that it is above 0. */
export interface RaterCorrelation extends Estimate {
  readonly f: number | null;
  readonly df1: number;
  readonly df2: number | null;
  readonly p: number | null;
}

/** For one rating and for the mean of all raters. */
export interface SingleAndMean {
  readonly single: RaterCorrelation;
  readonly mean: RaterCorrelation;
}

export interface RaterReliability {
  readonly subjects: number;
  readonly raters: number;
  /** ICC(1): raters of their own for each subject. */
  readonly oneWay: SingleAndMean;
  /** ICC(2), ICC(A): the same raters, of many possible; their levels count. The F test allows for the raters. */
  readonly agreement: SingleAndMean;
  /** ICC(3), ICC(C): the same raters; their levels do not count. The mean is Cronbach's alpha. */
  readonly consistency: SingleAndMean;
  /** Mean squares: subjects, raters, residual, and raters with residual. */
  readonly meanSquares: {
    readonly subjects: number;
    readonly raters: number;
    readonly residual: number;
    readonly within: number;
  } | null;
}

interface Layout {
  readonly n: number;
  readonly k: number;
  readonly level: number;
  readonly ofSubjects: number;
  readonly ofRaters: number;
  readonly residual: number;
  readonly within: number;
}

/**
 * How reliable are the ratings of k raters on n subjects? With the mean squares of the two-way analysis of variance, S of
 * subjects, R of raters, E of the residual and W of R and E together:
 *
 *     one-way      (S - W) / (S + (k - 1) W)                        mean of k: (S - W) / S
 *     agreement    (S - E) / (S + (k - 1) E + k (R - E) / n)        mean of k: (S - E) / (S + (R - E) / n)
 *     consistency  (S - E) / (S + (k - 1) E)                        mean of k: (S - E) / S
 *
 * Intervals from quantiles of F; those of agreement with Satterthwaite's degrees of freedom at the estimate, as McGraw and
 * Wong have them. The interval of a mean is that of one rater, stepped up.
 * Assumes independent subjects and normal effects of one variance. Subjects with a gap are left out. Negative figures are
 * not cut off (note `negative-icc`).
 *
 * Null with a note: `too-few-subjects` or `too-few-raters` below two, `no-variance` when all ratings are the same or
 * neither subjects nor residual vary. When raters agree without residual: 1 without interval, note `no-residual`. Bounds of
 * agreement of which the lower is above the upper are no interval: note `no-interval`. A lower bound below -1, which that of a
 * mean of raters can be, has the note `lower-bound-below-minus-one`.
 *
 * References: Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw and Wong (1996), Psychological Methods
 * 1, 30-46, tables 4, 7 and 8. Agrees with R's irr and psych to 1e-10.
 *
 * @param raters one column for each rater, one row for each subject
 * @throws RangeError for columns of unequal length, ratings that are not finite, a level outside (0, 1)
 * @example
 * raterReliability([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]).consistency.single.df2 // => 15
 */
export function raterReliability(raters: Columns, level = 0.95): RaterReliability {
  requireLevel('raterReliability', level);
  const all = rowCount(raters);
  const complete = completeRows(raters).map((column) => column.map((value) => value ?? Number.NaN));
  if (complete.flat().some((value) => !Number.isFinite(value))) {
    throw new RangeError('raterReliability requires finite ratings');
  }
  const n = complete[0]?.length ?? 0;
  const k = raters.length;
  const none = (code: string, text: string): RaterReliability => {
    const nothing: RaterCorrelation = {
      ...noEstimate(n, 'Intraclass correlation of raters', { code, text }),
      f: null,
      df1: Math.max(0, n - 1),
      df2: null,
      p: null,
    };
    const both = { single: nothing, mean: nothing };
    return { subjects: n, raters: k, oneWay: both, agreement: both, consistency: both, meanSquares: null };
  };
  if (n < 2) return none('too-few-subjects', `Fewer than two of ${all} subjects were rated by everybody.`);
  if (k < 2) return none('too-few-raters', 'Fewer than two raters, so no reliability.');
  const layout = { ...squaresOf(complete), n, k, level };
  if (layout.ofSubjects + layout.within === 0) return none('no-variance', 'All ratings are the same.');
  const { ofSubjects, ofRaters, residual, within } = layout;
  return {
    subjects: n,
    raters: k,
    oneWay: byF(layout, within, n * (k - 1), 'one-way'),
    agreement: agreement(layout),
    consistency: byF(layout, residual, (n - 1) * (k - 1), 'two-way, consistency'),
    meanSquares: { subjects: ofSubjects, raters: ofRaters, residual, within },
  };
}

/** Mean squares of subjects, raters and residual. */
function squaresOf(raters: readonly (readonly number[])[]) {
  const k = raters.length;
  const n = raters[0]?.length ?? 0;
  const ofSubject = Array.from({ length: n }, (_, i) => mean(raters.map((column) => column[i] ?? 0)));
  const ofRater = raters.map((column) => mean(column));
  const centre = mean(ofRater);
  const left = raters.map((column, j) =>
    column.map((value, i) => value - (ofSubject[i] ?? 0) - (ofRater[j] ?? 0) + centre),
  );
  const total = sumOfSquaredDeviations(raters.flat());
  // What rounding leaves of nothing is nothing: 1e-26 is the square of a rounding, with room.
  const unlessRounding = (squares: number) => (squares > 1e-26 * total ? squares : 0);
  const squaresOfRaters = unlessRounding(n * sumOfSquaredDeviations(ofRater));
  const squaresLeft = unlessRounding(sum(left.flat().map((value) => value * value)));
  return {
    ofSubjects: unlessRounding(k * sumOfSquaredDeviations(ofSubject)) / (n - 1),
    ofRaters: squaresOfRaters / (k - 1),
    residual: squaresLeft / ((n - 1) * (k - 1)),
    within: (squaresOfRaters + squaresLeft) / (n * (k - 1)),
  };
}

/** The correlations that are functions of one F ratio: of subjects against `error`. */
function byF({ n, k, level, ofSubjects }: Layout, error: number, df2: number, model: string): SingleAndMean {
  const df1 = n - 1;
  const f = error > 0 ? ofSubjects / error : null;
  const low = f === null ? null : f / fQuantile((1 + level) / 2, df1, df2);
  const high = f === null ? null : f * fQuantile((1 + level) / 2, df2, df1);
  const correlation = (of: (ratio: number) => number, what: string): RaterCorrelation => {
    const value = f !== null ? finite(of(f)) : ofSubjects > 0 ? 1 : null;
    const interval =
      low === null || high === null || value === null ? null : { lower: of(low), upper: of(high), level };
    const method = `Intraclass correlation, ${model}, ${what}, F interval`;
    const p = f === null ? null : fTails(f, df1, df2).upper;
    return bounded({ value, n, method, notes: notesOn(value), f, df1, df2, p }, interval);
  };
  return {
    single: correlation((ratio) => (ratio - 1) / (ratio + k - 1), 'one rater'),
    mean: correlation((ratio) => 1 - 1 / ratio, 'mean of raters'),
  };
}

const untoldBelow: Note = {
  code: 'lower-bound-below-minus-one',
  text: 'The lower bound of the mean is below -1: these subjects and raters are too few to tell it from no reliability at all.',
};

/** With an interval, or with a note where the formula turns it upside down; R's psych prints such bounds. */
function bounded(
  correlation: Omit<RaterCorrelation, 'interval'>,
  limits: RaterCorrelation['interval'],
): RaterCorrelation {
  if (limits !== null && limits.lower < -1 && limits.lower <= limits.upper) {
    return { ...correlation, interval: limits, notes: [...correlation.notes, untoldBelow] };
  }
  if (limits === null || limits.lower <= limits.upper) return { ...correlation, interval: limits };
  const text = 'The formula of the interval leaves its range and gives no lower bound below an upper one.';
  return { ...correlation, interval: null, notes: [...correlation.notes, { code: 'no-interval', text }] };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Subjects are held against a mixture of the squares of raters and residual. */
function agreement(layout: Layout): SingleAndMean {
  const { n, k, level, ofSubjects, ofRaters, residual } = layout;
  const df1 = n - 1;
  const f = residual > 0 ? ofSubjects / residual : null;
  const total = ofSubjects + (k - 1) * residual + (k * (ofRaters - residual)) / n;
  const value = total > 0 ? (ofSubjects - residual) / total : null;
  const df2 = value === null || value === 1 ? null : satterthwaite(layout, value);
  const method = 'Intraclass correlation, two-way, agreement';
  const shared = {
    n,
    notes: notesOn(value),
    f,
    df1,
    df2,
    p: f === null || df2 === null ? null : fTails(f, df1, df2).upper,
  };
  const bounds = () => {
    if (df2 === null) return null;
    const down = fQuantile((1 + level) / 2, df1, df2);
    const up = fQuantile((1 + level) / 2, df2, df1);
    const beside = k * ofRaters + (k * n - k - n) * residual;
    return {
      lower: (n * (ofSubjects - down * residual)) / (down * beside + n * ofSubjects),
      upper: (n * (up * ofSubjects - residual)) / (beside + n * up * ofSubjects),
    };
  };
  const limits = bounds();
  const raised = (one: number) => steppedUp(one, k) ?? Number.NaN;
  const ofMean = limits === null ? null : { lower: raised(limits.lower), upper: raised(limits.upper), level };
  return {
    single: bounded({ ...shared, value, method: `${method}, one rater, F interval` }, limits && { ...limits, level }),
    mean: bounded(
      {
        ...shared,
        notes: notesOn(steppedUp(value, k)),
        value: steppedUp(value, k),
        method: `${method}, mean of raters, F interval`,
      },
      ofMean,
    ),
  };
}

/** Degrees of freedom of a R + b E, the mean square that subjects are held against when the correlation is `value`. */
function satterthwaite({ n, k, ofRaters, residual }: Layout, value: number): number | null {
  const a = (k * value) / (n * (1 - value));
  const b = 1 + (k * value * (n - 1)) / (n * (1 - value));
  const parts = (a * ofRaters) ** 2 / (k - 1) + (b * residual) ** 2 / ((n - 1) * (k - 1));
  const df = (a * ofRaters + b * residual) ** 2 / parts;
  // Nothing is left of the mixture, but for rounding, when subjects do not differ at all.
  return parts > 0 && df > 1e-9 ? df : null;
}

function notesOn(value: number | null): Note[] {
  if (value === null) return [{ code: 'no-variance', text: 'Subjects do not differ at all, so no figure.' }];
  if (value === 1)
    return [{ code: 'no-residual', text: 'Raters agree without any residual, so no interval and no test.' }];
  if (value > 1) {
    const text = 'Raters differ by less than the residual of few subjects, and the formula leaves its range.';
    return [{ code: 'beyond-one', text }];
  }
  if (value >= 0) return [];
  return [{ code: 'negative-icc', text: 'Raters differ more about one subject than about different subjects.' }];
}
