/**
 * Figures of psych and irr that are not what their papers define, put together from ours: psych's variance of a weighted
 * kappa; irr's Krippendorff's alpha of more than two raters without a gap; irr's interval of the mean of raters in agreement;
 * irr's p values of a kappa. Used by 13-agreement-raters.ts.
 */
import type { CohenKappa } from '../../analysis/kappa.ts';
import { krippendorffAlpha, type RatingScale } from '../../analysis/krippendorff.ts';
import { fQuantile, fTails } from '../../analysis/numeric/f.ts';
import { normalQuantile, normalTails } from '../../analysis/numeric/normal.ts';
import { sum } from '../../analysis/numeric/sums.ts';
import type { RaterReliability } from '../../analysis/rater-reliability.ts';
import type { FigureObject } from './types.ts';

/**
 * psych holds, in the variance of the weighted kappa, against each cell the mean weight of its row and its column's share
 * times the plain sum of its weights, and cuts intervals off at 1.
 */
export function psychFigures(table: readonly number[][], unweighted: CohenKappa, quadratic: CohenKappa): FigureObject {
  const { kappa, observed, expected } = quadratic;
  const n = kappa.n;
  const size = table.length;
  const [po, pe] = [observed ?? Number.NaN, expected ?? Number.NaN];
  const weights = table.map((_, i) => table.map((__, j) => 1 - ((i - j) / (size - 1)) ** 2));
  const rows = table.map((row) => sum(row) / n);
  const columns = table.map((_, j) => sum(table.map((row) => row[j] ?? 0)) / n);
  const ofRow = weights.map((line) => sum(line.map((weight, j) => weight * (columns[j] ?? 0))));
  const ofColumn = weights.map((line, j) => (rows[j] ?? 0) * sum(line));
  const squares = table.flatMap((row, i) =>
    row.map((count, j) => {
      const against = ((ofRow[i] ?? 0) + (ofColumn[j] ?? 0)) * (1 - po);
      return (count / n) * ((weights[i]?.[j] ?? 0) * (1 - pe) - against) ** 2;
    }),
  );
  const weighted = Math.max(0, (sum(squares) - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4));
  const plain = (unweighted.standardError ?? 0) ** 2;
  const interval = (value: number | null, variance: number) => {
    const reach = normalQuantile(0.975) * Math.sqrt(variance);
    const bound = (limit: number) => Math.min(1, Math.max(-1, limit));
    return value === null ? [] : [bound(value - reach), value, bound(value + reach)];
  };
  return {
    kappa: unweighted.kappa.value,
    weighted_quadratic: kappa.value,
    var_kappa: plain,
    var_weighted: weighted,
    ci: [interval(unweighted.kappa.value, plain), interval(kappa.value, weighted)],
  };
}

/** Without a gap irr counts each rating once for each other rater, so that n - 1 is larger than Krippendorff's. */
export function irrAlpha(raters: readonly (readonly (number | null)[])[], scale: RatingScale): number | null {
  const { value } = krippendorffAlpha(raters, scale);
  if (value === null || raters.flat().includes(null)) return value;
  const n = raters.flat().length;
  const counted = n * (raters.length - 1);
  return 1 - ((1 - value) * (1 - 1 / counted)) / (1 - 1 / n);
}

/** irr takes the p value of a kappa as 1 minus a probability: below about 1e-8 only some of its digits are left, below 1e-16 none. */
export function irrTwoSided(z: number | null): number | null {
  return z === null ? null : 2 * (1 - normalTails(Math.abs(z)).lower);
}

/** irr takes the correlation of the mean for that of one rater where it computes the degrees of freedom. */
export function irrAgreementOfMean({ subjects: n, raters: k, agreement, meanSquares }: RaterReliability): FigureObject {
  const { value, f, df1 } = agreement.mean;
  if (value === null || f === null || meanSquares === null) return {};
  const { subjects, raters, residual } = meanSquares;
  const odds = (k * value) / (n * (1 - value));
  const parts = [odds * raters, (1 + odds * (n - 1)) * residual];
  const df2 = sum(parts) ** 2 / ((parts[0] ?? 0) ** 2 / (k - 1) + (parts[1] ?? 0) ** 2 / ((n - 1) * (k - 1)));
  const [down, up] = [fQuantile(0.975, df1, df2), fQuantile(0.975, df2, df1)];
  return {
    df2,
    p: fTails(f, df1, df2).upper,
    lower: (n * (subjects - down * residual)) / (down * (raters - residual) + n * subjects),
    upper: (n * (up * subjects - residual)) / (raters - residual + n * up * subjects),
  };
}
