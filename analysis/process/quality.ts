/**
 * What is wrong, or looks wrong, with what was logged: each finding with the entry or place that it is about, and whether the
 * entry counts until somebody has looked at it. Nothing is changed or lost: people resolve findings, and their resolutions
 * decide. Called by `server/fidelity/`.
 */

import { holds } from '../../instruments/fidelity/score.ts';
import type { Window } from '../../instruments/fidelity/windows.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { groupBy } from '../../instruments/group-by.ts';
import { type DatedPerson, type Places, personAt, schoolAt } from '../../instruments/membership.ts';
import { isWithin, type PlacedEntry, type ProcessInput, sourceKey, sourcesIn, windowsOf } from './input.ts';
import { placesOf } from './places.ts';

export const flagKinds = [
  'unknown-school',
  'other-cluster',
  'before-joining',
  'after-leaving',
  'person-left',
  'ticked-not-there',
  'duplicate',
  'contradiction',
  'no-day',
  'future-day',
  'outside-cycles',
  'late-event',
] as const;
export type FlagKind = (typeof flagKinds)[number];

export const flagTitles: Readonly<Record<FlagKind, string>> = {
  'unknown-school': 'School not known',
  'other-cluster': 'School of another cluster',
  'before-joining': 'Before the school joined',
  'after-leaving': 'After the school left',
  'person-left': 'From somebody who had left',
  'ticked-not-there': 'Ticked people who were not there',
  duplicate: 'Logged twice',
  contradiction: 'Sources contradict each other',
  'no-day': 'No day given',
  'future-day': 'Day to come',
  'outside-cycles': 'In no cycle',
  'late-event': 'Expected and not logged',
};

/** Findings whose entry does not count until somebody decides that it does. */
const leftOut: ReadonlySet<FlagKind> = new Set([
  'other-cluster',
  'before-joining',
  'after-leaving',
  'person-left',
  'duplicate',
  'future-day',
]);

export interface Flag {
  /** The same for the same finding on the same data, so that a resolution finds it again. */
  readonly id: string;
  readonly kind: FlagKind;
  readonly entry: string | null;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly day: string | null;
  readonly cycle: string | null;
  readonly component: string | null;
  /** One sentence. */
  readonly text: string;
  /** The school as it was written, where that is what the finding is about: words of whoever wrote it. */
  readonly told: string | null;
  /** Whether the entry counts while nobody has decided; null where no entry hangs on it. */
  readonly counts: boolean | null;
  /** Of an event that was logged twice: the entries before it that tell of the same. It waits while one of them counts. */
  readonly after?: readonly string[] | undefined;
}

export interface QualityInput extends Pick<ProcessInput, 'model' | 'waves' | 'today' | 'clusters' | 'schools'> {
  /** All entries, counted or not, by `sourceKey`. */
  readonly entries: ProcessInput['entries'];
  /** People who came, moved or left, by pseudonym. */
  readonly people: ReadonlyMap<string, DatedPerson>;
}

/** With the days of its cycles, told once. */
interface Looking extends QualityInput {
  readonly windows: ReadonlyMap<string, Window>;
}

/** Findings about single entries. One entry may have several. */
export function entryFlags(given: QualityInput): Flag[] {
  const input: Looking = { ...given, windows: windowsOf(given) };
  const places = placesOf(input);
  const names = new Map(input.schools.map(({ id, name }) => [id, name]));
  const flags = new Map<string, Flag>();
  for (const [key, entries] of input.entries) {
    const bySchool = (JSON.parse(key) as unknown[])[3] !== null;
    const byDay = (JSON.parse(key) as unknown[])[2] !== null;
    const isRead = readBy(input.model, key);
    for (const entry of entries.filter(isRead)) {
      const add = (kind: FlagKind, text: string) => {
        const flag = flagOf(input, kind, entry, text);
        flags.set(flag.id, flag);
      };
      if (bySchool && entry.told !== null && entry.school === null) {
        add('unknown-school', 'The roster knows no school of that code, number or name.');
      }
      if (byDay && !entry.dated) add('no-day', 'The day is left out; the day on which it was sent stands for it.');
      if (byDay && entry.day > input.today) add('future-day', `${entry.day} is still to come.`);
      else if (byDay && entry.dated && cycleOf(input, entry.day) === null) {
        add('outside-cycles', `${entry.day} lies in no cycle of the model, so it counts in none.`);
      }
      if (entry.school !== null) schoolFlags(entry, names.get(entry.school) ?? entry.school, places, add);
      const person = entry.person === null ? undefined : input.people.get(entry.person);
      if (person && personLeft(person, entry, places)) {
        add('person-left', `Whoever sent it was not on the roster any more on ${entry.day}.`);
      }
      const absent = tickedNotThere(input, entry, places);
      if (absent > 0) {
        const who = absent === 1 ? '1 person who is ticked was' : `${absent} people who are ticked were`;
        const count = absent === 1 ? 'that tick does not count' : 'those ticks do not count';
        add('ticked-not-there', `${who} not on the roster on ${entry.day}; ${count} in shares of people.`);
      }
    }
  }
  for (const flag of duplicateFlags(input)) flags.set(flag.id, flag);
  return [...flags.values()];
}

function schoolFlags(
  entry: PlacedEntry,
  name: string,
  places: Places,
  add: (kind: FlagKind, text: string) => void,
): void {
  const school = entry.school === null ? undefined : places.school(entry.school);
  if (!school) return;
  const standing = schoolAt(school, entry.day, places);
  if (!standing) {
    const begun = (school.spells ?? []).some(({ from }) => from === null || from <= entry.day);
    if (begun) add('after-leaving', `${name} was not in the study any more on ${entry.day}.`);
    else add('before-joining', `${name} was not yet in the study on ${entry.day}.`);
    return;
  }
  if (entry.cluster !== null && standing.cluster !== entry.cluster) {
    add('other-cluster', `${name} did not belong to this cluster on ${entry.day}.`);
  }
}

/** Somebody who was there once and is not any more; whoever is still to come is let pass. */
function personLeft(person: DatedPerson, { day }: PlacedEntry, places: Places): boolean {
  const spells = person.spells;
  if (!spells || personAt(person, day, places)) return false;
  return spells.some(({ to }) => to !== null && to < day);
}

/** How many who are ticked had left by the day, or were still to come. */
function tickedNotThere(input: QualityInput, { ticked, day }: PlacedEntry, places: Places): number {
  const people = new Set(Object.values(ticked ?? {}).flat());
  return [...people].filter((id) => {
    const person = input.people.get(id);
    return person !== undefined && personAt(person, day, places) === null;
  }).length;
}

/** Two entries of one list with the same place, day and kind: the first that counts stands, the others wait. */
function* duplicateFlags(input: Looking): Generator<Flag> {
  for (const entries of mergedLists(input)) {
    for (const group of groupBy(entries, ({ same }) => same).values()) {
      const [first, ...others] = [...group].sort((one, other) => (one.entry.id < other.entry.id ? -1 : 1));
      const before = first ? [first.entry.id] : [];
      for (const { entry } of others) {
        const where = first?.entry.response === entry.response ? 'twice in one log' : 'in two logs';
        const text = `The same event of ${entry.day} stands ${where}; it counts once.`;
        yield { ...flagOf(input, 'duplicate', entry, text), after: [...before] };
        before.push(entry.id);
      }
    }
  }
}

/** Entries of one panel, each once however many sources read it, with the school where any of these sources tells it. */
function mergedLists(input: QualityInput): { entry: PlacedEntry; same: string }[][] {
  const panels = new Map<string, Map<string, PlacedEntry>>();
  const kinds = new Map<string, Set<string>>();
  for (const [key, entries] of input.entries) {
    const [instrument, table, day] = JSON.parse(key) as (string | null)[];
    if (table === null || day === null) continue;
    const panel = JSON.stringify([instrument, table, day]);
    const merged = panels.get(panel) ?? new Map<string, PlacedEntry>();
    panels.set(panel, merged);
    kinds.set(panel, new Set([...(kinds.get(panel) ?? []), ...kindVariables(input.model, key)]));
    const isRead = readBy(input.model, key);
    for (const entry of entries) {
      const known = merged.get(entry.id);
      if (known ? known.told === null && entry.told !== null : entry.dated && isRead(entry))
        merged.set(entry.id, entry);
    }
  }
  return [...panels].map(([panel, merged]) => {
    const names = [...(kinds.get(panel) ?? [])].sort();
    return [...merged.values()].map((entry) => {
      const { cluster, school, told, day, values } = entry;
      const where = school ?? told?.trim().toLowerCase() ?? null;
      return { entry, same: JSON.stringify([cluster, where, day, ...names.map((name) => values[name] ?? null)]) };
    });
  });
}

/** Whether anything of the model reads an entry: one that was put off has no day, and needs none. */
function readBy(model: FidelityModel, key: string): (entry: PlacedEntry) => boolean {
  const wheres = sourcesIn(model)
    .filter((source) => sourceKey(source) === key)
    .map(({ where }) => where);
  return (entry) => wheres.some((where) => where.every((condition) => holds(condition, entry)));
}

/** The variables by which a list's entries are told apart, apart from whether they took place. */
function kindVariables({ components }: FidelityModel, key: string): string[] {
  const conditions = components.filter(({ source }) => sourceKey(source) === key).flatMap(({ source }) => source.where);
  return [...new Set(conditions.map(({ variable }) => variable))].sort();
}

function flagOf(input: Looking, kind: FlagKind, entry: PlacedEntry, text: string): Flag {
  const { id, cluster, school, day } = entry;
  return {
    id: `${kind}:${id}`,
    kind,
    entry: id,
    cluster,
    school,
    day,
    cycle: cycleOf(input, day),
    component: null,
    text,
    told: kind === 'unknown-school' ? entry.told : null,
    counts: !leftOut.has(kind),
  };
}

/** The cycle of a day; null: in none. */
function cycleOf({ windows }: Pick<Looking, 'windows'>, day: string): string | null {
  for (const [cycle, window] of windows) if (isWithin(day, window)) return cycle;
  return null;
}

/** What somebody has decided on a finding. */
export const decisions = ['count', 'leave-out', 'noted'] as const;
export type Decision = (typeof decisions)[number];

/**
 * Entries that count: those without a finding against them, and those that somebody has let in. Of an event that was logged
 * twice the first entry that nothing else speaks against: leaving one of them out never loses the event.
 */
export function countedEntries(
  entries: ProcessInput['entries'],
  flags: readonly Flag[],
  decided: ReadonlyMap<string, Decision>,
): ProcessInput['entries'] {
  const out = new Set<string>();
  const decisionOn = ({ id }: Flag) => decided.get(id) ?? 'noted';
  for (const flag of flags) {
    const decision = decisionOn(flag);
    const waits = flag.counts === false && flag.after === undefined && decision !== 'count';
    if (flag.entry !== null && (waits || decision === 'leave-out')) out.add(flag.entry);
  }
  // In the order of the entries, so that whichever stands is known before those that wait for it.
  for (const flag of flags) {
    if (flag.entry === null || !flag.after || decisionOn(flag) === 'count') continue;
    if (flag.after.some((one) => !out.has(one))) out.add(flag.entry);
  }
  if (out.size === 0) return entries;
  return new Map([...entries].map(([key, list]) => [key, list.filter(({ id }) => !out.has(id))]));
}
