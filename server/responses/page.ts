/**
 * The respondent's page, written on the server so that the first words are there before any script: who is asking and
 * why, the consent, and in place of them a plain sentence where a link cannot be answered. Called by the routes.
 */
import { createHash } from 'node:crypto';
import type { EntryFiles } from '../client-files.ts';
import type { Problem, ProblemCode } from '../problems.ts';
import { type Html, html, jsonText } from './html.ts';
import type { Link, Offer } from './offers.ts';
import { hiddenScreens } from './screens.ts';
import { clientWords, datesWords, problemWords, unexpectedWords, informationWords as words } from './words.ts';

/** Built files that the page names. */
export interface PageFiles {
  readonly main: EntryFiles;
  /** The questionnaire's renderer, which the main script loads; named in the page so that it comes at once. */
  readonly survey: EntryFiles;
}

/** The page of a link that can be answered. `draftSavedAt`: when the server last saved answers, if it has any. */
export function surveyPage(link: Link, files: PageFiles, draftSavedAt: Date | null): string {
  const { administration, study } = link;
  const { information } = administration;
  return wholePage({
    title: administration.title,
    head: scripts(files),
    body: html`
<main>
${simulatedBanner(study)}
<section id="information" aria-labelledby="title">
<p class="study">${study.title}</p>
<h1 id="title">${administration.title}</h1>
<h2>${words.asking}</h2>
<p class="asker">${information.asker}</p>
${information.paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}
<h2>${words.goodToKnow}</h2>
<ul>${goodToKnow(link).map((fact) => html`<li>${fact}</li>\n`)}</ul>
<p><strong>${words.questions}</strong> ${information.contact}</p>
<noscript><p class="note bad">${words.withoutScript}</p></noscript>
<form id="consent" class="panel">
<div class="agree">
<input type="checkbox" id="agree" required aria-describedby="agree-first">
<label for="agree">${information.consent}</label>
</div>
<p id="agree-first" class="error" role="alert"></p>
<button type="submit" id="start" disabled>${words.start}</button>
<p id="preparing" class="quiet" role="status">${words.preparing}</p>
</form>
</section>
${hiddenScreens(administration)}
</main>
<script type="application/json" id="survey-data">${jsonText(startData(link, draftSavedAt))}</script>`,
  });
}

/** The page that says why a link cannot be answered; what is known of the survey is said too. */
export function problemPage(problem: Problem, offer: Offer | null, files: Pick<PageFiles, 'main'> | null): string {
  const sentences = problemWords[problem.code] ?? unexpectedWords;
  const contact = offer?.administration.information.contact;
  return wholePage({
    title: sentences.title,
    head: html`${(files?.main.styles ?? []).map((style) => html`<link rel="stylesheet" href="${style}">\n`)}`,
    body: html`
<main>
${offer && simulatedBanner(offer.study)}
${offer && html`<p class="study">${offer.administration.title}</p>`}
<h1>${sentences.title}</h1>
<p>${sentences.text}</p>
${offer && dayLine(problem.code, offer)}
${contact ? html`<p><strong>${words.questions}</strong> ${contact}</p>` : null}
</main>`,
  });
}

function wholePage({ title, head, body }: { title: string; head: Html; body: Html }): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="theme-color" content="#0e2f3c">
<title>${title}</title>
<link rel="icon" href="data:,">
${head}</head>
<body>${body}
</body>
</html>
`.text;
}

/** The small style sheet holds the page back; everything else is fetched at once and waited for by nobody. */
function scripts({ main, survey }: PageFiles): Html {
  const ownStyles = new Set(main.styles);
  const modules = new Set([...main.preload, ...survey.preload, survey.script]);
  modules.delete(main.script);
  return html`${main.styles.map((style) => html`<link rel="stylesheet" href="${style}">\n`)}<script type="module" src="${main.script}"></script>
${[...modules].map((file) => html`<link rel="modulepreload" href="${file}">\n`)}${survey.styles
  .filter((style) => !ownStyles.has(style))
  .map((style) => html`<link rel="preload" as="style" href="${style}" crossorigin>\n`)}`;
}

function simulatedBanner({ simulated }: Offer['study']): Html | null {
  return simulated ? html`<p class="note simulated">${words.simulated}</p>` : null;
}

function goodToKnow({ administration, compiled }: Link): string[] {
  const { pages } = compiled.instrument.survey;
  return [
    words.pages(Array.isArray(pages) ? pages.length : 1),
    administration.mode === 'anonymous' ? words.anonymous : words.confidential,
    words.pause,
    administration.mode === 'anonymous' ? words.unfinishedAnonymous : words.unfinished,
    words.until(longDay(administration.closes)),
  ];
}

function dayLine(code: ProblemCode, { administration }: Offer): Html | null {
  if (code === 'not-open-yet' && administration.state === 'open') {
    return html`<p>${datesWords.opens(longDay(administration.opens))}</p>`;
  }
  if (code === 'administration-closed' && administration.state === 'open') {
    return html`<p>${datesWords.closed(longDay(administration.closes))}</p>`;
  }
  return null;
}

/** What the script needs; client/respondent/start.ts reads it. Holds no answers, because browsers may keep the page. */
function startData({ administration, compiled, token }: Link, draftSavedAt: Date | null) {
  return {
    // Names this link's answers on the device without naming the link.
    deviceKey: createHash('sha256').update(`device:${token}`).digest('base64url').slice(0, 22),
    closes: administration.closes,
    mode: administration.mode,
    information: administration.information.version,
    draftSavedAt: draftSavedAt?.toISOString() ?? null,
    survey: compiled.instrument.survey,
    words: clientWords,
    problems: { ...problemWords, internal: unexpectedWords },
  };
}

/** An ISO date in words: `12 December 2026`. */
export function longDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day));
}
