/**
 * What is different on a link that a staffroom shares: answers stay on the device until they are sent, and only as long as
 * the page is open; and a device that has sent answers says so, so that nobody answers twice by accident. Called by main.ts.
 */
import { dateLocale } from '../../instruments/languages.ts';
import { findStorage, type Shelf } from './device.ts';
import { say, showScreen } from './screens.ts';
import type { Server } from './server.ts';
import { elementOf, fill, type StartData } from './start.ts';

const prefix = 'fidelis-sent:';

/** Remembers the day, and nothing of the answers. */
export function rememberSent(deviceKey: string, receivedOn: string): void {
  try {
    findStorage()?.setItem(prefix + deviceKey, receivedOn);
  } catch {
    // A full storage only means that nobody is asked the next time.
  }
}

/** Shows that this device has sent answers, if it has and none are begun; `goOn` when somebody else wants to answer. */
export function askBefore({ deviceKey, language, words }: StartData, shelf: Shelf, goOn: () => void): boolean {
  const receivedOn = findStorage()?.getItem(prefix + deviceKey) ?? null;
  if (receivedOn === null || shelf.read() !== null) return false;
  const format = new Intl.DateTimeFormat(dateLocale(language), { dateStyle: 'long', timeZone: 'UTC' });
  const day = format.format(new Date(receivedOn));
  say('again-text', fill(words.againText ?? '', { day }));
  elementOf('again-other').addEventListener('click', goOn, { once: true });
  showScreen('again');
  return true;
}

/** The server of a shared link keeps no drafts: to the page, what the device has is saved. */
export function withoutDrafts(server: Server): Server {
  return {
    ...server,
    loadDraft: async () => ({ kind: 'done', value: null }),
    saveDraft: async () => ({ kind: 'done', value: { savedAt: new Date().toISOString() } }),
  };
}
