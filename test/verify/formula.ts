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

/**
 * Adds the columns of a second data set by those that both have. R joins by all of them or by the one that a script names: where
 * the rows found are not the same, the case does not say which.
 */
function joined(frame: CaseFrame, other: DataFrame): CaseFrame {
  const has = (name: string) => attemptColumn(frame, name) !== null;
  const shared = other.names.filter((name) => name !== '' && has(name));
  const [key] = shared;
  if (key === undefined) throw new RangeError('the data sets share no column');
  const places = new Map(other.column(key).map((label, row) => [label, row]));
  if (places.size < other.rows) throw new RangeError(`rows of the second data set share a label of ${key}`);
  const keys = frame.column(key);
  for (const name of shared) {
    const [own, others] = [frame.column(name), other.column(name)];
    if (keys.some((label, row) => (own[row] ?? null) !== (others[places.get(label) ?? -1] ?? null))) {
      throw new RangeError(`the data sets share ${shared.join(', ')}, and ${name} differs between them`);
    }
  }
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
 * `a, b present`, `complete on a, b`, and the centring `cses = SES - school mean of SES ...; mses = that mean`. Words in brackets
 * and the `remarks` change no row and no column; a case with other words is not known, as they may.
 */
function derive(frame: CaseFrame, derived: string): CaseFrame {
  let made: CaseFrame = frame;
  const told = derived.replace(/\([^()]*\)/g, ' ');
  const centring = centringPattern.exec(told);
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
  for (const [, before, after] of told.matchAll(listPattern)) {
    for (const name of (before ?? after ?? '').split(/, ?| and /)) {
      const cells = made.column(name);
      made = keptRows(made, (row) => cells[row] !== null);
    }
  }
  const rest = told.replace(centringPattern, '').replace(listPattern, '');
  for (const clause of rest.split(/[;,&]/).map((each) => each.trim())) {
    const indicator = /^(\w+) = (\w+) ?== ?'([^']+)'$/.exec(clause);
    const alias = /^(\w+) = (\w+)$/.exec(clause);
    const filter = /^(\w+) == '?([^']+)'?$/.exec(clause);
    const range = /^clusters (\S+)\.\.(\S+) only$/.exec(clause);
    if (indicator) {
      const [, name = '', column = '', value] = indicator;
      const cells = made.column(column).map((cell) => (cell === null ? null : cell === value ? 1 : 0));
      made = withColumn(made, name, cells);
    } else if (alias) {
      const [, name = '', column = ''] = alias;
      made = withColumn(made, name, made.column(column));
    } else if (filter) {
      const [, name = '', value] = filter;
      made = keptRows(made, (row) => String(made.column(name)[row]) === value);
    } else if (range) {
      const [, low = '', high = ''] = range;
      const cells = made.column('cluster').map(String);
      made = keptRows(made, (row) => byLabel(cells[row] ?? '', low) >= 0 && byLabel(cells[row] ?? '', high) <= 0);
    } else if (clause !== '' && !remarks.some((remark) => remark.test(clause))) {
      throw new Error(`what "${clause}" does to the data is not known`);
    }
  }
  return made;
}

const centringPattern = /(\w+) = (\w+) - (\w+) mean of \2[^;]*; (\w+) = that mean/;
const nameList = '((?:[\\w.]+(?:, ?| and ))*[\\w.]+)';
const listPattern = new RegExp(`${nameList} present|complete (?:rows )?on ${nameList}`, 'g');

/** What the scripts say beside: which label is the reference, how a factor is coded, which kind of model it is. */
const remarks = [
  /^as above$/,
  /^same$/,
  /^clusters are [\w ]+$/,
  /^[\w ]+ = reference$/,
  /^\w+ treatment-coded with \w+ as reference$/,
  /^\w+ \w+ reference$/,
  /^\w+ as dummies$/,
  /^(linear probability model|unstructured|no covariates)$/,
  /^random slope for \w+$/,
];

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
