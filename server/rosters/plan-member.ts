/**
 * What importing a row does to a member: nothing, make it, change it, or why it cannot be. The same answer whenever it is
 * asked: once a row has been carried out it is `unchanged`, which makes an import repeatable and one that was broken off
 * safe to go on with. Called by the import's check and by its second half, which writes.
 *
 * A file never silently rewrites an allocation. A place that differs needs the day in `from` and becomes a dated change;
 * without one it corrects the roster only as long as nobody has been given a link and the member has no history.
 */
import { changedSpells, type Spell, samePlace } from '../../instruments/membership.ts';
import { refusalWords } from './change-words.ts';
import type { MemberKind, Stored } from './models.ts';
import type { Wanted } from './wanted.ts';

type Fields = Readonly<Record<string, unknown>>;
type Place = Readonly<Record<string, string | null>>;

export type MemberPlan =
  | { readonly action: 'unchanged' }
  | { readonly action: 'created'; readonly document: Fields }
  | {
      readonly action: 'changed';
      readonly on: string | null;
      readonly before: Fields;
      readonly after: Fields;
    }
  | { readonly problem: { readonly column: string; readonly code: string; readonly message: string } };

/** Places of a member as the fields of its spells. */
const placeFields: Readonly<Record<MemberKind, readonly string[]>> = {
  clusters: [],
  schools: ['cluster'],
  people: ['school', 'cluster', 'role'],
};

export interface PlanOptions {
  /** Whether a place that differs may be corrected without a day: nobody has been invited yet. */
  readonly correctable: boolean;
}

export function planMember(wanted: Wanted, known: Stored<Fields> | undefined, options: PlanOptions): MemberPlan {
  return known ? planChange(wanted, known, options) : planNew(wanted);
}

function planNew({ kind, fields, place, arm, from, to }: Wanted): MemberPlan {
  const empty = kind === 'schools' ? { phase: '', pupils: null, disadvantaged: null } : {};
  const top = { ...Object.fromEntries(placeFields[kind].map((name) => [name, null])), ...place };
  const spells = from === null && to === null ? {} : { spells: [{ from, to, ...top }] };
  return { action: 'created', document: { ...empty, ...fields, arm: arm ?? '', ...top, ...spells } };
}

function planChange(wanted: Wanted, known: Stored<Fields>, options: PlanOptions): MemberPlan {
  const { kind, fields, arm, from, to } = wanted;
  const set: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'extra') {
      const extra = (known.extra as Fields | undefined) ?? {};
      const merged = { ...extra, ...(value as Fields) };
      if (!samePlace(merged, extra)) set.extra = merged;
    } else if ((known[name] ?? null) !== value) set[name] = value;
  }
  const hasHistory = known.spells !== undefined;
  const membership = planMembership(wanted, spellsOf(kind, known), options.correctable && !hasHistory);
  if ('problem' in membership) return membership;
  if (membership.spells) set.spells = membership.spells;
  if (membership.corrected) Object.assign(set, membership.corrected);
  const armDiffers = arm !== null && arm !== known.arm && from === null;
  if (armDiffers && kind !== 'people') {
    if (kind === 'clusters' || !options.correctable || hasHistory) return otherArm(String(known.arm));
    set.arm = arm;
  }
  if (armDiffers && kind === 'people' && membership.corrected) set.arm = arm;
  if (Object.keys(set).length === 0) return { action: 'unchanged' };
  const before = Object.fromEntries(Object.keys(set).map((name) => [name, known[name] ?? null]));
  return { action: 'changed', on: membership.spells ? (from ?? to) : null, before, after: set };
}

function spellsOf(kind: MemberKind, known: Stored<Fields>): readonly Spell<Place>[] {
  if (known.spells) return known.spells as readonly Spell<Place>[];
  const place = Object.fromEntries(placeFields[kind].map((name) => [name, (known[name] ?? null) as string | null]));
  return [{ from: null, to: null, ...place } as Spell<Place>];
}

type Membership =
  | { readonly spells?: readonly Spell<Place>[]; readonly corrected?: Place }
  | Extract<MemberPlan, { problem: unknown }>;

function planMembership(
  { kind, place, from, to }: Wanted,
  spells: readonly Spell<Place>[],
  correctable: boolean,
): Membership {
  const fits = (spell: Spell<Place> | undefined) =>
    spell !== undefined && placesMatch(kind, spell as unknown as Place, place);
  const [first] = spells;
  const last = spells.at(-1);
  let next = spells;
  let target = last;
  if (from === null) {
    // The file may tell of the allocation or of the present; both are known.
    if (!fits(first) && !fits(last))
      return correctable ? { corrected: place } : moved(kind, place, last as unknown as Place);
    if (spells.length > 1 && !fits(last)) target = first;
  } else {
    target = spells.find((spell) => spell.from === from);
    if (target && !fits(target)) return datedOtherwise(from);
    if (!target) {
      const entering = spells.length === 1 && first?.from === null && first.to === null && fits(first);
      const back = last !== undefined && last.to !== null;
      const there = { ...placeOf(last), ...place };
      const changed = changedSpells<Place>(
        spells,
        entering ? { kind: 'enter', on: from } : { kind: back ? 'return' : 'move', on: from, place: there },
      );
      if (typeof changed === 'string') return refused('from', changed);
      next = changed;
      target = next.at(-1);
    }
  }
  if (to !== null && target?.to !== to) {
    if (target !== next.at(-1) || target?.to !== null) return leftAlready(target?.to ?? null);
    const changed = changedSpells<Place>(next, { kind: 'leave', on: to });
    if (typeof changed === 'string') return refused('to', changed);
    next = changed;
  }
  return next === spells ? {} : { spells: next };
}

/** The cluster of somebody with a school is that of the school, whatever the spell has kept. */
function placesMatch(kind: MemberKind, spell: Place, wanted: Place): boolean {
  return placeFields[kind].every((name) => fieldMatches(name, spell, wanted));
}

function fieldMatches(name: string, spell: Place, wanted: Place): boolean {
  if (!(name in wanted)) return true;
  if (name === 'cluster' && wanted.school) return true;
  return (spell[name] ?? null) === (wanted[name] ?? null);
}

function placeOf(spell: Spell<Place> | undefined): Place {
  const { from: _from, to: _to, ...place } = spell ?? { from: null, to: null };
  return place as Place;
}

const problem = (column: string, code: string, message: string) => ({ problem: { column, code, message } });

function refused(column: string, code: Exclude<ReturnType<typeof changedSpells>, unknown[]>) {
  return problem(column, code, refusalWords[code]);
}

/** Named by the first column that differs from how the member stands now. */
function moved(kind: MemberKind, wanted: Place, present: Place) {
  const column = placeFields[kind].find((name) => !fieldMatches(name, present, wanted));
  return problem(
    column ?? 'from',
    'moved-without-date',
    column === 'role'
      ? 'The roster has another role. If it has changed, give the day in the column from; a mistake is corrected on screen.'
      : 'The roster has another place. If this is a move, give its day in the column from; a mistake is corrected on screen.',
  );
}

const datedOtherwise = (day: string) =>
  problem('from', 'dated-otherwise', `The roster tells of another change on ${day}. Take that back on screen first.`);

const leftAlready = (day: string | null) =>
  problem('to', 'left-otherwise', day === null ? 'A later change is known.' : `The roster has ${day} as the last day.`);

const otherArm = (arm: string) =>
  problem('arm', 'other-arm', `The roster has the arm "${arm}". An allocation is not changed by a file.`);
