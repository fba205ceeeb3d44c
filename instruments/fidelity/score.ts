/**
 * From the entries of one place in one cycle to a score from 0 (nothing as planned) to 1 (all as planned), or null with a
 * reason. Pure; called by `analysis/process/`.
 */
import type { Component, Condition } from '../fidelity-model.ts';

/** One event, observation or response, coded. */
export interface Entry {
  readonly values: Readonly<Record<string, number | string | null>>;
  /** Of those who were expected, the share that is ticked, by `attendanceKey`; nothing where the list was left blank. */
  readonly attendance?: Readonly<Record<string, number>>;
  /** Scores of the scales of its instrument. */
  readonly scales: Readonly<Record<string, number | null>>;
  /** The response that it stands in, and the pseudonym of whoever answered where that is known. */
  readonly response?: string | undefined;
  readonly person?: string | null | undefined;
}

export type ShareRule = Extract<Component['rule'], { kind: 'share' }>;

/** Why there is no score. */
const scoreReasons = ['no-data', 'not-due', 'missing-values', 'not-there', 'not-in-programme', 'suppressed'] as const;
export type ScoreReason = (typeof scoreReasons)[number];

export interface Score {
  readonly value: number | null;
  /** Null where there is a value. */
  readonly reason: ScoreReason | null;
  /** Entries that the score stands on. */
  readonly n: number;
  /** Whose entries these are: somebody may have answered twice, or told of several things in one answer. */
  readonly people: number;
}

export interface ScoreContext {
  /** Schools of the cluster, for shares of them. */
  readonly schools: number;
  /** Whether anything at all came from the source for this place and cycle; then what is not told did not take place. */
  readonly covered: boolean;
  /** Whether the last expected day has passed. */
  readonly due: boolean;
}

const scored = (value: number, from: readonly Entry[]): Score => ({
  ...{ value: clamped(value), reason: null, n: from.length },
  people: peopleIn(from),
});
const unscored = (reason: ScoreReason, from: readonly Entry[]): Score => ({
  ...{ value: null, reason, n: from.length },
  people: peopleIn(from),
});
const clamped = (value: number) => Math.min(1, Math.max(0, value));

/**
 * The score of a component for one place in one cycle.
 *
 * - `count`: the entries, at most as many as are expected, over those expected; with a duration each counts as the days that
 *   it took over the days expected, at most 1, and 1 where nobody said how long it took.
 * - `share`: for each entry the value over `outOf`, at most 1; the mean of the highest of as many as are expected, where those
 *   that did not take place count 0. Out of the people: the share of those on the roster at the day who are ticked.
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
    if (!due) return unscored('not-due', entries);
    if (n === 0) return covered ? scored(0, []) : unscored('no-data', []);
  }
  if (n === 0 && !(rule.kind === 'thresholds' && rule.figure === 'count' && covered)) return unscored('no-data', []);
  switch (rule.kind) {
    case 'count': {
      const duration = expected?.duration ?? null;
      const credits = entries.map(({ values }) => {
        const took = rule.duration === null ? null : numberIn(values, rule.duration);
        return took === null || duration === null ? 1 : clamped(took / duration);
      });
      return scored(sumOfHighest(credits, wanted ?? n) / (wanted ?? n), entries);
    }
    case 'share': {
      const outOf = rule.outOf === 'schools' ? schools : rule.outOf === 'people' ? 1 : rule.outOf;
      const shareOf = (entry: Entry): number | null => {
        if (rule.outOf === 'people') return entry.attendance?.[attendanceKey(rule)] ?? null;
        const value = numberIn(entry.values, rule.variable);
        return value === null ? null : clamped(value / outOf);
      };
      const told = entries.filter((entry) => shareOf(entry) !== null);
      if (told.length === 0 || outOf <= 0) return unscored('missing-values', entries);
      const shares = told.flatMap((entry) => shareOf(entry) ?? []);
      const of = wanted ?? shares.length;
      return scored(sumOfHighest(shares, of) / of, told);
    }
    case 'proportion': {
      const told = entries.filter(({ values }) => numberIn(values, rule.when.variable) !== null);
      if (told.length === 0) return unscored('missing-values', entries);
      const share = told.filter((entry) => holds(rule.when, entry)).length / told.length;
      return scored(rule.reversed ? 1 - share : share, told);
    }
    case 'thresholds': {
      const { variable } = rule;
      const told = variable === null ? [] : entries.filter(({ values }) => numberIn(values, variable) !== null);
      if (rule.figure !== 'count' && told.length === 0) return unscored('missing-values', entries);
      const values = variable === null ? [] : numbersOf(told, variable);
      const sum = values.reduce((total, value) => total + value, 0);
      const figures = { count: n, sum, mean: sum / values.length, highest: Math.max(...values) };
      const reached = rule.steps.filter(({ from }) => figures[rule.figure] >= from).at(-1);
      return scored(reached?.score ?? 0, rule.figure === 'count' ? entries : told);
    }
    case 'scale': {
      const told = entries.filter((entry) => scaleValue(entry, rule.scale) !== null);
      if (told.length === 0) return unscored('missing-values', entries);
      const values = told.flatMap((entry) => scaleValue(entry, rule.scale) ?? []);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const { min, max } = rule.range;
      return scored((mean - min) / (max - min), told);
    }
  }
}

/** Which list of people a rule counts, and of whom: what `Entry.attendance` is kept by. */
export function attendanceKey({ variable, roles }: Pick<ShareRule, 'variable' | 'roles'>): string {
  return JSON.stringify([variable, [...(roles ?? [])].sort()]);
}

/** Whoever is known counts once; of others each response is a person. */
export function peopleIn(entries: readonly Entry[]): number {
  return new Set(entries.map((entry) => entry.person ?? entry.response ?? entry)).size;
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
