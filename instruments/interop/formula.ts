/**
 * Formulas of other programs as trees: the XPath of XLSForm (`${x} = 'a' and selected(., 'b')`) and the logic of REDCap
 * (`[x] = "1" and [y(3)] = "1"`). What is no formula at all is told with the place; what cannot be translated is told later.
 */

export type FormulaNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** `choice`: the box of a REDCap checkbox. */
  | { readonly kind: 'item'; readonly name: string; readonly choice: string | null }
  | { readonly kind: 'self' }
  /** A path or a bare word: a column of the choices, or a place in the form. */
  | { readonly kind: 'path'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly FormulaNode[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly FormulaNode[] };

export type Dialect = 'xpath' | 'redcap';

/** Thrown inside this file where a formula cannot be read. */
class NotAFormula extends Error {}

interface Token {
  readonly kind: 'number' | 'text' | 'item' | 'word' | 'sign' | 'self';
  readonly text: string;
  readonly choice?: string | null;
}

const patterns: Readonly<Record<Dialect, readonly [RegExp, Token['kind']][]>> = {
  xpath: [
    [/^\d+(?:\.\d+)?/, 'number'],
    [/^(?:'[^']*'|"[^"]*")/, 'text'],
    [/^\$\{\s*[^{}]{1,200}\s*\}/, 'item'],
    [/^(?:\.\.|\/)[\w./:-]*/, 'word'],
    [/^\./, 'self'],
    [/^[A-Za-z_][\w-]*(?::[\w-]+)?/, 'word'],
    [/^(?:!=|<=|>=|[=<>()+*,|-])/, 'sign'],
  ],
  redcap: [
    [/^\d+(?:\.\d+)?/, 'number'],
    [/^(?:'[^']*'|"[^"]*"|“[^”]*”|‘[^’]*’)/, 'text'],
    [/^\[[^[\]]{1,200}\](?:\[[^[\]]{1,200}\])*/, 'item'],
    [/^[A-Za-z_][\w]*/, 'word'],
    [/^(?:<>|!=|<=|>=|[=<>()+*,/^-])/, 'sign'],
  ],
};

function tokensOf(text: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  let rest = text.replaceAll('‘', "'").replaceAll('’', "'").replaceAll('“', '"').replaceAll('”', '"').trim();
  while (rest !== '') {
    if (tokens.length > 2_000) throw new NotAFormula('it is too long');
    const found = patterns[dialect].flatMap(([pattern, kind]) => {
      const [match] = pattern.exec(rest) ?? [];
      return match === undefined ? [] : [{ match, kind }];
    })[0];
    if (!found) throw new NotAFormula(`"${rest.slice(0, 12)}" has no meaning there`);
    const { match, kind } = found;
    rest = rest.slice(match.length).trimStart();
    if (kind === 'text') tokens.push({ kind, text: match.slice(1, -1) });
    else if (kind === 'item') tokens.push({ kind, ...itemOf(match, dialect) });
    else tokens.push({ kind, text: match });
  }
  return tokens;
}

function itemOf(text: string, dialect: Dialect): { text: string; choice: string | null } {
  if (dialect === 'xpath') return { text: text.slice(2, -1).trim(), choice: null };
  const [, name, choice] = /^\[([\w-]+)(?:\(([^()]+)\))?\]$/.exec(text) ?? [];
  return { text: name ?? text, choice: choice?.trim() ?? null };
}

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '!=', '<>'],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/', 'div', 'mod'],
  ['^'],
];

class Reader {
  #at = 0;
  #depth = 0;
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): FormulaNode {
    const node = this.level(0);
    const left = this.#tokens[this.#at];
    if (left) throw new NotAFormula(`"${left.text.slice(0, 30)}" stands where the formula should end`);
    return node;
  }

  private level(at: number): FormulaNode {
    const operators = levels[at];
    if (!operators) return this.single();
    if (this.#depth++ > 400) throw new NotAFormula('it is nested too deeply');
    let node = this.level(at + 1);
    for (let operator = this.operator(operators); operator !== null; operator = this.operator(operators)) {
      node = { kind: 'operation', operator, operands: [node, this.level(at + 1)] };
    }
    this.#depth -= 1;
    return node;
  }

  private operator(operators: readonly string[]): string | null {
    const token = this.#tokens[this.#at];
    if (!token || (token.kind !== 'sign' && token.kind !== 'word')) return null;
    const text = token.text.toLowerCase();
    if (!operators.includes(text)) return null;
    this.#at += 1;
    return text === '<>' ? '!=' : text;
  }

  private single(): FormulaNode {
    const token = this.#tokens[this.#at++];
    if (!token) throw new NotAFormula('it ends too early');
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: Number(token.text) };
      case 'text':
        return { kind: 'text', value: token.text };
      case 'item':
        return { kind: 'item', name: token.text, choice: token.choice ?? null };
      case 'self':
        return { kind: 'self' };
      case 'word':
        return this.#tokens[this.#at]?.text === '(' && this.#tokens[this.#at]?.kind === 'sign'
          ? this.call(token.text)
          : { kind: 'path', text: token.text };
      case 'sign':
        return this.signed(token.text);
    }
  }

  private signed(sign: string): FormulaNode {
    if (sign === '-') return { kind: 'operation', operator: 'minus', operands: [this.single()] };
    if (sign !== '(') throw new NotAFormula(`"${sign}" has nothing before it`);
    const inner = this.level(0);
    this.expect(')');
    return inner;
  }

  private call(name: string): FormulaNode {
    this.#at += 1;
    const parameters: FormulaNode[] = [];
    if (this.#tokens[this.#at]?.text === ')') {
      this.#at += 1;
      return { kind: 'call', name: name.toLowerCase(), parameters };
    }
    for (;;) {
      parameters.push(this.level(0));
      const token = this.#tokens[this.#at++];
      if (token?.text === ')') return { kind: 'call', name: name.toLowerCase(), parameters };
      if (token?.text !== ',') throw new NotAFormula(`the parameters of ${name} do not end`);
    }
  }

  private expect(sign: string): void {
    const token = this.#tokens[this.#at++];
    if (token?.text !== sign) throw new NotAFormula(`a "${sign}" is missing`);
  }
}

/** A formula as a tree, or what is wrong with it. */
export function parseFormula(
  text: string,
  dialect: Dialect,
): { readonly node: FormulaNode } | { readonly problem: string } {
  try {
    return { node: new Reader(tokensOf(text, dialect)).whole() };
  } catch (error) {
    if (!(error instanceof NotAFormula)) throw error;
    return { problem: error.message };
  }
}
