/** How alike two arms are, before and after matching: one line for each covariate. Called by matching.ts. */
import { mean, sum } from '../numeric/sums.ts';

export interface BalanceRow {
  readonly name: string;
  readonly treatedMean: number;
  readonly controlMean: number;
  /** Difference of the means in standard deviations of all treated units, matched or not; null when they do not vary. */
  readonly standardisedDifference: number | null;
  /** Variance of the treated over that of the controls; null for columns of 0 and 1 and where the controls do not vary. */
  readonly varianceRatio: number | null;
  /** Mean and largest difference of the shares at or below each value that occurs before matching. */
  readonly meanShareDifference: number;
  readonly largestShareDifference: number;
}

/**
 * Compares a covariate between treated units and controls. Weights count units; those of weight 0 were not matched. The
 * standard deviation is that of the treated before matching, so that a smaller difference after matching is a difference of
 * means; of a column of 0 and 1 it is √(p (1 - p)). Variances under weights w that sum to 1 are Σ w (x - mean)² / (1 - Σ w²).
 *
 * Reference: Austin (2009), Statistics in Medicine 28, 3083-3107. Agrees with R's MatchIt 4.7.1 to 1e-12.
 *
 * @throws RangeError for lists of unequal length or an arm without weight
 * @example
 * balanceRow('age', [30, 40, 20, 30], [true, true, false, false]).treatedMean // => 35
 */
export function balanceRow(
  name: string,
  values: readonly number[],
  treated: readonly boolean[],
  weights?: readonly number[],
): BalanceRow {
  if (treated.length !== values.length || (weights && weights.length !== values.length)) {
    throw new RangeError('balanceRow requires one value, arm and weight for each unit');
  }
  const binary = values.every((value) => value === 0 || value === 1);
  const armOf = (of: boolean, weight: (unit: number) => number): Arm => {
    const units = [...values.keys()].filter((unit) => treated[unit] === of);
    const total = sum(units.map(weight));
    if (!(total > 0)) throw new RangeError('balanceRow requires units of both arms');
    return {
      values: units.map((unit) => values[unit] ?? 0),
      weights: units.map((unit) => weight(unit) / total),
    };
  };
  const weightOf = (unit: number) => weights?.[unit] ?? (weights ? 0 : 1);
  const [first, second] = [armOf(true, weightOf), armOf(false, weightOf)];
  const [treatedMean, controlMean] = [weightedMean(first), weightedMean(second)];
  const difference = treatedMean - controlMean;
  const spread = Math.sqrt(
    varianceOf(
      armOf(true, () => 1),
      binary,
    ),
  );
  // Controls of one value can differ from their weighted mean by what rounding leaves.
  const [above, below] = [varianceOf(first, false), varianceOf(second, false)];
  const ratio = below > (4 * Number.EPSILON * controlMean) ** 2 ? above / below : Number.NaN;
  const shares = binary ? [Math.abs(difference)] : shareDifferences(first, second);
  return {
    name,
    treatedMean,
    controlMean,
    standardisedDifference: spread > 0 ? difference / spread : null,
    varianceRatio: binary || !Number.isFinite(ratio) ? null : ratio,
    meanShareDifference: mean(shares),
    largestShareDifference: shares.reduce((largest, share) => Math.max(largest, share), 0),
  };
}

/** Values of one arm with weights that sum to 1. */
interface Arm {
  readonly values: readonly number[];
  readonly weights: readonly number[];
}

function weightedMean({ values, weights }: Arm): number {
  return sum(values.map((value, i) => value * (weights[i] ?? 0)));
}

function varianceOf(arm: Arm, binary: boolean): number {
  const centre = weightedMean(arm);
  if (binary) return centre * (1 - centre);
  const squares = sum(arm.values.map((value, i) => (arm.weights[i] ?? 0) * (value - centre) ** 2));
  return squares / (1 - sum(arm.weights.map((weight) => weight * weight)));
}

/** At each different value: by how much the shares at or below it differ. */
function shareDifferences(first: Arm, second: Arm): number[] {
  const points = [
    ...first.values.map((value, i) => ({ value, weight: first.weights[i] ?? 0 })),
    ...second.values.map((value, i) => ({ value, weight: -(second.weights[i] ?? 0) })),
  ].sort((a, b) => a.value - b.value);
  const differences: number[] = [];
  let running = 0;
  points.forEach(({ value, weight }, i) => {
    running += weight;
    if (points[i + 1]?.value !== value) differences.push(Math.abs(running));
  });
  return differences;
}

/**
 * How many units of weight 1 say as much as these do: (Σ w)² / Σ w².
 *
 * @example
 * effectiveUnits([1, 1, 0, 2]) // => 16 / 6
 */
export function effectiveUnits(weights: readonly number[]): number {
  const squares = sum(weights.map((weight) => weight * weight));
  return squares === 0 ? 0 : sum(weights) ** 2 / squares;
}
