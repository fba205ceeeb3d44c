/** A version of an information sheet as a respondent sees it: the same markup and style sheet, without script. */
import { bestOf, defaultLanguage } from '../../instruments/languages.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import type { EntryFiles } from '../client-files.ts';
import { html } from '../responses/html.ts';
import { languageChooser } from '../responses/languages.ts';
import { styleLinks, wholePage } from '../responses/layout.ts';
import { informationScreen } from '../responses/page.ts';
import { speechIn } from '../responses/words.ts';
import type { SheetVersion } from './store.ts';

export function previewPage(
  study: Study,
  { title, texts, version }: SheetVersion,
  { language: asked, mode }: { language?: string | undefined; mode: Administration['mode'] },
  files: EntryFiles,
): string {
  const languages = Object.keys(texts);
  const language = bestOf(asked === undefined ? [] : [asked], languages) ?? languages[0] ?? defaultLanguage;
  const speech = speechIn(language);
  const text = texts[language];
  if (!text) throw new Error(`version ${version} of a sheet without any text`);
  const information = { version, ...text };
  const body = informationScreen(
    { study, pages: null, withdrawal: null, administration: { title, mode, information } },
    speech,
  );
  return wholePage(speech, {
    title,
    head: styleLinks(files),
    body: html`\n<main>\n${languageChooser(languages, speech)}\n${body}\n</main>`,
  });
}
