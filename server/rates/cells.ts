/**
 * What has become of everybody who was asked, counted by place: arm, cluster, school and role. Most of it is counted in
 * the database, from indexes; only those few whose case is not told by a count are looked at one by one: who declined, who
 * is ineligible, who has begun. Called by the tables, the call list and the report.
 */
import type { Connection } from 'mongoose';
import type { Administration, Role } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { countInvitations, type InvitationCount, listSingleInvitations } from '../invitations/counts.ts';
import type { Invitation } from '../invitations/store.ts';
import { listStops, type StopReason } from '../mail/stops.ts';
import { answeredInvitations, countResponses, type ResponseCount } from '../responses/counts.ts';
import { listStarted } from '../responses/drafts.ts';
import { listMovedLinks, type MovedLink } from './as-at.ts';
import { countStaff } from './staff.ts';
import { placeWithheld } from './withheld.ts';

/** Counts of people; sums of them are counts of larger groups. */
export interface Counts {
  /** People on the roster on the day asked about, where a staffroom shares a link; 0 where everybody has their own. */
  readonly staff: number;
  /** People who were to answer: with a link of their own that was not withdrawn, or of the staff that shares one. */
  readonly invited: number;
  readonly opened: number;
  /** Ever began to answer, whatever came of it. */
  readonly started: number;
  readonly complete: number;
  /** Answered in part: collected at a closing, or standing in a draft now. */
  readonly partial: number;
  /** Chose not to take part, or wanted no more messages and did not answer. */
  readonly declined: number;
  /** Answered, and withdrew the answers. */
  readonly withdrawn: number;
  /** Opened the link and answered nothing. */
  readonly silent: number;
  readonly ineligible: number;
  /** Never opened, and the e-mail address did not take messages. */
  readonly bounced: number;
}

export interface Cell extends Counts {
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  /** Null of anonymous answers that do not tell it, as far as no link says whose they may be. */
  readonly role: Role | null;
}

const nothing: Counts = {
  staff: 0,
  invited: 0,
  opened: 0,
  started: 0,
  complete: 0,
  partial: 0,
  declined: 0,
  withdrawn: 0,
  silent: 0,
  ineligible: 0,
  bounced: 0,
};

/** The sum of counts. */
export function sumCounts(all: readonly Counts[]): Counts {
  const sum: Record<keyof Counts, number> = { ...nothing };
  for (const counts of all) for (const key of Object.keys(nothing) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}

/** One invitation whose case is told by itself, not by a count. */
interface Single {
  readonly invitation: Pick<Invitation, '_id' | 'standing' | 'openedAt' | 'state'>;
  /** What stands against messages to the person. */
  readonly stop: StopReason | undefined;
  /** Whether a draft is kept, and anything answered in it. */
  readonly draft: { readonly answered: boolean } | undefined;
}

export type Place = Pick<Cell, 'arm' | 'cluster' | 'school' | 'role'>;
const keyOf = ({ arm, cluster, school, role }: Place) => JSON.stringify([arm, cluster, school, role]);

/**
 * One cell for each arm, cluster, school and role in which somebody was asked or answered.
 * @param asAt ISO day for whose staff a shared link is counted
 * @param follow also count people with a link of their own where they stood on that day, not where their link was made for
 */
export async function countCells(
  db: Connection,
  administration: Pick<Administration, 'study' | 'id' | 'mode'>,
  asAt: string,
  scope: Scope,
  follow = false,
): Promise<Cell[]> {
  const { study, id, mode } = administration;
  const place = { study, administration: id };
  // Drafts of anonymous administrations are sealed and stand under no invitation: who began is not to be known.
  const drafts = mode === 'anonymous' ? [] : await listStarted(db, study, id);
  const answeredIn = new Map(drafts.map(({ invitation, answered }) => [invitation, { answered }]));
  const stops = await listStops(db, study);
  const named = { ids: [...answeredIn.keys()], people: [...stops.keys()] };
  const [invited, responded, singles, moved] = await Promise.all([
    countInvitations(db, study, id, scope),
    countResponses(db, study, id, scope),
    listSingleInvitations(db, place, named, scope),
    follow ? listMovedLinks(db, administration, asAt, scope) : [],
  ]);
  const answered = await answeredInvitations(
    db,
    place,
    singles.map(({ _id }) => _id),
  );
  const shared = singles.filter((one) => one.shared);
  const staff = shared.length === 0 ? [] : await countStaff(db, study, asAt, scope, id);
  // Answers count more than anything else that is known of a link: such a case is told by the counts again.
  const telling = singles.filter((one) => !one.shared && !answered.has(one._id) && one.state !== 'used');
  const cells = new Map<string, Gathered>();
  const at = ({ arm, cluster, school, role }: Place): Gathered => {
    const key = keyOf({ arm, cluster, school, role });
    const known = cells.get(key) ?? { place: { arm, cluster, school, role }, links: nothingOpened, singles: [] };
    cells.set(key, known);
    return known;
  };
  for (const count of invited) at(count).links = count;
  for (const count of responded) if (count.role !== null) at(count).responses = count;
  const movedTo = new Map(moved.map(({ link, to }) => [link._id, to]));
  const movers: Mover[] = [];
  for (const one of moved) {
    const [left, joined] = [one.from && at(one.from), one.to && at(one.to)];
    const known = moveLink(one, left, joined);
    if (!known && left) movers.push({ from: left.place, to: joined });
    // Whoever came into the scope has a link from outside it, which is not among those that were read.
    const { link, from, to, came } = one;
    if (from !== null || to === null || came !== null || link.state === 'used') continue;
    at(to).singles.push({ invitation: link, stop: stops.get(link.person), draft: answeredIn.get(link._id) });
  }
  for (const invitation of telling) {
    const where = movedTo.has(invitation._id) ? movedTo.get(invitation._id) : invitation;
    if (!where) continue;
    const stop = invitation.person === null ? undefined : stops.get(invitation.person);
    at(where).singles.push({ invitation, stop, draft: answeredIn.get(invitation._id) });
  }
  for (const { openedAt, ...invitation } of shared) {
    const cell = at(invitation);
    const { links = 0, opened = 0 } = cell.shared ?? {};
    cell.shared = { links: links + 1, opened: opened + (openedAt ? 1 : 0), staff: 0, others: 0 };
  }
  for (const { n, others, ...place } of staff) {
    // Of the staff only those are asked who have a link.
    const cell = cells.get(keyOf(place));
    if (cell?.shared) cell.shared = { ...cell.shared, staff: n, others };
  }
  const known = [...cells.values()];
  if (mode !== 'anonymous') return known.map((cell) => cellOf(cell)).filter(isSeen(scope));
  return anonymousCells(known, movers, { coarse: responded.filter(({ role }) => role === null), scope });
}

/** Somebody with a used link whose answers are not told apart from others: where asked, and where counted. */
interface Mover {
  readonly from: Place;
  readonly to: Gathered | null;
}

/** Cells of an anonymous administration, with the answers that do not tell their whole place. */
function anonymousCells(
  known: readonly Gathered[],
  movers: readonly Mover[],
  { coarse, scope }: { readonly coarse: readonly ResponseCount[]; readonly scope: Scope },
): Cell[] {
  const settled = known.map((cell) => {
    const used = cell.links.used - movers.filter(({ to }) => to === cell).length;
    return { ...cell.place, counts: cell as Gathered | null, used, came: cameTo(cell), gone: false };
  });
  // Answers lie where their people were asked.
  const moving = movers.map(({ from, to }) => ({ ...from, counts: to, used: 1, came: 0, gone: to === null }));
  const all = [...settled, ...moving];
  const { answered, untold, unplaced } = placeWithheld(all, coarse, scope === 'all');
  const sumOf = (cell: Gathered, counts: ReadonlyMap<(typeof all)[number], number>) =>
    all.reduce((sum, one) => sum + (one.counts === cell ? (counts.get(one) ?? 0) : 0), 0);
  for (const cell of known) cell.links = lessUsed(cell.links, sumOf(cell, untold));
  return [
    ...known.map((cell) => cellOf(cell, sumOf(cell, answered))),
    ...unplaced.map((counts): Cell => {
      const came = counts.complete + counts.withdrawn;
      return { ...nothing, ...counts, role: null, opened: came, started: came };
    }),
  ].filter(isSeen(scope));
}

function lessUsed(links: Gathered['links'], n: number): Gathered['links'] {
  return { ...links, invited: links.invited - n, opened: links.opened - n, used: links.used - n };
}

/** Cells of a scope in which anybody was counted. */
function isSeen(scope: Scope): (cell: Cell) => boolean {
  const within = ({ school, cluster }: Cell) =>
    scope === 'all' || scope.schools.includes(school ?? '') || scope.clusters.includes(cluster ?? '');
  return (cell) => within(cell) && Object.keys(nothing).some((key) => cell[key as keyof Counts] !== 0);
}

/**
 * Takes a link, and what came through it, from the place that it was made for to that of its person. False where something
 * came through it that does not tell its whole place.
 */
function moveLink({ link, came }: MovedLink, from: Gathered | null, to: Gathered | null): boolean {
  const used = link.state === 'used';
  const one = {
    invited: 1,
    opened: used || link.openedAt !== null ? 1 : 0,
    used: used ? 1 : 0,
    withdrawn: link.state === 'withdrawn' ? 1 : 0,
  };
  const plus = (links: Gathered['links'], sign: 1 | -1): Gathered['links'] => ({
    invited: links.invited + sign * one.invited,
    opened: links.opened + sign * one.opened,
    used: links.used + sign * one.used,
    withdrawn: links.withdrawn + sign * one.withdrawn,
  });
  if (from) from.links = plus(from.links, -1);
  if (to) to.links = plus(to.links, 1);
  // Tombstones and anonymous answers name no link: theirs is what is more than the links that are left can have brought.
  const before = from && (from.responses ?? { ...from.place, ...nothingCame });
  const withdrew = one.withdrawn > 0 && (!before || before.withdrawn > (from?.links.withdrawn ?? 0));
  const answered = used && (!before || cameTo({ responses: before }) > (from?.links.used ?? 0));
  const takes =
    came ??
    (withdrew ? 'withdrawn' : null) ??
    // Which of them it was is not known: an answer that stands, where there is one.
    (answered ? (before?.complete === 0 ? 'withdrawn' : 'complete') : null);
  if (takes === null) return !used;
  if (from && before) from.responses = { ...before, [takes]: before[takes] - 1 };
  if (!to) return true;
  const there = to.responses ?? { ...to.place, ...nothingCame };
  to.responses = { ...there, [takes]: there[takes] + 1 };
  return true;
}
const nothingCame = { complete: 0, partial: 0, withdrawn: 0 };

/** What is known of one place. */
interface Gathered {
  readonly place: Place;
  links: Pick<InvitationCount, 'invited' | 'opened' | 'used' | 'withdrawn'>;
  responses?: ResponseCount;
  readonly singles: Single[];
  /** Of the staff of a shared link, `others` have no link of their own. */
  shared?: { readonly links: number; readonly opened: number; readonly staff: number; readonly others: number };
}
const nothingOpened = { invited: 0, opened: 0, used: 0, withdrawn: 0 };

function cameTo({ responses }: Pick<Gathered, 'responses'>): number {
  const { complete = 0, partial = 0, withdrawn = 0 } = responses ?? {};
  return complete + partial + withdrawn;
}

/** @param answeredElsewhere how many answered by responses that tell no place of their own */
function cellOf({ place, links, responses, singles, shared }: Gathered, answeredElsewhere = 0): Cell {
  const { partial = 0, withdrawn = 0 } = responses ?? {};
  const complete = (responses?.complete ?? 0) + answeredElsewhere;
  const came = complete + partial + withdrawn;
  const own = links.invited - (shared?.links ?? 0);
  const opened = links.opened - (shared?.opened ?? 0);
  const count = (which: (single: Single) => boolean) => singles.filter(which).length;
  // Whoever withdrew is counted as that alone, also where they had declined, or want no more messages since.
  const hasWithdrawn = ({ invitation }: Single) => invitation.state === 'withdrawn';
  const isAsked = (one: Single) => one.invitation.standing === undefined && !hasWithdrawn(one);
  const stands = (one: Single, standing: Invitation['standing']) =>
    one.invitation.standing === standing && !hasWithdrawn(one);
  const drafts = count((single) => isAsked(single) && single.draft !== undefined);
  const answered = count((single) => isAsked(single) && single.draft?.answered === true);
  const optedOut = (single: Single) => isAsked(single) && !single.draft && single.stop === 'opted-out';
  const bounced = count(
    (one) => isAsked(one) && !one.draft && one.stop === 'bounced' && one.invitation.openedAt === null,
  );
  const withdrawnOpened = count((one) => hasWithdrawn(one) && one.invitation.openedAt !== null);
  // Opened, and told by nothing else: neither begun nor declined nor ineligible nor withdrawn.
  const openedOthers =
    opened - count((one) => one.invitation.openedAt !== null && (!isAsked(one) || !!one.draft || optedOut(one)));
  return {
    ...place,
    staff: shared?.staff ?? 0,
    invited: own + (shared?.others ?? 0),
    // Whoever responded has opened the link, also where the opening itself was not seen (an import).
    opened: Math.max(opened, came),
    started: came + drafts,
    complete,
    partial: partial + answered,
    declined: count((one) => stands(one, 'declined') || optedOut(one)),
    // Somebody may withdraw from the study before any answer.
    withdrawn: Math.max(withdrawn, links.withdrawn),
    silent:
      Math.max(0, openedOthers - complete - partial - Math.max(0, withdrawn - withdrawnOpened)) + drafts - answered,
    ineligible: count((one) => stands(one, 'ineligible')),
    bounced,
  };
}
