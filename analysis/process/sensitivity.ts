/**
 * How much of the index is the weights: the same scores with equal weights, with each component left out, and with weights
 * drawn at random; what that does to the index and the rank of every school. Called by `server/fidelity/`.
 */
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { type Random, randomOf } from '../../instruments/random.ts';
import { spearmanCorrelation } from '../correlation.ts';
import { quantile } from '../descriptives.ts';
import { ranks } from '../ranks.ts';
import { indexOf, modelWeights, type Weights } from './index-score.ts';
import type { Cell } from './scores.ts';

export interface SensitivityPlace {
  readonly id: string;
  readonly index: number;
  readonly equal: number | null;
  /** Lowest and highest index with one component left out. */
  readonly leaveOneOut: { readonly lowest: number; readonly highest: number } | null;
  /** The middle 95 % of the draws. */
  readonly drawn: { readonly lower: number; readonly upper: number } | null;
  /** 1: the highest; the middle of those that are equal. */
  readonly rank: number;
  readonly ranks: { readonly lower: number; readonly upper: number } | null;
}

export interface Sensitivity {
  readonly places: readonly SensitivityPlace[];
  /** Spearman's correlation of the ranks with those of other weights: how far an order hangs on the weights. */
  readonly withEqual: number | null;
  readonly withoutComponent: readonly { readonly component: string; readonly correlation: number | null }[];
  /** Draws of weights, all equally likely (Dirichlet with all parameters 1). */
  readonly draws: number;
}

/** The same as plain data, for a worker thread: the seed gives the draws. */
export interface SensitivityInput {
  readonly model: Pick<FidelityModel, 'components' | 'index'>;
  readonly places: readonly Place[];
  readonly seed: string;
  readonly draws: number;
}

export function seededSensitivity({ model, places, seed, draws }: SensitivityInput): Sensitivity {
  return sensitivityOf(model, places, { random: randomOf(seed), draws });
}

type Place = { readonly id: string; readonly cells: readonly Cell[] };

/**
 * Only places with an index by the model's own weights take part. A draw gives each component that has a weight another one:
 * exponential deviates over their sum, which are uniform on all weights that sum to 1.
 */
export function sensitivityOf(
  model: Pick<FidelityModel, 'components' | 'index'>,
  places: readonly Place[],
  { random, draws }: { readonly random: Random; readonly draws: number },
): Sensitivity {
  const own = modelWeights(model);
  const weighed = [...own].filter(([, weight]) => weight > 0).map(([id]) => id);
  const taking = places.filter(({ cells }) => indexOf(model, cells, own).value !== null);
  const indexes = (weights: Weights) => taking.map(({ cells }) => indexOf(model, cells, weights).value);
  const base = indexes(own);
  const equal = indexes(new Map(weighed.map((id) => [id, 1])));
  const without = weighed.map((component) => ({
    component,
    values: indexes(new Map([...own].filter(([id]) => id !== component))),
  }));
  const drawn = Array.from({ length: draws }, () => indexes(drawnWeights(weighed, random)));
  const baseRanks = ranksOf(base);
  const drawnRanks = drawn.map(ranksOf);
  return {
    draws,
    withEqual: spearmanCorrelation(base, equal),
    withoutComponent: without.map(({ component, values }) => ({
      component,
      correlation: spearmanCorrelation(base, values),
    })),
    places: taking.map(({ id }, at) => ({
      id,
      index: base[at] ?? 0,
      equal: equal[at] ?? null,
      leaveOneOut: extremes(without.map(({ values }) => values[at] ?? null)),
      drawn: middle(drawn.map((values) => values[at] ?? null)),
      rank: baseRanks[at] ?? 0,
      ranks: middle(drawnRanks.map((ranks) => ranks[at] ?? null)),
    })),
  };
}

function drawnWeights(components: readonly string[], random: Random): Weights {
  const exponential = components.map(() => -Math.log(1 - random.uniform()));
  const total = exponential.reduce((sum, value) => sum + value, 0);
  return new Map(components.map((id, at) => [id, (exponential[at] ?? 0) / total]));
}

/** The highest is 1; equal ones share the mean of their places; null where there is no value. */
function ranksOf(values: readonly (number | null)[]): (number | null)[] {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ value: -value, at }]));
  const found = new Array<number | null>(values.length).fill(null);
  for (const [i, rank] of ranks(known.map(({ value }) => value)).ranks.entries()) found[known[i]?.at ?? 0] = rank;
  return found;
}

function extremes(values: readonly (number | null)[]): { lowest: number; highest: number } | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : { lowest: Math.min(...known), highest: Math.max(...known) };
}

function middle(values: readonly (number | null)[]): { lower: number; upper: number } | null {
  const [lower, upper] = [quantile(values, 0.025), quantile(values, 0.975)];
  return lower === null || upper === null ? null : { lower, upper };
}
