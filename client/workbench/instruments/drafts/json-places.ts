/** Where in a JSON text each value begins, so that an issue with a path can be shown at its line. Used by the JSON editor. */

export interface Places {
  /** Line, from 1, of each path like `survey.pages[0].elements[2]`; the whole text is ''. */
  readonly lines: ReadonlyMap<string, number>;
  readonly value: unknown;
}

export interface SyntaxFault {
  readonly line: number;
  readonly message: string;
}

/**
 * The value with the lines of its parts, or the line where the text stops being JSON.
 *
 * @example
 * readPlaces('{\n  "a": [1,\n  2]\n}') // lines: '' 1, 'a' 2, 'a[0]' 2, 'a[1]' 3
 */
export function readPlaces(text: string): Places | SyntaxFault {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;
  const fault = (message: string) => Object.assign(new SyntaxError(message), { line });

  const space = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) {
      if (text[at] === '\n') line += 1;
      at += 1;
    }
  };
  const expect = (sign: string, what: string): void => {
    space();
    if (text[at] !== sign) throw fault(`Expected ${what} ("${sign}"), found ${found(text, at)}.`);
    at += 1;
  };
  const string = (): string => {
    const match = /"(?:[^"\\\n]|\\.)*"/y;
    match.lastIndex = at;
    const [literal] = match.exec(text) ?? [];
    if (literal === undefined) throw fault('A text is not closed: expected a quotation mark (") on the same line.');
    at += literal.length;
    try {
      return JSON.parse(literal) as string;
    } catch {
      throw fault('A text holds a sign that JSON cannot have there, such as a single \\ or a tab.');
    }
  };
  const value = (path: string, depth: number): void => {
    space();
    if (depth > 100) throw fault('The text is nested more than 100 deep.');
    lines.set(path, line);
    const sign = text[at];
    if (sign === '{') {
      at += 1;
      members('}', () => {
        space();
        if (text[at] !== '"')
          throw fault(`Expected the name of a property in quotation marks, found ${found(text, at)}.`);
        const name = string();
        expect(':', 'a colon after the name');
        value(path === '' ? name : `${path}.${name}`, depth + 1);
      });
    } else if (sign === '[') {
      at += 1;
      let index = 0;
      members(']', () => {
        value(`${path}[${index}]`, depth + 1);
        index += 1;
      });
    } else if (sign === '"') string();
    else {
      const match = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
      match.lastIndex = at;
      const [literal] = match.exec(text) ?? [];
      if (literal === undefined) throw fault(`Expected a value, found ${found(text, at)}.`);
      at += literal.length;
    }
  };
  const members = (end: string, read: () => void): void => {
    space();
    if (text[at] === end) {
      at += 1;
      return;
    }
    for (;;) {
      read();
      space();
      if (text[at] === ',') {
        at += 1;
        continue;
      }
      expect(end, 'a comma or the end');
      return;
    }
  };

  try {
    value('', 0);
    space();
    if (at < text.length) throw fault(`Something stands behind the end: ${found(text, at)}.`);
    return { lines, value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { line: 'line' in error && typeof error.line === 'number' ? error.line : line, message: error.message };
  }
}

const found = (text: string, at: number): string => (at >= text.length ? 'the end of the text' : `"${text[at]}"`);

/** The line of a path, or of the nearest part around it that is there. */
export function lineOf(lines: ReadonlyMap<string, number>, path: string): number {
  for (let part = path; part !== ''; part = part.replace(/(\.[^.[\]]*|\[\d+\]|^[^.[\]]+)$/, '')) {
    const line = lines.get(part);
    if (line !== undefined) return line;
    if (!/(\.[^.[\]]*|\[\d+\]|^[^.[\]]+)$/.test(part)) break;
  }
  return 1;
}
