/**
 * What a survey link leads to: the invitation, freshly read, and its administration with the compiled instrument, kept
 * in the process for a moment because every submission of a school needs the same ones. Used by the respondent's page
 * and routes.
 */
import type { Connection } from 'mongoose';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { type Availability, availabilityOf } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { findLinkByHash, type Invitation } from '../invitations/store.ts';
import { hashToken } from '../invitations/tokens.ts';
import { Problem, type ProblemCode } from '../problems.ts';
import { limiter } from '../rate-limits.ts';
import { getStudy } from '../studies/store.ts';
import { findResponseOfInvitation } from './store.ts';

/** An administration with all that is needed to show it and to check answers to it. */
export interface Offer {
  readonly administration: Administration;
  readonly study: Study;
  readonly compiled: CompiledInstrument;
}

export interface Link extends Offer {
  readonly token: string;
  readonly invitation: Invitation;
}

/** A closing or a pause is honoured after this time at the latest. */
const keptForMs = 1000;
/** Unknown links per address: many typing errors of a staffroom behind one address, but no search. */
const unknownLinks = { points: 120, seconds: 900 };
/** And from everywhere together: 2^128 tokens are not searched through at this rate, whatever number of addresses asks. */
const unknownLinksInTotal = { points: 20_000, seconds: 900 };

/**
 * The link of a token, whatever its state.
 *
 * Guessing. Whoever holds no link that was ever given out gets one answer for every text that they try, and every try costs
 * the same: one hash, one query, one count in each of two limits. That a link was used, withdrawn or replaced is told to
 * whoever opens it, because only its holder can: they have 128 random bits that we gave them, and "your answers are here"
 * or "ask for a new link" is what they need to hear. For everybody else there is no token with which to ask.
 *
 * Throws `link-revoked` when a new link took its place, `link-unknown`, or
 * `too-many-requests` after many unknown links from one address: only failures count, so a known link always works.
 */
export async function findLink(context: Context, token: string, address: string): Promise<Link> {
  const invitation = await findLinkByHash(context.db, hashToken(token));
  if (invitation === 'replaced') throw new Problem('link-revoked');
  if (!invitation) {
    await limiter(context, 'unknown-links', unknownLinks).consume(address);
    await limiter(context, 'unknown-links-in-total', unknownLinksInTotal).consume('everybody');
    throw new Problem('link-unknown');
  }
  return { ...(await loadOffer(context, invitation.study, invitation.administration)), invitation, token };
}

const unavailable: Readonly<Record<Exclude<Availability, 'open'>, ProblemCode>> = {
  'not-open-yet': 'not-open-yet',
  paused: 'administration-paused',
  closed: 'administration-closed',
};

/**
 * Throws what stands against answering now: a withdrawn link, or an administration that takes no answers.
 * @param paper what was filled in on paper in time may be typed after the last day
 */
export function requireAvailable(context: Context, link: Link, paper = false): void {
  // Whoever is found ineligible is told no more than that the link has gone.
  if (link.invitation.state === 'revoked' || link.invitation.standing === 'ineligible')
    throw new Problem('link-revoked');
  if (link.invitation.state === 'withdrawn') throw new Problem('answers-withdrawn');
  const availability = availabilityOf(link.administration, link.study, context.clock());
  if (availability !== 'open' && !(paper && availability === 'closed')) throw new Problem(unavailable[availability]);
}

/** Throws `link-used` when complete answers came through the link. */
export async function requireUnused(context: Context, { administration, invitation }: Link): Promise<void> {
  if (invitation.shared || administration.repeats) return;
  if (administration.mode === 'anonymous') {
    // A claim that still stands is a submission that a crash cut off: the same browser must be able to finish it.
    if (invitation.state === 'used' && invitation.claim === null) throw new Problem('link-used');
    return;
  }
  const response = await findResponseOfInvitation(context.db, invitation);
  if (response?.completion === 'complete') throw new Problem('link-used');
}

interface Kept {
  readonly until: number;
  readonly offer: Promise<Offer>;
}
const keptOffers = new WeakMap<Connection, Map<string, Kept>>();

/** The offer of an administration, at most a second old. Throws `not-found`. */
export async function loadOffer(context: Context, study: string, administration: string): Promise<Offer> {
  const offers = keptOffers.get(context.db) ?? new Map<string, Kept>();
  keptOffers.set(context.db, offers);
  const name = `${study}/${administration}`;
  const now = performance.now();
  const kept = offers.get(name);
  if (kept && kept.until > now) return kept.offer;
  const offer = readOffer(context.db, study, administration);
  offers.set(name, { until: now + keptForMs, offer });
  // A failure is not kept: the next request asks again.
  offer.catch(() => offers.delete(name));
  return offer;
}

async function readOffer(db: Connection, studyId: string, administrationId: string): Promise<Offer> {
  const [study, administration] = await Promise.all([
    getStudy(db, studyId),
    getAdministration(db, studyId, administrationId),
  ]);
  const { instrument, version } = administration;
  return { study, administration, compiled: await loadVersion(db, instrument, version) };
}

const versions = new WeakMap<Connection, Map<string, CompiledInstrument>>();

/** Published versions never change: once read, they stay. */
async function loadVersion(db: Connection, id: string, version: number): Promise<CompiledInstrument> {
  const known = versions.get(db) ?? new Map<string, CompiledInstrument>();
  versions.set(db, known);
  const name = `${id}@${version}`;
  const compiled = known.get(name) ?? (await compiledInstrument(db, id, version));
  known.set(name, compiled);
  return compiled;
}
