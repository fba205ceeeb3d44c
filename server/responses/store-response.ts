/**
 * How a response is stored, and how the same submission is known again: once for each link, as one of many, or without any
 * connection to the link. Called by `submit.ts`; whatever step a crash interrupts, a retry finds its place.
 */
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { claimInvitation, releaseClaim } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import type { CoarsePlace } from './coarse-places.ts';
import { countDay } from './days.ts';
import type { Link } from './offers.ts';
import { isShared } from './shared-link.ts';
import { findResponse, findResponseOfInvitation, insertResponse, type StoredResponse } from './store.ts';

/** The hash of the submitted answers as they are stored beside a place. */
export type HashAt = (place: Pick<CoarsePlace, 'role'>) => string;

export interface Stored {
  /** Of the response that stands: of these answers, by whichever submission they came. */
  readonly id: string;
  /** False when these answers were here already. */
  readonly created: boolean;
  /** ISO date in the study's time zone. */
  readonly receivedOn: string;
}

/** How a response is stored: which of the four decides whether a link takes another one. */
export function storeOf(link: Link) {
  if (isShared(link)) return storeShared;
  if (link.administration.repeats) return storeEntry;
  return link.administration.mode === 'anonymous' ? storeAnonymous : storeConfidential;
}

/** One insert under the key of the device; the link takes any number of them. */
async function storeShared(context: Context, link: Link, response: StoredResponse, hashAt: HashAt): Promise<Stored> {
  if (await insertResponse(context.db, response)) return receiptOf(context, link, response, true);
  const standing = await findReceipt(context, link, response._id, hashAt);
  if (!standing) throw new Problem('conflict');
  return standing;
}

/** One insert, as the first entry of the link or, when its place is taken, as a further one. */
async function storeEntry(context: Context, link: Link, response: StoredResponse, hashAt: HashAt): Promise<Stored> {
  for (const entry of [response, furtherEntry(response, link.invitation)]) {
    if (await insertResponse(context.db, entry)) return receiptOf(context, link, entry, true);
    const standing = await findReceipt(context, link, response._id, hashAt);
    if (standing) return standing;
  }
  throw new Problem('conflict');
}

/** The same response in a place of its own beside the first of its link. */
export function furtherEntry(response: StoredResponse, { _id }: Pick<Link['invitation'], '_id'>): StoredResponse {
  return { ...response, invitation: null, entryOf: _id, further: true };
}

/** One insert; when its place is taken, what stands there decides. */
async function storeConfidential(
  context: Context,
  link: Link,
  response: StoredResponse,
  hashAt: HashAt,
): Promise<Stored> {
  if (await insertResponse(context.db, response)) return receiptOf(context, link, response, true);
  const standing = await findReceipt(context, link, response._id, hashAt);
  if (standing) return standing;
  const partial = await findResponseOfInvitation(context.db, link.invitation);
  if (partial?.completion === 'partial') {
    // Reopened after a closing: the whole answers take the place of those that broke off.
    const completed = { ...response, replaces: partial._id };
    if (await insertResponse(context.db, completed)) return receiptOf(context, link, completed, true);
    const raced = await findReceipt(context, link, response._id, hashAt);
    if (raced) return raced;
  }
  throw new Problem('link-used');
}

/**
 * Claim, insert, release: whatever step a crash interrupts, the same submission finds its claim or its response again
 * and goes on, and afterwards nothing leads from the invitation to the response.
 */
async function storeAnonymous(
  context: Context,
  link: Link,
  response: StoredResponse,
  hashAt: HashAt,
  claim: string,
): Promise<Stored> {
  const { _id } = link.invitation;
  if (!(await claimInvitation(context.db, _id, claim))) {
    const standing = await findReceipt(context, link, response._id, hashAt);
    if (standing) return standing;
    throw new Problem('link-used');
  }
  const created = await insertResponse(context.db, response);
  await releaseClaim(context.db, _id, claim);
  if (created) {
    const { study, administration } = response;
    countDay(context, { study, administration, day: dayIn(link.study.timeZone, context.clock()) });
  }
  if (created) return receiptOf(context, link, response, true);
  const standing = await findReceipt(context, link, response._id, hashAt);
  if (!standing) throw new Problem('link-used');
  return standing;
}

/**
 * The receipt of what is stored already: by the submission's own key, or (confidential) by the invitation. Null when
 * nothing is; throws `answers-differ` or `link-used` when other answers are.
 */
export async function findReceipt(context: Context, link: Link, id: string, hashAt: HashAt): Promise<Stored | null> {
  const own = await findResponse(context.db, id);
  if (own) {
    const { school, role } = link.invitation;
    // Of an anonymous answer as much as it tells.
    const differs = (told: string | null, here: string | null) => told !== here && (told !== null || !own.withheld);
    const elsewhere =
      isShared(link) && (own.arm !== link.invitation.arm || differs(own.school, school) || differs(own.role, role));
    const through = own.invitation ?? own.entryOf ?? null;
    if (elsewhere || (through !== null && through !== link.invitation._id)) {
      throw new Problem('invalid-request', {
        detail: 'This submission key belongs to another link; choose a new one.',
      });
    }
    if (own.withdrawn) throw new Problem('answers-withdrawn');
    if (own.answersHash !== hashAt(own)) throw new Problem('answers-differ');
    return receiptOf(context, link, own, false);
  }
  if (link.administration.mode === 'anonymous' || link.administration.repeats || isShared(link)) return null;
  const standing = await findResponseOfInvitation(context.db, link.invitation);
  if (standing?.completion !== 'complete') return null;
  if (standing.answersHash !== hashAt(standing)) throw new Problem('link-used');
  return receiptOf(context, link, standing, false);
}

function receiptOf(
  { clock }: Context,
  { administration, study }: Link,
  response: StoredResponse,
  created: boolean,
): Stored {
  // An anonymous response does not know its day.
  const at = administration.mode === 'anonymous' ? clock() : response.receivedAt;
  return { id: response._id, created, receivedOn: dayIn(study.timeZone, at) };
}
