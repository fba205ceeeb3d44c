/** The respondent over HTTP: the page of a link, its draft, its submission. */
import { z } from 'zod';
import { checkAnswers } from '../../instruments/checker.ts';
import { textsSchema } from '../administrations/schemas.ts';
import { tickIssues } from '../attendance/check.ts';
import { surveyOf } from '../attendance/survey.ts';
import { entryFiles, sendBuilt } from '../client-files.ts';
import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { route } from '../http.ts';
import { declineInvitation, reconsider } from '../invitations/standing.ts';
import { markOpened } from '../invitations/store.ts';
import { problemOf } from '../problem-of.ts';
import { Problem } from '../problems.ts';
import { addressOf } from '../rate-limits.ts';
import { anonymousDay, unlogged } from './anonymous.ts';
import { type Draft, forgetDraft, saveDraft } from './drafts.ts';
import { sentSoFar } from './entries.ts';
import { agreedLanguage, offeredLanguages, speechFor } from './languages.ts';
import { findLink, type Link, requireAvailable, requireUnused } from './offers.ts';
import { type PageFiles, surveyPage } from './page.ts';
import { keepParadata, paradataSchema } from './paradata.ts';
import { problemPage } from './problem-page.ts';
import { findDraft } from './resume.ts';
import { requirePersonal } from './shared-link.ts';
import { requireConsent, shownText, submitResponse } from './submit.ts';

/** Any text: a broken link is told in the same plain words as an unknown one. */
const linkParams = z.object({ token: z.string() });
/** `checkAnswers` alone decides; a schema here would drop what it has to see, like a key named `__proto__`. */
const anyAnswers = z.unknown().meta({ description: 'Answers by item, as the instrument version asks for them' });
const answersSchema = z.record(z.string(), z.unknown());
/** A language that is not offered counts as the first that is. */
const languageTagSchema = z.string().max(20).optional().catch(undefined);
const consentSchema = z
  .object({
    information: z.number().int(),
    agreed: z.boolean(),
    language: languageTagSchema,
    agreedAt: z.coerce.date().optional().catch(undefined),
  })
  .default({ information: 0, agreed: false });
const pageSchema = z.number().int().min(0).max(10_000);
const receiptSchema = z.object({
  status: z.literal('received'),
  receivedOn: z.iso.date(),
  receiptCode: z.string().nullable(),
});

/** Pages for people: they answer problems in plain words instead of JSON. */
export const pageRoutes = [
  route({
    method: 'GET',
    path: '/s/:token',
    summary: "The respondent's page of a survey link",
    params: linkParams,
    answer: 'text/html',
    async handle({ params }, { context, request, response }) {
      response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' }).type('html');
      let link: Link | null = null;
      try {
        link = await findLink(context, params.token, addressOf(request));
        unlogged(response, link);
        await requireAnswerable(context, link);
        const [draft, sent] = await Promise.all([findDraft(context, link), sentSoFar(context, link)]);
        rememberOpening(context, link);
        const speech = speechFor(request, link, draft?.language);
        const survey = await surveyOf(context, link, speech);
        const stored = { draftSavedAt: draft?.savedAt ?? null, sent };
        response.send(surveyPage(link, { ...stored, survey, files: pageFiles(), now: context.clock() }, speech));
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status >= 500)
          request.log.error({ err: problem.cause ?? problem, code: problem.code }, 'page failed');
        if (problem.retryAfterSeconds) response.set('Retry-After', String(problem.retryAfterSeconds));
        const speech = speechFor(request, link, undefined);
        const files = builtFiles();
        response.status(problem.status).send(problemPage(problem, params.token, link, files, context.clock(), speech));
      }
    },
  }),
  route({
    method: 'GET',
    path: '/worker.js',
    summary: "The respondent page's service worker",
    answer: 'text/javascript',
    async handle(_input, { response }) {
      // Browsers must see a new worker at once; it stays within the respondent's pages.
      response.set({ 'Cache-Control': 'no-cache', 'Service-Worker-Allowed': '/s/' });
      await sendBuilt(response, 'worker.js');
    },
  }),
];

export const responseRoutes = [
  route({
    method: 'GET',
    path: '/api/s/:token',
    summary: 'What a survey link leads to, with the draft of its answers',
    params: linkParams,
    answer: z.object({
      administration: z.object({ title: z.string(), mode: z.string(), opens: z.iso.date(), closes: z.iso.date() }),
      instrument: z.object({ id: z.string(), version: z.number(), survey: z.record(z.string(), z.unknown()) }),
      information: z.object({
        version: z.number(),
        asker: z.string(),
        paragraphs: z.array(z.string()),
        consent: z.string(),
        contact: z.string(),
        sheet: z.string().optional(),
        translations: textsSchema.optional(),
      }),
      languages: z.array(z.string()).describe('The first is that of the information, unless it has a translation'),
      draft: z
        .object({
          answers: answersSchema,
          page: pageSchema,
          savedAt: z.iso.datetime(),
          consent: z.object({ information: z.number(), language: z.string().optional(), agreedAt: z.iso.datetime() }),
          language: z.string().optional(),
        })
        .nullable(),
    }),
    async handle({ params }, { context, request, response }) {
      const link = await findLink(context, params.token, addressOf(request));
      unlogged(response, link);
      await requireAnswerable(context, link);
      const draft = await findDraft(context, link);
      rememberOpening(context, link);
      const { title, mode, opens, closes, information } = link.administration;
      const { id, version } = link.compiled.instrument;
      const survey = await surveyOf(context, link, speechFor(request, link, draft?.language));
      return {
        administration: { title, mode, opens, closes },
        instrument: { id, version, survey },
        information,
        languages: [...offeredLanguages(link)],
        draft: draft && draftAnswer(draft),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/s/:token/draft',
    summary: 'Keeps answers that are not sent yet; only their types are checked',
    params: linkParams,
    body: z.object({ answers: anyAnswers, page: pageSchema, consent: consentSchema, language: languageTagSchema }),
    answer: z.object({ savedAt: z.iso.datetime() }),
    async handle({ params, body }, { context, request, response }) {
      const link = await findLink(context, params.token, addressOf(request));
      unlogged(response, link);
      await requireAnswerable(context, link);
      requirePersonal(link);
      requireConsent(link, body.consent);
      const issues = checkAnswers(link.compiled, body.answers, { partial: true });
      if (issues.length > 0) throw new Problem('invalid-answers', { issues });
      const ticks = await tickIssues(context, link, body.answers);
      if (ticks.length > 0) throw new Problem('invalid-answers', { issues: ticks });
      await reconsider(context, link.invitation);
      const savedAt = context.clock();
      const { language, agreedAt } = body.consent;
      const draft = {
        // The checker has seen that it is an object with items of the codebook.
        answers: body.answers as Draft['answers'],
        page: body.page,
        lastPage: body.page,
        consent: { ...shownText(link, language), agreedAt: agreedAt && agreedAt < savedAt ? agreedAt : savedAt },
        language: agreedLanguage(link, body.language ?? language),
        savedAt,
      };
      await retryWhileUnavailable(() => saveDraft(context.db, link, draft), { forMs: 5000 });
      return { savedAt: savedAt.toISOString() };
    },
  }),
  route({
    method: 'POST',
    path: '/api/s/:token/responses',
    summary:
      'Sends the answers of a link; the same submission again is a success (200), other answers are refused (409)',
    params: linkParams,
    body: z.object({
      key: z.uuid(),
      answers: anyAnswers,
      consent: consentSchema,
      lastPage: pageSchema.nullish(),
      paradata: paradataSchema,
      code: z.array(z.string().max(100)).length(3).nullish(),
    }),
    answer: receiptSchema,
    status: 201,
    async handle({ params, body }, { context, request, response }) {
      const { key, answers, consent, lastPage, paradata, code } = body;
      const submission = { key: key.toLowerCase(), answers, consent, lastPage, code };
      const { receipt, link, id } = await submitResponse(
        context,
        params.token,
        addressOf(request),
        submission,
        (found) => unlogged(response, found),
      );
      if (receipt.created && paradata) {
        const { study, id: administration, instrument, version, mode } = link.administration;
        const response = mode === 'anonymous' ? null : id;
        keepParadata(context, { study, administration, instrument, version, response, ...paradata });
      }
      const { created, receivedOn, receiptCode } = receipt;
      response.status(created ? 201 : 200).json({ status: 'received', receivedOn, receiptCode });
    },
  }),
  route({
    method: 'POST',
    path: '/api/s/:token/decline',
    summary: 'Remembers that the person does not want to take part; the same link leads back',
    params: linkParams,
    async handle({ params }, { context, request }) {
      const link = await findLink(context, params.token, addressOf(request));
      await requireAnswerable(context, link);
      await declineInvitation(context, link.invitation, link.study.timeZone);
      // Answers that were begun are not wanted any more.
      forgetDraft(context, link);
    },
  }),
];

function draftAnswer({ answers, page, savedAt, consent, language }: Omit<Draft, 'lastPage'>) {
  const { information, language: agreed, agreedAt } = consent;
  return {
    answers,
    page,
    savedAt: savedAt.toISOString(),
    consent: { information, language: agreed, agreedAt: agreedAt.toISOString() },
    language,
  };
}

async function requireAnswerable(context: Context, link: Link): Promise<void> {
  if (link.invitation.state !== 'revoked') await requireUnused(context, link);
  requireAvailable(context, link);
}

/** Remembers that a link was opened, without making anybody wait; of an anonymous one without a time. */
function rememberOpening(context: Context, { administration, invitation }: Link): void {
  if (invitation.openedAt) return;
  const at = administration.mode === 'anonymous' ? anonymousDay(administration) : context.clock();
  markOpened(context.db, invitation._id, at).catch((error: unknown) =>
    context.log.warn({ err: error }, 'the opening of a link was not remembered'),
  );
}

let files: PageFiles | null = null;
/** Throws when the client is not built. */
function pageFiles(): PageFiles {
  files ??= {
    main: entryFiles('respondent/main.ts'),
    survey: entryFiles('respondent/survey.ts'),
    closed: entryFiles('respondent/closed.ts'),
  };
  return files;
}

/** A problem is told even where there is no style sheet to tell it in. */
function builtFiles(): PageFiles | null {
  try {
    return pageFiles();
  } catch {
    return null;
  }
}
