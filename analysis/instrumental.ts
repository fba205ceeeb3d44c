/**
 * The effect on those who took part because they were offered: two-stage least squares with assignment as the instrument.
 * Called by plans of trials in which not everybody offered took part.
 */
import type { ClusterRobustType } from './cluster-robust/adjustments.ts';
import { leastSquares, type RowFit } from './cluster-robust/least-squares.ts';
import { combined, orthonormalDesign, weightedProduct } from './cluster-robust/orthonormal.ts';
import { sandwich } from './cluster-robust/sandwich.ts';
import { type RobustCoefficient, robustCoefficients, tooFewFor } from './cluster-robust.ts';
import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { fTails } from './numeric/f.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface FTest {
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

/** A coefficient; without a test where the residuals leave no error, or clusters too few to say how well it is known. */
export interface TestedCoefficient extends Omit<RobustCoefficient, 't' | 'df' | 'p' | 'interval'> {
  readonly t: number | null;
  readonly df: number | null;
  readonly p: number | null;
  readonly interval: RobustCoefficient['interval'] | null;
}

export interface ComplierEffect {
  /** The effect of taking part on those who take part when offered and otherwise not. */
  readonly effect: TestedCoefficient;
  /** All coefficients: intercept, taking part, covariates. */
  readonly coefficients: readonly TestedCoefficient[];
  /** As if people were independent. */
  readonly plainErrors: readonly number[];
  readonly residualSd: number;
  /** Effect of the offer on the outcome, and on taking part. */
  readonly intentionToTreat: TestedCoefficient;
  readonly firstStage: TestedCoefficient;
  /**
   * How strongly the offer moves taking part: as if independent, and as the clusters say (t² of the first stage). Null when
   * taking part follows the offer exactly.
   */
  readonly firstStageF: FTest | null;
  readonly firstStageRobustF: number | null;
  /** Whether taking part goes with what else drives the outcome: a small p says that plain regression is biased. Null as above. */
  readonly endogeneity: FTest | null;
  /** What plain regression on taking part would have said. */
  readonly asTreated: number;
  /** Mean of taking part among those offered and not offered, when the offer is 0 or 1. */
  readonly takeUp: { readonly offered: number | null; readonly notOffered: number | null };
  readonly n: number;
  readonly clusters: number;
}

export interface ComplierOptions {
  readonly covariates?: Predictors;
  /** CR2, the default, is unbiased when errors are alike. */
  readonly type?: ClusterRobustType;
  readonly level?: number;
}

/** Below this first-stage F the estimate leans towards plain regression, and its interval is too narrow. */
const weakBelow = 10;

/**
 * The complier average causal effect: what did taking part change for those who take part if and only if offered? Two-stage
 * least squares: taking part is predicted from the offer and the covariates, and the outcome from that prediction; with
 * one offer it is the effect of the offer on the outcome over its effect on taking part. Assumes that the offer was
 * random, works through taking part alone, and kept nobody from taking part. Errors are cluster-robust with
 * Satterthwaite's degrees of freedom. Rows with a gap are left out.
 *
 * Null with a note: `too-few-clusters`, `too-few-values`, `no-variance`, `collinear`, `no-first-stage` when the offer does
 * not move taking part at all. Notes beside an effect: `weak-instrument` when either first-stage F is below 10;
 * `full-compliance` when the offer decides who takes part; `no-error` when the effect has no error and no test.
 *
 * References: Angrist, Imbens and Rubin (1996), Journal of the American Statistical Association 91, 444-455; Staiger and
 * Stock (1997), Econometrica 65, 557-586. Agrees with R's AER and clubSandwich to 1e-9.
 *
 * @throws RangeError for columns of unequal length or a level outside 0 and 1
 * @example
 * complierEffect([1, 2, 5, 4, 1, 0], [0, 0, 1, 1, 0, 0], [0, 0, 1, 1, 1, 0], ['a', 'a', 'b', 'b', 'c', 'd'])
 *   .effect.effect.estimate // => 3.5
 */
export function complierEffect(
  outcome: Values,
  takingPart: Values,
  offer: Values,
  clusters: readonly (string | number | null)[],
  { covariates = {}, type = 'CR2', level = 0.95 }: ComplierOptions = {},
): { effect: ComplierEffect | null; notes: readonly Note[] } {
  if (!(level > 0 && level < 1)) throw new RangeError('complierEffect requires a level between 0 and 1');
  const none = (code: string, text: string) => ({ effect: null, notes: [{ code, text }] });
  // One list of complete rows for all stages.
  const complete = outcome.map((_, row) =>
    [outcome, takingPart, offer, ...Object.values(covariates)].every((column) => (column[row] ?? null) !== null),
  );
  const within = clusters.map((cluster, row) => (complete[row] ? cluster : null));
  const offered = { offer, ...covariates };
  const reduced = leastSquares(outcome, offered, within);
  const first = leastSquares(takingPart, offered, within);
  const plain = leastSquares(outcome, { takingPart, ...covariates }, within);
  if (first.fit === null && first.notes[0]?.code === 'no-variance') {
    return none('no-first-stage', 'Everybody or nobody took part, so the offer moved nobody.');
  }
  if (reduced.fit === null || first.fit === null) return { effect: null, notes: [...reduced.notes, ...first.notes] };
  if (plain.fit === null) return { effect: null, notes: plain.notes };
  const second = secondStage(plain.fit, first.fit);
  if (second === null)
    return none('no-first-stage', 'The offer does not move taking part, so its effect cannot be told.');
  const few = tooFewFor(type, plain.fit);
  if (few) return { effect: null, notes: [few] };
  const robust = (fit: RowFit) => {
    const errors = sandwich(fit, type);
    return errors === null ? null : robustCoefficients(fit, errors, level).map(asTested);
  };
  const [coefficients, ofOffer, ofFirst] = [robust(second), robust(reduced.fit), robust(first.fit)];
  const [effect, intentionToTreat, firstStage] = [coefficients?.[1], ofOffer?.[1], ofFirst?.[1]];
  if (!coefficients || !effect || !intentionToTreat || !firstStage) {
    return none('cluster-determines', 'One cluster alone determines a coefficient, so no CR3 errors.');
  }
  const exact = isExact(first.fit);
  const firstStageF = exact ? null : strengthOf(first.fit);
  const firstStageRobustF = exact || firstStage.t === null ? null : firstStage.t ** 2;
  const text =
    'The offer moves taking part so little (F below 10) that the effect and its interval are not to be trusted.';
  const strength = Math.min(firstStageF?.f ?? weakBelow, firstStageRobustF ?? weakBelow);
  const doubts = [
    ...(exact ? [exactFirstStage] : []),
    ...(strength < weakBelow ? [{ code: 'weak-instrument', text }] : []),
    ...(effect.interval === null ? [noError] : []),
  ];
  const df = second.residuals.length - second.terms.length;
  const residualSd = Math.sqrt(weightedProduct(second.residuals, second.residuals, second.weights) / df);
  return {
    effect: {
      effect,
      coefficients,
      plainErrors: second.back.map((line) => residualSd * Math.sqrt(sum(line.map((value) => value * value)))),
      residualSd,
      intentionToTreat,
      firstStage: exact ? { ...firstStage, standardError: 0, t: null, df: null, p: null, interval: null } : firstStage,
      firstStageF,
      firstStageRobustF,
      endogeneity: endogeneityOf(outcome, takingPart, first.fit, covariates, within),
      asTreated: plain.fit.coefficients[1] ?? Number.NaN,
      takeUp: takeUpOf(takingPart, offer, complete),
      n: second.residuals.length,
      clusters: second.clusters,
    },
    notes: [...doubts, ...plain.notes],
  };
}

const exactFirstStage: Note = {
  code: 'full-compliance',
  text: 'The offer decides who takes part, so the first stage has no error: the effect of taking part is that of the offer.',
};

/** Whether the first stage leaves nothing but rounding. */
function isExact({ residuals, weights, total }: RowFit): boolean {
  return weightedProduct(residuals, residuals, weights) <= 1e-20 * total;
}

const noError: Note = {
  code: 'no-error',
  text: 'The clusters are too few, or leave nothing to take errors from, so the effect has no interval and no test.',
};

/** Without a test where any part of it is no figure. */
function asTested(coefficient: RobustCoefficient): TestedCoefficient {
  const { t, df, p, interval } = coefficient;
  const known = [t, p, interval.lower, interval.upper].every(Number.isFinite) && !Number.isNaN(df);
  // Without limit the degrees of freedom are those of a normal distribution.
  if (known) return { ...coefficient, df: Number.isFinite(df) ? df : null };
  return { ...coefficient, t: null, df: null, p: null, interval: null };
}

/** The outcome on taking part as the first stage predicts it; the residuals are those of taking part as it was. */
function secondStage(plain: RowFit, first: RowFit): RowFit | null {
  const predicted = first.outcome.map((value, row) => value - (first.residuals[row] ?? 0));
  const actual = columnsOf(plain);
  const design = orthonormalDesign(
    actual.map((column, j) => (j === 1 ? predicted : column)),
    plain.weights,
  );
  if (design === null) return null;
  const shares = design.columns.map((column) => weightedProduct(column, plain.outcome, plain.weights));
  const coefficients = design.back.map((line) => sum(line.map((value, k) => value * (shares[k] ?? 0))));
  const fitted = combined(actual, coefficients);
  const residuals = plain.outcome.map((value, row) => value - (fitted[row] ?? 0));
  return { ...plain, ...design, coefficients, residuals };
}

/** The columns as given: each from the orthonormal ones before it, by the inverse of the triangular `back`. */
function columnsOf({ columns, back }: RowFit): Float64Array[] {
  const given: Float64Array[] = [];
  for (const [j, column] of columns.entries()) {
    const own = back[j]?.[j] ?? 1;
    const before = combined(
      given,
      given.map((_, k) => back[k]?.[j] ?? 0),
    );
    given.push(column.map((value, row) => (value - (before[row] ?? 0)) / own));
  }
  return given;
}

/** F of the offer in the first stage, as if people were independent; null when no residuals are left. */
function strengthOf(first: RowFit): FTest | null {
  const df2 = first.residuals.length - first.terms.length;
  const variance = weightedProduct(first.residuals, first.residuals, first.weights) / df2;
  const error = Math.sqrt(variance * sum((first.back[1] ?? []).map((value) => value * value)));
  return testOf(((first.coefficients[1] ?? 0) / error) ** 2, df2);
}

/** Wu and Hausman: does the residual of the first stage add to the plain regression? */
function endogeneityOf(
  outcome: Values,
  takingPart: Values,
  first: RowFit,
  covariates: Predictors,
  clusters: readonly (string | number | null)[],
): FTest | null {
  const left = first.residuals.values();
  const unexplained = clusters.map((cluster) => (cluster === null ? null : (left.next().value ?? null)));
  const { fit } = leastSquares(outcome, { unexplained, takingPart, ...covariates }, clusters);
  return fit === null ? null : strengthOf(fit);
}

function testOf(f: number, df2: number): FTest | null {
  return Number.isFinite(f) && df2 > 0 ? { f, df1: 1, df2, p: fTails(f, 1, df2).upper } : null;
}

function takeUpOf(takingPart: Values, offer: Values, complete: readonly boolean[]) {
  const meanWhere = (value: number) => {
    const parts = takingPart.filter((part, row) => complete[row] && offer[row] === value && part !== null);
    return parts.length === 0 ? null : sum(parts.map(Number)) / parts.length;
  };
  return { offered: meanWhere(1), notOffered: meanWhere(0) };
}
