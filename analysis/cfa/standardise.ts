/** Standardised parameters of a fitted factor model with delta-method errors, and explained variances. */
import { quadraticForm } from '../numeric/matrix.ts';
import type { ModelFit } from './fit.ts';
import { slopesOf } from './fit.ts';
import type { Parameter } from './model.ts';
import { type Matrix, momentIndex } from './moments.ts';

export interface Standardised {
  /** NaN where a variance is negative. */
  readonly value: number;
  /** Null without a covariance matrix of the estimates. */
  readonly standardError: number | null;
}

/** A variance by which parameters are divided or multiplied, with its derivative by the free numbers. */
interface Unit {
  readonly value: number;
  readonly slope: readonly number[];
}

/**
 * Each parameter in units of the standard deviations of its items and factors: loadings as correlations in the
 * one-factor case, residual variances as unexplained shares, covariances as correlations. `covariance` is that of the
 * free numbers.
 *
 * Reference: Bollen (1989), Structural Equations with Latent Variables, pages 123 and 349.
 *
 * @example
 * standardisedParameters(fitModel(modelOf('f =~ a + b + c'), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]).map((sample) => saturatedMoments(sample).moments)), null).at(-1).value // => 1
 */
export function standardisedParameters(fit: ModelFit, covariance: Matrix | null): Standardised[] {
  const { model, implied, point } = fit;
  const none = point.map(() => 0);
  const unit = (free: number | null) => none.map((_, i) => (i === free ? 1 : 0));
  const units = implied.map((moments, group) => {
    const slopes = slopesOf(model, moments, group);
    const variance = (matrix: Matrix, position: number, kind: 'latent' | 'residual'): Unit => {
      const own = model.parameters.find(
        ({ place, group: other }) =>
          other === group && place.kind === kind && place.first === position && place.second === position,
      );
      return { value: matrix[position]?.[position] ?? 0, slope: unit(own?.free ?? null) };
    };
    return {
      item: model.observed.map((_, i): Unit => {
        const index = momentIndex(i, i, model.observed.length, model.means);
        return { value: moments.covariance[i]?.[i] ?? 0, slope: slopes.map((slope) => slope.get(index) ?? 0) };
      }),
      factor: model.latent.map((_, f) => variance(moments.latent, f, 'latent')),
      residual: model.observed.map((_, i) => variance(moments.residual, i, 'residual')),
    };
  });
  return model.parameters.map((parameter) => {
    const { item = [], factor = [], residual = [] } = units[parameter.group] ?? {};
    const powers = powersOf(parameter, item, factor, residual);
    const multiplier = powers.reduce((total, [{ value }, power]) => total * value ** power, 1);
    const value = estimateOf(parameter, point) * multiplier;
    const slope = unit(parameter.free).map(
      (own, i) =>
        own * multiplier +
        value * powers.reduce((total, [{ value: size, slope: by }, power]) => total + (power * (by[i] ?? 0)) / size, 0),
    );
    return { value, standardError: covariance && Math.sqrt(Math.max(0, quadraticForm(slope, covariance))) };
  });
}

/**
 * Shares of the items' variances that the factors explain, by group.
 *
 *
 * @example
 * explainedVariances({ implied: [{ covariance: [[4]], residual: [[1]] }] }) // => [[0.75]]
 */
export function explainedVariances({ implied }: ModelFit): number[][] {
  return implied.map(({ covariance, residual }) =>
    covariance.map((line, i) => 1 - (residual[i]?.[i] ?? 0) / (line[i] ?? Number.NaN)),
  );
}

/**
 * The value of a parameter at a point.
 *
 * @example
 * estimateOf({ free: 1, fixed: 0 }, [3, 5]) // => 5
 * estimateOf({ free: null, fixed: 1 }, [3, 5]) // => 1
 */
export function estimateOf({ free, fixed }: Pick<Parameter, 'free' | 'fixed'>, point: readonly number[]): number {
  return free === null ? fixed : (point[free] ?? Number.NaN);
}

/** The variances that a parameter is multiplied by, with their powers. */
function powersOf(
  { place }: Parameter,
  item: readonly Unit[],
  factor: readonly Unit[],
  residual: readonly Unit[],
): (readonly [Unit, number])[] {
  const absent: Unit = { value: Number.NaN, slope: [] };
  const over = (unit: Unit | undefined): readonly [Unit, number] => [unit ?? absent, -0.5];
  switch (place.kind) {
    case 'loading':
      return [[factor[place.factor] ?? absent, 0.5], over(item[place.item])];
    case 'latent':
      return [over(factor[place.first]), over(factor[place.second])];
    case 'residual': {
      const units = place.first === place.second ? item : residual;
      return [over(units[place.first]), over(units[place.second])];
    }
    case 'intercept':
      return [over(item[place.item])];
    case 'latent-mean':
      return [over(factor[place.factor])];
  }
}
