/**
 * Printed sheets for staffrooms: a page for each shared link with what it is, its QR code, the link to type, and until when.
 * One document that a browser prints, and that `print-pdf.ts` turns into a PDF. Called by the routes.
 */
import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import { type Administration, type Role, roleTitles } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { Html, html } from '../responses/html.ts';
import { longDay } from '../responses/words.ts';
import { schoolNames } from '../rosters/store.ts';
import { listInvitations } from './lists.ts';
import { surveyLink, tokenFor } from './tokens.ts';

export interface Sheet {
  readonly school: string;
  readonly role: Role;
  readonly url: string;
}

export interface SheetFilter {
  readonly cluster?: string | undefined;
  readonly school?: string | undefined;
  readonly role?: Role | undefined;
}

/** The sheets of all shared links that fit, by school and role. Throws `not-found` when there are none. */
export async function sheetsOf(
  context: Context,
  { study, id }: Administration,
  filter: SheetFilter,
  scope: Scope,
): Promise<Sheet[]> {
  const all = { skip: 0, limit: 0 };
  const where = { ...filter, shared: true as const, state: 'open' as const };
  const { invitations } = await listInvitations(context.db, study, id, where, all, scope);
  if (invitations.length === 0) {
    throw new Problem('not-found', { detail: 'There are no staffroom links here yet. Make them first, then print.' });
  }
  const placed = invitations.map(({ school }) => school);
  const names = await schoolNames(context.db, study, placed);
  return invitations
    .map(({ _id, school, role, serial }) => ({
      school: names.get(school ?? '') ?? school ?? '',
      role,
      url: surveyLink(context, tokenFor(context, _id, serial)),
    }))
    .sort((a, b) => a.school.localeCompare(b.school, 'en', { numeric: true }) || a.role.localeCompare(b.role));
}

const styles = `
@page { size: A4 portrait; margin: 18mm; }
* { box-sizing: border-box; }
body { margin: 0; color: #000; background: #fff; font: 13pt/1.45 Arial, Helvetica, sans-serif; }
.sheet { break-after: page; max-width: 174mm; margin: 0 auto; padding: 8mm 0; }
.sheet:last-child { break-after: auto; }
.for { margin: 0; font-size: 15pt; }
h1 { margin: 2mm 0 6mm; font-size: 26pt; line-height: 1.15; }
h2 { margin: 7mm 0 2mm; font-size: 15pt; }
p, ol { margin: 0 0 3mm; }
ol { padding-left: 7mm; }
.code { display: block; width: 74mm; height: 74mm; margin: 6mm auto; }
.code svg { display: block; width: 100%; height: 100%; }
.link { padding: 4mm; border: 0.4mm solid #000; font: bold 14pt/1.4 "Courier New", Courier, monospace; text-align: center; overflow-wrap: anywhere; }
.small { font-size: 11pt; }
@media screen { .sheet { padding: 8mm 6mm; border-bottom: 1px solid #666; } }
`;

/** The page has no script and loads nothing; its one style sheet is allowed by its hash. */
export const sheetsPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export function sheetsHtml(administration: Administration, sheets: readonly Sheet[]): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Staffroom sheets: ${administration.title}</title>
<style>${new Html(styles)}</style>
</head>
<body>
<main>
${sheets.map((sheet) => sheetHtml(administration, sheet))}
</main>
</body>
</html>
`.text;
}

function sheetHtml({ title, mode, closes, information }: Administration, { school, role, url }: Sheet): Html {
  const who = `${roleTitles[role]}s`.replace(/Headteachers/, 'Headteacher');
  const what = `QR code of the survey link for ${who} of ${school}`;
  return html`<section class="sheet">
<p class="for"><strong>${school}</strong><br>For: ${who}</p>
<h1>${title}</h1>
<p>${information.asker} would like to hear from you. Everybody of this role uses the same link, each on their own.</p>
<div class="code" role="img" aria-label="${what}">${new Html(renderSVG(url, { ecc: 'M', border: 4 }))}</div>
<h2>How to take part</h2>
<ol>
<li>Point the camera of your phone at the code, or type this link, with small and capital letters as they stand:</li>
</ol>
<p class="link">${url.replace(/^https?:\/\//, '')}</p>
<ol start="2">
<li>Read who is asking and why, and decide whether you take part.</li>
<li>Answer in one go, and send your answers at the end.</li>
</ol>
<p><strong>Answers are taken until ${longDay(closes, { language: 'en' })}.</strong></p>
<p class="small">${
    mode === 'anonymous'
      ? 'The survey is anonymous: your answers are stored with your school and your role, and nothing else.'
      : 'Your name is not asked for: your answers are stored with your school and your role.'
  } Questions? ${information.contact}</p>
</section>
`;
}
