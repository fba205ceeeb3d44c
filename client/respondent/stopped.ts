/** The screen for answers that the server will not take: says why; the answers stay on the device. Called by main.ts. */
import type { Shelf } from './device.ts';
import { showLeft } from './left.ts';
import { say, showScreen } from './screens.ts';
import type { Refusal } from './server.ts';
import { elementOf, type StartData } from './start.ts';

/** After these, reloading the page leads on: the information sheet is read again. */
const goesOn = new Set(['consent-needed']);

export function showStopped({ problems, words }: StartData, shelf: Shelf, { code }: Refusal): void {
  const sentences = problems[code] ?? problems.internal;
  say('stopped-title', sentences?.title ?? '');
  say('stopped-text', sentences?.text ?? '');
  elementOf('reload').hidden = !goesOn.has(code);
  elementOf('reload').addEventListener('click', () => location.reload());
  if (!goesOn.has(code)) showLeft(shelf, words);
  showScreen('stopped');
}
