/** Withdrawal by respondents over HTTP: from their link, or with the receipt code of their answers. */
import { z } from 'zod';
import { mayWithdraw } from '../administrations/availability.ts';
import { entryFiles } from '../client-files.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { problemOf } from '../problem-of.ts';
import { Problem } from '../problems.ts';
import { addressOf, limiter } from '../rate-limits.ts';
import { unlogged } from '../responses/anonymous.ts';
import { speechFor } from '../responses/languages.ts';
import { findLink, type Link } from '../responses/offers.ts';
import { problemPage } from '../responses/problem-page.ts';
import { needsReceipt } from '../responses/receipts.ts';
import { withdrawalPage } from './page.ts';
import { listWithdrawals, type Withdrawal } from './store.ts';
import { withdrawLink, withdrawPerson, withdrawReceipt } from './withdraw.ts';

const linkParams = z.object({ token: z.string() });
const withdrawn = z.object({ withdrawnOn: z.iso.date(), confirmation: z.string() });
/** Wrong codes from one address: typing errors, but no search. */
const wrongCodes = { points: 30, seconds: 900 };

const answerOf = ({ on, confirmation }: Withdrawal) => ({ withdrawnOn: on, confirmation });

export const withdrawalPageRoutes = [
  route({
    method: 'GET',
    path: '/withdraw',
    summary: 'The page for withdrawing answers with a receipt code',
    answer: 'text/html',
    handle(_input, { request, response }) {
      response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' }).type('html');
      const page = { offer: null, notFound: null, done: null };
      response.send(withdrawalPage(page, entryFiles('respondent/withdraw.ts'), speechFor(request, null, undefined)));
    },
  }),
  route({
    method: 'GET',
    path: '/s/:token/withdraw',
    summary: 'The page for withdrawing the answers of a personal link',
    params: linkParams,
    answer: 'text/html',
    async handle({ params }, { context, request, response }) {
      response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' }).type('html');
      let link: Link | null = null;
      try {
        link = await findLink(context, params.token, addressOf(request));
        unlogged(response, link);
        if (link.invitation.state === 'revoked') throw new Problem('link-revoked');
        const done = await doneBefore(context, link);
        if (!done && !mayWithdraw(link.study, context.clock())) throw new Problem('withdrawal-closed');
        response.send(
          withdrawalPage(
            { offer: link, notFound: notFoundIn(link), done },
            entryFiles('respondent/withdraw.ts'),
            speechFor(request, link, undefined),
          ),
        );
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status >= 500)
          request.log.error({ err: problem.cause ?? problem, code: problem.code }, 'page failed');
        response
          .status(problem.status)
          .send(problemPage(problem, params.token, link, null, context.clock(), speechFor(request, link, undefined)));
      }
    },
  }),
];

export const withdrawalRoutes = [
  route({
    method: 'POST',
    path: '/api/s/:token/withdrawal',
    summary: 'Withdraws the answers of a personal link, or all that its person gave to the study',
    params: linkParams,
    body: z.strictObject({ scope: z.enum(['link', 'study']) }),
    answer: withdrawn,
    async handle({ params, body }, { context, request, response }) {
      const link = await findLink(context, params.token, addressOf(request));
      unlogged(response, link);
      const { invitation } = link;
      if (invitation.state === 'revoked') throw new Problem('link-revoked');
      if (invitation.person === null || notFoundIn(link)) {
        throw new Problem('state-not-allowed', {
          detail: 'This link leads to nobody’s answers; give the receipt code.',
        });
      }
      return answerOf(
        body.scope === 'study'
          ? await withdrawPerson(context, invitation.study, invitation.person, 'respondent')
          : await withdrawLink(context, invitation, 'respondent'),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/api/withdrawals',
    summary: 'Withdraws the answers of a receipt code',
    body: z.strictObject({ code: z.string().max(100) }),
    answer: withdrawn,
    async handle({ body }, { context, request }) {
      try {
        return answerOf(await withdrawReceipt(context, body.code, 'respondent'));
      } catch (error) {
        if (error instanceof Problem && error.code === 'receipt-unknown') {
          await limiter(context, 'receipt-codes', wrongCodes).consume(addressOf(request));
        }
        throw error;
      }
    },
  }),
];

function notFoundIn({ administration, invitation }: Link): 'anonymous' | 'shared' | null {
  if (!needsReceipt(administration, invitation)) return null;
  return administration.mode === 'anonymous' ? 'anonymous' : 'shared';
}

/** What the person withdrew of this link before. */
async function doneBefore({ db }: Context, { invitation }: Link): Promise<Withdrawal | null> {
  if (invitation.state !== 'withdrawn' || invitation.person === null) return null;
  const all = await listWithdrawals(db, invitation.study, invitation.person);
  return all.find((one) => one.invitation === invitation._id) ?? all.find(({ scope }) => scope === 'study') ?? null;
}
