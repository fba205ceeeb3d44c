/**
 * In which language a respondent's page speaks: the one asked for, else that of the answers so far, else the browser's,
 * else the first that the administration offers. Used by the respondent's pages and routes.
 */
import type { Request } from 'express';
import { bestOf, defaultLanguage, directionOf, ownName, wishesOf } from '../../instruments/languages.ts';
import type { Administration, InformationText } from '../../instruments/study.ts';
import { type Html, html } from './html.ts';
import type { Offer } from './offers.ts';
import { type Speech, speechIn, spokenLanguages } from './words.ts';

/** The languages of an administration; an older one speaks the first of its instrument. */
export function offeredLanguages({
  administration,
  compiled,
}: Pick<Offer, 'administration' | 'compiled'>): readonly string[] {
  return administration.languages ?? compiled.instrument.languages.slice(0, 1);
}

/** The text before consent in a language; in the first one where it has no other. */
export function textIn(
  { administration: { information } }: { readonly administration: Pick<Administration, 'information'> },
  language: string,
): InformationText {
  return information.translations?.[language] ?? information;
}

/** @param kept language of the answers so far */
export function speechFor(request: Request, offer: Offer | null, kept: string | undefined): Speech {
  const { language: asked } = request.query;
  const wishes = [
    typeof asked === 'string' ? asked : '',
    kept ?? '',
    ...wishesOf(request.get('accept-language') ?? ''),
  ];
  const offered = offer ? offeredLanguages(offer) : spokenLanguages;
  return speechIn(bestOf(wishes.filter(Boolean), offered) ?? offered[0] ?? defaultLanguage);
}

/**
 * Links to the page in its other languages; nothing where there is but one. They need no script. On a shared link, where
 * only the open page keeps answers, the language is chosen before the questions.
 */
export function languageChooser(offered: readonly string[], speech: Speech, shared = false): Html | null {
  if (offered.length < 2) return null;
  return html`<nav class="languages${shared && ' languages-first'}" aria-label="${speech.words.information.language}">
<ul>${offered.map(
    (language) =>
      html`<li><a href="?language=${language}" hreflang="${language}" lang="${language}" dir="${directionOf(language)}"${current(language === speech.language)}>${ownName(language)}</a></li>\n`,
  )}</ul>
</nav>`;
}

const current = (is: boolean): Html => (is ? html` aria-current="true"` : html``);

/** The language in which somebody agreed, if it is one that is offered. */
export function agreedLanguage(offer: Pick<Offer, 'administration' | 'compiled'>, given: string | undefined): string {
  const offered = offeredLanguages(offer);
  return offered.find((language) => language === given) ?? offered[0] ?? defaultLanguage;
}
