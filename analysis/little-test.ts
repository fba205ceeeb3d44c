/** Little's test of values missing completely at random. Called by plans. */
import type { Columns } from './covariance.ts';
import { among, emMoments, type IncompleteMoments } from './em-moments.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { cholesky, solveCholesky } from './numeric/cholesky.ts';
import { type ShareDone, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface LittleTest {
  readonly chiSquare: number | null;
  readonly df: number | null;
  readonly p: number | null;
  /** The same with the covariance times n / (n - 1), which Little proposed and some programs take. */
  readonly unbiased: { readonly chiSquare: number; readonly p: number } | null;
  /** Rows by the columns that they lack, the most frequent pattern first. */
  readonly patterns: readonly { readonly n: number; readonly missing: readonly number[] }[];
  readonly moments: IncompleteMoments | null;
  readonly notes: readonly Note[];
}

/**
 * Little's test: do people with different gaps differ in what they did answer? With the means m and covariance S of all
 * rows by maximum likelihood (`emMoments`), chi-square = Σ n (mean - m)' S⁻¹ (mean - m) over patterns of gaps, each with
 * its observed columns; df = the observed columns over all patterns minus the columns. A small p says that the values are
 * not missing completely at random; a large one does not say that they are. Assumes normal values and independent rows;
 * rough where patterns hold few rows. Rows without any value are left out.
 *
 * Null with a note: `no-gaps` when all rows lack the same columns, `no-degrees-of-freedom` when no column was answered in two
 * patterns, and those of `emMoments`.
 *
 * Reference: Little (1988), Journal of the American Statistical Association 83, 1198-1202. Agrees with R's naniar to the
 * accuracy of its stop.
 *
 * @throws RangeError as `emMoments`
 * @example
 * littleTest([[1, 2, 3, 5], [2, 4, 3, null]]).df // => 1
 * littleTest([[1, 2, 3], [2, 4, 3]]).notes[0].code // => 'no-gaps'
 */
export function littleTest(columns: Columns, onShare: ShareDone = untold): LittleTest {
  const { moments, notes } = emMoments(columns, { onShare });
  if (moments === null) {
    return { chiSquare: null, df: null, p: null, unbiased: null, patterns: [], moments, notes };
  }
  const { means, covariances, n } = moments;
  const patterns = moments.patterns.map(({ rows, missing }) => ({ n: rows.length, missing }));
  const df = moments.patterns.reduce((total, { observed }) => total + observed.length, 0) - columns.length;
  if (moments.patterns.length < 2) {
    const note = { code: 'no-gaps', text: 'All rows lack the same columns or none, so there is nothing to compare.' };
    return { chiSquare: null, df, p: null, unbiased: null, patterns, moments, notes: [...notes, note] };
  }
  if (df === 0) {
    const note = {
      code: 'no-degrees-of-freedom',
      text: 'Each column was answered in one pattern alone, so none can differ.',
    };
    return { chiSquare: null, df, p: null, unbiased: null, patterns, moments, notes: [...notes, note] };
  }
  let chiSquare = 0;
  for (const { observed, rows, means: centre } of moments.patterns) {
    // `emMoments` has shown that these are positive definite.
    const factor = cholesky(among(covariances, observed)) ?? [];
    const distance = observed.map((place, j) => (centre[j] ?? 0) - (means[place] ?? 0));
    const solved = solveCholesky(factor, distance);
    chiSquare += rows.length * distance.reduce((total, value, j) => total + value * (solved[j] ?? 0), 0);
  }
  const unbiased = (chiSquare * (n - 1)) / n;
  return {
    chiSquare,
    df,
    p: chiSquareTails(chiSquare, df).upper,
    unbiased: { chiSquare: unbiased, p: chiSquareTails(unbiased, df).upper },
    patterns,
    moments,
    notes,
  };
}
