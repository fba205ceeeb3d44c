/** A person's record as a page that can be read, printed and handed over: no script, no files beside it. */
import { roleTitles } from '../../instruments/study.ts';
import { type Html, html } from '../responses/html.ts';
import type { PersonRecord } from './record.ts';

/** A whole document. */
export function recordPage(record: PersonRecord): string {
  const { study, person, identity, roster, responses, notes } = record;
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>What is held on ${person}</title>
</head>
<body>
<h1>What is held on ${person} in the study “${study.title}”</h1>
<p>Made on ${record.madeAt.toISOString()}. Times are in UTC.</p>
${notes.map((note) => html`<p>${note}</p>\n`)}
<h2>Who this is</h2>
${
  identity
    ? table(
        ['What', 'Value'],
        [
          ['Name', identity.name],
          ['E-mail address', identity.email],
          ['Language of messages', identity.language],
        ],
      )
    : html`<p>No name and no address is kept.</p>`
}
<h2>In the roster</h2>
${table(
  ['What', 'Value'],
  Object.entries(roster).map(([key, value]) => [key, textOf(key === 'role' ? roleTitles[roster.role] : value)]),
)}
<h2>Invitations</h2>
${table(
  ['Survey', 'State', 'First opened', 'Anonymous'],
  record.invitations.map(({ title, state, openedAt, anonymous }) => [
    title,
    state,
    textOf(openedAt),
    anonymous ? 'yes' : 'no',
  ]),
)}
<h2>Answers</h2>
${responses.length === 0 ? html`<p>None.</p>` : null}
${responses.map(
  (response) => html`<h3>${response.title}</h3>
<p>Received on ${response.receivedAt.toISOString()}, ${response.completion}. ${
    response.consent
      ? html`Agreed to version ${response.consent.information} of the information sheet${response.consent.agreedAt ? ` on ${response.consent.agreedAt.toISOString()}` : ''}.`
      : html``
  }</p>
${table(
  ['Question', 'Answer'],
  response.items.map(({ question, answer }) => [question, textOf(answer)]),
)}`,
)}
<h2>Answers that are not sent</h2>
${table(
  ['Survey', 'Saved', 'Answers'],
  record.drafts.map(({ administration, savedAt, answers }) => [
    administration,
    textOf(savedAt),
    JSON.stringify(answers),
  ]),
)}
<h2>Paper forms</h2>
${table(
  ['Survey', 'State', 'Day of the form', 'Typed', 'Decisions'],
  record.papers.map(({ title, state, day, typed, decisions }) => [
    title,
    state,
    day,
    JSON.stringify(typed),
    JSON.stringify(decisions.map(({ by: _by, ...decision }) => decision)),
  ]),
)}
<h2>Messages</h2>
${table(
  ['Kind', 'Survey', 'State', 'Sent'],
  record.messages.map(({ kind, administration, state, sentAt }) => [kind, administration, state, textOf(sentAt)]),
)}
<h2>Withdrawals</h2>
${table(
  ['Day', 'What', 'By', 'Confirmation code'],
  record.withdrawals.map(({ on, scope, administration, by, confirmation }) => [
    on,
    administration ?? scope,
    by,
    confirmation,
  ]),
)}
<h2>Who looked at or changed something of this person</h2>
${table(
  ['Time', 'What', 'By', 'Outcome'],
  record.audit.map(({ at, verb, actor, outcome }) => [textOf(at), verb, `${actor.kind} ${actor.id ?? ''}`, outcome]),
)}
</body>
</html>
`.text;
}

type Text = string | number | null;

function table(head: readonly string[], rows: readonly (readonly Text[])[]): Html {
  if (rows.length === 0) return html`<p>None.</p>`;
  return html`<table>
<thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>`;
}

function textOf(value: unknown): Text {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
