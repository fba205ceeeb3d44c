/**
 * The people with access to a study: adds an account that is there or invites somebody, changes and takes away roles. A
 * study that has an owner keeps one. Called by the routes of members.
 */
import type { Connection } from 'mongoose';
import type { Issue } from '../../instruments/instrument.ts';
import type { Context } from '../context.ts';
import { limitedStudyRoles, type StudyRole } from '../permissions.ts';
import { Problem } from '../problems.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { inviteAccount, type PendingLink, pendingLink } from './invite.ts';
import { findAccount, findAccountByEmail, listAccounts, type StoredAccount } from './store.ts';
import {
  findStudyAccess,
  listStudyMembers,
  removeStudyAccess,
  type StudyAccess,
  saveStudyAccess,
} from './study-roles.ts';

export interface Member {
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly state: 'invited' | 'active';
  readonly role: StudyRole;
  readonly clusters: readonly string[];
  readonly schools: readonly string[];
  /** Of somebody who has not accepted yet. */
  readonly invitation: PendingLink | null;
}

/** What is given: a role and, for coordinators and school leads, where it holds. */
export type Share = Pick<StudyAccess, 'role' | 'clusters' | 'schools'>;

/** By name. */
export async function listMembers(context: Context, study: string): Promise<Member[]> {
  await getStudy(context.db, study);
  const given = await listStudyMembers(context.db, study);
  const accounts = await listAccounts(
    context.db,
    given.map(({ account }) => account),
  );
  const byAccount = new Map(given.map((access) => [access.account, access]));
  const members = accounts.map(async (account) => {
    const access = byAccount.get(account.id);
    return access ? memberOf(context, account, access) : null;
  });
  return (await Promise.all(members)).filter((member) => member !== null);
}

/**
 * Gives somebody a role: the account with this address or, where there is none, an invited one of no rights elsewhere.
 * Throws `already-exists` when the person has a role in the study, and `invalid-request` for what does not fit.
 */
export async function addMember(
  context: Context,
  study: string,
  { name, email, ...share }: Share & { readonly name: string; readonly email: string },
): Promise<Member> {
  await requireShare(context.db, study, share);
  const known = await findAccountByEmail(context.db, email);
  if (known && (await findStudyAccess(context.db, known.id, study))) {
    throw new Problem('already-exists', { detail: 'This person has a role in the study; change it in the list.' });
  }
  if (known?.state === 'removing') throw new Problem('conflict');
  const account = known ?? (await inviteAccount(context, { name, email, role: 'member' })).account;
  const access = { ...share, study, account: account.id };
  await saveStudyAccess(context.db, access);
  return memberOf(context, account, access);
}

/** Gives a member another role. Throws `not-found`, and `state-not-allowed` for the last owner. */
export async function changeMember(context: Context, study: string, account: string, share: Share): Promise<Member> {
  await requireShare(context.db, study, share);
  const { person, access } = await requireMember(context.db, study, account);
  const next = { ...share, study, account };
  await saveStudyAccess(context.db, next);
  await requireOwner(context.db, access, share.role);
  return memberOf(context, person, next);
}

/** Takes the role in the study away. Throws `not-found`, and `state-not-allowed` for the last owner. */
export async function removeMember(context: Context, study: string, account: string): Promise<void> {
  const { access } = await requireMember(context.db, study, account);
  await removeStudyAccess(context.db, { study, account });
  await requireOwner(context.db, access, null);
}

/** Throws `not-found` unless the account has a role in the study. */
export async function requireMember(db: Connection, study: string, account: string) {
  const [person, access] = await Promise.all([findAccount(db, account), findStudyAccess(db, account, study)]);
  if (!person || !access) throw new Problem('not-found', { detail: 'This person has no role in the study.' });
  return { person, access };
}

/** Whoever creates a study becomes its owner. */
export async function makeOwner(db: Connection, study: string, account: string): Promise<void> {
  await saveStudyAccess(db, { study, account, role: 'owner', clusters: [], schools: [] });
}

/**
 * After an owner has become something else: puts them back when no other is left who can sign in. Looked at afterwards, so
 * that of two owners who remove each other at the same moment both may be refused, but one always remains.
 */
async function requireOwner(db: Connection, before: StudyAccess, role: StudyRole | null): Promise<void> {
  if (before.role !== 'owner' || role === 'owner') return;
  const owners = (await listStudyMembers(db, before.study)).filter((member) => member.role === 'owner');
  const accounts = await listAccounts(
    db,
    owners.map(({ account }) => account),
  );
  if (accounts.some(({ state }) => state === 'active')) return;
  await saveStudyAccess(db, before);
  throw new Problem('state-not-allowed', {
    detail: 'The last owner of a study stays. Make somebody else owner first.',
  });
}

/** Throws `invalid-request` for roles without the places that they need, and for places that are not in the study. */
async function requireShare(db: Connection, study: string, { role, clusters, schools }: Share): Promise<void> {
  await getStudy(db, study);
  const issues: Issue[] = [];
  const limited = limitedStudyRoles.includes(role);
  if (!limited && clusters.length + schools.length > 0) {
    const message = 'Only coordinators and school leads have their role for named clusters and schools.';
    issues.push({ code: 'not-for-this-role', path: 'body.clusters', message });
  }
  if (role === 'coordinator' && clusters.length === 0) {
    issues.push({ code: 'clusters-needed', path: 'body.clusters', message: 'Choose at least one cluster.' });
  }
  if (role === 'school-lead' && schools.length === 0) {
    issues.push({ code: 'schools-needed', path: 'body.schools', message: 'Choose at least one school.' });
  }
  if (limited && issues.length === 0) {
    const [allClusters, allSchools] = await Promise.all([listClusters(db, study), listSchools(db, study)]);
    const strangers = (path: string, chosen: readonly string[], there: readonly { id: string }[]) => {
      const ids = new Set(there.map(({ id }) => id));
      for (const id of chosen.filter((one) => !ids.has(one))) {
        issues.push({ code: 'not-in-study', path, message: `The study has no "${id}".` });
      }
    };
    strangers('body.clusters', clusters, allClusters);
    strangers('body.schools', schools, allSchools);
  }
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
}

async function memberOf(context: Context, account: StoredAccount, access: Omit<StudyAccess, 'study'>): Promise<Member> {
  return {
    account: account.id,
    name: account.name,
    email: account.email,
    state: account.state === 'invited' ? 'invited' : 'active',
    role: access.role,
    clusters: access.clusters,
    schools: access.schools,
    invitation: await pendingLink(context, account),
  };
}
