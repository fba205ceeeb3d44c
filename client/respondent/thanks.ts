/** The end of the way: thanks, the day, and nothing left on the device. Called by main.ts and closed.ts. */
import { forgetPage } from './offline.ts';
import { say, showScreen } from './screens.ts';
import type { Received } from './server.ts';
import { fill, type Words } from './start.ts';

/** `receivedOn`: ISO date. */
export function showThanks({ receivedOn, receiptCode }: Received, words: Pick<Words, 'received'>): void {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(receivedOn));
  say('received', fill(words.received, { day }));
  const receipt = document.getElementById('receipt');
  if (receipt && receiptCode) {
    say('receipt-code', receiptCode);
    // As it is typed into a browser from a note.
    say('receipt-address', `${location.host}/withdraw`);
    receipt.hidden = false;
  }
  void forgetPage();
  showScreen('thanks');
}
