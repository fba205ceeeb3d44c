/** The model of unrelated items, which fit indices compare with. Called by indices.ts. */
import { chiSquareOf, degreesOfFreedom, type ModelFit } from './fit.ts';
import type { FactorModel, Parameter } from './model.ts';
import { impliedMoments } from './moments.ts';
import { unrelatedMoments } from './saturated.ts';

/**
 * The model without factors, in which items have variances (and means) only.
 *
 * @example
 * unrelatedFit(fitModel(modelOf('f =~ a + b + c'), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]).map((sample) => saturatedMoments(sample).moments))).degreesOfFreedom // => 3
 */
export function unrelatedFit({ model, samples, saturated }: ModelFit): ModelFit {
  const moments = samples.map(unrelatedMoments);
  const point: number[] = [];
  const parameters: Parameter[] = [];
  moments.forEach(({ mean, covariance }, group) => {
    const common = { label: null, group, fixed: 0 };
    model.observed.forEach((name, item) => {
      const free = point.push(covariance[item]?.[item] ?? 0) - 1;
      const place = { kind: 'residual', first: item, second: item } as const;
      parameters.push({ ...common, left: name, operator: '~~', right: name, place, free });
    });
    if (!model.means) return;
    model.observed.forEach((name, item) => {
      const free = point.push(mean[item] ?? 0) - 1;
      parameters.push({ ...common, left: name, operator: '~1', right: '', place: { kind: 'intercept', item }, free });
    });
  });
  const unrelated: FactorModel = { ...model, latent: [], parameters, freeCount: point.length };
  const implied = samples.map((_, group) => impliedMoments(unrelated, point, group));
  const chiSquare = chiSquareOf(model, samples, saturated, implied);
  const df = degreesOfFreedom(unrelated);
  return {
    model: unrelated,
    samples,
    saturated,
    point,
    implied,
    chiSquare,
    degreesOfFreedom: df,
    converged: true,
    iterations: 0,
  };
}
