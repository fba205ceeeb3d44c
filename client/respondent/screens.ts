/** The page's screens (server/responses/screens.ts wrote them): one is shown at a time, and the focus goes to its heading. */
import { elementOf } from './start.ts';

const screens = [
  'information',
  'again',
  'resume',
  'survey',
  'code',
  'sending',
  'thanks',
  'declined',
  'stopped',
] as const;
export type Screen = (typeof screens)[number];

/** Shows one screen. The survey itself moves the focus when its page has been drawn. */
export function showScreen(screen: Screen): void {
  for (const name of screens) {
    // The pages that stand in for a survey have some of them only.
    const section = document.getElementById(name);
    if (section) section.hidden = name !== screen;
  }
  document.body.dataset.screen = screen;
  if (screen === 'survey') return;
  const heading = elementOf(screen).querySelector<HTMLElement>('h1');
  heading?.setAttribute('tabindex', '-1');
  focusAtTop(heading);
}

/** Moves the focus to a heading and the view to the top, without a jump in between. */
export function focusAtTop(heading: HTMLElement | null): void {
  heading?.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Says something in a live region; the same words again are not said twice. */
export function say(id: string, text: string): void {
  const element = elementOf(id);
  if (element.textContent !== text) element.textContent = text;
}
