/**
 * Recomputes the eigenvalues of random numbers in 06, the reference of a parallel analysis. The script draws them with the
 * seed 42 of R, and then ours are its own numbers; a case does not state its seed. With another seed they agree as far as
 * chance lets them. The notes of the file ask for about 4 Monte Carlo errors of the mean, and 8 of them for the quantile
 * of 95 %, whose own error is twice as large; here that is times the square root of 2, as both runs draw.
 */
import { exceeding, randomEigenvalues } from '../../analysis/factors/parallel-analysis.ts';
import { rNormalSource } from '../../analysis/numeric/r-random.ts';
import { numberAt, objectAt } from './cases.ts';
import type { FigureObject, JsonObject } from './types.ts';

const seedOfScript = 42;

/**
 * In Monte Carlo errors of the mean: four errors of each figure. For about normal eigenvalues the error of the quantile of
 * 99 % is 3.7, that of the standard deviation 0.7 times that of the mean, of which the notes say nothing.
 */
const errors = { mean: 4, p95: 8, p99: 15, sd: 4 } as const;

/** How far another seed can take the figure at each path; filled by each recomputation. */
const chance = new Map<string, number>();

/** How far the figure at a path may lie off by chance; 0 where none was drawn. */
export const chanceOf = (path: string): number => chance.get(path) ?? 0;

interface Sample {
  readonly n: number;
  readonly items: number;
  /** The eigenvalues that are compared with random ones. */
  readonly observed: readonly number[];
}

/** The random eigenvalues of a case and how many of those observed exceed them; nothing where it holds none. */
export function randomReference(options: JsonObject, name: string, { n, items, observed }: Sample): FigureObject {
  if (!('parallel_reference' in options)) {
    const unknown = new Error('the case does not state how many random data sets it takes');
    return { parallel_components_mean: unknown, parallel_components_p95: unknown };
  }
  const replications = numberAt(objectAt(options, 'parallel_reference'), 'reps');
  const { means, standardDeviations, quantiles, ...random } = randomEigenvalues(n, items, {
    replications,
    seed: rNormalSource(seedOfScript),
    quantiles: [0.95, 0.99],
  });
  const [p95 = [], p99 = []] = quantiles;
  const errorsOfMean = standardDeviations.map((sd) => sd / Math.sqrt(replications));
  const reach = (figure: keyof typeof errors) => errorsOfMean.map((error) => Math.SQRT2 * errors[figure] * error);
  for (const figure of ['mean', 'p95', 'p99', 'sd'] as const) {
    reach(figure).forEach((far, i) => {
      chance.set(`${name}/parallel_reference/${figure}/${i}`, far);
    });
  }
  reach('sd').forEach((far, i) => {
    chance.set(`${name}/parallel_reference/mc_se_of_mean/${i}`, far / Math.sqrt(replications));
  });
  // A count is in doubt only where an observed eigenvalue lies so near to a random one.
  const count = (figure: 'mean' | 'p95', random: readonly number[]) => {
    const found = exceeding(observed, random);
    const far = reach(figure);
    const most = exceeding(
      observed,
      random.map((value, i) => value - (far[i] ?? 0)),
    );
    const least = exceeding(
      observed,
      random.map((value, i) => value + (far[i] ?? 0)),
    );
    chance.set(`${name}/parallel_components_${figure}`, Math.max(most - found, found - least));
    return found;
  };
  return {
    parallel_reference: {
      n: random.n,
      p: random.items,
      reps: random.replications,
      mean: means,
      p95,
      p99,
      mc_se_of_mean: errorsOfMean,
      sd: standardDeviations,
    },
    parallel_components_mean: count('mean', means),
    parallel_components_p95: count('p95', p95),
  };
}
