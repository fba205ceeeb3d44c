/**
 * Invitations for the people whom an administration is for. Used by the demonstration study and by
 * `fidelis studies create`; the caller stores them.
 */
import { randomBytes } from 'node:crypto';
import type { Administration } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import type { Person } from '../rosters/store.ts';
import type { Invitation } from './store.ts';
import { hashToken, tokenFor } from './tokens.ts';

/** True when the administration is for people of this arm and role. */
export function isInvited(
  { audience }: Pick<Administration, 'audience'>,
  person: Pick<Person, 'arm' | 'role'>,
): boolean {
  return audience.arms.includes(person.arm) && audience.roles.includes(person.role);
}

/** A new invitation, open and never opened; its id is random, so that no order tells who it is for. */
export function invitationFor(
  context: Pick<Context, 'secret'>,
  administration: Pick<Administration, 'id' | 'study'>,
  person: Person,
): Invitation {
  const _id = randomBytes(12).toString('base64url');
  return {
    _id,
    study: administration.study,
    administration: administration.id,
    person: person.id,
    school: person.school,
    cluster: person.cluster,
    arm: person.arm,
    role: person.role,
    serial: 1,
    tokenHash: hashToken(tokenFor(context, _id, 1)),
    state: 'open',
    openedAt: null,
    claim: null,
  };
}
