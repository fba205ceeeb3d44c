/**
 * One member at a time, as on screen: add, correct, let join, leave, move or change role from a day on, take the last of
 * these back, remove what was added by mistake. Called by the roster's routes. Each is one write to one document.
 */
import { randomUUID } from 'node:crypto';
import {
  type Change,
  changedSpells,
  clusterSpells,
  type PersonPlace,
  personSpells,
  type SchoolPlace,
  type Spell,
  schoolSpells,
} from '../../instruments/membership.ts';
import type { Cluster, School, Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { findIdentities, type Identity, removeIdentities, saveIdentities } from '../identities/store.ts';
import { hasInvitations, hasInvitationsOf } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { refusalWords } from './change-words.ts';
import { changingRoster } from './lock.ts';
import { correctPeopleOf, findMember, hasMembers, removeMember, undoLast, writeMembers } from './members.ts';
import type { HistoryEntry, MemberKind, Person, Stored } from './models.ts';
import { loadPlaces, type PlaceIndex } from './place-index.ts';
import type { MemberFields } from './schemas.ts';

type Any = Stored<Readonly<Record<string, unknown>>>;
interface Of {
  readonly study: string;
  readonly kind: MemberKind;
  readonly id: string;
}
export interface Author {
  readonly by: string;
  readonly reason: string;
  /** The revision that the author has seen; another one means that somebody was quicker. */
  readonly revision: number;
}

const fieldsOf: Readonly<Record<MemberKind, readonly (keyof MemberFields)[]>> = {
  clusters: ['name', 'arm'],
  schools: ['name', 'number', 'phase', 'pupils', 'disadvantaged', 'extra', 'arm', 'cluster'],
  people: ['school', 'cluster', 'role'],
};
const placing: ReadonlySet<string> = new Set(['arm', 'cluster', 'school', 'role']);

/** Throws `already-exists`, `invalid-request` with the field that is wrong, `roster-busy`. */
export async function addMember(
  context: Context,
  of: Of,
  given: { fields: MemberFields; from: string | null; identity: Omit<Identity, 'person'> | null },
): Promise<void> {
  const { db } = context;
  const { study: studyId, kind, id } = of;
  const study = await getStudy(db, studyId);
  const places = await loadPlaces(db, studyId);
  const fields = checked(kind, given.fields);
  if (kind !== 'people' && !fields.name) throw wrong('fields.name', 'needed', 'Give a name.');
  if (kind === 'people' && !fields.role) throw wrong('fields.role', 'needed', 'Give a role.');
  const place = placeOf(study, places, kind, fields);
  const spells = given.from === null ? {} : { spells: [{ from: given.from, to: null, ...spellPlace(kind, place) }] };
  const empty = kind === 'schools' ? { phase: '', pupils: null, disadvantaged: null } : {};
  await changingRoster(db, studyId, async () => {
    if (await findMember(db, studyId, kind, id)) {
      throw new Problem('already-exists', { detail: `"${id}" is in the roster already.` });
    }
    if (kind === 'people' && given.identity)
      await saveIdentities(context, studyId, [{ ...given.identity, person: id }]);
    await writeMembers(db, studyId, kind, [{ id, create: { ...empty, ...fields, ...place, ...spells } }]);
  });
}

/** Corrects what always held. The place is corrected only while nobody has a link; afterwards a change needs a day. */
export async function editMember(
  context: Context,
  of: Of,
  given: Author & { fields: MemberFields; identity: Omit<Identity, 'person'> | null },
): Promise<void> {
  const { db } = context;
  const { study: studyId, kind, id } = of;
  const study = await getStudy(db, studyId);
  const places = await loadPlaces(db, studyId);
  const fields: Record<string, unknown> = { ...checked(kind, given.fields) };
  await changingRoster(db, studyId, async () => {
    const member = await seen(context, of, given.revision);
    // What follows from another field is not asked for by itself.
    if (kind === 'people' && (fields.school ?? member.school)) delete fields.cluster;
    if (kind === 'schools' && (fields.cluster ?? (fields.cluster === undefined && member.cluster))) delete fields.arm;
    const moves = Object.keys(fields).some((name) => placing.has(name) && (member[name] ?? null) !== fields[name]);
    if (moves) {
      if (member.spells || (await hasInvitations(db, studyId))) {
        const detail = 'People have been invited, or changes are known: give the day on which this one happened.';
        throw new Problem('state-not-allowed', { detail });
      }
      const before = Object.fromEntries(fieldsOf[kind].map((name) => [name, member[name] as never]));
      // Whoever is put into a school or cluster takes its arm; an arm is given by itself for those outside.
      const { arm: _, ...kept } = before;
      Object.assign(fields, placeOf(study, places, kind, { ...kept, arm: String(member.arm), ...fields }));
    }
    const changed = Object.fromEntries(
      Object.entries(fields).filter(([name, value]) => !same(member[name] ?? null, value ?? null)),
    );
    if (kind === 'people' && given.identity)
      await saveIdentities(context, studyId, [{ ...given.identity, person: id }]);
    if (Object.keys(changed).length === 0) return;
    if (moves && kind === 'clusters' && (await hasMembers(db, studyId, 'clusters', id))) {
      throw wrong('fields.arm', 'has-members', 'The arm of a cluster with schools is not changed.');
    }
    if (moves && kind === 'schools') {
      const { cluster, arm } = { ...member, ...changed } as unknown as School;
      await correctPeopleOf(db, studyId, id, { cluster, arm });
    }
    await write(context, of, given, member, { kind: 'edit', on: null, set: changed });
  });
}

/** A dated change. Throws `invalid-request` where the day or place cannot be. */
export async function changeMember(
  context: Context,
  of: Of,
  given: Author & { change: { kind: Change<object>['kind']; on: string; place: Partial<PersonPlace> } },
): Promise<void> {
  const { db } = context;
  const { study: studyId, kind } = of;
  const study = await getStudy(db, studyId);
  const places = await loadPlaces(db, studyId);
  await changingRoster(db, studyId, async () => {
    const member = await seen(context, of, given.revision);
    const spells = spellsOf(kind, member);
    const { kind: what, on } = given.change;
    const { from: _from, to: _to, ...last } = spells.at(-1) ?? { from: null, to: null };
    const wanted = { ...last, ...spellPlace(kind, given.change.place) };
    if (what === 'move' || what === 'return') {
      if (kind === 'clusters' && what === 'move')
        throw wrong('kind', 'no-move', 'A cluster enters, leaves and returns.');
      const { arm: _, ...place } = placeOf(study, places, kind, { ...wanted, arm: String(member.arm) } as MemberFields);
      Object.assign(wanted, spellPlace(kind, place));
    }
    const changed = changedSpells(spells, { kind: what, on, place: wanted } as Change<object>);
    if (typeof changed === 'string') throw wrong('on', changed, refusalWords[changed]);
    await write(context, of, given, member, { kind: what, on, set: { spells: changed } });
  });
}

/** Takes the last change back. `entry` is the one that the author has seen as the last. */
export async function undoChange(
  context: Context,
  of: Of,
  { revision, entry: entryId }: { revision: number; entry: string },
): Promise<void> {
  const { db } = context;
  const { study, kind, id } = of;
  await changingRoster(db, study, async () => {
    const member = await seen(context, of, revision);
    const entry = member.history?.at(-1);
    if (!entry) throw new Problem('state-not-allowed', { detail: 'There is no change to take back.' });
    if (entry.id !== entryId) throw new Problem('conflict');
    const moved = ['school', 'cluster', 'arm', 'role'].some((name) => name in entry.before);
    if (moved && (await hasInvitations(db, study))) {
      const detail = 'People have been invited since this correction; it stays, as what they were invited by.';
      throw new Problem('state-not-allowed', { detail });
    }
    if (moved && kind === 'schools') {
      const { cluster, arm } = { ...member, ...entry.before } as unknown as School;
      await correctPeopleOf(db, study, id, { cluster, arm });
    }
    if (!(await undoLast(db, study, kind, { id, revision, entry }))) throw new Problem('conflict');
  });
}

/** Removes a member that nothing refers to. */
export async function deleteMember(context: Context, { study, kind, id }: Of): Promise<void> {
  const { db } = context;
  await changingRoster(db, study, async () => {
    const inUse =
      kind === 'people'
        ? await hasInvitationsOf(db, study, { person: id })
        : (await hasMembers(db, study, kind, id)) ||
          (await hasInvitationsOf(db, study, kind === 'schools' ? { school: id } : { cluster: id }));
    if (inUse) {
      const detail = 'Others belong to it, or it has been invited. Give a last day instead: it leaves on that day.';
      throw new Problem('state-not-allowed', { detail });
    }
    if (kind === 'people') await removeIdentities(db, study, [id]);
    if (!(await removeMember(db, study, kind, id))) throw gone(id);
  });
}

/** A member with what is known of it, for its own dialog. */
export async function getMember(
  context: Context,
  { study, kind, id }: Of,
  mayIdentify: boolean,
): Promise<{ member: Any; identity: Omit<Identity, 'person'> | null }> {
  const member = (await findMember(context.db, study, kind, id)) as Any | null;
  if (!member) throw gone(id);
  if (kind !== 'people' || !mayIdentify) return { member, identity: null };
  const known = (await findIdentities(context, study, [id])).get(id);
  return { member, identity: known ?? { name: null, email: null, language: null } };
}

async function seen(context: Context, { study, kind, id }: Of, revision: number): Promise<Any> {
  const member = (await findMember(context.db, study, kind, id)) as Any | null;
  if (!member) throw gone(id);
  if ((member.revision ?? 0) !== revision) throw new Problem('conflict');
  return member;
}

async function write(
  context: Context,
  { study, kind, id }: Of,
  { by, reason, revision }: Author,
  member: Any,
  step: { kind: HistoryEntry['kind']; on: string | null; set: Readonly<Record<string, unknown>> },
): Promise<void> {
  const before = Object.fromEntries(Object.keys(step.set).map((name) => [name, member[name] ?? null]));
  const entry = {
    ...{ id: randomUUID(), kind: step.kind, on: step.on, reason, by, at: context.clock() },
    ...{ before, after: step.set },
  };
  const written = await writeMembers(context.db, study, kind, [{ id, revision, set: step.set, entry }]);
  if (written === 0) throw new Problem('conflict');
}

/** The fields that this kind of member has. */
function checked(kind: MemberKind, fields: MemberFields): MemberFields {
  const stray = Object.keys(fields).find((name) => !fieldsOf[kind].includes(name as keyof MemberFields));
  if (stray) throw wrong(`fields.${stray}`, 'unknown-field', `There is no such field for ${kind}.`);
  return fields;
}

/** The whole place of a member: its arm follows from cluster or school. Throws where there is no such thing. */
function placeOf(study: Study, places: PlaceIndex, kind: MemberKind, fields: MemberFields) {
  const arm = fields.arm ?? '';
  if (arm !== '' && !study.arms.some(({ id }) => id === arm)) {
    throw wrong('fields.arm', 'unknown-arm', `The study has no arm "${arm}".`);
  }
  if (kind === 'clusters') {
    if (arm === '') throw wrong('fields.arm', 'needed', 'Give the arm of the cluster.');
    return { arm };
  }
  const cluster = fields.cluster ? places.cluster(fields.cluster) : undefined;
  if (fields.cluster && !cluster) {
    throw wrong('fields.cluster', 'unknown-cluster', `There is no cluster "${fields.cluster}".`);
  }
  if (kind === 'schools') return { cluster: fields.cluster ?? null, arm: cluster?.arm ?? arm };
  const school = fields.school ? places.school(fields.school) : undefined;
  if (fields.school && !school)
    throw wrong('fields.school', 'unknown-school', `There is no school "${fields.school}".`);
  const role = fields.role ?? 'teacher';
  if (school) return { school: school.id, cluster: school.cluster, arm: school.arm, role };
  if (!cluster)
    throw wrong('fields.school', 'needed', 'Give a school, or a cluster for somebody who works for all of it.');
  return { school: null, cluster: fields.cluster ?? null, arm: cluster.arm, role };
}

function spellPlace(kind: MemberKind, place: Partial<PersonPlace>): object {
  const names = kind === 'clusters' ? [] : kind === 'schools' ? ['cluster'] : ['school', 'cluster', 'role'];
  return Object.fromEntries(
    names.filter((name) => name in place).map((name) => [name, place[name as 'school'] ?? null]),
  );
}

function spellsOf(kind: MemberKind, member: Any): readonly Spell<object>[] {
  if (kind === 'clusters') return clusterSpells(member as unknown as Cluster);
  if (kind === 'schools') return schoolSpells(member as unknown as School) as readonly Spell<SchoolPlace>[];
  return personSpells(member as unknown as Person);
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const gone = (id: string) => new Problem('not-found', { detail: `"${id}" is not in the roster.` });

function wrong(path: string, code: string, message: string): Problem {
  return new Problem('invalid-request', { issues: [{ code, path: `body.${path}`, message }] });
}
