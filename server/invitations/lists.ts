/** Lists of invitations: what fits a filter, what a mailing is for, who has a link. Called by link lists, mailings, messages. */
import type { Connection } from 'mongoose';
import type { Role } from '../../instruments/study.ts';
import { type Scope, withinScope } from '../authority.ts';
import { bare, type Invitation, invitations } from './store.ts';

/** Open personal links that a mailing is for, in order of their ids, which tells nothing; those after `after`. */
export async function listOpenInvitations(
  db: Connection,
  { study, administration, whom }: { study: string; administration: string; whom: Partial<Record<string, string>> },
  after: string | null,
  limit: number,
): Promise<Invitation[]> {
  const narrowed = Object.entries(whom).filter(([, value]) => value !== undefined);
  return invitations(db)
    .find(
      {
        study,
        administration,
        ...Object.fromEntries(narrowed),
        state: 'open',
        // Nobody writes to those who declined or are ineligible.
        standing: null,
        person: { $ne: null },
        ...(after === null ? {} : { _id: { $gt: after } }),
      },
      bare,
    )
    .sort({ _id: 1 })
    .limit(limit)
    .lean<Invitation[]>();
}

/** How many people with a personal link that a mailing would fit are not written to, since they declined or are ineligible. */
export async function countNotAsked(
  db: Connection,
  { study, administration, whom }: { study: string; administration: string; whom: Partial<Record<string, string>> },
): Promise<{ declined: number; ineligible: number }> {
  const narrowed = Object.fromEntries(Object.entries(whom).filter(([, value]) => value !== undefined));
  const count = (standing: 'declined' | 'ineligible') =>
    invitations(db).countDocuments({
      study,
      administration,
      ...narrowed,
      state: 'open',
      standing,
      person: { $ne: null },
    });
  const [declined, ineligible] = await Promise.all([count('declined'), count('ineligible')]);
  return { declined, ineligible };
}

export interface InvitationFilter {
  readonly school?: string | undefined;
  readonly cluster?: string | undefined;
  readonly role?: Role | undefined;
  readonly shared?: true | undefined;
  readonly state?: Invitation['state'] | undefined;
  readonly standing?: Invitation['standing'];
  /** What has become of a link, with the invitations that have a response, which the link itself does not know. */
  readonly outcome?:
    | { readonly is: 'open' | 'opened' | 'responded'; readonly responded: readonly string[] }
    | undefined;
}

function outcomeQuery({ is, responded }: NonNullable<InvitationFilter['outcome']>) {
  if (is === 'responded') {
    return { state: { $ne: 'revoked' as const }, $or: [{ state: 'used' as const }, { _id: { $in: [...responded] } }] };
  }
  return {
    state: 'open' as const,
    standing: null,
    openedAt: is === 'open' ? null : { $ne: null },
    _id: { $nin: [...responded] },
  };
}

/** Invitations of an administration in order of school and role; `skip` and `limit` for a page, none for all. */
export async function listInvitations(
  db: Connection,
  study: string,
  administration: string,
  filter: InvitationFilter = {},
  page: { skip: number; limit: number } = { skip: 0, limit: 0 },
  scope: Scope = 'all',
): Promise<{ invitations: Invitation[]; total: number }> {
  const { outcome, ...where } = filter;
  const defined = Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined));
  const query = {
    $and: [{ study, administration, ...defined }, outcome ? outcomeQuery(outcome) : {}, withinScope(scope)],
  };
  const [found, total] = await Promise.all([
    invitations(db)
      .find(query, bare)
      .sort({ school: 1, role: 1, _id: 1 })
      .skip(page.skip)
      .limit(page.limit)
      .lean<Invitation[]>(),
    invitations(db).countDocuments(query),
  ]);
  return { invitations: found, total };
}

/** Which of these people have a link of the administration, wherever they stood when it was made. */
export async function invitedAmong(
  db: Connection,
  { study, id }: { readonly study: string; readonly id: string },
  people: readonly string[],
): Promise<Set<string>> {
  const found = await invitations(db)
    .find({ study, administration: id, person: { $in: [...people] } }, { _id: 0, person: 1 })
    .lean<{ person: string }[]>();
  return new Set(found.map(({ person }) => person));
}

export type PersonalLink = Pick<Invitation, '_id' | 'school' | 'cluster' | 'arm' | 'role' | 'state' | 'openedAt'> & {
  readonly person: string;
};

/** Where every personal link within a scope that was not withdrawn by an evaluator was made for, and what became of it. */
export async function listPersonalLinks(
  db: Connection,
  study: string,
  administration: string,
  scope: Scope = 'all',
): Promise<PersonalLink[]> {
  const fields = { person: 1, school: 1, cluster: 1, arm: 1, role: 1, state: 1, openedAt: 1 } as const;
  return invitations(db)
    .find(
      { study, administration, state: { $ne: 'revoked' }, person: { $type: 'string' }, ...withinScope(scope) },
      fields,
    )
    .lean<PersonalLink[]>();
}

/** What has become of a personal link, without the place that it was made for. */
export type LinkAlone = Pick<Invitation, '_id' | 'state' | 'openedAt' | 'standing'> & { readonly person: string };

/** The links of these people, wherever they were made for: of that nothing is read. */
export async function listLinksOf(
  db: Connection,
  { study, id }: { readonly study: string; readonly id: string },
  people: readonly string[],
): Promise<LinkAlone[]> {
  return invitations(db)
    .find(
      { study, administration: id, state: { $ne: 'revoked' }, person: { $in: [...people] } },
      { person: 1, state: 1, openedAt: 1, standing: 1 },
    )
    .lean<LinkAlone[]>();
}
