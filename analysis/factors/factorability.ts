/** Whether items share enough to have factors, and how many: before any extraction. */
import { chiSquareTails } from '../numeric/chi-square.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigen } from '../numeric/eigen.ts';
import { solveLinear } from '../numeric/matrix.ts';

export interface SamplingAdequacy {
  /** Null when the items are collinear or share nothing. */
  readonly overall: number | null;
  readonly items: readonly (number | null)[];
}

/**
 * Kaiser, Meyer and Olkin's measure of sampling adequacy: how much of what items share in pairs do they share with the
 * others as well? Σ r² / (Σ r² + Σ q²) off the diagonal, q the correlation of two items with all others held constant; of
 * the whole matrix and of each item's row. Below 0.5 is called unacceptable, above 0.8 good.
 *
 * Reference: Kaiser and Rice (1974), Educational and Psychological Measurement 34, 111-117. Agrees with R's psych::KMO.
 *
 * @throws RangeError for a matrix that is not square
 * @example
 * samplingAdequacy([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]).overall?.toFixed(6) // => '0.692308'
 */
export function samplingAdequacy(correlations: SquareMatrix): SamplingAdequacy {
  const inverse = inverseOf(correlations);
  if (inverse === null) return { overall: null, items: correlations.map(() => null) };
  const scale = inverse.map((line, i) => Math.sqrt(line[i] ?? Number.NaN));
  const sums = correlations.map((line, i) => {
    let plain = 0;
    let partial = 0;
    line.forEach((value, j) => {
      if (i === j) return;
      plain += value ** 2;
      partial += ((inverse[i]?.[j] ?? 0) / ((scale[i] ?? 1) * (scale[j] ?? 1))) ** 2;
    });
    return { plain, partial };
  });
  const share = (plain: number, partial: number) => (plain + partial > 0 ? plain / (plain + partial) : null);
  const total = sums.reduce((all, { plain, partial }) => ({
    plain: all.plain + plain,
    partial: all.partial + partial,
  }));
  return {
    overall: share(total.plain, total.partial),
    items: sums.map(({ plain, partial }) => share(plain, partial)),
  };
}

export interface SphericityTest {
  readonly chiSquare: number | null;
  readonly degreesOfFreedom: number;
  readonly p: number | null;
  /** The determinant of the correlations: 1 when nothing is shared, 0 when an item follows from the others. */
  readonly determinant: number;
}

/**
 * Bartlett's test that the items of n people are not correlated at all: -ln |R| (n - 1 - (2 k + 5) / 6) follows chi-square
 * with k (k - 1) / 2 degrees of freedom for normal items. With hundreds of people it rejects for any questionnaire. Null for
 * collinear items.
 *
 * Reference: Bartlett (1951), Biometrika 38, 337-344. Agrees with R's psych::cortest.bartlett.
 *
 * @throws RangeError for a matrix that is not square
 * @example
 * sphericityTest([[1, 0], [0, 1]], 100).p // => 1
 */
export function sphericityTest(correlations: SquareMatrix, n: number): SphericityTest {
  const k = correlations.length;
  const { solution, determinant } = solveLinear(correlations, correlations);
  const degreesOfFreedom = (k * (k - 1)) / 2;
  const known = solution !== null && determinant > 0;
  const chiSquare = known ? Math.max(-Math.log(determinant) * (n - 1 - (2 * k + 5) / 6), 0) : null;
  const p = chiSquare === null ? null : degreesOfFreedom > 0 ? chiSquareTails(chiSquare, degreesOfFreedom).upper : 1;
  return { chiSquare, degreesOfFreedom, p, determinant };
}

/**
 * Velicer's minimum average partial: the mean squared correlation that is left between items when the first 1, 2, … `most`
 * principal components are held constant. The number of components with the smallest is the number to keep. NaN where
 * nothing of an item is left.
 *
 * Reference: Velicer (1976), Psychometrika 41, 321-327. Agrees with the `map` of R's psych::vss.
 *
 * @throws RangeError for a matrix that is not square, or unless most lies between 1 and one less than the items
 * @example
 * averagePartials([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]], 1)[0]?.toFixed(6) // => '0.250000'
 */
export function averagePartials(correlations: SquareMatrix, most: number): number[] {
  const k = correlations.length;
  if (!(Number.isInteger(most) && most >= 1 && most < k)) {
    throw new RangeError('averagePartials requires 1 to one less than as many components as items');
  }
  const { values, vectors } = symmetricEigen(correlations);
  let left = correlations.map((line) => [...line]);
  return Array.from({ length: most }, (_, component) => {
    const vector = vectors[component] ?? [];
    const value = values[component] ?? 0;
    left = left.map((line, i) => line.map((rest, j) => rest - value * (vector[i] ?? 0) * (vector[j] ?? 0)));
    let total = 0;
    left.forEach((line, i) => {
      line.forEach((rest, j) => {
        if (i !== j) total += rest ** 2 / ((left[i]?.[i] ?? Number.NaN) * (left[j]?.[j] ?? Number.NaN));
      });
    });
    return total / (k * (k - 1));
  });
}

function inverseOf(matrix: SquareMatrix): number[][] | null {
  const unit = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
  return solveLinear(matrix, unit).solution;
}
