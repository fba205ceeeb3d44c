/**
 * From the entries of one place in one cycle to a score from 0 (nothing as planned) to 1 (all as planned), or null with a
 * reason. Pure; called by `analysis/process/`.
 */
import type { Component, Condition } from '../fidelity-model.ts';

/** One event, observation or response, coded. */
export interface Entry {
  readonly values: Readonly<Record<string, number | string | null>>;
  /** Scores of the scales of its instrument. */
  readonly scales: Readonly<Record<string, number | null>>;
}

/** Why there is no score. */
const scoreReasons = ['no-data', 'not-due', 'missing-values', 'not-there', 'not-in-programme', 'suppressed'] as const;
export type ScoreReason = (typeof scoreReasons)[number];

export interface Score {
  readonly value: number | null;
  /** Null where there is a value. */
  readonly reason: ScoreReason | null;
  /** Entries that the score stands on. */
  readonly n: number;
}

export interface ScoreContext {
  /** Schools of the cluster, for shares of them. */
  readonly schools: number;
  /** Whether anything at all came from the source for this place and cycle; then what is not told did not take place. */
  readonly covered: boolean;
  /** Whether the last expected day has passed. */
  readonly due: boolean;
}

const none = (reason: ScoreReason, n = 0): Score => ({ value: null, reason, n });
const clamped = (value: number) => Math.min(1, Math.max(0, value));

/**
 * The score of a component for one place in one cycle.
 *
 * - `count`: the entries, at most as many as are expected, over those expected; with a duration each counts as the days that
 *   it took over the days expected, at most 1, and 1 where nobody said how long it took.
 * - `share`: for each entry the value over `outOf`, at most 1; the mean of the highest of as many as are expected, where those
 *   that did not take place count 0.
 * - `proportion`: entries for which the condition holds, over those that say.
 * - `thresholds`: the score of the highest step that the figure reaches; 0 below the first.
 * - `scale`: (mean - min) / (max - min), over entries that have a value.
 *
 * Nothing where something is expected is 0 when the source has told of the cycle, and not known when it has not.
 */
export function scoreOf(
  { rule, expected }: Pick<Component, 'rule' | 'expected'>,
  entries: readonly Entry[],
  { schools, covered, due }: ScoreContext,
): Score {
  const n = entries.length;
  const wanted = expected?.count ?? null;
  if (wanted !== null && n < wanted) {
    if (!due) return none('not-due', n);
    if (n === 0) return covered ? { value: 0, reason: null, n } : none('no-data');
  }
  if (n === 0 && !(rule.kind === 'thresholds' && rule.figure === 'count' && covered)) return none('no-data');
  switch (rule.kind) {
    case 'count': {
      const duration = expected?.duration ?? null;
      const credits = entries.map(({ values }) => {
        const took = rule.duration === null ? null : numberIn(values, rule.duration);
        return took === null || duration === null ? 1 : clamped(took / duration);
      });
      return { value: clamped(sumOfHighest(credits, wanted ?? n) / (wanted ?? n)), reason: null, n };
    }
    case 'share': {
      const outOf = rule.outOf === 'schools' ? schools : rule.outOf;
      const shares = numbersOf(entries, rule.variable).map((value) => clamped(value / outOf));
      if (shares.length === 0 || outOf <= 0) return none('missing-values', n);
      const of = wanted ?? shares.length;
      return { value: clamped(sumOfHighest(shares, of) / of), reason: null, n: shares.length };
    }
    case 'proportion': {
      const told = entries.filter(({ values }) => numberIn(values, rule.when.variable) !== null);
      if (told.length === 0) return none('missing-values', n);
      const share = told.filter((entry) => holds(rule.when, entry)).length / told.length;
      return { value: rule.reversed ? 1 - share : share, reason: null, n: told.length };
    }
    case 'thresholds': {
      const values = rule.variable === null ? [] : numbersOf(entries, rule.variable);
      if (rule.figure !== 'count' && values.length === 0) return none('missing-values', n);
      const sum = values.reduce((total, value) => total + value, 0);
      const figures = { count: n, sum, mean: sum / values.length, highest: Math.max(...values) };
      const reached = rule.steps.filter(({ from }) => figures[rule.figure] >= from).at(-1);
      return { value: reached?.score ?? 0, reason: null, n: rule.figure === 'count' ? n : values.length };
    }
    case 'scale': {
      const values = entries.flatMap((entry) => scaleValue(entry, rule.scale) ?? []);
      if (values.length === 0) return none('missing-values', n);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const { min, max } = rule.range;
      return { value: clamped((mean - min) / (max - min)), reason: null, n: values.length };
    }
  }
}

/** What an entry says on a scale, or on a variable of that name. */
export function scaleValue({ scales, values }: Entry, name: string): number | null {
  return name in scales ? (scales[name] ?? null) : numberIn(values, name);
}

/** Whether a condition holds for an entry; never where its variable has no value. */
export function holds(condition: Condition, { values }: Pick<Entry, 'values'>): boolean {
  const value = numberIn(values, condition.variable);
  if (value === null) return false;
  if ('is' in condition) return condition.is.includes(value);
  return condition.atLeast <= value && value <= condition.atMost;
}

function numberIn(values: Entry['values'], name: string): number | null {
  const value = values[name];
  return typeof value === 'number' ? value : null;
}

function numbersOf(entries: readonly Entry[], name: string): number[] {
  return entries.flatMap(({ values }) => numberIn(values, name) ?? []);
}

function sumOfHighest(values: readonly number[], count: number): number {
  const highest = [...values].sort((one, other) => other - one).slice(0, count);
  return highest.reduce((total, value) => total + value, 0);
}
