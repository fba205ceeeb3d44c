/**
 * Takes the answers of one link, once. One read (the invitation) and, in a confidential administration, one journaled
 * write: the unique index on responses decides every race, so a retry over a bad line is always safe. Called by the
 * respondent's route.
 */
import { createHash } from 'node:crypto';
import { checkAnswers } from '../../instruments/checker.ts';
import type { PaperMark } from '../../instruments/paper-entry/cells.ts';
import { paperIssues } from '../../instruments/paper-entry/check.ts';
import { mayWithdraw, momentOf } from '../administrations/availability.ts';
import { tickIssues } from '../attendance/check.ts';
import { codeDigests } from '../codes/digest.ts';
import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { attachEvidence, evidenceIssues } from '../evidence/attach.ts';
import { reconsider } from '../invitations/standing.ts';
import { Problem } from '../problems.ts';
import { anonymousDay } from './anonymous.ts';
import { storedAnswers, storedPlace } from './anonymous-places.ts';
import type { CoarsePlace } from './coarse-places.ts';
import { forgetDraft, removeDraftOf } from './drafts.ts';
import { hashAnswers } from './hash-answers.ts';
import { agreedLanguage } from './languages.ts';
import { findLink, type Link, requireAvailable } from './offers.ts';
import { hashReceipt, needsReceipt, receiptCode } from './receipts.ts';
import { isShared, requireRoom } from './shared-link.ts';
import type { StoredResponse } from './store.ts';
import { findReceipt, type HashAt, type Stored, storeOf } from './store-response.ts';

export interface Submission {
  /** Chosen by the browser, one for each filling in. */
  readonly key: string;
  readonly answers: unknown;
  readonly consent: {
    readonly information: number;
    readonly agreed: boolean;
    readonly language?: string | undefined;
    readonly agreedAt?: Date | undefined;
  };
  readonly lastPage?: number | null | undefined;
  /** Answers to the three questions of the self-generated code; hashed here and kept nowhere. */
  readonly code?: readonly string[] | null | undefined;
  /** Of answers that no respondent has sent; never taken from a request. */
  readonly source?: 'simulated' | undefined;
  /** Of answers that were typed from a paper form; never taken from a respondent's request. */
  readonly paper?: PaperOrigin | undefined;
}

export interface PaperOrigin {
  /** ISO date on which the form was filled in; null in anonymous administrations. */
  readonly day: string | null;
  /** What stands on the form where no answer does, by field. */
  readonly marks: Readonly<Record<string, PaperMark>>;
}

export interface Receipt {
  /** False when these answers were here already: a repeated submission is a success. */
  readonly created: boolean;
  /** ISO date in the study's time zone. */
  readonly receivedOn: string;
  /** The way back to answers to which nothing else leads; null where the link does, or withdrawing is over. */
  readonly receiptCode: string | null;
}

/** The database may be away for this long (a restart of the engine) before a respondent hears of it. */
const patience = { forMs: 15_000 };

/**
 * Stores the answers of a link, or recognises that they are stored. `onLink` hears of the link, also when they are refused.
 *
 * Throws `link-unknown`, `link-revoked`, `not-open-yet`, `administration-paused`, `administration-closed`,
 * `consent-needed`, `invalid-answers` with issues; `answers-differ` when the same submission came before with other
 * answers; `link-used` when other answers came through this link.
 */
export async function submitResponse(
  context: Context,
  token: string,
  address: string,
  submission: Submission,
  onLink: (link: Link) => void = () => undefined,
): Promise<{ receipt: Receipt; link: Link; id: string }> {
  const link = await retryWhileUnavailable(() => findLink(context, token, address), patience);
  onLink(link);
  return submitThrough(context, link, submission);
}

/** The same for a link that is found already. */
export async function submitThrough(
  context: Context,
  link: Link,
  submission: Submission,
): Promise<{ receipt: Receipt; link: Link; id: string }> {
  const id = responseId(link.administration, submission.key);
  const { paper } = submission;
  const shaped = (paper ? paperIssues : checkAnswers)(link.compiled, submission.answers);
  const linked = async () => [
    ...(await tickIssues(context, link, submission.answers)),
    ...(await evidenceIssues(context, link, id, submission.answers)),
  ];
  const issues = shaped.length > 0 ? shaped : await retryWhileUnavailable(linked, patience);
  // Hashing recurses into the answers: only what the checker has passed is safe to walk.
  const hashAt: HashAt | null =
    issues.length === 0
      ? (place) => hashAnswers(storedAnswers(link.administration, link.compiled, submission.answers, place))
      : null;
  try {
    requireAvailable(context, link, paper !== undefined);
  } catch (problem) {
    // The first try may have been stored just before the closing, and its answer lost on the way.
    const receipt = hashAt && (await retryWhileUnavailable(() => findReceipt(context, link, id, hashAt), patience));
    if (receipt) return { receipt: withCode(context, link, submission, receipt), link, id: receipt.id };
    throw problem;
  }
  requireConsent(link, submission.consent);
  // Paper and made-up answers take no room from the people who share the link.
  if (!paper && submission.source !== 'simulated') await requireRoom(context, link);
  if (hashAt === null) throw new Problem('invalid-answers', { issues });
  await retryWhileUnavailable(() => reconsider(context, link.invitation), patience);
  const place = await retryWhileUnavailable(() => storedPlace(context, link), patience);
  const response = responseOf(context, link, submission, { id, place });
  const receipt = await retryWhileUnavailable(
    () => storeOf(link)(context, link, response, hashAt, claimOf(submission.key)),
    patience,
  );
  await retryWhileUnavailable(() => attachEvidence(context, link, receipt.id, submission.answers), patience);
  await forgetSent(context, link, submission, receipt);
  return { receipt: withCode(context, link, submission, receipt), link, id: receipt.id };
}

/** What was sent is a draft no more; the draft of the next entry of a link must not go with it. */
async function forgetSent(context: Context, link: Link, { paper }: Submission, { created }: Stored): Promise<void> {
  if (isShared(link)) return;
  if (!link.administration.repeats) forgetDraft(context, link);
  // What is begun on a screen is another event than the one on paper.
  else if (created && !paper) await removeDraftOf(context.db, link);
}

function withCode(context: Context, link: Link, { key }: Submission, { created, receivedOn }: Stored): Receipt {
  const useful = needsReceipt(link.administration, link.invitation) && mayWithdraw(link.study, context.clock());
  return { created, receivedOn, receiptCode: useful ? receiptCode(key) : null };
}

/** The id of a response: a hash, so that the order of ids tells nothing, and the same for the same submission key. */
export function responseId(administration: { study: string; id: string }, key: string): string {
  return createHash('sha256').update(`${administration.study}|${administration.id}|${key}`).digest('hex');
}

/** Throws `consent-needed` unless the present information sheet was agreed to. */
export function requireConsent({ administration }: Link, consent: Submission['consent']): void {
  if (!consent.agreed || consent.information !== administration.information.version) {
    throw new Problem('consent-needed');
  }
}

/** Which text was agreed to: its sheet, its version and its language. */
export function shownText(link: Pick<Link, 'administration' | 'compiled'>, language: string | undefined) {
  const { sheet, version } = link.administration.information;
  return { information: version, ...(sheet === undefined ? {} : { sheet }), language: agreedLanguage(link, language) };
}

/**
 * What an invitation holds while an anonymous response is being stored. Made from the submission key, which nobody
 * stores: a claim that a crash leaves behind leads from the invitation to no response.
 */
export function claimOf(key: string): string {
  return createHash('sha256').update(`claim|${key}`).digest('hex');
}

/** The fields that a response takes from its invitation and administration; of an anonymous one the place is coarser. */
export function fieldsOf({
  administration,
  invitation,
  compiled,
  place = invitation,
}: Pick<Link, 'administration' | 'invitation' | 'compiled'> & { readonly place?: CoarsePlace }) {
  const { subject } = compiled.instrument;
  const { study, wave, version } = administration;
  const anonymous = administration.mode === 'anonymous';
  const { arm, cluster, school, role, withheld } = place;
  const subjectId = { person: anonymous ? null : invitation.person, school, cluster }[subject];
  return {
    study,
    administration: administration.id,
    instrument: administration.instrument,
    version,
    wave,
    arm,
    cluster,
    school,
    role,
    ...(withheld === undefined ? {} : { withheld }),
    subject: { kind: subject, id: subjectId },
    person: anonymous ? null : invitation.person,
    invitation: anonymous || invitation.shared ? null : invitation._id,
    source: 'web',
    replaces: null,
    withdrawn: false,
  } as const;
}

function responseOf(
  context: Context,
  link: Link,
  submission: Submission,
  made: { id: string; place: CoarsePlace },
): StoredResponse {
  const now = context.clock();
  // The checker has seen that this is an object with items of the codebook.
  const given = submission.answers as StoredResponse['answers'];
  const answers = storedAnswers(link.administration, link.compiled, given, made.place);
  const anonymous = link.administration.mode === 'anonymous';
  const { agreedAt } = submission.consent;
  const { paper } = submission;
  const { selfCode, study } = link.administration;
  const code = selfCode && submission.code ? codeDigests(context, study, submission.code) : null;
  const receipt = needsReceipt(link.administration, link.invitation) ? hashReceipt(receiptCode(submission.key)) : null;
  return {
    _id: made.id,
    ...fieldsOf({ ...link, place: made.place }),
    ...(submission.source ? { source: submission.source } : {}),
    ...(paper ? { source: 'paper', ...(Object.keys(paper.marks).length > 0 ? { marks: paper.marks } : {}) } : {}),
    answers,
    answersHash: hashAnswers(answers),
    completion: 'complete',
    lastPage: submission.lastPage ?? null,
    consent: {
      ...shownText(link, submission.consent.language),
      // A clock that runs ahead is not believed.
      agreedAt: anonymous ? null : agreedAt && agreedAt < now ? agreedAt : now,
    },
    receivedAt: anonymous
      ? anonymousDay(link.administration)
      : paper?.day
        ? momentOf(link.study.timeZone, paper.day)
        : now,
    ...(receipt === null ? {} : { receipt }),
    ...(code === null ? {} : { code }),
  };
}
