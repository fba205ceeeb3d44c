/**
 * Dated membership: where a person or a school stood as allocated, or on a given day. What stands at the top of a member
 * is its allocation and never changes with time; its spells tell what came after. Called by the rosters, exports and rates.
 *
 * A spell is a stretch of days, first and last included; null means "since the beginning" or "still". A member without
 * spells is there all the time as allocated. The arm of a day is the arm of the cluster that a school belongs to then, and
 * its own when it is in none: a comparison school that joins a partnership shows as what it has become, and only there.
 */
import type { Cluster, Role, School } from './study.ts';

interface Days {
  readonly from: string | null;
  readonly to: string | null;
}
export type Spell<P> = Days & P;

export interface SchoolPlace {
  readonly cluster: string | null;
}
export interface PersonPlace {
  readonly school: string | null;
  /** Counts for somebody without a school; whoever has one is in the cluster of that school. */
  readonly cluster: string | null;
  readonly role: Role;
}
export type ClusterSpell = Days;
export type SchoolSpell = Spell<SchoolPlace>;
export type PersonSpell = Spell<PersonPlace>;

export interface DatedPerson extends PersonPlace {
  readonly arm: string;
  readonly spells?: readonly PersonSpell[] | undefined;
}

/** `allocated`, or an ISO date. */
export type AsAt = string;
export const asAllocated = 'allocated';

/** Where somebody stands. For a school, `school` is its own id and `role` is null. */
export interface Standing {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role | null;
}

/** Looks up the members above. */
export interface Places {
  cluster(id: string): Pick<Cluster, 'arm' | 'spells'> | undefined;
  school(id: string): Pick<School, 'id' | 'arm' | 'cluster' | 'spells'> | undefined;
}

/**
 * The spell that holds the day; undefined when there is none.
 *
 * @example
 * spellAt([{ from: null, to: '2026-08-31' }, { from: '2026-09-01', to: null }], '2026-09-01')
 * // => { from: '2026-09-01', to: null }
 */
export function spellAt<S extends Days>(spells: readonly S[], day: string): S | undefined {
  return spells.find(({ from, to }) => (from === null || from <= day) && (to === null || day <= to));
}

/** The spells of a school, also of one that never changed. */
export function schoolSpells(school: Pick<School, 'cluster' | 'spells'>): readonly SchoolSpell[] {
  return school.spells ?? [{ from: null, to: null, cluster: school.cluster }];
}

/** The spells of a person, also of one who never changed. */
export function personSpells({ spells, school, cluster, role }: DatedPerson): readonly PersonSpell[] {
  return spells ?? [{ from: null, to: null, school, cluster, role }];
}

/** The spells of a cluster. */
export function clusterSpells({ spells }: Pick<Cluster, 'spells'>): readonly ClusterSpell[] {
  return spells ?? [{ from: null, to: null }];
}

/** True when the cluster belongs to the study on that day. */
export function isClusterThere(cluster: Pick<Cluster, 'spells'>, asAt: AsAt): boolean {
  return asAt === asAllocated || spellAt(clusterSpells(cluster), asAt) !== undefined;
}

/** Where a school stands; null when it, or the cluster it belongs to then, is not in the study on that day. */
export function schoolAt(
  school: Pick<School, 'id' | 'arm' | 'cluster' | 'spells'>,
  asAt: AsAt,
  places: Places,
): Standing | null {
  const { id, arm } = school;
  if (asAt === asAllocated) return { school: id, cluster: school.cluster, arm, role: null };
  const spell = spellAt(schoolSpells(school), asAt);
  if (!spell) return null;
  if (spell.cluster === null) return { school: id, cluster: null, arm, role: null };
  const cluster = places.cluster(spell.cluster);
  if (!cluster || !isClusterThere(cluster, asAt)) return null;
  return { school: id, cluster: spell.cluster, arm: cluster.arm, role: null };
}

/** Where a person stands; null when the person, the school or the cluster is not in the study on that day. */
export function personAt(person: DatedPerson, asAt: AsAt, places: Places): Standing | null {
  if (asAt === asAllocated) {
    const { school, cluster, arm, role } = person;
    return { school, cluster, arm, role };
  }
  const spell = spellAt(personSpells(person), asAt);
  if (!spell) return null;
  const { role } = spell;
  if (spell.school !== null) {
    const school = places.school(spell.school);
    const standing = school ? schoolAt(school, asAt, places) : null;
    return standing && { ...standing, role };
  }
  if (spell.cluster === null) return { school: null, cluster: null, arm: person.arm, role };
  const cluster = places.cluster(spell.cluster);
  if (!cluster || !isClusterThere(cluster, asAt)) return null;
  return { school: null, cluster: spell.cluster, arm: cluster.arm, role };
}

/**
 * What can happen to a member. `enter`: was not there before that day. `move`: stands elsewhere, or in another role, from
 * that day. `leave`: that day is the last. `return`: is back from that day.
 */
export type Change<P> =
  | { readonly kind: 'enter'; readonly on: string }
  | { readonly kind: 'move'; readonly on: string; readonly place: P }
  | { readonly kind: 'leave'; readonly on: string }
  | { readonly kind: 'return'; readonly on: string; readonly place: P };
export const changeKinds = ['enter', 'move', 'leave', 'return'] as const;

export type ChangeRefusal = 'not-after-last-change' | 'not-there' | 'still-there' | 'nothing-changes';

/**
 * The spells after a change. Changes are told in the order in which they happened: one that lies before the last is
 * refused, because it would silently rewrite what was told after it.
 *
 * @example
 * changedSpells([{ from: null, to: null, cluster: 'elm' }], { kind: 'move', on: '2026-09-01', place: { cluster: null } })
 * // => [{ from: null, to: '2026-08-31', cluster: 'elm' }, { from: '2026-09-01', to: null, cluster: null }]
 */
export function changedSpells<P extends object>(
  spells: readonly Spell<P>[],
  change: Change<P>,
): Spell<P>[] | ChangeRefusal {
  const last = spells.at(-1);
  if (!last) return 'not-there';
  const before = spells.slice(0, -1);
  const { kind, on } = change;
  if (kind === 'enter') {
    if (spells.length > 1 || (last.to !== null && last.to < on)) return 'not-after-last-change';
    return last.from === on ? 'nothing-changes' : [{ ...last, from: on }];
  }
  if (kind === 'return') {
    if (last.to === null) return 'still-there';
    if (on <= last.to) return 'not-after-last-change';
    return [...spells, { ...change.place, from: on, to: null }];
  }
  if (last.to !== null && (kind === 'leave' || last.to < on)) return 'not-there';
  if (last.from !== null && on < last.from) return 'not-after-last-change';
  if (kind === 'leave') return [...before, { ...last, to: on }];
  const next = { ...change.place, from: on, to: last.to };
  if (samePlace({ ...last, ...change.place }, last)) return 'nothing-changes';
  // Two things that change on one day are one spell.
  if (last.from === on) return [...before, next];
  return [...before, { ...last, to: dayBefore(on) }, next];
}

/** Whether two spells say the same, whatever the order of their fields. */
export function samePlace(one: object, other: object): boolean {
  const [a, b] = [one, other].map((value) =>
    JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1))),
  );
  return a === b;
}

/**
 * The calendar day before.
 *
 * @example
 * dayBefore('2026-03-01') // => '2026-02-28'
 */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
