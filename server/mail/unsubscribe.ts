/**
 * The page that ends the messages of a study to one person, without signing in. Opening it changes nothing, because mail
 * filters open every link; its button, or the one click that mail programs offer (RFC 8058), does. Doing it again is the
 * same as doing it once.
 */
import { z } from 'zod';
import { entryFiles } from '../client-files.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { findInvitationById } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { addressOf, limiter } from '../rate-limits.ts';
import { type Html, html } from '../responses/html.ts';
import { styleLinks, wholePage } from '../responses/layout.ts';
import { speechIn } from '../responses/words.ts';
import { findStudy } from '../studies/store.ts';
import { optOut } from './stops.ts';
import { invitationOfToken } from './unsubscribe-token.ts';

const unknownTokens = { points: 60, seconds: 900 };
const params = z.object({ token: z.string() });
/** One click sends `List-Unsubscribe=One-Click`; nothing in it decides anything. */
const anyBody = z.unknown().meta({ description: 'Ignored' });

/** The button's request says where it comes from only with a referrer policy that lets it. */
const headers = { 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex', 'Referrer-Policy': 'same-origin' };

const words = {
  title: 'Messages about this study',
  ask: 'Do you want no more messages about this study?',
  keep: 'Your link to the survey stays as it is, and answers that you have sent are kept.',
  button: 'Send me no more messages',
  doneTitle: 'You get no more messages',
  done: 'We have noted it for this study. There is nothing more to do, and you can close this page.',
  unknownTitle: 'This link is not known',
  unknown: 'Perhaps a part of it was lost when it was copied. Open it again from the message in which you received it.',
} as const;

export const unsubscribeRoutes = [
  route({
    method: 'GET',
    path: '/unsubscribe/:token',
    summary: 'Asks whether somebody wants no more messages of a study',
    params,
    answer: 'text/html',
    async handle({ params: { token } }, { context, request, response }) {
      response.set(headers).type('html');
      const found = await recipientOf(context, token, addressOf(request));
      if (!found) {
        response.status(404).send(page(words.unknownTitle, html`<p>${words.unknown}</p>`));
        return;
      }
      const study = await findStudy(context.db, found.study);
      const form = html`<p class="study">${study?.title ?? ''}</p>
<p>${words.ask}</p>
<p>${words.keep}</p>
<form method="post"><button type="submit">${words.button}</button></form>`;
      response.send(page(words.title, form));
    },
  }),
  route({
    method: 'POST',
    path: '/unsubscribe/:token',
    summary: 'Ends the messages of a study to one person; again: nothing more happens',
    params,
    body: anyBody,
    answer: 'text/html',
    async handle({ params: { token } }, { context, request, response }) {
      response.set(headers).type('html');
      const found = await recipientOf(context, token, addressOf(request));
      if (!found) {
        response.status(404).send(page(words.unknownTitle, html`<p>${words.unknown}</p>`));
        return;
      }
      await optOut(context, found.study, found.person);
      response.send(page(words.doneTitle, html`<p>${words.done}</p>`));
    },
  }),
];

async function recipientOf(
  context: Context,
  token: string,
  address: string,
): Promise<{ study: string; person: string } | null> {
  const id = invitationOfToken(context, token);
  const invitation = id === null ? null : await findInvitationById(context.db, id);
  if (invitation && invitation.person !== null) return { study: invitation.study, person: invitation.person };
  await limiter(context, 'unknown-unsubscribe', unknownTokens).consume(address);
  return null;
}

function page(title: string, content: Html): string {
  return wholePage(speechIn('en'), {
    title,
    head: styles(),
    body: html`
<main>
<section aria-labelledby="title">
<h1 id="title">${title}</h1>
${content}
</section>
</main>`,
  });
}

/** The page says what it has to say also where the client is not built. */
function styles(): Html {
  try {
    return styleLinks(entryFiles('respondent/closed.ts'));
  } catch (error) {
    if (error instanceof Problem) return html``;
    throw error;
  }
}
