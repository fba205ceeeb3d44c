/** Answers that stay behind on the device when they cannot be sent: the person sees that, and may remove them. */
import type { Shelf } from './device.ts';
import { forgetPage } from './offline.ts';
import { say } from './screens.ts';
import { elementOf, type Words } from './start.ts';

/** Offers the removal, if anything is there. */
export function showLeft(shelf: Shelf, words: Pick<Words, 'removed'>): void {
  const panel = elementOf('left-here');
  panel.hidden = shelf.read() === null;
  const remove = (): void => {
    shelf.clear();
    void forgetPage();
    panel.hidden = true;
    say('removed', words.removed);
    elementOf('stopped-title').focus();
  };
  elementOf('remove').addEventListener('click', remove, { once: true });
}
