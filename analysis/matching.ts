/** Matched comparison groups: the propensity model, nearest-neighbour matches, weights and balance. Called by plans. */
import { counted } from '../instruments/zod-words.ts';
import type { Values } from './descriptives.ts';
import { type LogisticModel, logisticModel } from './logistic-model.ts';
import { type BalanceRow, balanceRow, effectiveUnits } from './matching/balance.ts';
import { type Covariates, numericCovariates } from './matching/covariates.ts';
import { type Match, type MatchOrder, nearestMatches } from './matching/nearest.ts';
import { sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import { partOf, type ShareDone, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface MatchingOptions {
  /** On which scale units are near: the probability of treatment, the default, or its logit. */
  readonly distance?: 'probability' | 'logit';
  readonly order?: MatchOrder;
  readonly ratio?: number;
  readonly replace?: boolean;
  /** The largest distance of a match, in standard deviations of the distance over all units; see `caliperUnit`. */
  readonly caliper?: number;
  readonly caliperUnit?: 'sd' | 'distance';
  /** Covariates in which matches must be equal. */
  readonly exact?: readonly string[];
  readonly onShare?: ShareDone;
}

/** Units of one arm: all, matched, and what the weights leave of them in effect. */
export interface ArmCounts {
  readonly all: number;
  readonly matched: number;
  readonly effective: number;
  readonly unmatched: number;
}

export interface Matching {
  readonly propensity: LogisticModel;
  /** For each row of the data, null where it has a gap. */
  readonly distances: Values;
  /** In the unit of the distance; null without. */
  readonly caliper: number | null;
  /** Rows of the data, in their order. */
  readonly matches: readonly Match[];
  /** For each row: 0 when it was not matched or has a gap. Treated 1; those of controls add up to their number. */
  readonly weights: readonly number[];
  /** For each row: the place of its match in `matches`, null without; null everywhere when controls were used again. */
  readonly pairs: Values;
  readonly balance: { readonly all: readonly BalanceRow[]; readonly matched: readonly BalanceRow[] };
  readonly treated: ArmCounts;
  readonly controls: ArmCounts;
}

/**
 * Nearest-neighbour matching on the propensity score: which units without the treatment are like those with it? A logistic
 * model gives each unit its probability of treatment from the covariates; each treated unit is given the controls nearest
 * to it (`nearestMatches` says how). Estimates what the treatment did for those treated, if units with equal covariates
 * were treated as by chance; balance shows the covariates that were measured only. Rows with a gap are left out (note
 * `rows-left-out`).
 *
 * Null with a note: those of `logisticModel` when there is no propensity model, `no-matches` when no control is near
 * enough. Note `treated-left-out` when some treated units found none: the result then holds for the others.
 *
 * References: Rosenbaum and Rubin (1983), Biometrika 70, 41-55; Ho, Imai, King and Stuart (2007), Political Analysis 15,
 * 199-236. Agrees with R's MatchIt 4.7.1: the same matches; scores to 1e-7, as `glm` stops there.
 *
 * @param treated 1 for treated units, 0 for controls
 * @throws RangeError for columns of unequal length, an unknown covariate in `exact`, and as `logisticModel` and `nearestMatches`
 * @example
 * matchNearest([1, 1, 0, 0, 0], { age: [30, 50, 31, 52, 33] }).matching.matches[1].controls // => [3]
 */
export function matchNearest(
  treated: Values,
  covariates: Covariates,
  options: MatchingOptions = {},
): { matching: Matching | null; notes: readonly Note[] } {
  const { distance = 'probability', exact = [], replace = false, onShare = untold } = options;
  const columns = numericCovariates(covariates, 'model');
  const { model, notes } = logisticModel(treated, columns, partOf(onShare, 0, 0.3));
  if (model === null) return { matching: null, notes };
  const rows = completeRowsOf(treated, covariates);
  const arms = rows.map((row) => treated[row] === 1);
  const scores = distance === 'logit' ? linearScores(model, rows, Object.values(columns)) : model.fitted;
  const caliper = caliperOf(scores, options);
  const strata = exact.length === 0 ? undefined : strataOf(rows, covariates, exact);
  const { order, ratio } = options;
  const found = nearestMatches(scores, arms, {
    replace,
    onShare: partOf(onShare, 0.3, 0.9),
    ...(order && { order }),
    ...(ratio !== undefined && { ratio }),
    ...(caliper !== null && { caliper }),
    ...(strata && { strata }),
  });
  if (found.length === 0) {
    return { matching: null, notes: [{ code: 'no-matches', text: 'No control is near enough to any treated unit.' }] };
  }
  const weights = weightsOf(found, rows.length);
  const balanced = { distance: scores, ...numbersOf(rows, numericCovariates(covariates, 'all')) };
  const balanceWith = (of?: readonly number[]) =>
    Object.entries(balanced).map(([name, values]) => balanceRow(name, values, arms, of));
  const inData = <Value>(values: readonly Value[], otherwise: Value): Value[] => {
    const all = new Array<Value>(treated.length).fill(otherwise);
    rows.forEach((row, unit) => {
      all[row] = values[unit] ?? otherwise;
    });
    return all;
  };
  const rowOf = (unit: number) => rows[unit] ?? -1;
  const matching: Matching = {
    propensity: model,
    distances: inData<number | null>(scores, null),
    caliper,
    matches: found.map((match) => ({ treated: rowOf(match.treated), controls: match.controls.map(rowOf) })),
    weights: inData(weights, 0),
    pairs: inData<number | null>(replace ? [] : pairsOf(found, rows.length), null),
    balance: { all: balanceWith(), matched: balanceWith(weights) },
    treated: countsOf(weights.filter((_, unit) => arms[unit])),
    controls: countsOf(weights.filter((_, unit) => !arms[unit])),
  };
  return { matching, notes: notesOn(treated.length - rows.length, matching) };
}

function notesOn(leftOut: number, { treated }: Matching): Note[] {
  const notes: Note[] = [];
  if (leftOut > 0)
    notes.push({
      code: 'rows-left-out',
      text: `${counted(leftOut, 'row has a gap and was', 'rows have a gap and were')} left out.`,
    });
  if (treated.unmatched > 0) {
    const text = `${treated.unmatched} of ${counted(treated.all, 'treated unit')} found no control; the result holds for the others.`;
    notes.push({ code: 'treated-left-out', text });
  }
  return notes;
}

/** Rows in which arm and covariates are there, as the propensity model takes them. */
function completeRowsOf(treated: Values, covariates: Covariates): number[] {
  const given = [treated, ...Object.values(covariates)];
  return [...treated.keys()].filter((row) => given.every((column) => (column[row] ?? null) !== null));
}

function numbersOf(rows: readonly number[], columns: Readonly<Record<string, Values>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, rows.map((row) => column[row] ?? 0)]),
  );
}

/** The logit of each unit's probability, from the coefficients, so that probabilities near 0 and 1 keep their digits. */
function linearScores(model: LogisticModel, rows: readonly number[], columns: readonly Values[]): number[] {
  const [intercept = 0, ...slopes] = model.coefficients.map(({ estimate }) => estimate);
  return rows.map((row) => slopes.reduce((total, slope, j) => total + slope * (columns[j]?.[row] ?? 0), intercept));
}

function caliperOf(scores: readonly number[], { caliper, caliperUnit = 'sd' }: MatchingOptions): number | null {
  if (caliper === undefined) return null;
  return caliperUnit === 'sd' ? caliper * Math.sqrt(sumOfSquaredDeviations(scores) / (scores.length - 1)) : caliper;
}

function strataOf(rows: readonly number[], covariates: Covariates, exact: readonly string[]): string[] {
  const columns = exact.map((name) => {
    const column = covariates[name];
    if (!column) throw new RangeError(`matchNearest has no covariate ${name} to match exactly`);
    return column;
  });
  return rows.map((row) => JSON.stringify(columns.map((column) => column[row])));
}

/** Each treated unit shares one out among its controls; then controls are scaled to add up to their number. */
function weightsOf(matches: readonly Match[], n: number): number[] {
  const weights = new Array<number>(n).fill(0);
  const controls = new Set<number>();
  for (const match of matches) {
    for (const control of match.controls) {
      weights[control] = (weights[control] ?? 0) + 1 / match.controls.length;
      controls.add(control);
    }
  }
  const scale = controls.size / sum(weights);
  const scaled = weights.map((weight) => weight * scale);
  for (const { treated } of matches) scaled[treated] = 1;
  return scaled;
}

function pairsOf(matches: readonly Match[], n: number): (number | null)[] {
  const pairs = new Array<number | null>(n).fill(null);
  matches.forEach(({ treated, controls }, place) => {
    for (const unit of [treated, ...controls]) pairs[unit] = place;
  });
  return pairs;
}

function countsOf(weights: readonly number[]): ArmCounts {
  const matched = weights.filter((weight) => weight > 0).length;
  return { all: weights.length, matched, effective: effectiveUnits(weights), unmatched: weights.length - matched };
}
