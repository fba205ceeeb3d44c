/** How large the moments are that a fitted factor model leaves unexplained. Called by indices.ts. */
import { quadraticForm } from '../numeric/matrix.ts';
import type { ModelFit } from './fit.ts';
import { momentInformation } from './likelihood.ts';
import { type Matrix, type Moments, momentIndex } from './moments.ts';
import { availableMoments } from './saturated.ts';

/**
 * The root mean square of the residual covariances (and means) of each group, plain (RMR) and in units of the items'
 * standard deviations (SRMR, Bentler's), weighted by the size of the groups.
 *
 * @example
 * residualSizes({ model: { means: false }, samples: [{ n: 9 }], saturated: [{ mean: [0], covariance: [[4]] }], implied: [{ mean: null, covariance: [[2]] }] }, 9) // => { rmr: 2, srmr: 0.5 }
 */
export function residualSizes(
  { model, samples, saturated, implied }: ModelFit,
  n: number,
): { rmr: number; srmr: number } {
  let rmr = 0;
  let srmr = 0;
  samples.forEach((sample, group) => {
    const { mean, covariance }: { mean: readonly number[]; covariance: Matrix } = saturated[group] ?? {
      mean: [],
      covariance: [],
    };
    const own = implied[group];
    const scale = covariance.map((line, i) => Math.sqrt(line[i] ?? 0));
    let count = 0;
    let raw = 0;
    let standard = 0;
    const add = (residual: number, unit: number) => {
      count += 1;
      raw += residual ** 2;
      standard += (residual / unit) ** 2;
    };
    covariance.forEach((line, i) => {
      for (let j = 0; j <= i; j += 1) {
        add((line[j] ?? 0) - (own?.covariance[i]?.[j] ?? 0), (scale[i] ?? 1) * (scale[j] ?? 1));
      }
      if (model.means) add((mean[i] ?? 0) - (own?.mean?.[i] ?? 0), scale[i] ?? 1);
    });
    rmr += (sample.n / n) * Math.sqrt(raw / count);
    srmr += (sample.n / n) * Math.sqrt(standard / count);
  });
  return { rmr, srmr };
}

/**
 * The share of the observed moments, weighted by the information at the model, that the model accounts for (GFI). Answers
 * with gaps enter by the moments of each pair of items.
 *
 * @example
 * goodnessOfFit({ model: { means: false }, samples: sampleOf([[1, 3]]), saturated: [{ mean: [2], covariance: [[1]] }], implied: [{ mean: null, covariance: [[2]] }] }, 2) // => 0
 */
export function goodnessOfFit({ model, samples, saturated, implied }: ModelFit, n: number): number {
  return samples.reduce((total, sample, group) => {
    const own = implied[group];
    const held = sample.patterns.length > 1 ? availableMoments(sample) : saturated[group];
    if (!own || !held) return total;
    const weights = momentInformation(sample, own, 'expected');
    const observed = momentList(held, model.means);
    const residual = momentList(own, model.means).map((value, i) => (observed[i] ?? 0) - value);
    return total + (sample.n / n) * (1 - quadraticForm(residual, weights) / quadraticForm(observed, weights));
  }, 0);
}

function momentList({ mean, covariance }: Moments, means: boolean): number[] {
  const list = means ? [...(mean ?? [])] : [];
  covariance.forEach((line, i) => {
    for (let j = 0; j <= i; j += 1) list[momentIndex(i, j, covariance.length, means)] = line[j] ?? 0;
  });
  return list;
}
