/**
 * The people whom a log may tick: everybody who was on the roster of its cluster or school on some day up to now, those who have
 * left with their last day, so that an event of last term can be told truly. Not who withdrew or was erased. Called by the
 * respondent's routes and by the check of ticks.
 */
import type { Connection } from 'mongoose';
import { type PersonSpell, personSpells, type SchoolSpell, schoolSpells } from '../../instruments/membership.ts';
import type { School } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { erasedAmong, findIdentities } from '../identities/store.ts';
import type { Link } from '../responses/offers.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { listPeopleEverAt, listSchoolsEverIn } from '../rosters/ever-there.ts';
import type { Person } from '../rosters/store.ts';
import { type PeopleScope, peopleScopeOf } from './scope.ts';

/** Somebody of the scope, without a name. */
export interface Member {
  readonly id: string;
  /** Where the person is, or was last. */
  readonly school: string | null;
  /** The last day; null: still there. */
  readonly until: string | null;
}

export interface OfferedPerson extends Member {
  /** The pseudonym where no name is kept. */
  readonly name: string;
  /** Null where all are of one school. */
  readonly schoolName: string | null;
}

/** Who may be ticked through a link, in order of their ids; null: it may show nobody. */
export async function membersFor(context: Pick<Context, 'db' | 'clock'>, link: Link): Promise<Member[] | null> {
  const scope = peopleScopeOf(link);
  if (!scope) return null;
  const today = dayIn(link.study.timeZone, context.clock());
  return (await loadScope(context.db, link.study.id, scope, today)).members;
}

/** Those people with their names: who is there still first, then by school and name. */
export async function offeredPeople(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  link: Link,
): Promise<OfferedPerson[] | null> {
  const scope = peopleScopeOf(link);
  if (!scope) return null;
  const { study } = link;
  const { members, schools } = await loadScope(context.db, study.id, scope, dayIn(study.timeZone, context.clock()));
  const ids = members.map(({ id }) => id);
  const names = await findIdentities(context, study.id, ids);
  const schoolNames = new Map(schools.map(({ id, name }) => [id, name]));
  const offered = members.map((member): OfferedPerson => {
    const schoolName = scope.kind === 'school' || member.school === null ? null : schoolNames.get(member.school);
    return { ...member, name: names.get(member.id)?.name ?? member.id, schoolName: schoolName ?? null };
  });
  const order = (one: OfferedPerson) => [one.until === null ? '0' : '1', one.schoolName ?? '', one.name] as const;
  return offered.sort((one, other) => {
    const [a, b] = [order(one), order(other)];
    return a[0].localeCompare(b[0]) || a[1].localeCompare(b[1], 'en') || a[2].localeCompare(b[2], 'en');
  });
}

async function loadScope(
  db: Connection,
  study: string,
  scope: PeopleScope,
  today: string,
): Promise<{ readonly members: Member[]; readonly schools: readonly School[] }> {
  const schools = await listSchoolsEverIn(db, study, scope);
  const people = await listPeopleEverAt(db, study, { schools: schools.map(({ id }) => id), scope });
  const ids = people.map(({ id }) => id);
  const [withdrawn, erased] = await Promise.all([withdrawnPeople(db, study, ids), erasedAmong(db, study, ids)]);
  const byId = new Map(schools.map((school) => [school.id, school]));
  const members = people.flatMap((person): Member[] => {
    if (withdrawn.has(person.id) || erased.has(person.id)) return [];
    const last = stays(person, scope, byId, today).at(-1);
    if (!last) return [];
    const until = last.to !== null && last.to < today ? last.to : null;
    return [{ id: person.id, school: last.school, until }];
  });
  return { members, schools };
}

/** The stretches of days, begun by now, on which a person was within the scope, the latest last. */
function stays(person: Person, scope: PeopleScope, schools: ReadonlyMap<string, School>, today: string) {
  return personSpells(person)
    .flatMap((spell) => within(spell, scope, schools).map((days) => ({ ...days, school: spell.school })))
    .filter(({ from }) => from === null || from <= today)
    .sort((one, other) => ((one.to ?? '9999') < (other.to ?? '9999') ? -1 : 1));
}

type Days = Pick<SchoolSpell, 'from' | 'to'>;

/** The days of a spell that lie in the scope: a school comes to a cluster and goes, with its people. */
function within(spell: PersonSpell, scope: PeopleScope, schools: ReadonlyMap<string, School>): Days[] {
  if (scope.kind === 'school') return spell.school === scope.id ? [spell] : [];
  if (spell.school === null) return spell.cluster === scope.id ? [spell] : [];
  const school = schools.get(spell.school);
  if (!school) return [];
  return schoolSpells(school)
    .filter(({ cluster }) => cluster === scope.id)
    .map(({ from, to }) => ({ from: latest(from, spell.from), to: earliest(to, spell.to) }))
    .filter(({ from, to }) => from === null || to === null || from <= to);
}

const latest = (one: string | null, other: string | null) => (one === null || (other ?? '') > one ? other : one);
const earliest = (one: string | null, other: string | null) =>
  one === null || (other !== null && other < one) ? other : one;
