/** Rows, structure and fit of a mixed model, or the reason why there is none. Called by mixed-model.ts, mixed-robust.ts and profiles. */
import { weightedProduct } from '../cluster-robust/orthonormal.ts';
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import type { Matrix } from '../numeric/matrix.ts';
import type { Note } from '../result.ts';
import { isConstantWithin } from './containment.ts';
import { type DeviancePoint, devianceAt, type Method } from './deviance.ts';
import { type Fit, fitTheta } from './fit.ts';
import type { RandomStructure } from './moments.ts';
import { nestedIntercepts } from './nested-intercepts.ts';
import { randomSlopes, type SlopeStructure } from './random-slopes.ts';
import { type Level, type MixedRows, mixedRows } from './rows.ts';

export interface Fitted {
  readonly rows: MixedRows;
  readonly structure: RandomStructure;
  /** The same structure when there are slopes. */
  readonly withSlopes: SlopeStructure | null;
  readonly fit: Fit;
  /** Coefficients of the given predictors = back · those of the centred ones; the outcome's mean is added apart. */
  readonly back: Matrix;
}

/** lme4's measure of a variance that is as good as zero, or of a perfect correlation. */
const singularBelow = 1e-4;

/**
 * Fits the model; null with a note when the rows allow none.
 *
 * @param levels outermost first
 * @throws RangeError for columns of unequal length, no level or more than two, an unknown slope, slopes with two levels
 * @example
 * fittedModel([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }], 'reml', []).fitted.rows.n // => 4
 */
export function fittedModel(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  method: Method,
  slopes: readonly string[],
  onStep?: () => void,
): { fitted: Fitted | null; notes: readonly Note[] } {
  if (levels.length < 1 || levels.length > 2) throw new RangeError('mixedModel requires one or two levels of groups');
  if (slopes.length > 0 && levels.length > 1) throw new RangeError('mixedModel takes slopes with one level of groups');
  const places = slopes.map((name) => Object.keys(predictors).indexOf(name));
  if (places.includes(-1)) throw new RangeError('mixedModel requires slopes to be among the predictors');
  const none = (note: Note) => ({ fitted: null, notes: [note] });
  const rows = mixedRows(outcome, predictors, levels);
  const why = refusal(rows);
  if (why) return none(why);
  const withSlopes = slopes.length > 0 ? randomSlopes(rows, places) : null;
  const structure = withSlopes ?? nestedIntercepts(rows);
  // Predictors that fit exactly leave nothing to search with: the deviance is without bound.
  if (leavesNothing(rows, devianceAt(structure, structure.scales.map(Number), method))) return none(exactFit);
  const fit = fitTheta(structure, method, onStep);
  if (fit === null) return none({ code: 'collinear', text: 'The predictors determine one another, so no model.' });
  if (leavesNothing(rows, fit.point)) return none(exactFit);
  const back = fromCentred(rows, Object.keys(predictors).length + 1);
  return { fitted: { rows, structure, withSlopes, fit, back }, notes: notesOf(structure.scales, fit) };
}

const exactFit: Note = {
  code: 'no-variance',
  text: 'The predictors and groups fit the outcome exactly, so no model.',
};

/** Whether what is left of the outcome is rounding. */
function leavesNothing({ columns, n }: MixedRows, point: DeviancePoint | null): boolean {
  if (point === null) return false;
  const outcome = columns.at(-1) ?? new Float64Array();
  return !(point.solution.residual > 1e-20 * weightedProduct(outcome, outcome, new Float64Array(n).fill(1)));
}

/** Why there is no model of these rows. */
function refusal({ n, columns, groupings }: MixedRows): Note | null {
  if (groupings.some(({ labels }) => labels.length < 2)) {
    return { code: 'too-few-groups', text: 'Fewer than two groups at a level, so no model.' };
  }
  if (n <= columns.length || n <= (groupings[0]?.labels.length ?? 0)) {
    return { code: 'too-few-values', text: 'Not more complete rows than coefficients or groups, so no model.' };
  }
  const y = columns.at(-1);
  if (y?.every((value) => value === y[0])) {
    return { code: 'no-variance', text: 'The outcome is constant, so no model.' };
  }
  if (isConstantWithin(y ?? new Float64Array(), groupings[0]?.codes ?? new Int32Array())) {
    return { code: 'no-variance', text: 'Within each group the outcome is constant, so no model.' };
  }
  return null;
}

function fromCentred({ means }: MixedRows, size: number): number[][] {
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (__, j) => (i === j ? 1 : i === 0 ? -(means[j - 1] ?? 0) : 0)),
  );
}

function notesOf(scales: readonly boolean[], fit: Fit): Note[] {
  const notes: Note[] = [];
  if (fit.theta.some((value, i) => scales[i] && value < singularBelow)) {
    const text =
      'A variance of groups is estimated as 0, or a correlation as 1: the groups differ no more than chance allows.';
    notes.push({ code: 'singular', text });
  }
  if (!fit.converged) {
    notes.push({
      code: 'not-converged',
      text: 'The search for the best variances did not end; do not use the figures.',
    });
  }
  return notes;
}
