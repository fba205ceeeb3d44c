/**
 * Corrections of a factor model's errors and tests for answers that are not normal, for clusters, and for gaps. Called
 * by ../cfa.ts and indices.ts.
 */
import { multiply, traceOfProduct, transpose } from '../numeric/matrix.ts';
import { addCarried, informationAt, inverseInformation, type ModelFit, slopesOf } from './fit.ts';
import { halfDeviance, momentInformation, scoreInformation } from './likelihood.ts';
import { type Matrix, type Moments, zeros } from './moments.ts';
import type { GroupSample } from './sample.ts';

/** What robust errors and scaled tests are made of. */
export interface RobustPieces {
  /** Inverse of the observed information of the free numbers. */
  readonly bread: Matrix;
  /** The same for the test; only with clusters and without `robust` another one, as lavaan's ML has it. */
  readonly testBread: Matrix;
  /** Information of the free numbers by the scores of persons or clusters. */
  readonly meat: Matrix;
}

/**
 * The pieces of a fit; null when the model is not identified. The bread of the test is that of the errors (lavaan's MLR), or
 * with `plainTest` without the bends of the moments (lavaan's ML with clusters).
 *
 * @example
 * robustPieces(fitModel(modelOf('f =~ 1*a; a ~~ 0*a'), sampleOf([[0, 2]]), [{ mean: [1], covariance: [[1]] }]), false).bread // => [[1]]
 */
export function robustPieces(fit: ModelFit, clustered: boolean, plainTest = false): RobustPieces | null {
  const breadWith = (bends: boolean) =>
    inverseInformation(informationAt(fit.model, fit.samples, fit.point, 'observed', bends));
  const bread = breadWith(true);
  const testBread = plainTest ? breadWith(false) : bread;
  if (bread === null || testBread === null) return null;
  const meat = zeros(fit.model.freeCount, fit.model.freeCount);
  fit.samples.forEach((sample, group) => {
    const implied = fit.implied[group];
    if (implied) addCarried(meat, fit.model, implied, group, scoreInformation(sample, implied, clustered));
  });
  return { bread, testBread, meat };
}

/**
 * The covariance of the estimates that holds for answers that are not normal, and for persons who are alike within
 * clusters: bread * meat * bread.
 *
 * Reference: Huber (1967), Proceedings of the Fifth Berkeley Symposium 1, 221-233; White (1982), Econometrica 50, 1-25.
 *
 * @example
 * sandwich({ bread: [[2]], meat: [[3]] }) // => [[12]]
 */
export function sandwich({ bread, meat }: Pick<RobustPieces, 'bread' | 'meat'>): Matrix {
  return multiply(multiply(bread, meat), bread);
}

/**
 * The trace of meat * bread of the saturated moments of all groups, which every model of them is scaled with.
 *
 * @example
 * saturatedTrace({ model: { means: false }, samples: sampleOf([[0, 2]]), saturated: [{ mean: [1], covariance: [[1]] }] }, false) // => 0
 */
export function saturatedTrace(fit: ModelFit, clustered: boolean): number {
  return fit.samples.reduce((total, sample, group) => {
    const moments = saturatedOf(fit, group);
    const inverse = inverseInformation(momentInformation(sample, moments, 'observed'));
    return total + (inverse ? traceOfProduct(inverse, scoreInformation(sample, moments, clustered)) : Number.NaN);
  }, 0);
}

/**
 * What the chi-square is divided by so that its mean is that of chi-square when answers are not normal: (saturated trace -
 * trace of meat * bread) / degrees of freedom.
 *
 * Reference: Yuan and Bentler (2000), Sociological Methodology 30, 165-200; Asparouhov and Muthén (2005) for the form
 * with traces, which lavaan calls yuan.bentler.mplus.
 *
 * @example
 * scalingFactor({ testBread: [[2]], meat: [[3]] }, 10, 2) // => 2
 */
export function scalingFactor(
  { testBread, meat }: Pick<RobustPieces, 'testBread' | 'meat'>,
  saturated: number,
  degreesOfFreedom: number,
): number {
  return (saturated - traceOfProduct(testBread, meat)) / degreesOfFreedom;
}

export interface CompleteTest {
  /** Chi-square of the estimates against the saturated moments as if these had been seen without gaps. */
  readonly chiSquare: number;
  /** Its expectation under the model, per degree of freedom. */
  readonly scale: number;
}

/**
 * The test of a model fitted to answers with gaps as it would be without them, so that indices of fit do not change with
 * how much is missing. With `robust`, the scale also allows for answers that are not normal, and with `clustered` for people
 * of one cluster being alike.
 *
 * Reference: Zhang and Savalei (2023), Psychological Methods 28, 263-283: versions 6 and, with `robust`, 3.
 *
 * @example
 * completeTest({ ...fitModel(modelOf('f =~ 1*a; f ~~ 1*f'), sampleOf([[0, 2]]), [{ mean: [1], covariance: [[1]] }]), degreesOfFreedom: 1 }, false).scale // => 0
 */
export function completeTest(fit: ModelFit, robust: boolean, clustered = false): CompleteTest {
  const { model, samples, implied } = fit;
  const lost = zeros(model.freeCount, model.freeCount);
  const whole = zeros(model.freeCount, model.freeCount);
  let chiSquare = 0;
  const groups = samples.map((sample, group) => {
    const moments = saturatedOf(fit, group);
    const full = completed(sample, fit.saturated[group]?.mean ?? [], moments.covariance);
    const own = implied[group];
    const gapInformation = momentInformation(sample, moments, 'observed');
    const fullInformation = momentInformation(full, moments, 'observed');
    if (own) {
      chiSquare += 2 * (halfDeviance(full, own) - halfDeviance(full, moments));
      addCarried(lost, model, own, group, gapInformation);
      addCarried(whole, model, own, group, fullInformation);
    }
    const inverse = inverseInformation(gapInformation);
    return {
      sample,
      moments,
      gapInformation,
      fullInformation,
      inverse,
      slopes: own ? slopesOf(model, own, group) : [],
    };
  });
  const estimates = inverseInformation(lost);
  let trace = estimates && !robust ? -traceOfProduct(whole, estimates) : Number.NaN;
  if (!robust) {
    for (const { inverse, fullInformation } of groups) {
      trace += inverse ? traceOfProduct(inverse, fullInformation) : Number.NaN;
    }
  } else if (estimates) trace = robustTrace(groups, estimates, clustered);
  return { chiSquare, scale: trace / fit.degreesOfFreedom };
}

interface GroupPieces {
  readonly sample: GroupSample;
  readonly moments: Moments;
  readonly gapInformation: Matrix;
  readonly fullInformation: Matrix;
  readonly inverse: Matrix | null;
  readonly slopes: readonly ReadonlyMap<number, number>[];
}

/**
 * The trace of residual' * full * residual * spread over all groups' moments together: spread is the sandwich
 * covariance of the saturated moments, residual what of them the model leaves unexplained.
 */
function robustTrace(groups: readonly GroupPieces[], estimates: Matrix, clustered: boolean): number {
  let trace = 0;
  const spreads = groups.map(({ sample, moments, inverse }) => {
    const meat = scoreInformation(sample, moments, clustered);
    return inverse ? multiply(multiply(inverse, meat), inverse) : meat.map((line) => line.map(() => Number.NaN));
  });
  groups.forEach((to, a) => {
    groups.forEach((from, b) => {
      // How the moments that the model fits in one group follow those seen in another.
      const size = from.gapInformation.length;
      const slopes = (pieces: GroupPieces) =>
        pieces.gapInformation.map((_, index) => pieces.slopes.map((slope) => slope.get(index) ?? 0));
      const followed = multiply(
        multiply(multiply(slopes(to), estimates), transpose(slopes(from))),
        from.gapInformation,
      );
      const residual = followed.map((line, i) => line.map((value, j) => (a === b && i === j ? 1 : 0) - value));
      const seen = multiply(multiply(residual, spreads[b] ?? zeros(size, size)), transpose(residual));
      trace += traceOfProduct(to.fullInformation, seen);
    });
  });
  return trace;
}

/** The group as if everybody had answered everything, with the given moments. */
function completed(sample: GroupSample, mean: readonly number[], covariance: Matrix): GroupSample {
  const observed = [...mean.keys()];
  const pattern = { observed, weight: sample.n, mean, covariance, rows: [], clusters: [] };
  return { ...sample, patterns: [pattern] };
}

function saturatedOf({ model, saturated }: ModelFit, group: number): Moments {
  const { mean, covariance } = saturated[group] ?? { mean: [], covariance: [] };
  return { mean: model.means ? mean : null, covariance };
}
