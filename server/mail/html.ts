/**
 * The HTML part of a letter, from the same paragraphs as its plain text: one column, real links, enough contrast, nothing
 * fetched from anywhere. Called by the writers of letters.
 */
import { directionOf } from '../../instruments/languages.ts';
import { type Html, html } from '../responses/html.ts';

/** A paragraph; `href` makes all of it a link that stands out. */
export interface Paragraph {
  readonly text: string;
  readonly href?: string;
}

const body =
  'margin:0;padding:24px 16px;background:#ffffff;color:#1a1a1a;font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5';
const button =
  'display:inline-block;padding:12px 20px;background:#0e4a5c;color:#ffffff;text-decoration:underline;font-weight:bold;border-radius:4px';

/** A whole document. `small` paragraphs stand below a line at the end. */
export function letterHtml(letter: {
  language: string;
  title: string;
  paragraphs: readonly Paragraph[];
  small?: readonly Paragraph[];
}): string {
  const { language, title, paragraphs, small = [] } = letter;
  return html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
</head>
<body style="${body}">
<div style="max-width:600px;margin:0 auto">
${paragraphs.map((paragraph) => paragraphHtml(paragraph, button))}
${small.length > 0 ? html`<hr style="border:0;border-top:1px solid #8a8a8a;margin:24px 0 16px">` : null}
${small.map((paragraph) => html`<div style="font-size:14px;color:#4a4a4a">${paragraphHtml(paragraph, null)}</div>\n`)}
</div>
</body>
</html>
`.text;
}

/** The plain text of the same letter. */
export function letterText(letter: { paragraphs: readonly Paragraph[]; small?: readonly Paragraph[] }): string {
  const textOf = ({ text, href }: Paragraph) => (href === undefined || href === text ? text : `${text}\n${href}`);
  const small = letter.small ?? [];
  const parts = [...letter.paragraphs.map(textOf), ...(small.length > 0 ? ['-- '] : []), ...small.map(textOf)];
  return `${parts.join('\n\n').replace('-- \n\n', '-- \n')}\n`;
}

function paragraphHtml({ text, href }: Paragraph, style: string | null): Html {
  const lines = text.split('\n').map((line, at) => html`${at > 0 ? html`<br>` : null}${line}`);
  if (href === undefined) return html`<p>${lines}</p>\n`;
  return style === null
    ? html`<p><a href="${href}" style="color:#0e4a5c">${lines}</a></p>\n`
    : html`<p><a href="${href}" style="${style}">${lines}</a></p>\n<p style="font-size:14px;color:#4a4a4a;word-break:break-all">${href}</p>\n`;
}
