/**
 * Links that take an entry after each event (`repeats` of an administration): what was sent through one so far, as its
 * page tells it. Called by the respondent's routes, `page.ts` and `screens.ts`.
 */
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { withdrawalLink } from '../rights/notes.ts';
import { listEntryDays } from './entries-store.ts';
import { type Html, html } from './html.ts';
import type { Link } from './offers.ts';
import { longDay, type Speech } from './words.ts';

export interface SentSoFar {
  readonly count: number;
  /** ISO date in the study's time zone. */
  readonly last: string;
}

/** Whether a link takes any number of entries of one person. */
export const takesEntries = ({ administration, invitation }: Pick<Link, 'administration' | 'invitation'>): boolean =>
  administration.repeats === true && invitation.shared !== true;

/** The entries that came through a link that takes any number of them; null where none have, or it takes one. */
export async function sentSoFar({ db }: Pick<Context, 'db'>, link: Link): Promise<SentSoFar | null> {
  if (!takesEntries(link)) return null;
  const days = await listEntryDays(db, link.invitation);
  const last = days.at(-1);
  return last ? { count: days.length, last: dayIn(link.study.timeZone, last) } : null;
}

/** Before the next entry: how many there are, and the way to take them back. */
export function entriesNote(sent: SentSoFar | null, link: Pick<Link, 'study'>, now: Date, speech: Speech): Html | null {
  if (!sent) return null;
  return html`<p class="note good">${speech.words.entries.sent(sent.count, longDay(sent.last, speech))}</p>
${withdrawalLink(link, now, speech)}`;
}

/** After sending: the way to the next entry. */
export function anotherEntry({ words }: Speech): Html {
  return html`<p class="steps"><button type="button" id="another">${words.entries.another}</button></p>`;
}
