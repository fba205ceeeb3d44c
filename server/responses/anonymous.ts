/**
 * Anonymous administrations: nothing stored links answers to an invitation. Each channel through which it could, and what
 * closes it; `test/server/anonymity.test.ts` tries each of them. Called by the submission, the respondent's routes and
 * the sweeper.
 *
 * - A pointer. A response names no invitation and no person; an invitation knows that it was used, and not by which
 *   response. While a response is being stored its invitation holds a claim, a hash of the submission key, which the
 *   browser chose at random and nobody stores: a claim that a crash leaves behind leads nowhere, and goes at the closing.
 * - A place. Few people share a school and a role: the headteacher is one. So an answer is stored with no more of its place
 *   than at least as many people share as the study's `minimumCell` says (5, say), counted among those who are asked. What is
 *   rarer is left out before anything is written, the role first, then the school, then the cluster, and with it as much
 *   more as it takes that nothing is to be had by subtraction (`coarse-places.ts` has the rule, `withheld` in the response
 *   names what was left out). Response rates count used links, not the places of answers. What was stored before this rule
 *   is made coarser by the next sweep. An import and a simulation store no more of a place than a link would.
 * - An answer that tells the role. Surveys ask for it, those of the library too, and where one person of a school has a role, that
 *   answer is a name. So it is stored only where the place beside it tells the same role already; elsewhere it is left
 *   out before anything is written, with what was asked because of it, and its cell is a gap (`instruments/identifying.ts` has
 *   the rule). The data file counts these responses, the plan says so beforehand.
 * - A timestamp. A used invitation carries no time: `openedAt` is the administration's first day for everybody. A response
 *   carries none either: `receivedAt` is that same day, the consent has no time. So the day of a reminder, which tells
 *   who had not answered by then, divides no answers. How many answers came on which day is counted apart (`days.ts`),
 *   for the whole administration.
 * - An order. A response's id is a hash; `responses` and `paradata` are clustered by their ids, so also the order in which
 *   documents lie in the database ($natural) is that of hashes. Invitations lie in the order in which they were made.
 * - A draft. Its name and its key come from the token, which is not stored. It goes when the answers arrive, and what a
 *   crash leaves over goes with the next sweep: otherwise whoever has the secret could read it and look for its like.
 * - Paradata name no response.
 * - A log line. What an anonymous link's requests did is not logged at all, unless the server failed; then without
 *   token. The audit never records respondents, no session or cookie is begun, and rate limits count unknown links only,
 *   under keyed hashes of addresses that expire.
 * - A refusal. Whoever declines leaves the day of it on the invitation, and no answers that it could be laid beside. When
 *   they think again it goes before the answers are stored.
 * - A message. The outbox names the invitation and times of messages, which meet no time on the side of the answers.
 * - A device. Answers, key and kept page go from the browser once they are sent.
 *
 * Out of reach: what people say of themselves otherwise, in their own words or by what they have in common with nobody else.
 * That a link was used is known, or its person would be reminded for ever. Where one of ten people of a group
 * has answered by the end, whoever sees the list of links knows whose answers those are.
 * A database server's own oplog and journal hold both writes one after the other until they roll over, and
 * a proxy's access log has paths with tokens. Both are for operators (server/README.md). Whoever looks at list and data
 * every day sees what has changed between two looks, and in a small school that may be one person.
 */
import type { Response } from 'express';
import type { Administration } from '../../instruments/study.ts';
import { availabilityOf } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { keepOutOfLog } from '../http-log.ts';
import { releaseAllClaims, usedInvitations } from '../invitations/endings.ts';
import { tokenFor } from '../invitations/tokens.ts';
import { listStudies } from '../studies/store.ts';
import { coarsenStored } from './anonymous-places.ts';
import { administrationsWithDrafts, removeDraftOf } from './drafts.ts';
import type { Offer } from './offers.ts';

/** The only day that anything anonymous carries: the administration's first. */
export function anonymousDay({ opens }: Pick<Administration, 'opens'>): Date {
  return new Date(opens);
}

/** Keeps the request of an anonymous link out of the log. */
export function unlogged(response: Response, { administration }: Pick<Offer, 'administration'>): void {
  if (administration.mode === 'anonymous') keepOutOfLog(response);
}

/**
 * Removes what crashes have left: drafts of used links, and claims once nobody can go on with them; and what former versions
 * have stored of places that too few people share.
 */
export async function sweepAnonymous(context: Context): Promise<void> {
  const { db } = context;
  const withDrafts = new Set((await administrationsWithDrafts(db)).map((one) => `${one.study}/${one.administration}`));
  for (const study of await listStudies(db)) {
    for (const administration of await listAdministrations(db, study.id)) {
      if (administration.mode !== 'anonymous') continue;
      await coarsenStored(context, administration, study.minimumCell);
      if (availabilityOf(administration, study, context.clock()) === 'closed') {
        await releaseAllClaims(db, study.id, administration.id);
      }
      if (!withDrafts.has(`${study.id}/${administration.id}`)) continue;
      for (const invitation of await usedInvitations(db, study.id, administration.id)) {
        const token = tokenFor(context, invitation._id, invitation.serial);
        await removeDraftOf(db, { administration, invitation, token });
      }
    }
  }
}
