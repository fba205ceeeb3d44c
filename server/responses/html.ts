/** HTML as values: a template tag that escapes everything it is given, so that no text can become markup. Used by `page.ts`. */

export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | false | readonly Part[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup with values filled in: text is escaped, `Html` is not, lists are joined, null and false are nothing.
 *
 * @example
 * html`<p>${'Tom & Jerry'}</p>`.text // => '<p>Tom &amp; Jerry</p>'
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(
    strings.map((string, index) => (index === 0 ? string : textOf(parts[index - 1] ?? null) + string)).join(''),
  );
}

/** JSON for a `<script type="application/json">`: no `<` in it, so that nothing can end the element early. */
export function jsonText(value: unknown): Html {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function textOf(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
