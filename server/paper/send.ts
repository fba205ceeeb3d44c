/**
 * The answers of a form become a response, by the way that every response takes (`responses/submit.ts`): the same check, the
 * same place, one journaled insert under the form's own key, so that a repeated sending finds what it stored. Called by the
 * routes when nothing is open any more.
 */
import { marksOf } from '../../instruments/paper-entry/cells.ts';
import { checkPaper } from '../../instruments/paper-entry/check.ts';
import { momentOf } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { findInvitation } from '../invitations/store.ts';
import { Problem, type ProblemCode } from '../problems.ts';
import { loadOffer } from '../responses/offers.ts';
import { responseId, submitThrough } from '../responses/submit.ts';
import type { Decision, PaperForm } from './form.ts';
import { answeredAlready, notAsked } from './make.ts';
import { cellsOf } from './resolve.ts';
import { changePaper } from './store.ts';

export interface SentPaper {
  readonly form: PaperForm;
  /** To be written on the form: the way back to answers to which nothing else leads. Told once. */
  readonly receiptCode: string | null;
}

/** What the submission says to respondents, in words for whoever has the paper in hand. */
const words: Partial<Record<ProblemCode, string>> = {
  'link-used': answeredAlready,
  'answers-differ': answeredAlready,
  'not-open-yet': 'The administration does not take answers yet.',
  'administration-paused': 'The administration is paused. Send the form when it goes on.',
  'answers-withdrawn': notAsked({ state: 'withdrawn' }),
};

/** Throws `state-not-allowed`, and `paper-not-taken` with the reason: the form stays as it is then. */
export async function sendPaper(context: Context, form: PaperForm): Promise<SentPaper> {
  if (form.state === 'sent') return { form, receiptCode: null };
  const { key, invitation: linkId } = form;
  if (form.state !== 'ready' || key === null || linkId === null) {
    throw new Problem('state-not-allowed', { detail: 'This form is not ready to be sent.' });
  }
  const { db } = context;
  const offer = await loadOffer(context, form.study, form.administration);
  const invitation = await findInvitation(db, form.study, form.administration, linkId);
  if (!invitation) throw new Problem('paper-not-taken', { detail: 'The link of this form is not there any more.' });
  const cells = cellsOf(form);
  const { administration } = offer;
  const link = { ...offer, invitation, token: '' };
  const { answers, cells: asked } = checkPaper(offer.compiled, cells);
  let sent: Awaited<ReturnType<typeof submitThrough>>;
  try {
    sent = await submitThrough(context, link, {
      key,
      answers,
      consent: {
        information: administration.information.version,
        agreed: true,
        ...(form.day === null ? {} : { agreedAt: momentOf(offer.study.timeZone, form.day) }),
      },
      paper: { day: form.day, marks: marksOf(asked) },
    });
  } catch (error) {
    throw inWords(error, invitation);
  }
  // The same answers may have come online meanwhile: then they are those of the link, and not of this form.
  if (sent.id !== responseId(administration, key)) throw new Problem('paper-not-taken', { detail: answeredAlready });
  const anonymous = administration.mode === 'anonymous';
  const stored = await changePaper(db, form, {
    state: 'sent',
    sentAt: context.clock(),
    first: form.first && { ...form.first, cells: null },
    second: form.second && { ...form.second, cells: null },
    response: anonymous ? null : sent.id,
    ...(anonymous ? unlinked(form) : {}),
  });
  return { form: stored, receiptCode: sent.receipt.receiptCode };
}

/** What an anonymous form leaves out once its answers are stored: all that leads to them, or tells them. */
function unlinked({ decisions }: PaperForm) {
  return {
    ...{ key: null, invitation: null, school: null, cluster: null, role: null },
    decisions: decisions.map(({ key, choice, by, at }): Decision => ({ key, choice, by, at })),
  };
}

function inWords(error: unknown, invitation: Parameters<typeof notAsked>[0]): unknown {
  if (!(error instanceof Problem)) return error;
  const detail = error.code === 'link-revoked' ? notAsked(invitation) : words[error.code];
  return detail === undefined ? error : new Problem('paper-not-taken', { detail });
}
