/** What a check says about an instrument. Errors block publishing, hints do not. Called by every family of checks. */
import type { ItemFact } from '../versions/facts.ts';

export interface InstrumentFinding {
  readonly code: string;
  readonly severity: 'error' | 'hint';
  /** Path in the instrument, like that of an issue. */
  readonly path: string;
  /** Name of the item or question, where it is about one. */
  readonly item: string | null;
  /** What is the matter, and what to do. */
  readonly message: string;
}

export function hint(code: string, path: string, item: string | null, message: string): InstrumentFinding {
  return { code, severity: 'hint', path, item, message };
}

export function fault(code: string, path: string, item: string | null, message: string): InstrumentFinding {
  return { code, severity: 'error', path, item, message };
}

/** Names in a sentence: all of few, the first of many. */
export function listed(names: readonly string[], most = 6): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** The first item of each question, for checks of what its items share. */
export function questionsOf(items: readonly ItemFact[]): ItemFact[] {
  const seen = new Set<string>();
  return items.filter(({ question }) => !seen.has(question) && seen.add(question));
}
