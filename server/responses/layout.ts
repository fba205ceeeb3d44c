/** What the respondent's pages have in common. Used by `page.ts` and `problem-page.ts`. */
import { createHash } from 'node:crypto';
import { dateLocale } from '../../instruments/languages.ts';
import type { EntryFiles } from '../client-files.ts';
import { type Html, html } from './html.ts';
import type { Offer } from './offers.ts';
import type { Speech } from './words.ts';

/** A whole document. */
export function wholePage(
  { language, direction }: Pick<Speech, 'language' | 'direction'>,
  { title, head, body }: { title: string; head: Html; body: Html },
): string {
  return html`<!doctype html>
<html lang="${dateLocale(language)}" dir="${direction}">
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

/** Style sheets that the page waits for. */
export function styleLinks({ styles }: EntryFiles): Html {
  return html`${styles.map((style) => html`<link rel="stylesheet" href="${style}">\n`)}`;
}

/** Says on every page of a simulated study that it is one, and the same of a pilot. */
export function natureBanner(
  {
    study,
    administration,
  }: {
    readonly study: Pick<Offer['study'], 'simulated'>;
    readonly administration: Pick<Offer['administration'], 'pilot'>;
  },
  { words: { information } }: Pick<Speech, 'words'>,
): Html {
  return html`${study.simulated ? html`<p class="note simulated">${information.simulated}</p>` : null}${
    administration.pilot ? html`<p class="note simulated">${information.pilot}</p>` : null
  }`;
}

/** Names a link's answers on the device without naming the link. */
export function deviceKeyOf(token: string): string {
  return createHash('sha256').update(`device:${token}`).digest('base64url').slice(0, 22);
}
