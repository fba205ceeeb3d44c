/** The end of the way: thanks, the day, and nothing left on the device. Called by main.ts and closed.ts. */
import { forgetPage } from './offline.ts';
import { say, showScreen } from './screens.ts';
import { fill, type Words } from './start.ts';

/** `receivedOn`: ISO date. */
export function showThanks(receivedOn: string, words: Pick<Words, 'received'>): void {
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(receivedOn));
  say('received', fill(words.received, { day }));
  void forgetPage();
  showScreen('thanks');
}
