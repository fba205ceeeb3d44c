/** The languages of an XLSForm and its texts in all of them. */
import type { LeftOut } from './left-out.ts';
import { type SheetRow, tagOf } from './xlsform-columns.ts';

const translated = ['label', 'hint', 'constraint_message', 'required_message'];

export class FormLanguages {
  /** Tags, that of the form's default language first. */
  readonly tags: readonly string[];
  readonly #names = new Map<string | null, string>();
  readonly #leftOut: LeftOut[];
  readonly #gaps = new Map<string, number>();

  constructor(rows: readonly SheetRow[], standard: string, leftOut: LeftOut[]) {
    this.#leftOut = leftOut;
    const named = new Set(
      rows.flatMap(({ filled }) =>
        filled.filter(({ name }) => translated.includes(name)).map(({ language }) => language),
      ),
    );
    const first = standard === '' ? null : standard;
    const order = [...named].sort(
      (one, other) => Number(other === first) - Number(one === first) || Number(other === null) - Number(one === null),
    );
    const used = new Map<string, string>();
    for (const language of order) {
      const tag = this.tagFor(language ?? first ?? 'en', used);
      this.#names.set(language, tag);
    }
    this.tags = used.size === 0 ? ['en'] : [...new Set(this.#names.values())];
  }

  /** A form may call a language anything; one that no tag is known for gets one of the tags kept for private use. */
  private tagFor(language: string, used: Map<string, string>): string {
    const known = used.get(language);
    if (known !== undefined) return known;
    const tag = tagOf(language) ?? `qa${String.fromCharCode(97 + used.size)}`;
    used.set(language, tag);
    if (tag.startsWith('qa')) {
      const why = `The language "${language.slice(0, 60)}" is called ${tag} here, since no tag is known for it; put the right one in its place.`;
      this.#leftOut.push({ item: null, what: 'language', why });
    }
    return tag;
  }

  /** A text as an instrument writes it: plain in one language, by language in several; undefined where there is none. */
  text(texts: ReadonlyMap<string | null, string>, change: (text: string) => string = (text) => text): unknown {
    if (texts.size === 0) return undefined;
    const by = new Map(
      [...texts].map(([language, text]) => [this.#names.get(language) ?? this.tags[0] ?? 'en', change(text)]),
    );
    const [first = 'en'] = this.tags;
    const instead = by.get(first) ?? [...by.values()][0] ?? '';
    if (this.tags.length === 1) return instead;
    return Object.fromEntries(
      this.tags.map((tag) => {
        const text = by.get(tag);
        if (text === undefined) this.#gaps.set(tag, (this.#gaps.get(tag) ?? 0) + 1);
        return [tag, text ?? instead];
      }),
    );
  }

  /** Tells how many texts had to be given in another language. To be called when all texts have been read. */
  tellGaps(): void {
    for (const [tag, count] of this.#gaps) {
      const why = `${count} texts are not in the file in ${tag}; those of another language stand in their place and need translating.`;
      this.#leftOut.push({ item: null, what: 'translation', why });
    }
  }
}
