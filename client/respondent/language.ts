/** The language of the page, remembered with the answers: choosing another one reloads the page in it. Called by main.ts. */
import type { Kept } from './device.ts';
import type { StartData } from './start.ts';

/** Answers that go on in the page's language; where that is another one, the server hears of it with the next saving. */
export function inLanguageOf({ language, languages }: Pick<StartData, 'language' | 'languages'>, kept: Kept): Kept {
  if (languages.length < 2 || kept.language === language || kept.sending) return kept;
  return { ...kept, language, unsaved: true };
}
