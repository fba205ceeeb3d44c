/** Effect sizes of trials that assign whole clusters. Called by plans and by effect-size-model.ts. */
import { describe, type Values } from './descriptives.ts';
import { approximateSmallSampleFactor, normalInterval } from './effect-size.ts';
import { mean, sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

export type ClusterLabel = string | number;

/** One arm of a cluster trial: people in all, and what the formulas need of the sizes of its clusters. */
interface ArmSizes {
  readonly people: number;
  readonly clusters: number;
  readonly squares: number;
  readonly cubes: number;
  /** The size that clusters of one size would need to be as informative. */
  readonly effective: number;
}

export interface ClusteredEffect {
  /** Difference of the arms, the standard deviation that it is divided by, and the plain ratio. */
  readonly difference: number;
  readonly sd: number;
  readonly plain: number;
  readonly icc: number;
  /** Intervention, comparison. */
  readonly people: readonly [number, number];
  readonly clusters: readonly [number, number];
  readonly effectiveSizes: readonly [number, number];
  /** Mean size of the clusters, weighted as the variance of a difference asks, and unweighted. */
  readonly weightedSize: number;
  readonly meanSize: number;
  /** As if all clusters had the mean size, and as if they had the mean of the effective sizes. */
  readonly equalAtMeanSize: EqualSizeEffect;
  readonly equalAtEffectiveSize: EqualSizeEffect;
  /** With the sizes as they are. */
  readonly unequal: { readonly effect: Estimate; readonly variance: number };
  /** As the What Works Clearinghouse reports it, from the mean size. */
  readonly clearinghouse: { readonly gamma: number; readonly g: number; readonly standardError: number };
}

export interface EqualSizeEffect {
  readonly size: number;
  readonly effect: Estimate;
  readonly variance: number;
  /** Effective degrees of freedom, the small-sample factor from them, and the corrected effect. */
  readonly df: number;
  readonly factor: number;
  readonly g: number;
}

const method = 'Standardised difference for clusters, in total standard deviations, with normal interval';

/**
 * The effect of a cluster trial in total standard deviations: how far apart are the arms, when the standard deviation is
 * that of all people and the standard error knows that people of a cluster are alike?
 *
 *     d = plain · sqrt(1 - ICC ((N - nᵁ₁ m₁ - nᵁ₂ m₂) + nᵁ₁ + nᵁ₂ - 2) / (N - 2))
 *
 * with N people, m clusters in an arm and nᵁ the effective size of clusters; variance by Hedges's equations for unequal
 * and for equal sizes. Assumes that clusters are a random sample, that the ICC is known, and normal outcomes. Rows with a
 * gap are left out. An arm with fewer than two clusters, or no spread: null with a note.
 *
 * Reference: Hedges (2007), Journal of Educational and Behavioral Statistics 32, 341-370. Accuracy 1e-12.
 *
 * @param treated 1 for the intervention, 0 for the comparison
 * @throws RangeError for columns of unequal length, a treatment other than 0 and 1, or an ICC outside [0, 1]
 * @example
 * clusteredEffectSize([1, 3, 2, 4, 5, 7, 6, 8], [0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4], 0).effect.difference // => 4
 */
export function clusteredEffectSize(
  outcome: Values,
  treated: Values,
  clusters: readonly (ClusterLabel | null)[],
  icc: number,
  level = 0.95,
): { effect: ClusteredEffect | null; notes: readonly Note[] } {
  const arms = armsOf(outcome, treated, clusters);
  const [intervention, comparison] = [arms.intervention.flat(), arms.comparison.flat()];
  const [a, b] = [describe(intervention), describe(comparison)];
  if (a.mean === null || b.mean === null || a.sd === null || b.sd === null)
    return { effect: null, notes: [tooFewClusters] };
  const sd = Math.sqrt(((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / (a.n + b.n - 2));
  return scaledClusteredEffect(arms, a.mean - b.mean, sd, icc, level);
}

const tooFewClusters: Note = {
  code: 'too-few-clusters',
  text: 'An arm has fewer than two clusters with people, so no effect size.',
};

export interface Arms {
  /** The outcomes of each cluster of the arm. */
  readonly intervention: readonly (readonly number[])[];
  readonly comparison: readonly (readonly number[])[];
}

/**
 * The outcomes by arm and cluster, rows with a gap left out. A cluster with people in both arms counts in both.
 *
 * @throws RangeError for columns of unequal length or a treatment other than 0 and 1
 * @example
 * armsOf([5, 6, 7], [1, 0, 1], ['a', 'b', 'a']) // => { intervention: [[5, 7]], comparison: [[6]] }
 */
export function armsOf(outcome: Values, treated: Values, clusters: readonly (ClusterLabel | null)[]): Arms {
  if (treated.length !== outcome.length || clusters.length !== outcome.length) {
    throw new RangeError('armsOf requires columns of one length');
  }
  const arms = [new Map<ClusterLabel, number[]>(), new Map<ClusterLabel, number[]>()];
  outcome.forEach((value, row) => {
    const treatment = treated[row] ?? null;
    const cluster = clusters[row] ?? null;
    if (value === null || treatment === null || cluster === null) return;
    const arm = arms[treatment];
    if (!arm) throw new RangeError('armsOf requires a treatment of 0 and 1');
    const members = arm.get(cluster);
    if (members) members.push(value);
    else arm.set(cluster, [value]);
  });
  return { intervention: [...(arms[1]?.values() ?? [])], comparison: [...(arms[0]?.values() ?? [])] };
}

/**
 * As `clusteredEffectSize`, for a difference and a standard deviation that come from elsewhere, like a model.
 *
 * @throws RangeError for an ICC outside [0, 1]
 * @example
 * scaledClusteredEffect({ intervention: [[1]], comparison: [[2]] }, 1, 1, 0.2).effect // => null
 */
export function scaledClusteredEffect(arms: Arms, difference: number, sd: number, icc: number, level = 0.95) {
  if (!(icc >= 0 && icc <= 1)) throw new RangeError('clusteredEffectSize requires an ICC between 0 and 1');
  const [t, c] = [sizesOf(arms.intervention), sizesOf(arms.comparison)];
  if (t.clusters < 2 || c.clusters < 2) return { effect: null, notes: [tooFewClusters] };
  if (!(sd > 0))
    return { effect: null, notes: [{ code: 'no-variance', text: 'All values are the same, so no effect size.' }] };
  const plain = difference / sd;
  const people = t.people + c.people;
  const meanSize = people / (t.clusters + c.clusters);
  const equal = (size: number) => equalSizes(plain, icc, t.people, c.people, size, level);
  const equalAtMeanSize = equal(meanSize);
  const gamma = equalAtMeanSize.effect.value === null ? 0 : Math.sqrt(1 - (2 * (meanSize - 1) * icc) / (people - 2));
  const sampling = (people / (t.people * c.people)) * (1 + (meanSize - 1) * icc);
  const effect: ClusteredEffect = {
    difference,
    sd,
    plain,
    icc,
    people: [t.people, c.people],
    clusters: [t.clusters, c.clusters],
    effectiveSizes: [t.effective, c.effective],
    weightedSize: weightedSize(t, c),
    meanSize,
    equalAtMeanSize,
    equalAtEffectiveSize: equal((t.effective + c.effective) / 2),
    unequal: unequalSizes(plain, icc, t, c, level),
    clearinghouse: {
      gamma,
      g: equalAtMeanSize.factor * gamma * plain,
      standardError: equalAtMeanSize.factor * Math.sqrt(sampling + (gamma * plain) ** 2 / (2 * equalAtMeanSize.df)),
    },
  };
  return { effect, notes: [] };
}

function sizesOf(clusters: readonly (readonly number[])[]): ArmSizes {
  const sizes = clusters.map((members) => members.length);
  const people = sum(sizes);
  const squares = sum(sizes.map((size) => size ** 2));
  const effective = (people ** 2 - squares) / (people * (sizes.length - 1));
  return { people, clusters: sizes.length, squares, cubes: sum(sizes.map((size) => size ** 3)), effective };
}

/** The mean size of clusters that the variance of the difference asks for. */
function weightedSize(t: ArmSizes, c: ArmSizes): number {
  const people = t.people + c.people;
  return (c.people * t.squares) / (t.people * people) + (t.people * c.squares) / (c.people * people);
}

/** Hedges (2007), equations for clusters of different sizes. */
function unequalSizes(plain: number, icc: number, t: ArmSizes, c: ArmSizes, level: number) {
  const people = t.people + c.people;
  const inClusters = t.effective * t.clusters + c.effective * c.clusters;
  const lost = (people - inClusters + t.effective + c.effective - 2) / (people - 2);
  const d = plain * Math.sqrt(1 - icc * lost);
  const a = (arm: ArmSizes) =>
    (arm.people ** 2 * arm.squares + arm.squares ** 2 - 2 * arm.people * arm.cubes) / arm.people ** 2;
  const b = t.effective * (t.clusters - 1) + c.effective * (c.clusters - 1);
  const spread = (people - 2) * (1 - icc) ** 2 + (a(t) + a(c)) * icc ** 2 + 2 * b * icc * (1 - icc);
  const variance =
    (people / (t.people * c.people)) * (1 + (weightedSize(t, c) - 1) * icc) +
    (spread * d * d) / (2 * (people - 2) * (people - 2 - icc * (people - 2 - b)));
  return { effect: normalInterval(d, variance, people, level, method), variance };
}

/** Hedges (2007), equations for clusters of one size. */
function equalSizes(plain: number, icc: number, nt: number, nc: number, size: number, level: number): EqualSizeEffect {
  const people = nt + nc;
  const left = people - 2 - 2 * (size - 1) * icc;
  const d = plain * Math.sqrt(left / (people - 2));
  const rest = people - 2 * size;
  const spread = (people - 2) * (1 - icc) ** 2 + size * rest * icc ** 2 + 2 * rest * icc * (1 - icc);
  const df = (left * left) / spread;
  const variance = (people / (nt * nc)) * (1 + (size - 1) * icc) + (d * d * spread) / (2 * (people - 2) * left);
  const factor = approximateSmallSampleFactor(df);
  return { size, effect: normalInterval(d, variance, people, level, method), variance, df, factor, g: factor * d };
}

/**
 * ICC(1) within arms, by analysis of variance: the share of the variance that lies between clusters, after the difference
 * of the arms. (MSB - MSW) / (MSB + (n0 - 1) MSW) with n0 = (N - Σ arms Σ n² / Σ n) / (clusters - 2). May be negative. Null
 * without two clusters in an arm or without people to spare.
 *
 * Reference: Donner and Klar (2000), Design and Analysis of Cluster Randomization Trials, 1.2.
 *
 * @throws RangeError for columns of unequal length or a treatment other than 0 and 1
 * @example
 * iccWithinArms([1, 1, 2, 2, 3, 3, 4, 4], [0, 0, 0, 0, 1, 1, 1, 1], [1, 1, 2, 2, 3, 3, 4, 4]) // => 1
 */
export function iccWithinArms(
  outcome: Values,
  treated: Values,
  clusters: readonly (ClusterLabel | null)[],
): number | null {
  const arms = armsOf(outcome, treated, clusters);
  const both = [arms.intervention, arms.comparison];
  const all = both.flat();
  const people = sum(all.map((members) => members.length));
  const dfBetween = all.length - 2;
  const dfWithin = people - all.length;
  if (both.some((arm) => arm.length === 0) || dfBetween < 1 || dfWithin < 1) return null;
  const within = sum(all.map(sumOfSquaredDeviations));
  const between = sum(
    both.flatMap((arm) => {
      const armMean = mean(arm.flat());
      return arm.map((members) => members.length * (mean(members) - armMean) ** 2);
    }),
  );
  const share = sum(
    both.map((arm) => sum(arm.map((members) => members.length ** 2)) / sum(arm.map((members) => members.length))),
  );
  const typical = (people - share) / dfBetween;
  const [msb, msw] = [between / dfBetween, within / dfWithin];
  return msb + (typical - 1) * msw === 0 ? null : (msb - msw) / (msb + (typical - 1) * msw);
}
