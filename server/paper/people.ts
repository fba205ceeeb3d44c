/** People of a school or cluster with a link of their own, and whether their paper form can be typed. Called by the routes. */
import type { Role } from '../../instruments/study.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { listInvitations } from '../invitations/lists.ts';
import type { Invitation } from '../invitations/store.ts';
import { respondedInvitations } from '../responses/store.ts';
import { papersOfLinks } from './store.ts';

export interface PaperPerson {
  readonly invitation: string;
  readonly person: string;
  readonly role: Role;
  /** `typed`: there is a form of this person. */
  readonly standing: 'open' | 'answered' | 'typed' | 'ineligible' | 'withdrawn' | 'revoked';
}

/** In order of role and pseudonym; nobody in an anonymous administration, where a form names no person. */
export async function peopleOnPaper(
  context: Context,
  place: { readonly study: string; readonly administration: string },
  where: { readonly school?: string | undefined; readonly cluster?: string | undefined },
): Promise<PaperPerson[]> {
  const { db } = context;
  const { study, id, mode, repeats } = await getAdministration(db, place.study, place.administration);
  if (mode === 'anonymous' || (where.school === undefined && where.cluster === undefined)) return [];
  const { invitations } = await listInvitations(db, study, id, where);
  const own = invitations.filter(
    (one): one is Invitation & { person: string } =>
      one.person !== null && (where.school !== undefined || one.school === null),
  );
  const ids = own.map(({ _id }) => _id);
  const [answered, forms] = await Promise.all([
    respondedInvitations(db, study, id, ids),
    papersOfLinks(db, study, ids),
  ]);
  return own
    .map((one): PaperPerson => {
      const { _id, person, role } = one;
      return {
        invitation: _id,
        person,
        role,
        standing: standingOf(one, !repeats && answered.has(_id), !repeats && forms.has(_id)),
      };
    })
    .sort((a, b) => a.role.localeCompare(b.role) || a.person.localeCompare(b.person, 'en', { numeric: true }));
}

function standingOf(link: Invitation, answered: boolean, typed: boolean): PaperPerson['standing'] {
  if (typed) return 'typed';
  if (answered) return 'answered';
  if (link.state === 'withdrawn' || link.state === 'revoked') return link.state;
  return link.standing === 'ineligible' ? 'ineligible' : 'open';
}
