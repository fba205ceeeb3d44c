/**
 * What psych prints for items that determine one another, or whose pairwise correlations cannot all hold together. The
 * share of an item that the others tell is then 1, or is not defined; psych's smc takes the inverse without the directions
 * that carry nothing, and cuts the shares to 0 and 1. Used by 02 where analysis/reliability-detail.ts says null.
 */
import type { SquareMatrix } from '../../analysis/numeric/cholesky.ts';
import { symmetricEigen } from '../../analysis/numeric/eigen.ts';
import { sum } from '../../analysis/numeric/sums.ts';

/** Beside the largest eigenvalue, what is smaller than this is nothing to psych. */
const nothing = Math.sqrt(Number.EPSILON);

/** Lambda 6 of the correlations, and each item's correlation with what the items share. */
export function withSharesOfPsych(correlations: SquareMatrix): { lambda6: number; itemTotals: number[] } {
  const shares = sharesOf(correlations);
  const shared = correlations.map((line, i) => line.map((value, j) => (i === j ? (shares[i] ?? Number.NaN) : value)));
  const whole = sum(correlations.flat());
  const root = Math.sqrt(sum(shared.flat()));
  return {
    lambda6: 1 - (correlations.length - sum(shares)) / whole,
    itemTotals: shared.map((line) => sum(line) / root),
  };
}

function sharesOf(correlations: SquareMatrix): number[] {
  // A constant item has no correlations; psych leaves it out, and nothing is said of the rest.
  if (correlations.some((line) => line.some(Number.isNaN))) return correlations.map(() => Number.NaN);
  const { values, vectors } = symmetricEigen(correlations);
  const least = nothing * Math.max(...values.map(Math.abs));
  return correlations.map((_, item) => {
    const inverse = sum(
      values.map((value, i) => (Math.abs(value) > least ? (vectors[i]?.[item] ?? Number.NaN) ** 2 / value : 0)),
    );
    return Math.min(Math.max(1 - 1 / inverse, 0), 1);
  });
}
