/**
 * The respondent's page, written on the server so that the first words are there before any script: who is asking and
 * why, and the consent. Called by the routes; where a link cannot be answered, `problem-page.ts` takes its place.
 */
import type { EntryFiles } from '../client-files.ts';
import { withdrawalFact } from '../rights/notes.ts';
import { type Html, html, jsonText } from './html.ts';
import { deviceKeyOf, longDay, simulatedBanner, styleLinks, wholePage } from './layout.ts';
import type { Link } from './offers.ts';
import { hiddenScreens } from './screens.ts';
import { againScreen, sharedWords } from './shared-link.ts';
import { clientWords, problemWords, unexpectedWords, informationWords as words } from './words.ts';

/** Built files that the page names. */
export interface PageFiles {
  readonly main: EntryFiles;
  /** The questionnaire's renderer, which the main script loads; named in the page so that it comes at once. */
  readonly survey: EntryFiles;
  /** The script of the pages that say why a link cannot be answered. */
  readonly closed: EntryFiles;
}

/** The page of a link that can be answered. `draftSavedAt`: when the server last saved answers, if it has any. */
export function surveyPage(link: Link, files: PageFiles, draftSavedAt: Date | null, now: Date): string {
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
<ul>${goodToKnow(link, now).map((fact) => html`<li>${fact}</li>\n`)}</ul>
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
${hiddenScreens(link, now)}${link.invitation.shared ? againScreen(link.administration.title) : null}
</main>
<script type="application/json" id="survey-data">${jsonText(startData(link, draftSavedAt))}</script>`,
  });
}

/** The small style sheet holds the page back; everything else is fetched at once and waited for by nobody. */
function scripts({ main, survey }: PageFiles): Html {
  const ownStyles = new Set(main.styles);
  const modules = new Set([...main.preload, ...survey.preload, survey.script]);
  modules.delete(main.script);
  return html`${styleLinks(main)}<script type="module" src="${main.script}"></script>
${[...modules].map((file) => html`<link rel="modulepreload" href="${file}">\n`)}${survey.styles
  .filter((style) => !ownStyles.has(style))
  .map((style) => html`<link rel="preload" as="style" href="${style}" crossorigin>\n`)}`;
}

function goodToKnow(link: Link, now: Date): string[] {
  const { administration, compiled, invitation } = link;
  const withdrawal = withdrawalFact(link, now);
  const { pages } = compiled.instrument.survey;
  if (invitation.shared) {
    return [
      words.pages(Array.isArray(pages) ? pages.length : 1),
      administration.mode === 'anonymous' ? words.anonymous : sharedWords.confidential,
      sharedWords.pause,
      words.until(longDay(administration.closes)),
      ...(withdrawal === null ? [] : [withdrawal]),
    ];
  }
  return [
    words.pages(Array.isArray(pages) ? pages.length : 1),
    administration.mode === 'anonymous' ? words.anonymous : words.confidential,
    words.pause,
    administration.mode === 'anonymous' ? words.unfinishedAnonymous : words.unfinished,
    words.until(longDay(administration.closes)),
    ...(withdrawal === null ? [] : [withdrawal]),
  ];
}

/** What the script needs; client/respondent/start.ts reads it. Holds no answers, because browsers may keep the page. */
function startData({ administration, compiled, token, invitation }: Link, draftSavedAt: Date | null) {
  return {
    deviceKey: deviceKeyOf(token),
    closes: administration.closes,
    mode: administration.mode,
    information: administration.information.version,
    draftSavedAt: draftSavedAt?.toISOString() ?? null,
    survey: compiled.instrument.survey,
    shared: invitation.shared === true,
    words: invitation.shared ? { ...clientWords, ...sharedWords } : clientWords,
    problems: { ...problemWords, internal: unexpectedWords },
  };
}
