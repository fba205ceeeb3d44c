/** The draft around an imported survey: legal names, an envelope that asks for what the file does not say. */
import { idFrom } from '../ids.ts';
import { isName } from '../names.ts';
import type { LeftOut } from './left-out.ts';

/** Gives every name of a file one that an item may have, and tells which had to change. */
export class LegalNames {
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #leftOut: LeftOut[];

  constructor(leftOut: LeftOut[]) {
    this.#leftOut = leftOut;
  }

  /** The name for a new item. `room`: characters that variables of it will add behind. */
  take(name: string, room = 0): string {
    const most = 32 - room;
    const plain = name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_')
      .replace(/^_+/, '')
      .slice(0, most);
    const start = /^[a-z]/.test(plain) ? plain : `q_${plain}`.slice(0, most);
    let candidate = start;
    for (let count = 1; !isName(candidate) || this.#taken.has(candidate); count += 1) {
      const end = `_${count}`;
      candidate = start.slice(0, most - end.length) + end;
    }
    this.#taken.add(candidate);
    if (!this.#given.has(name)) this.#given.set(name, candidate);
    if (candidate !== name) {
      const why = `"${name.slice(0, 60)}" became ${candidate}: names have lower-case letters, digits and _, at most 32, and stand once.`;
      this.#leftOut.push({ item: candidate, what: 'name', why });
    }
    return candidate;
  }

  /** What a name of the file has become. */
  find(name: string): string | undefined {
    return this.#given.get(name);
  }
}

/** An instrument draft around a survey; what the file does not say is marked as missing, so that it blocks publishing. */
export function draftAround(
  survey: Readonly<Record<string, unknown>>,
  { title, id, languages, from }: { title: string; id?: string; languages: readonly string[]; from: string },
): Record<string, unknown> {
  const name = title.trim().slice(0, 500) || 'Imported instrument';
  return {
    id: idFrom(id ?? name) || 'imported',
    version: 1,
    kind: 'survey',
    title: name,
    description: '',
    languages: [...languages],
    subject: 'person',
    sources: [],
    permission: {
      holder: 'Not stated in the file',
      status: 'missing',
      note: `Imported from ${from}. Say who wrote the items and on what terms they may be used.`,
    },
    survey,
    scales: [],
    changes: [],
  };
}

/** Text as HTML that shows it as it is. */
export const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('{', '(')
    .replaceAll('}', ')');
