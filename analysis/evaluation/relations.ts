/**
 * How fidelity goes with the change of a scale, school by school: slopes with errors that know of clusters, and whether they
 * differ by disadvantage. An association: nobody was allotted a fidelity. Called by `relation-sections.ts`.
 */
import { clusterRobustModel } from '../cluster-robust.ts';
import { quantile } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import { mixedModel } from '../mixed-model.ts';
import type { Estimate } from '../result.ts';

/** A school of the programme with all that is needed to relate it. */
export interface RelationPoint {
  readonly name: string;
  /** What it is alike with: its cluster, or itself. */
  readonly cluster: string;
  /** Fidelity, 0 to 1. */
  readonly index: number;
  /** Change of the school mean from the earlier to the later wave. */
  readonly change: number;
  /** Share of disadvantaged pupils, 0 to 1; null where nobody knows. */
  readonly disadvantaged: number | null;
}

interface LinePoint {
  readonly index: number;
  readonly value: number;
  /** Null where no errors can be told. */
  readonly interval: Estimate['interval'];
}

export interface Relation {
  /** Change by ten points of the index (0.1), with CR2 errors by cluster. */
  readonly robust: Estimate;
  /** The same of a mixed model with a random intercept of clusters. */
  readonly mixed: Estimate;
  /**
   * The least-squares line from the lowest to the highest index with its 95 % interval at each, by the same errors; empty where
   * there is no line. The interval is of the line: single schools lie further away.
   */
  readonly line: readonly LinePoint[];
  readonly disadvantage: {
    /** Median share of disadvantaged pupils; null where nobody knows any. */
    readonly median: number | null;
    /** Slopes of schools up to the median and above it, and how much the second is more. */
    readonly less: Estimate;
    readonly more: Estimate;
    readonly difference: Estimate;
  };
}

const robustMethod = 'Least squares with CR2 errors by cluster, Satterthwaite’s degrees of freedom';
const mixedMethod = 'Mixed model with a random intercept of clusters, Satterthwaite’s degrees of freedom';

/**
 * Change = intercept + slope × index, each school counting once; ten points of the index are the unit. Differences by
 * disadvantage are the product of the index and of lying above the median share, in one model. What few schools or clusters
 * cannot say is null with the model's note.
 *
 * Agrees with R's clubSandwich and lmerTest.
 *
 * @example
 * relate([]).robust.value // => null
 */
export function relate(points: readonly RelationPoint[]): Relation {
  const change = points.map((point) => point.change);
  const tens = points.map(({ index }) => 10 * index);
  const clusters = points.map(({ cluster }) => cluster);
  const whole = clusterRobustModel(change, { index: tens }, clusters);
  const { model, notes } = mixedModel(change, { index: tens }, [{ name: 'cluster', groups: clusters }]);
  const own = model?.coefficients.find(({ term }) => term === 'index');
  return {
    robust: slopeOf(whole, points.length, 'index'),
    mixed: own
      ? { value: own.estimate, n: points.length, interval: finite(own.interval), method: mixedMethod, notes }
      : { value: null, n: points.length, interval: null, method: mixedMethod, notes },
    line: lineThrough(points),
    disadvantage: byDisadvantage(points),
  };
}

/** How many steps the band is drawn in. */
const steps = 8;

/** Counted from a value of the index, the intercept of the model is the line there, and its error that of the line. */
function lineThrough(points: readonly RelationPoint[]): LinePoint[] {
  const change = points.map((point) => point.change);
  const clusters = points.map(({ cluster }) => cluster);
  const [lowest, highest] = [
    Math.min(...points.map(({ index }) => index)),
    Math.max(...points.map(({ index }) => index)),
  ];
  if (!(lowest < highest)) return [];
  const at = Array.from({ length: steps + 1 }, (_, step) => lowest + ((highest - lowest) * step) / steps);
  return at.flatMap((from): LinePoint[] => {
    const { model } = clusterRobustModel(change, { index: points.map(({ index }) => 10 * (index - from)) }, clusters);
    const intercept = model?.coefficients[0];
    return intercept ? [{ index: from, value: intercept.estimate, interval: finite(intercept.interval) }] : [];
  });
}

function byDisadvantage(points: readonly RelationPoint[]): Relation['disadvantage'] {
  const known = points.filter(({ disadvantaged }) => disadvantaged !== null);
  const median = quantile(
    known.map(({ disadvantaged }) => disadvantaged),
    0.5,
  );
  const isMore = known.map(({ disadvantaged }) => ((disadvantaged ?? 0) > (median ?? 0) ? 1 : 0));
  const index = known.map((point) => 10 * point.index);
  /** A half as the reference: the slope of the index is that of the half, the product is how the other differs. */
  const columns = (other: readonly number[]): Predictors => ({
    index,
    other,
    product: index.map((value, at) => value * (other[at] ?? 0)),
  });
  const isLess = isMore.map((more) => 1 - more);
  const fitted = (other: readonly number[]) =>
    clusterRobustModel(
      known.map(({ change }) => change),
      columns(other),
      known.map(({ cluster }) => cluster),
    );
  const below = fitted(isMore);
  const n = (half: readonly number[]) => half.filter((is) => is === 1).length;
  return {
    median,
    less: { ...slopeOf(below, known.length, 'index'), n: n(isLess) },
    more: { ...slopeOf(fitted(isLess), known.length, 'index'), n: n(isMore) },
    difference: slopeOf(below, known.length, 'product'),
  };
}

function slopeOf({ model, notes }: ReturnType<typeof clusterRobustModel>, n: number, term: string): Estimate {
  const found = model?.coefficients.find((one) => one.term === term);
  const about = { n, method: robustMethod, notes };
  if (!found) return { ...about, value: null, interval: null };
  return { ...about, value: found.estimate, interval: finite(found.interval) };
}

function finite(interval: Estimate['interval']): Estimate['interval'] {
  return interval && Number.isFinite(interval.lower) && Number.isFinite(interval.upper) ? interval : null;
}
