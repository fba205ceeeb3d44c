/** The end of the way: thanks, the day, and nothing left on the device. Called by main.ts and closed.ts. */

import { dateLocale } from '../../instruments/languages.ts';
import { forgetPage } from './offline.ts';
import { say, showScreen } from './screens.ts';
import type { Received } from './server.ts';
import { fill, type StartData } from './start.ts';

/** `receivedOn`: ISO date. Of a link that takes further entries the page stays within reach, also without network. */
export function showThanks(
  { receivedOn, receiptCode }: Received,
  { language, words, repeats = false }: Pick<StartData, 'language' | 'words'> & Partial<Pick<StartData, 'repeats'>>,
): void {
  const format = new Intl.DateTimeFormat(dateLocale(language), { dateStyle: 'long', timeZone: 'UTC' });
  const day = format.format(new Date(receivedOn));
  say('received', fill(words.received, { day }));
  const receipt = document.getElementById('receipt');
  if (receipt && receiptCode) {
    say('receipt-code', receiptCode);
    // As it is typed into a browser from a note.
    say('receipt-address', `${location.host}/withdraw`);
    receipt.hidden = false;
  }
  document.getElementById('another')?.addEventListener('click', () => location.reload());
  if (!repeats) void forgetPage();
  showScreen('thanks');
}
