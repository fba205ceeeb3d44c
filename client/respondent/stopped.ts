/** The screen for answers that the server will not take: says why, and leaves them on the device until the person decides. */
import type { Shelf } from './device.ts';
import { say, showScreen } from './screens.ts';
import type { Refusal } from './server.ts';
import { elementOf, type StartData } from './start.ts';

/** After these, reloading the page leads on: the information sheet is read again. */
const goesOn = new Set(['consent-needed']);

/** Shows why. `onRemoved` is called when the person removes the answers from the device. */
export function showStopped(
  { problems, words }: Pick<StartData, 'problems' | 'words'>,
  shelf: Shelf,
  { code }: Refusal,
  onRemoved: () => void,
): void {
  const sentences = problems[code] ?? problems.internal;
  say('stopped-title', sentences?.title ?? '');
  say('stopped-text', sentences?.text ?? '');
  const kept = shelf.read() !== null;
  elementOf('kept-here').hidden = !kept;
  elementOf('reload').hidden = !goesOn.has(code);
  elementOf('remove-panel').hidden = !kept || goesOn.has(code);
  elementOf('reload').addEventListener('click', () => location.reload());
  elementOf('remove').addEventListener(
    'click',
    () => {
      shelf.clear();
      onRemoved();
      elementOf('kept-here').hidden = true;
      elementOf('remove-panel').hidden = true;
      say('removed', words.removed);
      elementOf('stopped-title').focus();
    },
    { once: true },
  );
  showScreen('stopped');
}
