/**
 * Links that staffrooms share, one for a school and a role. Made for all or some schools of an administration; made again,
 * they are there already. Called by the routes of the link list.
 */
import { createHmac } from 'node:crypto';
import type { Administration, Role, School } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { listSchools, rolesInSchools } from '../rosters/store.ts';
import { type Invitation, insertNewInvitations } from './store.ts';
import { hashToken, tokenFor } from './tokens.ts';

export interface WhichSchools {
  readonly cluster?: string | undefined;
  readonly school?: string | undefined;
  readonly role?: Role | undefined;
}

/**
 * Makes the links that are missing: for each school, the roles that people of it have in the audience; where nobody of a
 * school is known, all roles of the audience. How many are new.
 */
export async function makeSharedLinks(
  context: Context,
  administration: Administration,
  which: WhichSchools,
  scope: Scope,
): Promise<number> {
  const { study, audience } = administration;
  const wanted = (await listSchools(context.db, study, scope)).filter(
    (school) =>
      audience.arms.includes(school.arm) &&
      (which.cluster === undefined || school.cluster === which.cluster) &&
      (which.school === undefined || school.id === which.school),
  );
  const ids = wanted.map((school) => school.id);
  const rolesAt = await rolesInSchools(context.db, study, ids);
  const made = wanted.flatMap((school) =>
    audience.roles
      .filter((role) => which.role === undefined || role === which.role)
      .filter((role) => rolesAt.get(school.id)?.has(role) ?? true)
      .map((role) => sharedLink(context, administration, school, role)),
  );
  return insertNewInvitations(context.db, made);
}

/** Its id comes from the secret: the same when two make it at once, and no clue to whoever reads it. */
function sharedLink(context: Context, { study, id }: Administration, school: School, role: Role): Invitation {
  const _id = createHmac('sha256', context.secret.derive('shared-link-ids'))
    .update(JSON.stringify([study, id, school.id, role]))
    .digest()
    .subarray(0, 12)
    .toString('base64url');
  return {
    _id,
    study,
    administration: id,
    person: null,
    shared: true,
    school: school.id,
    cluster: school.cluster,
    arm: school.arm,
    role,
    serial: 1,
    tokenHash: hashToken(tokenFor(context, _id, 1)),
    state: 'open',
    openedAt: null,
    claim: null,
  };
}
