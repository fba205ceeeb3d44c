/**
 * The same thing as those who took part, those who led it and somebody who watched see it: one unit for each cluster and cycle,
 * with Cohen's kappa of the categories of each pair and intraclass correlations of the scores. Called by `server/fidelity/`.
 */

import { peopleIn, scaleValue } from '../../instruments/fidelity/score.ts';
import type { Comparison, ComparisonView } from '../../instruments/fidelity-model.ts';
import { groupBy } from '../../instruments/group-by.ts';
import { type CohenKappa, cohenKappa } from '../kappa.ts';
import { type RaterReliability, raterReliability } from '../rater-reliability.ts';
import { type PlacedEntry, type ProcessInput, windowsOf } from './input.ts';
import { entriesIn } from './scores.ts';

export const views = ['self', 'facilitator', 'observer'] as const;
export type View = (typeof views)[number];

export interface SeenBy {
  /** 0 to 1. */
  readonly value: number | null;
  /** 0 low, 1 partly, 2 as intended. */
  readonly category: 0 | 1 | 2 | null;
  /** Responses, or entries of a list. */
  readonly n: number;
  /** Whose they are. */
  readonly people: number;
}

export interface ComparedUnit {
  readonly comparison: string;
  readonly cluster: string;
  readonly cycle: string;
  readonly views: Readonly<Record<View, SeenBy | null>>;
}

export interface PairAgreement {
  readonly one: View;
  readonly other: View;
  /** Units that both saw. */
  readonly n: number;
  /** Rows: categories of the first, columns: of the second. */
  readonly table: readonly (readonly number[])[];
  readonly kappa: CohenKappa;
  readonly weighted: CohenKappa;
  readonly reliability: RaterReliability;
}

export interface SourceComparison {
  readonly comparison: string;
  readonly title: string;
  readonly units: readonly ComparedUnit[];
  readonly pairs: readonly PairAgreement[];
  /** All sources at once, over units that all of them saw; null with fewer than three sources. */
  readonly all: RaterReliability | null;
}

/** A view of every cluster and cycle: the mean of what came, from 0 to 1. */
export function comparedUnits(input: ProcessInput, comparison: Comparison): ComparedUnit[] {
  const units: ComparedUnit[] = [];
  for (const [cycle, window] of windowsOf(input)) {
    const seen = new Map<View, Map<string, PlacedEntry[]>>();
    for (const name of views) {
      const view = comparison[name];
      if (!view) continue;
      const told = entriesIn(input, view, window).filter((entry) => scaleValue(entry, view.scale) !== null);
      seen.set(
        name,
        groupBy(told, ({ cluster }) => cluster),
      );
    }
    for (const { id: cluster } of input.clusters) {
      const unit = Object.fromEntries(
        views.map((name) => [name, seenBy(comparison[name], seen.get(name)?.get(cluster) ?? [], comparison.cutoffs)]),
      ) as Record<View, SeenBy | null>;
      if (views.some((name) => (unit[name]?.value ?? null) !== null)) {
        units.push({ comparison: comparison.id, cluster, cycle, views: unit });
      }
    }
  }
  return units;
}

function seenBy(
  view: ComparisonView | null,
  told: readonly PlacedEntry[],
  cutoffs: Comparison['cutoffs'],
): SeenBy | null {
  if (!view) return null;
  const values = told.flatMap((entry) => scaleValue(entry, view.scale) ?? []);
  if (values.length === 0) return { value: null, category: null, n: 0, people: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const value = Math.min(1, Math.max(0, (mean - view.range.min) / (view.range.max - view.range.min)));
  return {
    value,
    category: value < cutoffs.low ? 0 : value < cutoffs.high ? 1 : 2,
    n: values.length,
    people: peopleIn(told),
  };
}

/**
 * Agreement over units. Kappa takes the categories (low, partly, as intended); linear weights count a neighbour as half an
 * agreement. The correlations take the scores themselves, with and without the level of each source.
 */
export function agreementOf(
  { id, title }: Pick<Comparison, 'id' | 'title'>,
  units: readonly ComparedUnit[],
): SourceComparison {
  const present = views.filter((name) => units.some((unit) => unit.views[name] !== null));
  const pairs = present.flatMap((one, i) =>
    present.slice(i + 1).map((other): PairAgreement => {
      const both = units.flatMap(({ views: seen }) => {
        const [a, b] = [seen[one], seen[other]];
        return a && b && a.category !== null && b.category !== null ? [{ a, b }] : [];
      });
      const table = [0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => both.filter(({ a, b }) => a.category === row && b.category === column).length),
      );
      const columns = [both.map(({ a }) => a.value), both.map(({ b }) => b.value)];
      return {
        ...{ one, other, n: both.length, table },
        kappa: cohenKappa(table),
        weighted: cohenKappa(table, 'linear'),
        reliability: raterReliability(columns),
      };
    }),
  );
  const all =
    present.length < 3
      ? null
      : raterReliability(present.map((name) => units.map(({ views: seen }) => seen[name]?.value ?? null)));
  return { comparison: id, title, units, pairs, all };
}
