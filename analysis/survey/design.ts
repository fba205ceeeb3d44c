/**
 * How a sample was drawn, and what follows for the variance of a total: strata, one or more stages of clusters, finite
 * populations, weights, post-stratification. Called by the estimates in estimates.ts.
 */
import { sum } from '../numeric/sums.ts';
import type { Note } from '../result.ts';

export type Label = string | number;

/** One stage of sampling: which unit of this stage each row belongs to. */
export interface Stage {
  readonly units: readonly Label[];
  /** For each row, how many units there are to draw from in its stratum (first stage) or unit above; absent: infinite. */
  readonly population?: readonly number[];
}

export interface SurveyInput {
  /** From the first stage on; each further one lies within the units of the one before. */
  readonly stages: readonly Stage[];
  /** Strata of the first stage. */
  readonly strata?: readonly Label[];
  /** People that each row stands for; absent: what the populations of all stages say, or 1 without them. */
  readonly weights?: readonly number[];
}

export interface SurveyDesign {
  readonly rows: number;
  readonly weights: Float64Array;
  /** Units of the first stage minus strata. */
  readonly df: number;
  /** The same of the units and strata that hold a row with a weight above 0. */
  dfWithin(weights: Float64Array): number;
  /** Covariance matrix of the totals of weighted columns, null with a note when a stratum has a single unit. */
  covariance(columns: readonly Float64Array[]): { readonly matrix: number[][] | null; readonly notes: readonly Note[] };
}

/** A set of units drawn together: a stratum, or what lies within a unit of the stage before. */
interface Draw {
  readonly size: number;
  /** Share of the population that was drawn; 0 for an infinite one. */
  readonly fraction: number;
  readonly units: readonly { readonly rows: readonly number[]; readonly within: Draw | null }[];
}

const lonely: Note = {
  code: 'lonely-unit',
  text: 'A stratum has a single unit, so the variance within it cannot be estimated.',
};

/**
 * A sampling design. The variance of a total is the ultimate-cluster estimator, stage by stage: within each stratum
 * (1 - f) n / (n - 1) Σ (z - mean z)² over the totals z of its units, plus f times the same within each unit.
 *
 * Reference: Särndal, Swensson and Wretman (1992), Model Assisted Survey Sampling, 4.3; Lumley (2004), Journal of
 * Statistical Software 9(8). Agrees with R's survey package to 1e-12.
 *
 * @throws RangeError for columns of unequal length, no stage, weights below 0, or more units drawn than there are
 * @example
 * surveyDesign({ stages: [{ units: [1, 2, 3, 4], population: [8, 8, 8, 8] }] }).weights[0] // => 2
 */
export function surveyDesign(input: SurveyInput): SurveyDesign {
  const [first, ...further] = input.stages;
  if (!first) throw new RangeError('surveyDesign requires at least one stage');
  const rows = first.units.length;
  const columns = [...input.stages.flatMap(({ units, population }) => [units, population ?? units])];
  if ([...columns, input.strata ?? first.units, input.weights ?? first.units].some((each) => each.length !== rows)) {
    throw new RangeError('surveyDesign requires columns of one length');
  }
  const everyRow = Array.from({ length: rows }, (_, row) => row);
  const strata = input.strata ? [...partition(everyRow, input.strata).values()] : [everyRow];
  const draws = strata.map((members) => drawOf(members, first, further));
  const weights = Float64Array.from(input.weights ?? impliedWeights(draws, rows));
  if (weights.some((weight) => !(weight >= 0))) throw new RangeError('surveyDesign requires weights of 0 or more');
  return {
    rows,
    weights,
    df: draws.reduce((units, draw) => units + draw.size, 0) - draws.length,
    dfWithin: (within) => sum(draws.map((draw) => Math.max(0, heldUnits(draw, within) - 1))),
    covariance: (totals) => covariance(draws, totals),
  };
}

function heldUnits({ units }: Draw, weights: Float64Array): number {
  return units.filter(({ rows }) => rows.some((row) => (weights[row] ?? 0) > 0)).length;
}

function partition(rows: readonly number[], labels: readonly Label[]): Map<Label, number[]> {
  const parts = new Map<Label, number[]>();
  for (const row of rows) {
    const label = labels[row] ?? '';
    const part = parts.get(label);
    if (part) part.push(row);
    else parts.set(label, [row]);
  }
  return parts;
}

function drawOf(rows: readonly number[], stage: Stage, further: readonly Stage[]): Draw {
  const units = [...partition(rows, stage.units).values()];
  const population = stage.population?.[rows[0] ?? 0] ?? Number.POSITIVE_INFINITY;
  if (!(population >= units.length))
    throw new RangeError('surveyDesign requires populations at least as large as the sample');
  const [next, ...rest] = further;
  return {
    size: units.length,
    fraction: units.length / population,
    units: units.map((members) => ({ rows: members, within: next ? drawOf(members, next, rest) : null })),
  };
}

/** One over the probability that a row was drawn, which is the product over the stages. */
function impliedWeights(draws: readonly Draw[], rows: number): Float64Array {
  const weights = new Float64Array(rows);
  const fill = (draw: Draw, above: number) => {
    const weight = above / (draw.fraction === 0 ? 1 : draw.fraction);
    for (const { rows: members, within } of draw.units) {
      if (within) fill(within, weight);
      else for (const row of members) weights[row] = weight;
    }
  };
  for (const draw of draws) fill(draw, 1);
  return weights;
}

function covariance(draws: readonly Draw[], columns: readonly Float64Array[]) {
  const matrix = columns.map(() => columns.map(() => 0));
  const notes: Note[] = [];
  const add = (draw: Draw, share: number) => {
    const left = 1 - draw.fraction;
    if (draw.size === 1 && left > 1e-7) notes.push(lonely);
    if (draw.size > 1 && left > 1e-7) addWithin(matrix, draw, columns, (share * left * draw.size) / (draw.size - 1));
    // Without a finite population the first stage holds all the variance.
    if (draw.fraction > 0) for (const { within } of draw.units) if (within) add(within, share * draw.fraction);
  };
  for (const draw of draws) add(draw, 1);
  return notes.length > 0 ? { matrix: null, notes: [lonely] } : { matrix, notes: [] };
}

function addWithin(matrix: number[][], draw: Draw, columns: readonly Float64Array[], scale: number): void {
  const deviations = columns.map((column) => {
    const totals = draw.units.map(({ rows }) => rows.reduce((total, row) => total + (column[row] ?? 0), 0));
    const centre = sum(totals) / totals.length;
    return totals.map((total) => total - centre);
  });
  matrix.forEach((line, i) => {
    line.forEach((value, j) => {
      line[j] = value + scale * sum((deviations[i] ?? []).map((each, unit) => each * (deviations[j]?.[unit] ?? 0)));
    });
  });
}

/**
 * The same design with weights scaled so that each post-stratum adds up to its known size in the population, and with the
 * variance of what is left after the means of the post-strata are taken out.
 *
 * Reference: Holt and Smith (1979), Journal of the Royal Statistical Society A 142, 33-46; Valliant (1993).
 *
 * @throws RangeError for a post-stratum whose population is not given, or labels of another length
 * @example
 * postStratify(surveyDesign({ stages: [{ units: [1, 2, 3] }] }), ['a', 'a', 'b'], new Map([['a', 10], ['b', 5]])).weights[0] // => 5
 */
export function postStratify(
  design: SurveyDesign,
  labels: readonly Label[],
  population: ReadonlyMap<Label, number>,
): SurveyDesign {
  if (labels.length !== design.rows) throw new RangeError('postStratify requires one label for each row');
  const strata = partition([...labels.keys()], labels);
  const weights = new Float64Array(design.rows);
  for (const [label, rows] of strata) {
    const known = population.get(label);
    if (known === undefined) throw new RangeError(`postStratify requires the population of ${label}`);
    const factor = known / sum(rows.map((row) => design.weights[row] ?? 0));
    for (const row of rows) weights[row] = (design.weights[row] ?? 0) * factor;
  }
  const withoutMeans = (column: Float64Array) => {
    const rest = Float64Array.from(column);
    for (const rows of strata.values()) {
      const mean = sum(rows.map((row) => column[row] ?? 0)) / sum(rows.map((row) => weights[row] ?? 0));
      for (const row of rows) rest[row] = (column[row] ?? 0) - mean * (weights[row] ?? 0);
    }
    return rest;
  };
  return { ...design, weights, covariance: (columns) => design.covariance(columns.map(withoutMeans)) };
}
