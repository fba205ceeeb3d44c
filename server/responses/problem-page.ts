/**
 * The page that says plainly why a link cannot be answered. It needs no script; where there is one
 * (client/respondent/closed.ts), it finds answers that still lie on the device. Called by the routes.
 */
import type { Problem, ProblemCode } from '../problems.ts';
import { withdrawalLink } from '../rights/notes.ts';
import { type Html, html, jsonText } from './html.ts';
import { textIn } from './languages.ts';
import { deviceKeyOf, natureBanner, styleLinks, wholePage } from './layout.ts';
import type { Link, Offer } from './offers.ts';
import type { PageFiles } from './page.ts';
import { leftOnDevice, thanksScreen } from './screens.ts';
import { longDay, type Speech } from './words.ts';

/** What is known of the survey is said too. `files`: null where the client is not built. */
export function problemPage(
  problem: Problem,
  token: string,
  offer: Link | null,
  files: Pick<PageFiles, 'closed'> | null,
  now: Date,
  speech: Speech,
): string {
  const { words } = speech;
  const sentences = words.problems[problem.code] ?? words.unexpected;
  const text = offer && textIn(offer, speech.language);
  return wholePage(speech, {
    title: sentences.title,
    head: files ? head(files) : html``,
    body: html`
<main>
${offer && natureBanner(offer, speech)}
<section id="stopped" aria-labelledby="stopped-title">
${offer && html`<p class="study">${offer.administration.title}</p>`}
<h1 id="stopped-title" tabindex="-1">${sentences.title}</h1>
<p>${sentences.text}</p>
${offer && dayLine(problem.code, offer, speech)}
${offer && afterSending.has(problem.code) ? withdrawalLink(offer, now, speech) : null}
${leftOnDevice(words.screens)}
${text && html`<p><strong>${words.screens.questions}</strong> ${text.contact}</p>`}
</section>
${offer && thanksScreen(offer, now, speech)}
</main>
<script type="application/json" id="survey-data">${jsonText({ deviceKey: deviceKeyOf(token), language: speech.language, words: words.client })}</script>`,
  });
}

/** Reasons that let somebody wonder what became of answers that they gave. */
const afterSending: ReadonlySet<ProblemCode> = new Set([
  'link-used',
  'answers-differ',
  'administration-closed',
  'administration-paused',
]);

function head({ closed }: Pick<PageFiles, 'closed'>): Html {
  return html`${styleLinks(closed)}<script type="module" src="${closed.script}"></script>
${closed.preload.map((file) => html`<link rel="modulepreload" href="${file}">\n`)}`;
}

function dayLine(code: ProblemCode, { administration }: Offer, speech: Speech): Html | null {
  const { dates } = speech.words;
  if (code === 'not-open-yet') return html`<p>${dates.opens(longDay(administration.opens, speech))}</p>`;
  if (code === 'administration-closed' && administration.state !== 'closed') {
    return html`<p>${dates.closed(longDay(administration.closes, speech))}</p>`;
  }
  return null;
}
