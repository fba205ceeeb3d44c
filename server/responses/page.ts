/**
 * The respondent's page, written on the server so that the first words are there before any script: who is asking and
 * why, and the consent. Called by the routes; where a link cannot be answered, `problem-page.ts` takes its place.
 */
import type { SurveyJson } from '../../instruments/instrument.ts';
import { surveyIn } from '../../instruments/languages.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import type { EntryFiles } from '../client-files.ts';
import { withdrawalFact } from '../rights/notes.ts';
import { entriesNote, type SentSoFar, takesEntries } from './entries.ts';
import { type Html, html, jsonText } from './html.ts';
import { languageChooser, offeredLanguages, textIn } from './languages.ts';
import { deviceKeyOf, natureBanner, styleLinks, wholePage } from './layout.ts';
import type { Link, Offer } from './offers.ts';
import { hiddenScreens } from './screens.ts';
import { againScreen } from './shared-link.ts';
import { longDay, type Speech } from './words.ts';

/** Built files that the page names. */
export interface PageFiles {
  readonly main: EntryFiles;
  /** The questionnaire's renderer, which the main script loads; named in the page so that it comes at once. */
  readonly survey: EntryFiles;
  /** The script of the pages that say why a link cannot be answered. */
  readonly closed: EntryFiles;
}

/** What the server has of a link: when it last saved answers, and what was sent. */
export interface Stored {
  readonly draftSavedAt: Date | null;
  readonly sent: SentSoFar | null;
}

interface Shown extends Stored {
  readonly survey: SurveyJson;
  readonly files: PageFiles;
  readonly now: Date;
}

/** The page of a link that can be answered, with the questions that it is asked (`attendance/survey.ts`). */
export function surveyPage(link: Link, { survey, files, now, ...stored }: Shown, speech: Speech): string {
  const { administration } = link;
  const note = entriesNote(stored.sent, link, now, speech);
  return wholePage(speech, {
    title: administration.title,
    head: scripts(files),
    body: html`
<main>
${languageChooser(offeredLanguages(link), speech, link.invitation.shared)}
${informationScreen({ ...link, pages: pagesOf(link), withdrawal: withdrawalFact(link, now, speech), shared: link.invitation.shared === true, declined: link.invitation.standing === 'declined', note }, speech)}
${hiddenScreens(link, now, speech)}${link.invitation.shared ? againScreen(administration.title, speech) : null}
</main>
<script type="application/json" id="survey-data">${jsonText(startData(link, survey, stored.draftSavedAt, speech))}</script>`,
  });
}

export interface Informing {
  readonly study: Study;
  readonly administration: Pick<Administration, 'title' | 'mode' | 'information' | 'pilot' | 'repeats'> & {
    readonly closes?: string;
  };
  /** Pages of questions; null in a preview, where nothing follows. */
  readonly pages: number | null;
  /** How answers can be taken back; null where they cannot. */
  readonly withdrawal: string | null;
  /** Whether many people answer through the link. */
  readonly shared?: boolean;
  /** Whether the person declined before. */
  readonly declined?: boolean;
  /** What is said of entries that came before. */
  readonly note?: Html | null;
}

/** The information before consent, as a preview shows it, too. */
export function informationScreen(informing: Informing, speech: Speech): Html {
  const { administration, study, pages } = informing;
  const words = speech.words.information;
  const text = textIn(informing, speech.language);
  return html`${natureBanner(informing, speech)}
<section id="information" aria-labelledby="title">
<p class="study">${study.title}</p>
<h1 id="title">${administration.title}</h1>
${informing.note ?? null}${informing.declined ? html`<p class="note">${words.declined}</p>` : null}
<h2>${words.asking}</h2>
<p class="asker">${text.asker}</p>
${text.paragraphs.map((paragraph) => html`<p>${paragraph}</p>\n`)}
<h2>${words.goodToKnow}</h2>
<ul>${goodToKnow(informing, speech).map((fact) => html`<li>${fact}</li>\n`)}</ul>
<p><strong>${words.questions}</strong> ${text.contact}</p>
${pages !== null && html`<noscript><p class="note bad">${words.withoutScript}</p></noscript>`}
<form id="consent" class="panel">
<div class="agree">
<input type="checkbox" id="agree" required aria-describedby="agree-first">
<label for="agree">${text.consent}</label>
</div>
<p id="agree-first" class="error" role="alert"></p>
<button type="submit" id="start" disabled>${words.start}</button>
${pages !== null && html`<p id="preparing" class="quiet" role="status">${words.preparing}</p>`}
</form>
${pages === null || informing.shared ? null : declining(words)}
</section>`;
}

/** The quiet way out. Of a shared link, nobody can decline for all. */
function declining(words: Speech['words']['information']): Html {
  return html`<p><button type="button" id="decline" class="link" aria-describedby="decline-text">${words.decline}</button></p>
<p id="decline-text" class="quiet">${words.declineText}</p>
<p id="decline-failed" class="error" role="alert"></p>`;
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

function pagesOf({ compiled }: Offer): number {
  const { pages } = compiled.instrument.survey;
  return Array.isArray(pages) ? pages.length : 1;
}

function goodToKnow({ administration, pages, withdrawal, shared = false }: Informing, speech: Speech): string[] {
  const words = { ...speech.words.information, ...(shared ? speech.words.shared : {}) };
  const unfinished = administration.mode === 'anonymous' ? words.unfinishedAnonymous : words.unfinished;
  return [
    ...(pages === null ? [] : [words.pages(pages)]),
    administration.mode === 'anonymous' ? words.anonymous : words.confidential,
    words.pause,
    ...(administration.repeats && !shared ? [speech.words.entries.fact] : []),
    // Nothing that is not sent is kept of a shared link.
    ...(shared ? [] : [unfinished]),
    ...(administration.closes === undefined ? [] : [words.until(longDay(administration.closes, speech))]),
    ...(withdrawal === null ? [] : [withdrawal]),
  ];
}

/**
 * What the script needs; client/respondent/start.ts reads it. Holds no answers, because browsers may keep the page; names only
 * of people whom this link's own person may tick.
 */
function startData(link: Link, survey: SurveyJson, draftSavedAt: Date | null, { language, words }: Speech) {
  const { administration, compiled, token } = link;
  const { languages } = compiled.instrument;
  return {
    deviceKey: deviceKeyOf(token),
    closes: administration.closes,
    mode: administration.mode,
    information: administration.information.version,
    language,
    languages: offeredLanguages(link),
    draftSavedAt: draftSavedAt?.toISOString() ?? null,
    shared: link.invitation.shared === true,
    repeats: takesEntries(link),
    survey: surveyIn(survey, languages, language),
    words: link.invitation.shared ? { ...words.client, ...words.shared } : words.client,
    problems: { ...words.problems, internal: words.unexpected },
  };
}
