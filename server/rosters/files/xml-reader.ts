/**
 * Tags and texts of the XML inside a workbook, a block at a time. Knows what spreadsheets write and refuses what they do
 * not: a document type, which could define entities that expand without end. Called by xlsx-reader.ts.
 */
import { BrokenFile } from './zip-reader.ts';

export interface XmlToken {
  readonly kind: 'open' | 'close' | 'text';
  /** Name of the tag without its prefix, or the text. */
  readonly value: string;
  /** What stands between the name and the end of an opening tag. */
  readonly attributes: string;
  /** True for an opening tag that closes itself. */
  readonly empty: boolean;
}

/** Longest tag or text that is waited for. */
const longest = 1_000_000;

export async function* xmlTokens(source: AsyncIterable<Buffer>): AsyncGenerator<XmlToken[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  try {
    for await (const bytes of source) {
      const { tokens, left } = split(rest + decoder.decode(bytes, { stream: true }));
      if (left.length > longest) throw broken();
      rest = left;
      yield tokens;
    }
  } catch (error) {
    if (error instanceof TypeError) throw broken();
    throw error;
  }
  if (rest.trim() !== '') throw broken();
}

/** The value of an attribute, whatever its prefix; null when it is not there. */
export function attribute({ attributes }: XmlToken, name: string): string | null {
  for (const [, key = '', double, single] of attributes.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (key === name || key.endsWith(`:${name}`)) return unescaped(double ?? single ?? '');
  }
  return null;
}

function split(text: string): { tokens: XmlToken[]; left: string } {
  const tokens: XmlToken[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('<', at);
    if (start < 0) return { tokens, left: text.slice(at) };
    const end = endOf(text, start);
    if (end === null) return { tokens, left: text.slice(at) };
    if (start > at) tokens.push(textToken(unescaped(text.slice(at, start))));
    const inside = text.slice(start + 1, end - 1);
    if (inside.startsWith('![CDATA[')) tokens.push(textToken(inside.slice(8, -2)));
    else if (inside.startsWith('!') && !inside.startsWith('!--')) throw broken();
    else if (!inside.startsWith('!') && !inside.startsWith('?')) tokens.push(tagToken(inside));
    at = end;
  }
}

/** Where the markup that starts here ends (behind it); null when the end has not come yet. */
function endOf(text: string, start: number): number | null {
  if (text.length < start + 9) {
    const end = text.indexOf('>', start);
    if (end < 0) return null;
  }
  const [closing, from] = text.startsWith('<!--', start)
    ? ['-->', start + 4]
    : text.startsWith('<![CDATA[', start)
      ? [']]>', start + 9]
      : text.startsWith('<?', start)
        ? ['?>', start + 2]
        : ['>', start + 1];
  let end = text.indexOf(closing, from as number);
  // A > inside an attribute ends nothing.
  while (closing === '>' && end >= 0 && isOpen(text.slice(start, end))) end = text.indexOf('>', end + 1);
  return end < 0 ? null : end + closing.length;
}

/** Whether a quote of an attribute is still open. */
function isOpen(tag: string): boolean {
  let quote = '';
  for (const character of tag) {
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

const textToken = (value: string): XmlToken => ({ kind: 'text', value, attributes: '', empty: false });

function tagToken(inside: string): XmlToken {
  const kind = inside.startsWith('/') ? 'close' : 'open';
  const empty = inside.endsWith('/');
  const body = inside.slice(kind === 'close' ? 1 : 0, empty ? -1 : undefined);
  const name = /^[^\s/]+/.exec(body)?.[0] ?? '';
  return { kind, value: name.slice(name.indexOf(':') + 1), attributes: body.slice(name.length), empty };
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[String(name)] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function broken(): BrokenFile {
  return new BrokenFile('broken-file', 'The workbook is damaged. Open it in a spreadsheet and save it anew.');
}
