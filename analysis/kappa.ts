/** Agreement of two raters on categories: Cohen's kappa, plain and weighted, and what is set beside it. Called by plans. */
import { requireLevel } from './estimate.ts';
import { normalQuantile, normalTails } from './numeric/normal.ts';
import { sum } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

/** A category as raters name it. */
export type Category = string | number;

/** How much of an agreement two categories are: only equal ones, or less by distance or by squared distance. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

export interface CohenKappa {
  readonly kappa: Estimate;
  /** Weighted shares of agreement: observed, and expected by chance from the margins. */
  readonly observed: number | null;
  readonly expected: number | null;
  /** Large-sample standard error of kappa; the one when true agreement is chance, with its test. */
  readonly standardError: number | null;
  readonly nullStandardError: number | null;
  readonly z: number | null;
  readonly p: number | null;
}

/**
 * Cohen's kappa: how far do two raters agree beyond chance? kappa = (observed - expected) / (1 - expected), where an
 * agreement of categories i and j counts 1 if i = j (`none`), 1 - |i - j| / (k - 1) (`linear`) or 1 - (i - j)² / (k - 1)²
 * (`quadratic`), for categories in order. `table[i][j]` counts the cases that the first rater put into category i and the
 * second into j; a category that nobody used still stretches the weights. Assumes independent cases and raters who do not
 * know of each other; the normal interval is not cut off at 1.
 *
 * Cases with a gap are no part of the table. Null with a note: `no-values` for an empty table, `no-variance` when both
 * raters put everything into one category. When one of them does, kappa is 0 whatever the other did: the value comes with
 * the note `constant-rater`, without interval or errors. When all cases agree, the standard error and so the width of the
 * interval is 0, which says no more than that there was no disagreement among these cases: note `full-agreement`.
 *
 * References: Cohen (1960), Educational and Psychological Measurement 20, 37-46; Cohen (1968) for weights; Fleiss, Cohen
 * and Everitt (1969), Psychological Bulletin 72, 323-327, for both standard errors. Agrees with R's vcd and irr to 1e-12.
 *
 * @throws RangeError for a table that is not square, has fewer than two categories or counts that are not whole
 * @example
 * cohenKappa([[20, 5], [10, 15]]).kappa.value // => 0.4
 * cohenKappa([[3, 0], [0, 0]]).kappa.notes[0].code // => 'no-variance'
 * cohenKappa([[3, 2], [0, 0]]).kappa.notes[0].code // => 'constant-rater'
 */
export function cohenKappa(
  table: readonly (readonly number[])[],
  weights: KappaWeights = 'none',
  level = 0.95,
): CohenKappa {
  requireLevel('cohenKappa', level);
  const { n, shares, rows, columns } = sharesOf('cohenKappa', table);
  const method = `Cohen's kappa${weights === 'none' ? '' : `, ${weights} weights`}, normal interval`;
  const size = table.length;
  const weight = (i: number, j: number) => agreementWeight(weights, i, j, size);
  const over = (of: (i: number, j: number) => number) => sum(table.flatMap((_, i) => table.map((__, j) => of(i, j))));
  const share = (i: number, j: number) => shares[i]?.[j] ?? 0;
  const byChance = (i: number, j: number) => (rows[i] ?? 0) * (columns[j] ?? 0);
  const observed = n === 0 ? null : over((i, j) => weight(i, j) * share(i, j));
  const expected = n === 0 ? null : over((i, j) => weight(i, j) * byChance(i, j));
  if (observed === null || expected === null || !(1 - expected > 1e-14)) {
    const note: Note =
      n === 0
        ? { code: 'no-values', text: 'No cases, so no agreement.' }
        : { code: 'no-variance', text: 'Both raters put every case into one category, so nothing is beyond chance.' };
    const kappa: Estimate = { value: null, n, interval: null, method, notes: [note] };
    return { kappa, observed, expected, standardError: null, nullStandardError: null, z: null, p: null };
  }
  if ([...rows, ...columns].includes(1)) {
    const text = 'One rater put every case into one category: kappa is then 0 whatever the other did.';
    const kappa = { value: 0, n, interval: null, method, notes: [{ code: 'constant-rater', text }] };
    return { kappa, observed, expected, standardError: null, nullStandardError: null, z: null, p: null };
  }
  const value = (observed - expected) / (1 - expected);
  // Mean weight that a category of one rater meets with the other.
  const meanOfRow = table.map((_, i) => sum(columns.map((column, j) => weight(i, j) * column)));
  const meanOfColumn = table.map((_, j) => sum(rows.map((row, i) => weight(i, j) * row)));
  const meanWeights = (i: number, j: number) => (meanOfRow[i] ?? 0) + (meanOfColumn[j] ?? 0);
  const scale = n * (1 - expected) ** 2;
  const rest = value - expected * (1 - value);
  const spread = over((i, j) => share(i, j) * (weight(i, j) - meanWeights(i, j) * (1 - value)) ** 2) - rest ** 2;
  const spreadByChance = over((i, j) => byChance(i, j) * (weight(i, j) - meanWeights(i, j)) ** 2) - expected ** 2;
  const standardError = Math.sqrt(Math.max(0, spread) / scale);
  const nullStandardError = Math.sqrt(Math.max(0, spreadByChance) / scale);
  const z = nullStandardError > 0 ? value / nullStandardError : null;
  const reach = normalQuantile((1 + level) / 2) * standardError;
  const text = 'The raters agree in every case: the large-sample error is 0 and the interval has no width.';
  const notes = observed === 1 ? [{ code: 'full-agreement', text }] : [];
  return {
    kappa: { value, n, interval: { lower: value - reach, upper: value + reach, level }, method, notes },
    observed,
    expected,
    standardError,
    nullStandardError,
    z,
    p: z === null ? null : 2 * normalTails(-Math.abs(z)).lower,
  };
}

/**
 * The table of `cohenKappa` from the ratings of two raters: each category that either used, in ascending order; cases with
 * a gap are left out.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * ratingTable(['a', 'a', 'b'], ['a', 'c', null]) // => { categories: ['a', 'c'], counts: [[1, 1], [0, 0]] }
 */
export function ratingTable<Name extends Category>(
  first: readonly (Name | null)[],
  second: readonly (Name | null)[],
): { categories: Name[]; counts: number[][] } {
  if (first.length !== second.length) throw new RangeError('ratingTable requires ratings of one length');
  const pairs = first
    .map((one, i) => [one, second[i] ?? null])
    .filter((pair): pair is [Name, Name] => pair.every((rating) => rating !== null));
  const categories = inOrder(pairs.flat());
  const counts = categories.map((row) =>
    categories.map((column) => pairs.filter(([one, other]) => one === row && other === column).length),
  );
  return { categories, counts };
}

/**
 * The different categories in ascending order, numbers by size.
 *
 * @example
 * inOrder([10, 9, 10]) // => [9, 10]
 */
export function inOrder<Name extends Category>(ratings: readonly Name[]): Name[] {
  const order = (a: Name, b: Name) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1);
  return [...new Set(ratings)].sort(order);
}

export interface AgreementBesideKappa {
  /** Share of cases in which both raters chose the same category. */
  readonly agreement: number | null;
  /** The largest kappa that these margins allow. */
  readonly largestKappa: number | null;
  /** Kappa if all categories were used alike (Bennett's S; PABAK for two categories). */
  readonly evenKappa: number | null;
  /** Scott's pi: chance from the margins of both raters together. */
  readonly scottPi: number | null;
  /** Gwet's AC1, which does not fall when nearly all cases are of one category. */
  readonly gwetAc1: number | null;
}

/**
 * What is set beside Cohen's kappa, because kappa depends on how often categories are used: the share of agreement, the
 * largest kappa that the margins allow, and three coefficients (observed - expected) / (1 - expected) with other ideas of
 * chance: 1 / k (`evenKappa`), Σ p² with p the share of a category over both raters (`scottPi`), and
 * Σ p (1 - p) / (k - 1) (`gwetAc1`). Null where chance alone agrees fully, or without cases.
 *
 * References: Bennett, Alpert and Goldstein (1954), Public Opinion Quarterly 18, 303-308; Scott (1955), ibid. 19, 321-325;
 * Byrt, Bishop and Carlin (1993), Journal of Clinical Epidemiology 46, 423-429; Gwet (2008), British Journal of
 * Mathematical and Statistical Psychology 61, 29-48. Closed forms, accurate to 1e-14.
 *
 * @throws RangeError as `cohenKappa`
 * @example
 * agreementBesideKappa([[20, 5], [10, 15]]).largestKappa // => 0.8
 */
export function agreementBesideKappa(table: readonly (readonly number[])[]): AgreementBesideKappa {
  const { n, shares, rows, columns } = sharesOf('agreementBesideKappa', table);
  const none = { agreement: null, largestKappa: null, evenKappa: null, scottPi: null, gwetAc1: null };
  if (n === 0) return none;
  const size = table.length;
  const agreement = sum(shares.map((line, i) => line[i] ?? 0));
  const both = rows.map((row, i) => (row + (columns[i] ?? 0)) / 2);
  const beyond = (expected: number, reached = agreement) =>
    1 - expected > 1e-14 ? (reached - expected) / (1 - expected) : null;
  return {
    agreement,
    largestKappa: beyond(
      sum(rows.map((row, i) => row * (columns[i] ?? 0))),
      sum(rows.map((row, i) => Math.min(row, columns[i] ?? 0))),
    ),
    evenKappa: beyond(1 / size),
    scottPi: beyond(sum(both.map((p) => p * p))),
    gwetAc1: beyond(sum(both.map((p) => p * (1 - p))) / (size - 1)),
  };
}

/** How much of an agreement the categories i and j of `size` are, between 0 and 1. */
function agreementWeight(weights: KappaWeights, i: number, j: number, size: number): number {
  const distance = Math.abs(i - j) / (size - 1);
  if (weights === 'none') return i === j ? 1 : 0;
  return 1 - (weights === 'linear' ? distance : distance * distance);
}

function sharesOf(caller: string, table: readonly (readonly number[])[]) {
  const size = table.length;
  if (size < 2 || table.some((row) => row.length !== size)) {
    throw new RangeError(`${caller} requires a square table of at least two categories`);
  }
  if (table.flat().some((count) => !(Number.isSafeInteger(count) && count >= 0))) {
    throw new RangeError(`${caller} requires whole counts`);
  }
  const n = sum(table.flat());
  const shares = table.map((row) => row.map((count) => count / n));
  return {
    n,
    shares,
    rows: table.map((row) => sum(row) / n),
    columns: table.map((_, j) => sum(table.map((row) => row[j] ?? 0)) / n),
  };
}
