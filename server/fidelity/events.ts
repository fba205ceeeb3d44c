/**
 * The events behind a score: what was logged and observed of a place, with what was found about each, and whether it counts.
 * What single people answered is never shown here. Called by the routes.
 */
import { isWithin, type PlacedEntry, sourceKey, windowsOf } from '../../analysis/process/input.ts';
import { holds } from '../../instruments/fidelity/score.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { type Evidence, listEvidenceFor } from '../evidence/store.ts';
import { type FidelityReader, flagFor, loadFidelityData, type ResolvedFlag, seenIn } from './fidelity.ts';
import { type Told, wordsOf } from './words.ts';

export interface EventsAsked {
  readonly component?: string | undefined;
  readonly cycle?: string | undefined;
  readonly cluster?: string | undefined;
  readonly school?: string | undefined;
}

export interface ShownEvent {
  readonly id: string;
  readonly component: string;
  readonly cycle: string;
  readonly administration: string;
  readonly day: string;
  readonly dated: boolean;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly counts: boolean;
  /** What the rule and the conditions read, in the words of the instrument. */
  readonly told: readonly Told[];
  readonly flags: readonly ResolvedFlag[];
  /** Files that came with it, for those who may see rows. */
  readonly evidence: readonly Pick<Evidence, '_id' | 'name' | 'bytes'>[];
}

const mostShown = 500;

export async function listEvents(
  context: Pick<Context, 'db' | 'clock'>,
  study: Study,
  asked: EventsAsked,
  reader: FidelityReader,
): Promise<{ readonly events: readonly ShownEvent[]; readonly more: number }> {
  const data = await loadFidelityData(context, study, reader.scope);
  if (!data) return { events: [], more: 0 };
  const { input, all, flags, places } = data;
  const seen = seenIn(reader.scope, places);
  const windows = windowsOf(input);
  const flagsOf = new Map<string, ResolvedFlag[]>();
  for (const flag of flags)
    if (flag.entry !== null) flagsOf.set(flag.entry, [...(flagsOf.get(flag.entry) ?? []), flag]);
  const counted = new Map([...input.entries].map(([key, list]) => [key, new Set(list.map(({ id }) => id))]));
  const found: (Omit<ShownEvent, 'told' | 'evidence'> & {
    readonly names: readonly string[];
    readonly entry: PlacedEntry;
  })[] = [];
  for (const component of input.model.components) {
    // Of a person's answers one line is one person.
    if (component.level === 'person' || (asked.component !== undefined && component.id !== asked.component)) continue;
    const key = sourceKey(component.source);
    for (const cycle of component.cycles) {
      const window = windows.get(cycle);
      if (!window || (asked.cycle !== undefined && cycle !== asked.cycle)) continue;
      const entries = (all.get(key) ?? []).filter(
        (entry) =>
          isWithin(entry.day, window) &&
          component.source.where.every((condition) => holds(condition, entry)) &&
          (asked.cluster === undefined || entry.cluster === asked.cluster) &&
          (asked.school === undefined || entry.school === asked.school) &&
          (entry.school === null ? entry.cluster !== null && seen.cluster(entry.cluster) : seen.school(entry.school)),
      );
      const names = valuesOf(component);
      for (const entry of entries) {
        found.push({
          ...{ id: entry.id, component: component.id, cycle, administration: entry.administration },
          ...{ day: entry.day, dated: entry.dated, cluster: entry.cluster, school: entry.school },
          counts: counted.get(key)?.has(entry.id) ?? false,
          ...{ names, entry },
          flags: (flagsOf.get(entry.id) ?? []).flatMap((flag) => flagFor(flag, reader) ?? []),
        });
      }
    }
  }
  found.sort((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
  const words = await wordsOf(context, study, input.model);
  const shown = found.slice(0, mostShown);
  const attached = reader.suppress ? [] : await listEvidenceFor(context.db, study.id, responsesOf(shown));
  const events = shown.map(({ names, entry, ...event }): ShownEvent => {
    const put = words(entry.administration);
    return {
      ...event,
      evidence: attached.filter((file) => isOf(file, entry)).map(({ _id, name, bytes }) => ({ _id, name, bytes })),
      told: names.map((name) => put(name, name in entry.scales ? entry.scales[name] : entry.values[name])),
    };
  });
  return { events, more: Math.max(0, found.length - mostShown) };
}

const responsesOf = (found: readonly { readonly entry: PlacedEntry }[]) => [
  ...new Set(found.map(({ entry }) => entry.response)),
];

/** Whether a file came with an entry, or with the whole response that it stands in. */
function isOf({ response, entry }: Evidence, event: PlacedEntry): boolean {
  if (response !== event.response) return false;
  return entry === null || event.id === `${event.response}:${entry.table}:${entry.number}`;
}

/** Names of what a component looks at; scales by their id. */
function valuesOf({ source, rule }: FidelityModel['components'][number]): string[] {
  const ruled =
    rule.kind === 'count'
      ? [rule.duration]
      : rule.kind === 'proportion'
        ? [rule.when.variable]
        : rule.kind === 'scale'
          ? [rule.scale]
          : [rule.kind === 'share' && rule.outOf === 'people' ? `${rule.variable}_n` : rule.variable];
  return [...new Set([...source.where.map(({ variable }) => variable), ...ruled])].filter((name) => name !== null);
}
