/**
 * Whether a link may show people by name, and whose. Pure; called by the other files of this folder and by the respondent's
 * routes.
 *
 * The right is that of the link's own person: a personal link of a confidential administration, held by somebody who keeps logs
 * of the place. A link that many share, or one that hides who answered, shows nobody.
 */
import type { Role } from '../../instruments/study.ts';
import type { Link } from '../responses/offers.ts';

/** Who keeps logs: of a cluster its coordinator; of a school its headteacher and its Improvement Champion. */
const logKeepers: ReadonlySet<Role> = new Set<Role>(['coordinator', 'headteacher', 'improvement-champion']);

export interface PeopleScope {
  readonly kind: 'cluster' | 'school';
  readonly id: string;
}

type Asking = {
  readonly administration: Pick<Link['administration'], 'mode'>;
  readonly invitation: Pick<Link['invitation'], 'shared' | 'role' | 'school' | 'cluster'>;
  readonly compiled: { readonly instrument: Pick<Link['compiled']['instrument'], 'subject'> };
};

/** The cluster or school whose people the link may show; null: none. */
export function peopleScopeOf({ administration, invitation, compiled }: Asking): PeopleScope | null {
  const { role, school, cluster } = invitation;
  if (!isPersonal({ administration, invitation }) || !logKeepers.has(role)) return null;
  // Only who coordinates a cluster sees beyond the own school, and there only where the log is not about one school.
  const ofCluster = role === 'coordinator' && (compiled.instrument.subject !== 'school' || school === null);
  if (ofCluster) return cluster === null ? null : { kind: 'cluster', id: cluster };
  return school === null ? null : { kind: 'school', id: school };
}

/** Whether what comes through a link is known to come from one person: only then can it tick people or carry files. */
export function isPersonal({ administration, invitation }: Pick<Asking, 'administration' | 'invitation'>): boolean {
  return administration.mode === 'confidential' && invitation.shared !== true;
}
