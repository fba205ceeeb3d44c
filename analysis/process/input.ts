/** What the process analyses are made from: a model, places, and the coded entries of its sources. Filled by `server/fidelity/`. */

import type { Entry } from '../../instruments/fidelity/score.ts';
import { cycleWindow, type Window } from '../../instruments/fidelity/windows.ts';
import type { FidelityModel, FidelitySource } from '../../instruments/fidelity-model.ts';
import type { Arm, Cluster, School, Wave } from '../../instruments/study.ts';

/** An entry with its place and day. */
export interface PlacedEntry extends Entry {
  /** The response and, in a list of entries, the number of the entry in it. */
  readonly id: string;
  readonly response: string;
  readonly administration: string;
  /** The day that it tells of; the day on which it came where it tells none. */
  readonly day: string;
  /** False where the source has a variable for the day, and the entry leaves it out. */
  readonly dated: boolean;
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  /** The school as it was written, where the source has a variable for it. */
  readonly told: string | null;
  /** Pseudonyms that are ticked, by the list's name; nothing where a list was left blank. */
  readonly ticked?: Readonly<Record<string, readonly string[]>>;
  /** Pseudonym of whoever answered, where that is known. */
  readonly person: string | null;
}

/** A response to an instrument of the model: that it came is news of a place, whatever stands in it. */
export interface Told {
  readonly response: string;
  readonly instrument: string;
  readonly arm: string;
  readonly cluster: string | null;
  /** Null where it speaks for the whole cluster. */
  readonly school: string | null;
  readonly days: readonly string[];
}

export interface ProcessInput {
  readonly model: FidelityModel;
  readonly arms: readonly Arm[];
  readonly waves: readonly Wave[];
  /** ISO date in the study's time zone. */
  readonly today: string;
  /** The day on which the places of a cycle that still runs are looked at; none: today. */
  readonly standing?: string | undefined;
  readonly clusters: readonly Cluster[];
  /** With their spells, so that they can be had as at any day. */
  readonly schools: readonly School[];
  /** By `sourceKey`, those that count, in no order that means anything. */
  readonly entries: ReadonlyMap<string, readonly PlacedEntry[]>;
  readonly told: readonly Told[];
}

/** Where the entries of a source are kept: sources that read the same list share it, whatever their conditions. */
export function sourceKey({ instrument, table, day, school }: FidelitySource): string {
  return JSON.stringify([instrument, table, day, school]);
}

/** All sources of a model, with their conditions. */
export function sourcesIn(model: FidelityModel): FidelitySource[] {
  return [
    ...model.components.map(({ source }) => source),
    ...model.comparisons.flatMap(({ self, facilitator, observer }) =>
      [self, facilitator, observer].flatMap((view) => (view ? [view.source] : [])),
    ),
    ...(model.usualPractice ? [model.usualPractice.source] : []),
    ...(model.adaptations ? [model.adaptations.source] : []),
  ];
}

/** All lists that a model reads, each once. */
export function sourcesOf(model: FidelityModel): FidelitySource[] {
  return [...new Map(sourcesIn(model).map((source) => [sourceKey(source), source])).values()];
}

/** The cycles of the model whose days can be told, in order. */
export function windowsOf({ model, waves }: Pick<ProcessInput, 'model' | 'waves'>): Map<string, Window> {
  return new Map(
    model.cycles.flatMap((cycle) => {
      const window = cycleWindow(cycle, waves);
      return window ? [[cycle.id, window] as const] : [];
    }),
  );
}

export function isWithin(day: string, { from, to }: Window): boolean {
  return from <= day && day <= to;
}
