/**
 * How exactly thresholds and polychoric correlations are known, and how their errors go together. ordinal-factor.ts weighs
 * with it.
 */
import { type Columns, completeRows, rowCount } from './covariance.ts';
import { inversePositiveDefinite } from './numeric/cholesky.ts';
import { type Matrix, multiply, transpose } from './numeric/matrix.ts';
import { normalTails } from './numeric/normal.ts';
import { type OrdinalItem, ordinalItem, polychoricCorrelations } from './polychoric.ts';
import { cellProbabilities, cellSlopes, density, thresholdSlopes } from './polychoric-table.ts';
import { partOf, type ShareDone, turnOf, untold } from './progress.ts';

export interface PolychoricErrors {
  readonly n: number;
  readonly thresholds: readonly (readonly number[])[];
  readonly correlations: Matrix;
  /** The pairs of items of the rows and columns of `covariance`: (1, 0), (2, 0), (2, 1) and so on, counted from 0. */
  readonly pairs: readonly (readonly [number, number])[];
  /** n times the sampling covariance of the correlations, with the thresholds estimated beside them. */
  readonly covariance: Matrix;
}

/**
 * The sampling covariances of polychoric correlations of complete rows, by stacking the scores of both steps: each person's
 * slope of the likelihood in each threshold and each correlation. With A the expected slopes of the scores (threshold steps
 * do not depend on the correlations) and B their products, the covariance is A⁻¹ B A⁻¹' (Muthén's three-stage approach).
 *
 * @throws RangeError for columns of unequal length, or items with one category, whose correlations are not known
 *
 * Reference: Muthén (1984), Psychometrika 49, 115-132; Jöreskog (1994), Psychometrika 59, 381-389.
 *
 * @example
 * polychoricErrors([[1, 1, 2, 2], [1, 2, 1, 2]]).covariance[0]?.[0]?.toFixed(6) // => (Math.PI ** 2 / 4).toFixed(6)
 */
export function polychoricErrors(columns: Columns, onShare: ShareDone = untold): PolychoricErrors {
  const complete = completeRows(columns);
  const { correlations, thresholds } = polychoricCorrelations(complete, { onShare: partOf(onShare, 0, 0.4) });
  const items = complete.map(ordinalItem);
  if (items.some(({ categories }) => categories.length < 2)) {
    throw new RangeError('polychoricErrors requires items with two categories or more');
  }
  const n = rowCount(complete);
  const pairs = items.flatMap((_, i) => Array.from({ length: i }, (__, j): [number, number] => [i, j]));
  const thresholdScores = items.map(scoresOfThresholds);
  // What the two steps leave unexplained of each person: the pair's score less what the thresholds take of it.
  const influences = pairs.map(([i, j], turn) => {
    turnOf(partOf(onShare, 0.4, 0.7), turn, pairs.length)(0);
    return pairInfluence(
      items[i],
      items[j],
      correlations[i]?.[j] ?? 0,
      thresholdScores[i] ?? [],
      thresholdScores[j] ?? [],
    );
  });
  const covariance = influences.map((a, turn) => {
    turnOf(partOf(onShare, 0.7, 1), turn, pairs.length)(0);
    return influences.map((b) => n * a.reduce((total, value, person) => total + value * (b[person] ?? 0), 0));
  });
  return { n, thresholds, correlations, pairs, covariance };
}

/** The slope of each person's likelihood in each threshold of an item, one list per threshold. */
function scoresOfThresholds({ codes, thresholds }: OrdinalItem): number[][] {
  const below = [0, ...thresholds.map((cut) => normalTails(cut).lower), 1];
  return thresholds.map((cut, k) =>
    codes.map((code) => {
      if (code !== k && code !== k + 1) return 0;
      const chance = (below[code + 1] ?? 1) - (below[code] ?? 0);
      return (code === k ? density(cut) : -density(cut)) / chance;
    }),
  );
}

/**
 * Each person's share in the error of a pair's correlation: the score of the correlation, less its expected products with the
 * scores of the thresholds in the pair's likelihood times what the person moves the thresholds, over its own information.
 */
function pairInfluence(
  first: OrdinalItem | undefined,
  second: OrdinalItem | undefined,
  rho: number,
  firstScores: readonly number[][],
  secondScores: readonly number[][],
): number[] {
  if (!first || !second) return [];
  const cells = cellProbabilities(rho, first.thresholds, second.thresholds);
  const slopes = cellSlopes(rho, first.thresholds, second.thresholds);
  const score = first.codes.map((row, person) => {
    const column = second.codes[person] ?? 0;
    return (slopes[row]?.[column] ?? 0) / Math.max(cells[row]?.[column] ?? 0, Number.MIN_VALUE);
  });
  const information = score.reduce((total, value) => total + value * value, 0);
  const influence = [...score];
  const carry = (own: OrdinalItem, other: OrdinalItem, scores: readonly number[][], turned: boolean) => {
    const carried = own.thresholds.map((_, k) => {
      const joint = thresholdSlopes(own.thresholds, other.thresholds, rho, k);
      return score.reduce((total, value, person) => {
        const code = own.codes[person] ?? 0;
        if (code !== k && code !== k + 1) return total;
        const across = other.codes[person] ?? 0;
        const cell = (turned ? cells[across]?.[code] : cells[code]?.[across]) ?? 0;
        const slope = code === k ? (joint[across] ?? 0) : -(joint[across] ?? 0);
        return total + (value * slope) / Math.max(cell, Number.MIN_VALUE);
      }, 0);
    });
    const inverse = inversePositiveDefinite(multiply(scores, transpose(scores))) ?? [];
    const moved = multiply(inverse, scores);
    carried.forEach((weight, k) => {
      moved[k]?.forEach((value, person) => {
        influence[person] = (influence[person] ?? 0) - weight * value;
      });
    });
  };
  carry(first, second, firstScores, false);
  carry(second, first, secondScores, true);
  return influence.map((value) => value / information);
}
