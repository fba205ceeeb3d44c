/** Agreement of several raters on categories: Fleiss's kappa, Conger's and Light's. Called by plans. */
import { type Category, cohenKappa, inOrder, ratingTable } from './kappa.ts';
import { normalTails } from './numeric/normal.ts';
import { mean, sum } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

/** A kappa of one category against all others, with its test against chance. */
export interface CategoryKappa {
  readonly category: Category;
  readonly kappa: number | null;
  readonly z: number | null;
  readonly p: number | null;
}

export interface FleissKappa {
  readonly kappa: Estimate;
  /** Test against agreement by chance. */
  readonly z: number | null;
  readonly p: number | null;
  readonly raters: number;
  readonly categories: readonly CategoryKappa[];
}

/**
 * Fleiss's kappa: how far do several raters agree beyond chance? Each case is rated by the same number m of raters, not
 * necessarily the same people. With x the raters who put case i into category j and p the share of the category,
 *
 *     observed = (Σ x² - N m) / (N m (m - 1))     expected = Σ p²     kappa = (observed - expected) / (1 - expected)
 *
 * z is for no agreement beyond chance, in large samples. `counts[i][j]` holds x; `names` the categories in that order.
 * Cases with a gap are no part of the counts. Null with a note: `no-values`, `too-few-raters` below two, `no-variance` when
 * all ratings are of one category; the kappa of a category that nobody or everybody used is null.
 *
 * References: Fleiss (1971), Psychological Bulletin 76, 378-382; Fleiss, Levin and Paik (2003), Statistical Methods for
 * Rates and Proportions, 3rd edition, chapter 18, for the standard errors. Agrees with R's irr to 1e-12.
 *
 * @throws RangeError for counts that are not whole, rows of unequal length, or cases with unequal numbers of raters
 * @example
 * fleissKappa([[2, 0], [0, 2]]).kappa.value // => 1
 * fleissKappa([[1, 1], [1, 1]]).kappa.value // => -1
 */
export function fleissKappa(counts: readonly (readonly number[])[], names?: readonly Category[]): FleissKappa {
  const categories = names ?? (counts[0] ?? []).map((_, j) => j + 1);
  const n = counts.length;
  const raters = sum(counts[0] ?? []);
  for (const row of counts) {
    if (row.length !== categories.length || row.some((count) => !(Number.isSafeInteger(count) && count >= 0))) {
      throw new RangeError('fleissKappa requires one whole count for each case and category');
    }
    if (sum(row) !== raters) throw new RangeError('fleissKappa requires the same number of raters for each case');
  }
  const ratings = n * raters;
  const columns = categories.map((_, j) => counts.map((row) => row[j] ?? 0));
  const shares = columns.map((column) => sum(column) / ratings);
  const expected = sum(shares.map((share) => share * share));
  const method = "Fleiss's kappa";
  const without = (code: string, text: string): FleissKappa => {
    const nobody = categories.map((category) => ({ category, kappa: null, z: null, p: null }));
    const kappa: Estimate = { value: null, n, interval: null, method, notes: [{ code, text }] };
    return { kappa, z: null, p: null, raters, categories: nobody };
  };
  if (n === 0) return without('no-values', 'No cases, so no agreement.');
  if (raters < 2) return without('too-few-raters', 'Fewer than two raters, so no agreement.');
  if (!(1 - expected > 1e-14))
    return without('no-variance', 'All ratings are of one category, so nothing is beyond chance.');
  const pairs = ratings * (raters - 1);
  const observed = (sum(columns.map((column) => sum(column.map((x) => x * x)))) - ratings) / pairs;
  const value = (observed - expected) / (1 - expected);
  const apart = sum(shares.map((share) => share * (1 - share)));
  const skew = sum(shares.map((share) => share * (1 - share) * (1 - 2 * share)));
  const z = value / (Math.sqrt((2 * (apart * apart - skew)) / pairs) / apart);
  const tested = (statistic: number) => ({ z: statistic, p: 2 * normalTails(-Math.abs(statistic)).lower });
  return {
    kappa: { value, n, interval: null, method, notes: [] },
    ...tested(z),
    raters,
    categories: categories.map((category, j) => {
      const share = shares[j] ?? 0;
      if (!(share > 0 && share < 1)) return { category, kappa: null, z: null, p: null };
      const disagreeing = sum((columns[j] ?? []).map((x) => x * (raters - x)));
      const kappa = 1 - disagreeing / (pairs * share * (1 - share));
      return { category, kappa, ...tested(kappa / Math.sqrt(2 / pairs)) };
    }),
  };
}

/**
 * The counts of `fleissKappa` from one column of ratings for each rater: categories in ascending order; cases with a gap
 * are left out.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * ratingCounts([['a', 'b'], ['a', 'a']]) // => { categories: ['a', 'b'], counts: [[2, 0], [1, 1]] }
 */
export function ratingCounts<Name extends Category>(
  raters: readonly (readonly (Name | null)[])[],
): { categories: Name[]; counts: number[][] } {
  const cases = completeCases('ratingCounts', raters);
  const categories = inOrder(cases.flat());
  const counts = cases.map((ratings) =>
    categories.map((category) => ratings.filter((rating) => rating === category).length),
  );
  return { categories, counts };
}

/**
 * Conger's kappa: as Fleiss's, for raters who are the same people in every case, each with margins of their own:
 * expected = mean over pairs of raters of Σ p q. For two raters it is Cohen's kappa. Cases with a gap are left out. Null
 * with a note: `no-values`, `too-few-raters`, `no-variance`.
 *
 * Reference: Conger (1980), Psychological Bulletin 88, 322-328. Agrees with R's irr (`exact = TRUE`) to 1e-12.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * congerKappa([[1, 1, 2, 2], [1, 2, 2, 2]]).value // => 0.5
 */
export function congerKappa(raters: readonly (readonly (Category | null)[])[]): Estimate {
  const method = "Conger's kappa";
  const cases = completeCases('congerKappa', raters);
  const { categories, counts } = ratingCounts<Category>(raters);
  const n = cases.length;
  const m = raters.length;
  const none = (note: Note): Estimate => ({ value: null, n, interval: null, method, notes: [note] });
  if (n === 0) return none({ code: 'no-values', text: 'No cases, so no agreement.' });
  if (m < 2) return none({ code: 'too-few-raters', text: 'Fewer than two raters, so no agreement.' });
  const observed = (sum(counts.flat().map((x) => x * x)) - n * m) / (n * m * (m - 1));
  // Over pairs of different raters: the square of the sum of their shares without the squares of each.
  const expected = sum(
    categories.map((category) => {
      const shares = raters.map((_, r) => cases.filter((ratings) => ratings[r] === category).length / n);
      return (sum(shares) ** 2 - sum(shares.map((share) => share * share))) / (m * (m - 1));
    }),
  );
  if (!(1 - expected > 1e-14)) return none({ code: 'no-variance', text: 'All ratings are of one category.' });
  return { value: (observed - expected) / (1 - expected), n, interval: null, method, notes: [] };
}

/**
 * Light's kappa: the mean of Cohen's kappa over all pairs of raters. Cases in which any rater has a gap are left out. Null
 * with a note `no-values`, `too-few-raters`, or `no-variance` when a pair of raters used one category only.
 *
 * Reference: Light (1971), Psychological Bulletin 76, 365-377. Agrees with R's irr to 1e-12.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * lightKappa([[1, 1, 2, 2], [1, 2, 2, 2]]).value // => 0.5
 */
export function lightKappa(raters: readonly (readonly (Category | null)[])[]): Estimate {
  const method = "Light's kappa";
  const cases = completeCases('lightKappa', raters);
  const n = cases.length;
  const none = (note: Note): Estimate => ({ value: null, n, interval: null, method, notes: [note] });
  if (n === 0) return none({ code: 'no-values', text: 'No cases, so no agreement.' });
  if (raters.length < 2) return none({ code: 'too-few-raters', text: 'Fewer than two raters, so no agreement.' });
  const ofPairs = raters.flatMap((_, a) =>
    raters.slice(a + 1).map((__, further) => {
      const b = a + 1 + further;
      const { categories, counts } = ratingTable(columnOf(cases, a), columnOf(cases, b));
      return categories.length < 2 ? null : cohenKappa(counts).kappa.value;
    }),
  );
  const kappas = ofPairs.filter((kappa) => kappa !== null);
  if (kappas.length < ofPairs.length) {
    return none({ code: 'no-variance', text: 'Two of the raters put every case into one category.' });
  }
  return { value: mean(kappas), n, interval: null, method, notes: [] };
}

function columnOf(cases: readonly (readonly Category[])[], rater: number): Category[] {
  return cases.map((ratings) => ratings[rater] ?? '');
}

/** One list of ratings for each case that all raters rated. */
function completeCases<Name extends Category>(caller: string, raters: readonly (readonly (Name | null)[])[]): Name[][] {
  const n = raters[0]?.length ?? 0;
  if (raters.some((column) => column.length !== n)) throw new RangeError(`${caller} requires raters of one length`);
  return Array.from({ length: n }, (_, i) => raters.map((column) => column[i] ?? null)).filter(
    (ratings): ratings is Name[] => ratings.every((rating) => rating !== null),
  );
}
