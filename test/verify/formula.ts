/**
 * Reads the model formulas of the oracle files and makes their columns: `y ~ a + factor(b) + (1 + a | c/d)`, text columns
 * as indicators against the first label in order. Used by the modules of mixed and cluster-robust models.
 */
import { byLabel, isObject, listAt, objectAt, textAt } from './cases.ts';
import type { DataFrame, DataSource, JsonObject, JsonValue } from './types.ts';

export type Cells = (number | string | null)[];

export interface RandomPart {
  /** Predictors with a slope of their own in each group; the intercept is always there. */
  readonly slopes: string[];
  /** Outermost first. */
  readonly groups: string[];
}

export interface Formula {
  readonly outcome: string;
  readonly terms: string[];
  readonly random: RandomPart[];
}

/** Columns of a case after its derivations and its choice of rows. */
export interface CaseFrame {
  readonly rows: number;
  column(name: string): Cells;
}

export function parseFormula(text: string): Formula {
  const [left = '', right = ''] = text.replace(/,.*$/, '').split('~');
  const random = [...right.matchAll(/\(([^()|]*)\|([^()]*)\)/g)].map(
    ([, slopes = '', groups = '']): RandomPart => ({
      slopes: partsOf(slopes, '+').filter((part) => part !== '1'),
      groups: partsOf(groups, '/'),
    }),
  );
  const fixed = right.replace(/\([^()|]*\|[^()]*\)/g, '');
  return { outcome: left.trim(), terms: partsOf(fixed, '+').filter((part) => part !== '1'), random };
}

function partsOf(text: string, separator: string): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The predictors of each term: the column itself, or an indicator for each label but the first. */
export function termColumns(
  frame: CaseFrame,
  terms: readonly string[],
): Map<string, Record<string, (number | null)[]>> {
  return new Map(terms.map((term) => [term, columnsOf(frame, term)]));
}

function columnsOf(frame: CaseFrame, term: string): Record<string, (number | null)[]> {
  const factor = /^factor\((\w+)\)$/.exec(term);
  const column = frame.column(factor?.[1] ?? term);
  const labels = [...new Set(column.filter((cell) => cell !== null))];
  if (!factor && !labels.some((label) => typeof label === 'string')) return { [term]: column.map(numberOrNull) };
  const sorted = labels.sort(byLabel);
  return Object.fromEntries(
    sorted
      .slice(1)
      .map((label) => [`${term}${label}`, column.map((cell) => (cell === null ? null : cell === label ? 1 : 0))]),
  );
}

function numberOrNull(cell: number | string | null): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** The options of a case, with `derived` of the case before where it says `as above` or `same`. */
export function inheriting(cases: JsonObject, name: string): JsonObject {
  const options = objectAt(cases, name);
  const refers = (text: JsonValue | undefined) => /^(as above|same)\b/.test(String(text));
  if (!refers(options.derived)) return options;
  const before = Object.keys(cases).slice(0, Object.keys(cases).indexOf(name));
  const texts = before.map((each) => objectAt(cases, each).derived);
  return { ...options, derived: texts.findLast((text) => typeof text === 'string' && !refers(text)) ?? null };
}

/** The data of a case: several data sets are joined, and what `derived` says is done. */
export function caseFrame(options: JsonValue, data: DataSource): CaseFrame {
  const names = listAt(options, 'data').map(String);
  const [first, ...others] = names.map((name) => data(name));
  if (!first) throw new RangeError('the case names no data');
  const derived = isObject(options) && typeof options.derived === 'string' ? textAt(options, 'derived') : '';
  return derive(others.reduce<CaseFrame>(joined, first), derived);
}

/** Adds the columns of a second data set by the first column of it that both have. */
function joined(frame: CaseFrame, other: DataFrame): CaseFrame {
  const has = (name: string) => attemptColumn(frame, name) !== null;
  const key = other.names.find(has);
  if (key === undefined) throw new RangeError('the data sets share no column');
  const places = new Map(other.column(key).map((label, row) => [label, row]));
  const keys = frame.column(key);
  return {
    rows: frame.rows,
    column: (name) => {
      const own = attemptColumn(frame, name);
      if (own) return own;
      const column = other.column(name);
      return keys.map((label) => column[places.get(label) ?? -1] ?? null);
    },
  };
}

function attemptColumn(frame: CaseFrame, name: string): Cells | null {
  try {
    return frame.column(name);
  } catch {
    return null;
  }
}

/**
 * Clauses of `derived` that say what a column or a row must be: `a = b == 'x'`, `a = b`, `a == 'x'`, `clusters A..B only`,
 * `a, b present`, and the centring `cses = SES - school mean of SES ...; mses = that mean`. Other words are remarks.
 */
function derive(frame: CaseFrame, derived: string): CaseFrame {
  let made: CaseFrame = frame;
  const centring = /(\w+) = (\w+) - (\w+) mean of \2.*?; (\w+) = that mean/.exec(derived);
  if (centring) {
    const [, deviation = '', column = '', group = '', mean = ''] = centring;
    const means = groupMeans(made, column, group);
    const values = made.column(column).map(numberOrNull);
    made = withColumn(made, mean, means);
    made = withColumn(
      made,
      deviation,
      values.map((value, row) => (value === null ? null : value - Number(means[row]))),
    );
  }
  // The STAR data's indicators are the script's; some cases name them without saying so.
  const arm = attemptColumn(made, 'stark');
  for (const [name, value] of arm
    ? [
        ['small', 'small'],
        ['aide', 'regular+aide'],
      ]
    : []) {
    made = withColumn(
      made,
      name ?? '',
      (arm ?? []).map((cell) => (cell === null ? null : cell === value ? 1 : 0)),
    );
  }
  for (const [, listed = ''] of derived.matchAll(/((?:[\w.]+(?:, ?| and ))*[\w.]+) present/g)) {
    for (const name of listed.split(/, ?| and /)) {
      const cells = attemptColumn(made, name);
      if (cells) made = keptRows(made, (row) => cells[row] !== null);
    }
  }
  for (const clause of derived.split(/[;,&]/).map((each) => each.trim())) {
    const indicator = /^(\w+) = (\w+) ?== ?'([^']+)'$/.exec(clause);
    const alias = /^(\w+) = (\w+)$/.exec(clause);
    const filter = /^(\w+) == '?([^']+)'?$/.exec(clause);
    const range = /^clusters (\S+)\.\.(\S+) only/.exec(clause);
    if (indicator) {
      const [, name = '', column = '', value] = indicator;
      const cells = made.column(column).map((cell) => (cell === null ? null : cell === value ? 1 : 0));
      made = withColumn(made, name, cells);
    } else if (alias) {
      const [, name = '', column = ''] = alias;
      const cells = attemptColumn(made, column);
      if (cells) made = withColumn(made, name, cells);
    } else if (filter) {
      const [, name = '', value] = filter;
      made = keptRows(made, (row) => String(made.column(name)[row]) === value);
    } else if (range) {
      const [, low = '', high = ''] = range;
      const cells = made.column('cluster').map(String);
      made = keptRows(made, (row) => byLabel(cells[row] ?? '', low) >= 0 && byLabel(cells[row] ?? '', high) <= 0);
    }
  }
  return made;
}

/** The mean of each row's group; the group's column is found without regard to capitals. */
function groupMeans(frame: CaseFrame, column: string, group: string): Cells {
  const labels = attemptColumn(frame, group) ?? frame.column(group.charAt(0).toUpperCase() + group.slice(1));
  const sums = new Map<number | string | null, { n: number; total: number }>();
  for (const [row, value] of frame.column(column).entries()) {
    if (typeof value !== 'number') continue;
    const known = sums.get(labels[row] ?? null) ?? { n: 0, total: 0 };
    sums.set(labels[row] ?? null, { n: known.n + 1, total: known.total + value });
  }
  return labels.map((label) => {
    const found = sums.get(label);
    return found ? found.total / found.n : null;
  });
}

export function withColumn(frame: CaseFrame, name: string, cells: Cells): CaseFrame {
  return { rows: frame.rows, column: (asked) => (asked === name ? cells : frame.column(asked)) };
}

export function keptRows(frame: CaseFrame, keep: (row: number) => boolean): CaseFrame {
  const rows = Array.from({ length: frame.rows }, (_, row) => row).filter(keep);
  return {
    rows: rows.length,
    column: (name) => {
      const column = frame.column(name);
      return rows.map((row) => column[row] ?? null);
    },
  };
}
