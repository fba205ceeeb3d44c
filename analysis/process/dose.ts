/** What was delivered against what was planned, how long it took and when. Called by `picture.ts`. */

import { daysBetween, expectedWindow, type Window } from '../../instruments/fidelity/windows.ts';
import type { Component } from '../../instruments/fidelity-model.ts';
import { groupBy } from '../../instruments/group-by.ts';
import type { PlacedEntry, ProcessInput } from './input.ts';
import { windowsOf } from './input.ts';
import { armsOf, placesIn } from './places.ts';
import { entriesIn } from './scores.ts';

export interface DoseRow {
  readonly component: string;
  readonly cycle: string;
  readonly level: 'school' | 'cluster';
  readonly place: string;
  /** Events, and days where the component says how many one of them takes. */
  readonly planned: number;
  readonly received: number;
  readonly plannedDays: number | null;
  readonly receivedDays: number | null;
  /** Of the events: on or before the last expected day, after it, before the first. */
  readonly onTime: number;
  readonly late: number;
  readonly early: number;
  /** Days from the last expected day to the first event that is late; null where none is. */
  readonly daysLate: number | null;
  readonly first: string | null;
  /** The last expected day. */
  readonly due: string;
  /** Ids of the entries, for those who want to see them. */
  readonly entries: readonly string[];
}

/** One row for each place, component that counts what is expected, and cycle; people's components are not dosed by day. */
export function doseOf(input: ProcessInput, only: readonly string[] | null = null): DoseRow[] {
  const rows: DoseRow[] = [];
  const arms = armsOf(input);
  for (const [cycle, window] of windowsOf(input)) {
    if (only && !only.includes(cycle)) continue;
    const places = placesIn(input, window);
    const isIn = (cluster: string | null) => cluster !== null && arms.isIn(arms.ofCluster(cluster));
    for (const component of input.model.components) {
      // Other rules look at events that a count counts already.
      const expected = component.rule.kind === 'count' ? expectedWindow(component, window, input.waves) : null;
      if (!expected || component.level === 'person' || !component.cycles.includes(cycle)) continue;
      const found = entriesIn(input, component, window);
      const level = component.level;
      const grouped = groupBy(found, (entry) => entry[level]);
      const ids =
        level === 'cluster'
          ? [...places.clusters.keys()].filter(isIn)
          : [...places.schools].filter(([, cluster]) => isIn(cluster)).map(([id]) => id);
      for (const place of ids) {
        rows.push({ ...doseRow(component, expected, grouped.get(place) ?? []), cycle, level, place });
      }
    }
  }
  return rows;
}

function doseRow(
  { id, expected, rule }: Component,
  planned: Window,
  entries: readonly PlacedEntry[],
): Omit<DoseRow, 'cycle' | 'level' | 'place'> {
  const count = expected?.count ?? 0;
  const duration = expected?.duration ?? null;
  const took = rule.kind === 'count' ? rule.duration : null;
  const days = entries.map(({ values }) => {
    const value = took === null ? null : values[took];
    return typeof value === 'number' ? value : (duration ?? 0);
  });
  const dated = entries.map(({ day }) => day).sort();
  const late = dated.filter((day) => day > planned.to);
  const early = dated.filter((day) => day < planned.from);
  return {
    component: id,
    planned: count,
    received: entries.length,
    plannedDays: duration === null ? null : count * duration,
    receivedDays: duration === null ? null : days.reduce((sum, value) => sum + value, 0),
    onTime: dated.length - late.length - early.length,
    late: late.length,
    early: early.length,
    daysLate: late[0] === undefined ? null : daysBetween(planned.to, late[0]),
    first: dated[0] ?? null,
    due: planned.to,
    entries: entries.map((entry) => entry.id),
  };
}

/** Events that were expected by now and of which nobody has told. */
export interface LateEvent {
  readonly component: string;
  readonly cycle: string;
  readonly level: 'school' | 'cluster';
  readonly place: string;
  readonly missing: number;
  readonly due: string;
  readonly daysLate: number;
}

export function lateEvents(rows: readonly DoseRow[], today: string): LateEvent[] {
  return rows
    .filter(({ planned, received, due }) => due < today && received < planned)
    .map(({ component, cycle, level, place, planned, received, due }) => ({
      ...{ component, cycle, level, place, due },
      missing: planned - received,
      daysLate: daysBetween(due, today),
    }))
    .sort((one, other) => other.daysLate - one.daysLate);
}
