/** Where the fit of a factor model begins. Called by fit.ts. */
import type { FactorModel, Parameter } from './model.ts';
import type { Saturated } from './saturated.ts';

/**
 * A first guess of the free numbers from the moments of each group: standardised loadings by the centroid method with
 * the sign of the first item, correlations of factors from those of their items, intercepts from the means. Equal
 * parameters begin at the mean of their guesses.
 *
 * @example
 * startOf(modelOf('f =~ a', { standardisedLatent: true }), [{ mean: [0], covariance: [[4]] }])[0] // => 0.4
 */
export function startOf(model: FactorModel, saturated: readonly Saturated[]): number[] {
  const totals = new Array<number>(model.freeCount).fill(0);
  const counts = new Array<number>(model.freeCount).fill(0);
  const guesses = saturated.map((moments, group) => guessesOf(model, moments, group));
  for (const parameter of model.parameters) {
    if (parameter.free === null) continue;
    totals[parameter.free] = (totals[parameter.free] ?? 0) + (guesses[parameter.group]?.(parameter) ?? 0);
    counts[parameter.free] = (counts[parameter.free] ?? 0) + 1;
  }
  return totals.map((total, i) => total / (counts[i] ?? 1));
}

function guessesOf(
  model: FactorModel,
  { mean, covariance }: Saturated,
  group: number,
): (parameter: Parameter) => number {
  const deviations = covariance.map((line, i) => Math.sqrt(line[i] ?? 0));
  const correlation = (i: number, j: number) =>
    (covariance[i]?.[j] ?? 0) / ((deviations[i] ?? 1) * (deviations[j] ?? 1));
  const own = model.parameters.filter((parameter) => parameter.group === group);
  const loadings = model.latent.map((_, factor) =>
    centroid(
      own.flatMap(({ place }) => (place.kind === 'loading' && place.factor === factor ? [place.item] : [])),
      correlation,
    ),
  );
  // A factor with a fixed loading has the scale of that item, others have variance 1 or what the text says.
  const scales = loadings.map((standard, factor) => {
    const fixed = own.find(({ place, free, fixed: value }) => {
      return place.kind === 'loading' && place.factor === factor && free === null && value !== 0;
    });
    if (fixed?.place.kind !== 'loading') return 1;
    const { item } = fixed.place;
    return ((standard.get(item) ?? 1) * (deviations[item] ?? 1)) / fixed.fixed;
  });
  const scale = (factor: number) => scales[factor] ?? 1;
  return ({ place }) => {
    switch (place.kind) {
      case 'loading':
        return ((loadings[place.factor]?.get(place.item) ?? 0) * (deviations[place.item] ?? 1)) / scale(place.factor);
      case 'latent': {
        const { first, second } = place;
        if (first === second) return scale(first) ** 2;
        return scale(first) * scale(second) * between(loadings[first], loadings[second], correlation);
      }
      case 'residual': {
        if (place.first !== place.second) return 0;
        const explained = Math.max(...loadings.map((standard) => (standard.get(place.first) ?? 0) ** 2));
        return (covariance[place.first]?.[place.first] ?? 1) * (1 - explained);
      }
      case 'intercept':
        return mean[place.item] ?? 0;
      case 'latent-mean':
        return 0;
    }
  };
}

/** Standardised loadings of one factor's items, kept between 0.2 and 0.9 in size. */
function centroid(items: readonly number[], correlation: (i: number, j: number) => number): Map<number, number> {
  const [marker] = items;
  const sign = (item: number) => (marker !== undefined && correlation(marker, item) < 0 ? -1 : 1);
  const turned = (i: number, j: number) => sign(i) * sign(j) * correlation(i, j);
  const sums = items.map((i) => items.reduce((total, j) => total + (i === j ? 0 : turned(i, j)), 0));
  const whole = Math.sqrt(
    Math.max(
      sums.reduce((a, b) => a + b, 0),
      0.01,
    ),
  );
  const steps = items.length > 1 ? Math.sqrt(items.length / (items.length - 1)) : 1;
  return new Map(
    items.map((item, i) => [item, sign(item) * Math.min(0.9, Math.max(0.2, (steps * (sums[i] ?? 0)) / whole))]),
  );
}

/** The correlation of two factors that explains the mean correlation of their items, at most 0.6. */
function between(
  a: ReadonlyMap<number, number> | undefined,
  b: ReadonlyMap<number, number> | undefined,
  correlation: (i: number, j: number) => number,
): number {
  let observed = 0;
  let explained = 0;
  for (const [i, one] of a ?? []) {
    for (const [j, other] of b ?? []) {
      if (i === j) continue;
      observed += Math.sign(one * other) * correlation(i, j);
      explained += Math.abs(one * other);
    }
  }
  return explained === 0 ? 0 : Math.min(0.6, Math.max(-0.6, observed / explained));
}
