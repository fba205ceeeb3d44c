/**
 * The score of every component for every cluster and school in every cycle. A school has the scores of its cluster where a
 * component is the cluster's; a cluster has the mean of its schools where it is the schools', and all people of the cluster
 * where it is people's. Called by `picture.ts`.
 */

import { type Entry, holds, type Score, type ScoreReason, scoreOf } from '../../instruments/fidelity/score.ts';
import { expectedWindow, type Window } from '../../instruments/fidelity/windows.ts';
import type { Component } from '../../instruments/fidelity-model.ts';
import { groupBy } from '../../instruments/group-by.ts';
import { isWithin, type PlacedEntry, type ProcessInput, sourceKey, windowsOf } from './input.ts';
import { armsOf, type CyclePlaces, type PlaceArms, placesIn } from './places.ts';

export interface Cell extends Score {
  readonly component: string;
  readonly cycle: string;
}

export interface ScoredPlaces {
  /** By id of the cluster, and of the school; in the order of the model's components and their cycles. */
  readonly clusters: ReadonlyMap<string, readonly Cell[]>;
  readonly schools: ReadonlyMap<string, readonly Cell[]>;
  /** The cluster of each school in the latest cycle in which it was there. */
  readonly clusterOf: ReadonlyMap<string, string | null>;
}

interface CycleScores {
  readonly clusters: ReadonlyMap<string, Score>;
  readonly schools: ReadonlyMap<string, Score>;
}

const none = (reason: ScoreReason): Score => ({ value: null, reason, n: 0, people: 0 });

/** @param only ids of the cycles that are wanted; null: all */
export function scoredPlaces(input: ProcessInput, only: readonly string[] | null = null): ScoredPlaces {
  const windows = windowsOf(input);
  const clusters = new Map<string, Cell[]>(input.clusters.map(({ id }) => [id, []]));
  const schools = new Map<string, Cell[]>(input.schools.map(({ id }) => [id, []]));
  const clusterOf = new Map<string, string | null>();
  const arms = armsOf(input);
  const placesByCycle = new Map([...windows].map(([cycle, window]) => [cycle, placesIn(input, window)]));
  for (const places of placesByCycle.values()) for (const [id, cluster] of places.schools) clusterOf.set(id, cluster);
  for (const component of input.model.components) {
    for (const cycle of component.cycles) {
      const window = windows.get(cycle);
      const places = placesByCycle.get(cycle);
      if (!window || !places || (only && !only.includes(cycle))) continue;
      const scores = cycleScores(input, component, window, { places, arms });
      const put = (lists: Map<string, Cell[]>, of: ReadonlyMap<string, Score>) => {
        for (const [id, list] of lists) {
          list.push({ component: component.id, cycle, ...(of.get(id) ?? none('not-there')) });
        }
      };
      put(clusters, scores.clusters);
      put(schools, scores.schools);
    }
  }
  return { clusters, schools, clusterOf };
}

/** The entries of a source in a cycle, or of all days. */
export function entriesIn(
  { entries }: Pick<ProcessInput, 'entries'>,
  { source }: Pick<Component, 'source'>,
  window: Window | null,
): PlacedEntry[] {
  return (entries.get(sourceKey(source)) ?? []).filter(
    (entry) => (!window || isWithin(entry.day, window)) && source.where.every((condition) => holds(condition, entry)),
  );
}

/** Places from which anything came in a cycle, through the instrument of a source. */
function coverageOf({ told }: ProcessInput, instrument: string, window: Window) {
  const clusters = new Set<string | null>();
  const whole = new Set<string | null>();
  const schools = new Set<string | null>();
  for (const one of told) {
    if (one.instrument !== instrument || !one.days.some((day) => isWithin(day, window))) continue;
    clusters.add(one.cluster);
    if (one.school === null) whole.add(one.cluster);
    else schools.add(one.school);
  }
  return {
    cluster: (id: string) => clusters.has(id),
    school: (id: string, cluster: string | null) => schools.has(id) || (cluster !== null && whole.has(cluster)),
  };
}

function cycleScores(
  input: ProcessInput,
  component: Component,
  window: Window,
  { places, arms }: { readonly places: CyclePlaces; readonly arms: PlaceArms },
): CycleScores {
  const found = entriesIn(input, component, window);
  const covers = coverageOf(input, component.source.instrument, window);
  const expected = expectedWindow(component, window, input.waves);
  const due = input.today > (expected ?? window).to;
  const score = (entries: readonly Entry[], covered: boolean, schools: number) =>
    scoreOf(component, entries, { schools, covered, due });
  const inCluster = groupBy(found, ({ cluster }) => cluster);
  const inSchool = groupBy(found, ({ school }) => school);
  const clusters = new Map<string, Score>();
  const schools = new Map<string, Score>();
  if (component.level !== 'cluster') {
    for (const [id, cluster] of places.schools) {
      const size = cluster === null ? 1 : (places.clusters.get(cluster)?.length ?? 1);
      const own = score(inSchool.get(id) ?? [], covers.school(id, cluster), size);
      schools.set(id, arms.isIn(arms.ofSchool(id, cluster)) ? own : none('not-in-programme'));
    }
  }
  for (const [id, members] of places.clusters) {
    if (!arms.isIn(arms.ofCluster(id))) clusters.set(id, none('not-in-programme'));
    else if (component.level === 'school') clusters.set(id, meanOf(members.map((school) => schools.get(school))));
    else clusters.set(id, score(inCluster.get(id) ?? [], covers.cluster(id), members.length));
  }
  if (component.level === 'cluster') {
    for (const [id, cluster] of places.schools) {
      schools.set(id, (cluster === null ? undefined : clusters.get(cluster)) ?? none('not-in-programme'));
    }
  }
  return { clusters, schools };
}

/** The mean of the schools that have a score; the reason that most have where none does. */
function meanOf(scores: readonly (Score | undefined)[]): Score {
  const values = scores.flatMap((score) => score?.value ?? []);
  if (values.length > 0) {
    const value = values.reduce((sum, one) => sum + one, 0) / values.length;
    return { value, reason: null, n: values.length, people: 0 };
  }
  const counts = new Map<ScoreReason, number>();
  for (const score of scores) if (score?.reason) counts.set(score.reason, (counts.get(score.reason) ?? 0) + 1);
  const [most] = [...counts].sort(([, one], [, other]) => other - one);
  return none(most?.[0] ?? 'no-data');
}
