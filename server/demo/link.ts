/** A link of the demonstration study that a visitor can try: for the lines that the server prints when it starts. */
import type { Administration } from '../../instruments/study.ts';
import { availabilityOf } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { listInvitations } from '../invitations/lists.ts';
import { surveyLink, tokenFor } from '../invitations/tokens.ts';
import { respondedInvitations } from '../responses/store.ts';
import { findStudy } from '../studies/store.ts';
import { demoId } from './plan.ts';

const pageSize = 50;

/** The link of a teacher who has not answered an open administration yet, collective efficacy first; null: none. */
export async function demoSurveyLink(context: Context): Promise<string | null> {
  const study = await findStudy(context.db, demoId);
  if (!study?.simulated) return null;
  const open = (await listAdministrations(context.db, demoId))
    .filter((one) => availabilityOf(one, study, context.clock()) === 'open' && one.audience.roles.includes('teacher'))
    .sort((one, other) => rank(one) - rank(other));
  for (const administration of open) {
    const link = await unusedLink(context, administration);
    if (link) return link;
  }
  return null;
}

function rank({ instrument, mode }: Administration): number {
  return (instrument === 'collective-efficacy' ? 0 : 1) + (mode === 'confidential' ? 0 : 2);
}

async function unusedLink(context: Context, { study, id }: Administration): Promise<string | null> {
  for (let skip = 0; ; skip += pageSize) {
    const filter = { role: 'teacher', state: 'open' } as const;
    const { invitations, total } = await listInvitations(context.db, study, id, filter, { skip, limit: pageSize });
    const responded = await respondedInvitations(
      context.db,
      study,
      id,
      invitations.map(({ _id }) => _id),
    );
    const unused = invitations.find(({ _id, openedAt }) => openedAt === null && !responded.has(_id));
    if (unused) return surveyLink(context, tokenFor(context, unused._id, unused.serial));
    if (skip + pageSize >= total) return null;
  }
}
