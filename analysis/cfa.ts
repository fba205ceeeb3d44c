/** Confirmatory factor analysis: a model given as text, fitted to columns. Called by plans and by invariance.ts. */
import { counted } from '../instruments/zod-words.ts';
import { fitModel, informationAt, inverseInformation, type ModelFit } from './cfa/fit.ts';
import { type FitMeasures, fitMeasures } from './cfa/indices.ts';
import { type FactorModel, type ModelOptions, modelOf } from './cfa/model.ts';
import type { Matrix } from './cfa/moments.ts';
import { robustPieces, sandwich } from './cfa/robust.ts';
import { type GroupSample, type SampleOptions, sampleOf } from './cfa/sample.ts';
import { type Saturated, saturatedMoments } from './cfa/saturated.ts';
import { estimateOf, explainedVariances, standardisedParameters } from './cfa/standardise.ts';
import type { Operator } from './cfa/syntax.ts';
import type { Columns } from './covariance.ts';
import type { Values } from './descriptives.ts';
import { withNames } from './item-names.ts';
import { cholesky } from './numeric/cholesky.ts';
import { normalQuantile, normalTails } from './numeric/normal.ts';
import { type ShareDone, searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

/** Steps that a fit takes as a rule. */
const usualSteps = 6;

export interface FactorAnalysisOptions extends SampleOptions, Omit<ModelOptions, 'groups'> {
  /**
   * Correct errors and tests for answers that are not normal (lavaan's MLR); with clusters, also for people of one
   * cluster being alike. Errors and tests are always corrected when clusters are given; without `robust` the factor of the
   * test takes the information of the moments only, as lavaan's ML with clusters does.
   */
  readonly robust?: boolean;
  /** Level of the intervals; default 0.95. */
  readonly level?: number;
  readonly onShare?: ShareDone;
}

/** A parameter of the model as estimated. Errors and tests are null where a parameter is fixed or cannot have them. */
export interface FactorParameter {
  readonly left: string;
  /** `=~` loading, `~~` variance or covariance, `~1` intercept or mean. */
  readonly operator: Operator;
  readonly right: string;
  readonly label: string | null;
  /** Number of the group, from 0. */
  readonly group: number;
  readonly free: boolean;
  readonly estimate: number;
  /** 0 for a fixed parameter. */
  readonly standardError: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** In units of the items' and factors' standard deviations; null when a variance is negative. */
  readonly standardised: number | null;
  readonly standardisedError: number | null;
}

export interface FactorSolution {
  readonly measures: FitMeasures;
  readonly parameters: readonly FactorParameter[];
  /** By group: its name and cases, the moments fitted, and the share of each item that the factors explain. */
  readonly groups: readonly {
    readonly label: string;
    readonly n: number;
    readonly mean: readonly number[];
    readonly covariance: Matrix;
    readonly explained: Readonly<Record<string, number>>;
  }[];
  readonly items: readonly string[];
  readonly iterations: number;
}

export interface FactorAnalysis {
  readonly solution: FactorSolution | null;
  readonly notes: readonly Note[];
}

/**
 * Does a model of few factors account for what the items have in common, and how does each item go with its factor? The
 * model is text in lavaan's notation (see cfa/syntax.ts); columns are given by name. Fitted by maximum likelihood on
 * complete rows, or on all rows by full information; errors from the expected information, with full information from
 * the observed one. Assumes normal answers unless `robust`, independent people unless `cluster` is given, and gaps that
 * depend on observed answers only for full information.
 *
 * Notes in place of a solution: `too-few-values`, `no-variance`, `collinear`, `no-coverage`, `not-identified` (more
 * parameters than moments), `not-converged`. Notes beside it: `not-identified` (errors are null), `heywood` for negative
 * variances, `latent-not-positive-definite`, `few-clusters`, `one-cluster` (errors are null), `rows-left-out`.
 *
 * Reference: Bollen (1989), Structural Equations with Latent Variables. Agrees with R's lavaan 0.6 to the accuracy of
 * lavaan's stop, and to 1e-7 when lavaan is told to go on; slopes at the end are 0 to 1e-10.
 *
 * @throws RangeError for a text that is no factor model, an item without a column, columns or labels of unequal length,
 * NaN or infinite values, a level outside (0, 1)
 * @example
 * confirmatoryFactorAnalysis('f =~ a + b + c', { a: [1, 2, 4, 3], b: [1, 3, 2, 4], c: [1, 2, 3, 5] }).solution.measures.degreesOfFreedom // => 0
 * confirmatoryFactorAnalysis('f =~ a + b', { a: [1, 2, 4, 3], b: [1, 3, 2, 4] }).notes[0].code // => 'not-identified'
 */
export function confirmatoryFactorAnalysis(
  text: string,
  columns: Readonly<Record<string, Values>>,
  options: FactorAnalysisOptions = {},
): FactorAnalysis {
  const data = prepare(text, columns, options);
  return analyse(factorModel(text, data, options), data, options);
}

/**
 * The model that a text describes, for the groups of the data.
 *
 * @example
 * factorModel('f =~ a + b', { samples: [{}, {}], needsMeans: true }, {}).groups // => 2
 */
export function factorModel(text: string, data: PreparedData, options: FactorAnalysisOptions): FactorModel {
  const groups = Math.max(1, data.samples.length);
  return modelOf(text, { ...options, groups, meanStructure: options.meanStructure || data.needsMeans || undefined });
}

/** Samples and moments without a model: what several models of the same items share. */
export interface PreparedData {
  readonly samples: readonly GroupSample[];
  readonly saturated: readonly Saturated[];
  /** Gaps and clusters need means in the model. */
  readonly needsMeans: boolean;
  readonly notes: readonly Note[];
}

/**
 * Takes the items of a model from the columns and sums them up.
 *
 * @example
 * prepare('f =~ a + b', { a: [1, 2, null], b: [3, 1, 2] }, {}).samples[0].n // => 2
 */
export function prepare(
  text: string,
  columns: Readonly<Record<string, Values>>,
  options: FactorAnalysisOptions,
): PreparedData {
  const { observed } = modelOf(text);
  const items: Columns = observed.map((name) => {
    const column = columns[name];
    if (!column) throw new RangeError(`the model names the item ${name}, which is no column`);
    return column;
  });
  const samples = sampleOf(items, options);
  const found = samples.map(saturatedMoments);
  const rows = items[0]?.length ?? 0;
  const left = rows - samples.reduce((total, { n }) => total + n, 0);
  const notes = withNames(
    found.flatMap((each) => each.notes),
    observed,
  );
  if (samples.length === 0) notes.push({ code: 'too-few-values', text: 'No rows, so no model.' });
  if (left > 0) {
    notes.push({
      code: 'rows-left-out',
      text: `${left} of ${counted(rows, 'row')} ${left === 1 ? 'is' : 'are'} left out for gaps, or no group or cluster.`,
    });
  }
  return {
    samples,
    saturated: found.flatMap(({ moments }) => moments ?? []),
    needsMeans: options.missing === 'full-information' || options.cluster !== undefined,
    notes,
  };
}

/**
 * Fits one model to prepared data and assembles what is to be said about it.
 *
 * @example
 * analyse(modelOf('f =~ a'), { samples: [], saturated: [], needsMeans: false, notes: [] }, {}).solution // => null
 */
export function analyse(model: FactorModel, data: PreparedData, options: FactorAnalysisOptions): FactorAnalysis {
  const { samples, saturated } = data;
  const none = (code: string, text: string) => ({ solution: null, notes: [...data.notes, { code, text }] });
  if (samples.length === 0 || saturated.length < samples.length) return { solution: null, notes: data.notes };
  const fit = fitModel(model, samples, saturated, searchSteps(options.onShare ?? untold, usualSteps));
  if (fit.degreesOfFreedom < 0) {
    return none('not-identified', `${model.freeCount} parameters are more than the moments that the items have.`);
  }
  if (!fit.converged) return none('not-converged', `The fit did not settle within ${counted(fit.iterations, 'step')}.`);
  const clustered = options.cluster !== undefined;
  const robust = options.robust === true || clustered;
  const incomplete = options.missing === 'full-information';
  const single = clustered && samples.some((sample) => clustersOf([sample]) < 2);
  const pieces = robust && !single ? robustPieces(fit, clustered, options.robust !== true) : null;
  const covariance = robust
    ? pieces && sandwich(pieces)
    : inverseInformation(informationAt(model, samples, fit.point, incomplete ? 'observed' : 'expected'));
  const explained = explainedVariances(fit);
  return {
    solution: {
      measures: fitMeasures(fit, { robust: pieces, clustered, incomplete }),
      parameters: parametersOf(fit, covariance, options.level ?? 0.95),
      groups: samples.map(({ label, n }, group) => {
        const { mean, covariance: spread } = saturated[group] ?? { mean: [], covariance: [] };
        const shares = model.observed.map((item, i) => [item, explained[group]?.[i] ?? Number.NaN] as const);
        return { label, n, mean, covariance: spread, explained: Object.fromEntries(shares) };
      }),
      items: model.observed,
      iterations: fit.iterations,
    },
    notes: [...data.notes, ...(single ? [oneCluster] : []), ...doubtsOf(fit, covariance, clustered, single)],
  };
}

function parametersOf(fit: ModelFit, covariance: Matrix | null, level: number): FactorParameter[] {
  const standard = standardisedParameters(fit, covariance);
  const reach = normalQuantile((1 + level) / 2);
  const finite = (value: number | null | undefined) => (Number.isFinite(value) ? (value ?? null) : null);
  return fit.model.parameters.map((parameter, i) => {
    const { left, operator, right, label, group, free } = parameter;
    const estimate = estimateOf(parameter, fit.point);
    const standardError = free === null ? 0 : covariance && Math.sqrt(covariance[free]?.[free] ?? 0);
    const z = free === null || !standardError ? null : estimate / standardError;
    return {
      left,
      operator,
      right,
      label,
      group,
      free: free !== null,
      estimate,
      standardError,
      z,
      p: z === null ? null : 2 * normalTails(-Math.abs(z)).lower,
      lower: standardError === null ? null : estimate - reach * standardError,
      upper: standardError === null ? null : estimate + reach * standardError,
      standardised: finite(standard[i]?.value),
      standardisedError: finite(standard[i]?.standardError),
    };
  });
}

const oneCluster: Note = {
  code: 'one-cluster',
  text: 'All people of a group are of one cluster, so there are no errors and no test that allow for clusters.',
};

function clustersOf(samples: readonly GroupSample[]): number {
  return new Set(samples.flatMap(({ patterns }) => patterns.flatMap((pattern) => pattern.clusters))).size;
}

/** What a reader of the solution must know. */
function doubtsOf(fit: ModelFit, covariance: Matrix | null, clustered: boolean, single: boolean): Note[] {
  const { model, implied, samples } = fit;
  const notes: Note[] = [];
  if (covariance === null && !single) {
    const text = 'The answers do not determine all parameters: other values fit as well, and errors cannot be given.';
    notes.push({ code: 'not-identified', text });
  }
  const negative = model.parameters.filter(({ place, free, fixed }) => {
    const isVariance = (place.kind === 'residual' || place.kind === 'latent') && place.first === place.second;
    return isVariance && estimateOf({ free, fixed }, fit.point) < 0;
  });
  if (negative.length > 0) {
    const names = [...new Set(negative.map(({ left }) => left))].join(', ');
    notes.push({
      code: 'heywood',
      text: `Negative variance (Heywood case): ${names}. The model or the sample is too small.`,
    });
  }
  const named = negative.some(({ place }) => place.kind === 'latent');
  if (!named && implied.some(({ latent }) => cholesky(latent) === null)) {
    const text = 'The covariances of the factors are not those of any variables: factors correlate by 1 or more.';
    notes.push({ code: 'latent-not-positive-definite', text });
  }
  if (clustered && !single) {
    const clusters = clustersOf(samples);
    if (clusters <= model.freeCount) {
      const text = `${counted(clusters, 'cluster is', 'clusters are')} not more than the ${counted(model.freeCount, 'parameter')}: errors and test are unsafe.`;
      notes.push({ code: 'few-clusters', text });
    }
  }
  return notes;
}
