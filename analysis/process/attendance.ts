/**
 * Who took part of those who could: for each entry the share of the people on the roster at its day who are ticked in it, by the
 * rules of a model that ask for one. Called by `server/fidelity/` before scores are made.
 */
import { attendanceKey, type ShareRule } from '../../instruments/fidelity/score.ts';
import { type DatedPerson, personAt, personSpells, schoolAt } from '../../instruments/membership.ts';
import type { Role } from '../../instruments/study.ts';
import { type PlacedEntry, type ProcessInput, sourceKey } from './input.ts';
import { placesOf } from './places.ts';

type Input = Pick<ProcessInput, 'model' | 'clusters' | 'schools' | 'entries'>;
type RosterPerson = DatedPerson & { readonly id: string };

/** The rules of a model that count people, by the list of entries that each reads. */
function peopleRules({ components }: ProcessInput['model']): Map<string, ShareRule[]> {
  const rules = new Map<string, ShareRule[]>();
  for (const { source, rule } of components) {
    if (rule.kind !== 'share' || rule.outOf !== 'people') continue;
    const key = sourceKey(source);
    rules.set(key, [...(rules.get(key) ?? []), rule]);
  }
  return rules;
}

/** Whether any rule needs to know who is on the roster. */
export const countsPeople = (model: ProcessInput['model']): boolean => peopleRules(model).size > 0;

/**
 * The same entries with their attendance: of the people of the entry's school, or of its cluster where it tells no school, who
 * were there on its day (in the rule's roles), the share that is ticked. Ticks of people who were not there count for nothing.
 * No share where the list was left blank, or where nobody was there who could have come.
 */
export function withAttendance(input: Input, people: readonly RosterPerson[]): ProcessInput['entries'] {
  const rules = peopleRules(input.model);
  if (rules.size === 0) return input.entries;
  const expected = expectedAt(input, people);
  const counted = ([key, entries]: [string, readonly PlacedEntry[]]): [string, readonly PlacedEntry[]] => {
    const own = rules.get(key) ?? [];
    if (own.length === 0) return [key, entries];
    return [key, entries.map((entry) => ({ ...entry, attendance: sharesOf(entry, own, expected) }))];
  };
  return new Map([...input.entries].map(counted));
}

type Expected = (place: Pick<PlacedEntry, 'school' | 'cluster'>, day: string) => ReadonlyMap<string, Role>;

function sharesOf(entry: PlacedEntry, rules: readonly ShareRule[], expected: Expected): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const rule of rules) {
    const ticked = new Set(entry.ticked?.[rule.variable] ?? []);
    if (ticked.size === 0) continue;
    const there = [...expected(entry, entry.day)].filter(([, role]) => rule.roles?.includes(role) ?? true);
    if (there.length === 0) continue;
    shares[attendanceKey(rule)] = there.filter(([id]) => ticked.has(id)).length / there.length;
  }
  return shares;
}

/** Who is at a place on a day, with roles; each place and day is looked at once. */
function expectedAt(input: Input, people: readonly RosterPerson[]): Expected {
  const places = placesOf(input);
  const bySchool = new Map<string, Set<RosterPerson>>();
  const byCluster = new Map<string, Set<RosterPerson>>();
  const put = (index: Map<string, Set<RosterPerson>>, place: string | null, person: RosterPerson) => {
    if (place !== null) index.set(place, (index.get(place) ?? new Set()).add(person));
  };
  for (const person of people) {
    for (const { school, cluster } of personSpells(person)) {
      put(bySchool, school, person);
      if (school === null) put(byCluster, cluster, person);
    }
  }
  const near = (school: string | null, cluster: string | null, day: string): RosterPerson[] => {
    if (school !== null) return [...(bySchool.get(school) ?? [])];
    if (cluster === null) return [];
    const members = input.schools.filter((one) => schoolAt(one, day, places)?.cluster === cluster);
    return [...(byCluster.get(cluster) ?? []), ...members.flatMap(({ id }) => [...(bySchool.get(id) ?? [])])];
  };
  const known = new Map<string, ReadonlyMap<string, Role>>();
  return ({ school, cluster }, day) => {
    const key = JSON.stringify([school, school === null ? cluster : null, day]);
    const before = known.get(key);
    if (before) return before;
    const there = new Map<string, Role>();
    for (const person of near(school, cluster, day)) {
      const standing = personAt(person, day, places);
      const here = school === null ? standing?.cluster === cluster : standing?.school === school;
      if (standing?.role && here) there.set(person.id, standing.role);
    }
    known.set(key, there);
    return there;
  };
}
