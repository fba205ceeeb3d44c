/**
 * The normal likelihood of a group as a function of its moments: value, slopes, information, and scores of persons.
 * Complete answers are one pattern of gaps; with gaps each pattern adds what its items tell. Called by fit.ts,
 * saturated.ts and robust.ts.
 */
import { cholesky, inversePositiveDefinite } from '../numeric/cholesky.ts';
import { multiply, multiplyVector } from '../numeric/matrix.ts';
import { type Matrix, type Moments, momentCount, momentIndex } from './moments.ts';
import type { GroupSample, Pattern } from './sample.ts';

/** Observed information is the curvature at these data, expected information that of data as the moments say. */
export type InformationKind = 'observed' | 'expected';

/** A pattern beside the moments of its items. */
interface Fitted {
  readonly weight: number;
  readonly items: readonly number[];
  readonly inverse: Matrix;
  readonly logDeterminant: number;
  /** Mean of the data minus mean of the model. */
  readonly gap: readonly number[];
  /** inverse * gap */
  readonly pull: readonly number[];
  /** inverse * (covariance + gap gap') * inverse */
  readonly seen: Matrix;
  /** trace(inverse * (covariance + gap gap')) */
  readonly misfit: number;
}

/**
 * Minus the log-likelihood of a group, without its constant: half the sum over patterns of
 * weight (log|Σ| + trace(Σ^-1 (S + gap gap'))). Infinity when Σ is not positive definite.
 *
 * @example
 * halfDeviance(sampleOf([[1, 3]])[0], { mean: [2], covariance: [[1]] }) // => 1
 * halfDeviance(sampleOf([[1, 3]])[0], { mean: [2], covariance: [[-1]] }) // => Infinity
 */
export function halfDeviance(sample: GroupSample, moments: Moments): number {
  let total = 0;
  for (const pattern of sample.patterns) {
    const fitted = fittedOf(pattern, moments);
    if (fitted === null) return Number.POSITIVE_INFINITY;
    total += (pattern.weight / 2) * (fitted.logDeterminant + fitted.misfit);
  }
  return total;
}

/**
 * How `halfDeviance` changes with each moment.
 *
 * @example
 * momentSlopes(sampleOf([[1, 3]])[0], { mean: [3], covariance: [[1]] }) // => [2, -1]
 */
export function momentSlopes(sample: GroupSample, moments: Moments): Float64Array {
  const means = moments.mean !== null;
  const slopes = new Float64Array(momentCount(sample.columns.length, means));
  for (const { weight, items, inverse, seen, pull } of allFitted(sample, moments)) {
    items.forEach((item, a) => {
      if (means) slopes[item] = (slopes[item] ?? 0) - weight * (pull[a] ?? 0);
      for (let b = 0; b <= a; b += 1) {
        const index = momentIndex(item, items[b] ?? 0, sample.columns.length, means);
        const slope = (inverse[a]?.[b] ?? 0) - (seen[a]?.[b] ?? 0);
        slopes[index] = (slopes[index] ?? 0) + weight * (a === b ? 0.5 : 1) * slope;
      }
    });
  }
  return slopes;
}

/**
 * Second derivatives of `halfDeviance` by the moments (`observed`), or their expectation. With W = Σ^-1 and
 * M = `seen` - W/2, or W/2 for the expectation, the entry of covariances ij and kl is the sum over both ways round of
 * W[j,k] M[l,i].
 *
 * @example
 * momentInformation(sampleOf([[1, 3]])[0], { mean: [2], covariance: [[2]] }, 'expected') // => [[1, 0], [0, 0.25]]
 */
export function momentInformation(sample: GroupSample, moments: Moments, kind: InformationKind): Matrix {
  const means = moments.mean !== null;
  const items = sample.columns.length;
  const size = momentCount(items, means);
  // The lower triangle only, in one array: this is where the time of a fit goes.
  const information = new Float64Array(size * size);
  const add = (a: number, b: number, value: number) => {
    const at = a < b ? b * size + a : a * size + b;
    information[at] = (information[at] ?? 0) + value;
  };
  for (const { weight, items: own, inverse, seen, pull } of allFitted(sample, moments)) {
    const count = own.length;
    const w = Float64Array.from(inverse.flat());
    const m = w.map((value, at) => {
      const a = Math.floor(at / count);
      return kind === 'expected' ? value / 2 : (seen[a]?.[at - a * count] ?? 0) - value / 2;
    });
    // Items ascend within a pattern, so that the second pair never stands behind the first one.
    const line = own.map((item) => momentIndex(item, 0, items, means));
    for (let i = 0; i < count; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const index = (line[i] ?? 0) + (own[j] ?? 0);
        const share = weight * (i === j ? 0.5 : 1);
        for (let k = 0; k <= i; k += 1) {
          const wi = w[i * count + k] ?? 0;
          const wj = w[j * count + k] ?? 0;
          const mi = m[i * count + k] ?? 0;
          const mj = m[j * count + k] ?? 0;
          const start = index * size + (line[k] ?? 0);
          for (let l = 0; l <= (k === i ? j : k); l += 1) {
            const value =
              wj * (m[i * count + l] ?? 0) +
              wi * (m[j * count + l] ?? 0) +
              (w[j * count + l] ?? 0) * mi +
              (w[i * count + l] ?? 0) * mj;
            const at = start + (own[l] ?? 0);
            information[at] = (information[at] ?? 0) + share * (k === l ? 0.5 : 1) * value;
          }
        }
        if (!means || kind === 'expected') continue;
        for (let k = 0; k < count; k += 1) {
          const value = (w[i * count + k] ?? 0) * (pull[j] ?? 0) + (w[j * count + k] ?? 0) * (pull[i] ?? 0);
          add(index, own[k] ?? 0, share * value);
        }
      }
      if (means) for (let k = 0; k <= i; k += 1) add(own[i] ?? 0, own[k] ?? 0, weight * (w[i * count + k] ?? 0));
    }
  }
  return fromLowerTriangle(information, size);
}

/** A symmetric matrix as rows. */
function fromLowerTriangle(triangle: Float64Array, size: number): Matrix {
  return Array.from({ length: size }, (_, a) =>
    Array.from({ length: size }, (__, b) => triangle[a < b ? b * size + a : a * size + b] ?? 0),
  );
}

/**
 * The information by the scores: the sum over persons of score score', a score being the slopes of a person's
 * log-likelihood by the moments, times what a person weighs in the fit. With clusters, the scores of each are added first
 * and the sum is multiplied by clusters / (clusters - 1).
 *
 * @example
 * scoreInformation(sampleOf([[1, 3]])[0], { mean: [2], covariance: [[1]] }, false) // => [[2, 0], [0, 0]]
 */
export function scoreInformation(sample: GroupSample, moments: Moments, clustered: boolean): Matrix {
  const means = moments.mean !== null;
  const size = momentCount(sample.columns.length, means);
  const scores = new Map<number, Float64Array>();
  const fitted = allFitted(sample, moments);
  let person = 0;
  sample.patterns.forEach((pattern, p) => {
    const { items, inverse, gap } = fitted[p] ?? { items: [], inverse: [], gap: [] };
    const centre = pattern.mean.map((value, a) => value - (gap[a] ?? 0));
    pattern.rows.forEach((row, r) => {
      const key = clustered ? (pattern.clusters[r] ?? 0) : person;
      person += 1;
      const score = scores.get(key) ?? new Float64Array(size);
      scores.set(key, score);
      const pull = inverse.map((line) => {
        let total = 0;
        for (let b = 0; b < line.length; b += 1) total += (line[b] ?? 0) * ((row[b] ?? 0) - (centre[b] ?? 0));
        return total;
      });
      items.forEach((item, a) => {
        if (means) score[item] = (score[item] ?? 0) + (pull[a] ?? 0);
        for (let b = 0; b <= a; b += 1) {
          const index = momentIndex(item, items[b] ?? 0, sample.columns.length, means);
          const slope = (pull[a] ?? 0) * (pull[b] ?? 0) - (inverse[a]?.[b] ?? 0);
          score[index] = (score[index] ?? 0) + (a === b ? 0.5 : 1) * slope;
        }
      });
    });
  });
  const information = new Float64Array(size * size);
  for (const score of scores.values()) {
    for (let a = 0; a < size; a += 1) {
      const one = score[a] ?? 0;
      const line = a * size;
      for (let b = 0; b <= a; b += 1) information[line + b] = (information[line + b] ?? 0) + one * (score[b] ?? 0);
    }
  }
  const total = sample.patterns.reduce((sum, { weight }) => sum + weight, 0);
  const correction = ((clustered ? scores.size / (scores.size - 1) : 1) * total) / sample.n;
  return fromLowerTriangle(
    information.map((value) => value * correction),
    size,
  );
}

function allFitted(sample: GroupSample, moments: Moments): Fitted[] {
  return sample.patterns.map((pattern) => {
    const fitted = fittedOf(pattern, moments);
    if (fitted === null) throw new RangeError('the covariances of the model are not positive definite');
    return fitted;
  });
}

function fittedOf({ observed, weight, mean, covariance }: Pattern, moments: Moments): Fitted | null {
  const model = observed.map((i) => observed.map((j) => moments.covariance[i]?.[j] ?? 0));
  const factor = cholesky(model);
  const inverse = factor && inversePositiveDefinite(model);
  if (!factor || !inverse) return null;
  const gap = mean.map((value, a) => (moments.mean ? value - (moments.mean[observed[a] ?? 0] ?? 0) : 0));
  const spread = covariance.map((line, a) => line.map((value, b) => value + (gap[a] ?? 0) * (gap[b] ?? 0)));
  const half = multiply(inverse, spread);
  let logDeterminant = 0;
  let misfit = 0;
  for (let a = 0; a < observed.length; a += 1) {
    logDeterminant += 2 * Math.log(factor[a]?.[a] ?? 0);
    misfit += half[a]?.[a] ?? 0;
  }
  const pull = multiplyVector(inverse, gap);
  return { weight, items: observed, inverse, logDeterminant, gap, pull, seen: multiply(half, inverse), misfit };
}
