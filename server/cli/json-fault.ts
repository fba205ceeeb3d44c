/** Where a text stops being JSON, in words: Node 20 does not always say. Called by files.ts for files that people wrote. */

const wanted = {
  value: 'a value',
  first: 'a value or ]',
  name: 'a name in double quotes',
  firstName: 'a name in double quotes or }',
  colon: 'a colon',
  comma: 'a comma',
  end: 'nothing more',
} as const;

const closing = { '{': '}', '[': ']' } as const;
const scalar =
  /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;

/** Line and column, from 1, with what was expected and found there; null when nothing is found to be wrong. */
export function jsonFault(text: string): string | null {
  const open: (keyof typeof closing)[] = [];
  let state: keyof typeof wanted = 'value';
  for (let at = after(space, text, 0) ?? 0; ; at = after(space, text, at) ?? at) {
    const inside = open.at(-1);
    const next = text.charAt(at);
    const close = inside && closing[inside];
    const mayClose = state === 'comma' || state === (inside === '{' ? 'firstName' : 'first');
    if (state === 'end' && next === '') return null;
    if (close !== undefined && next === close && mayClose) {
      open.pop();
      state = open.length > 0 ? 'comma' : 'end';
      at += 1;
    } else if (state === 'comma' && next === ',') {
      state = inside === '{' ? 'name' : 'value';
      at += 1;
    } else if (state === 'colon' && next === ':') {
      state = 'value';
      at += 1;
    } else if ((state === 'value' || state === 'first') && (next === '{' || next === '[')) {
      open.push(next);
      state = next === '{' ? 'firstName' : 'first';
      at += 1;
    } else {
      const isName: boolean = state === 'name' || state === 'firstName';
      const takesScalar: boolean = isName ? next === '"' : state === 'value' || state === 'first';
      const end: number | null = takesScalar ? after(scalar, text, at) : null;
      if (end === null) return told(text, at, state, close);
      state = isName ? 'colon' : open.length > 0 ? 'comma' : 'end';
      at = end;
    }
  }
}

/** Where a match that begins at a position ends; null without one. */
function after(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function told(text: string, at: number, state: keyof typeof wanted, close: string | undefined): string {
  const before = text.slice(0, at).split('\n');
  const expected = state === 'comma' && close ? `${wanted.comma} or ${close}` : wanted[state];
  const found =
    at === text.length ? 'the file ends there' : `${text.slice(at, at + 20).split(/\s/, 1)[0]} stands there`;
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${expected} is expected, ${found}`;
}
