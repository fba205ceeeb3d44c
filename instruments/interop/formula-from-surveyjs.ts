/** Expressions of SurveyJS as formulas of XLSForm and REDCap, as far as they mean the same there. Called by the exports. */
import { type ExpressionNode, parseExpression } from '../surveyjs.ts';
import type { Dialect } from './formula.ts';

/** What kind of item a name stands for; null where the other program has none. */
export type KindOf = (name: string) => 'one' | 'several' | 'number' | 'text' | null;

/** Thrown inside this file for what the other program does not say in the same way. */
class Untranslatable extends Error {}

const operators: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  xpath: {
    ...{ equal: '=', notequal: '!=', less: '<', lessorequal: '<=', greater: '>', greaterorequal: '>=' },
    ...{ and: 'and', or: 'or', plus: '+', minus: '-', mul: '*', div: 'div', mod: 'mod' },
  },
  redcap: {
    ...{ equal: '=', notequal: '<>', less: '<', lessorequal: '<=', greater: '>', greaterorequal: '>=' },
    ...{ and: 'and', or: 'or', plus: '+', minus: '-', mul: '*', div: '/', power: '^' },
  },
};

function written(node: ExpressionNode, dialect: Dialect, kindOf: KindOf): string {
  const of = (one: ExpressionNode | undefined): string => {
    if (!one) throw new Untranslatable('it is incomplete');
    return written(one, dialect, kindOf);
  };
  switch (node.kind) {
    case 'constant':
      if (typeof node.value === 'number') return String(node.value);
      if (typeof node.value === 'boolean') return `'${Number(node.value)}'`;
      if (typeof node.value === 'string' && !node.value.includes("'")) return `'${node.value}'`;
      throw new Untranslatable('it names a value that is no number and no text');
    case 'name': {
      const name =
        node.name
          .replace(/^(panel|row)\./, '')
          .split('.')
          .at(-1) ?? '';
      const kind = kindOf(name);
      if (kind === null) throw new Untranslatable(`{${node.name}} is not an item there`);
      return dialect === 'xpath' ? `\${${name}}` : `[${name}]`;
    }
    case 'list':
      throw new Untranslatable('it compares with a list');
    case 'call':
      return call(node, dialect, of);
    case 'operation':
      return operation(node, dialect, kindOf, of);
  }
}

function call(
  { function: name, parameters }: Extract<ExpressionNode, { kind: 'call' }>,
  dialect: Dialect,
  of: (node: ExpressionNode | undefined) => string,
): string {
  const list = parameters.map(of).join(', ');
  if (name === 'iif') return `if(${list})`;
  if (name === 'round') return `round(${list}${parameters.length === 1 ? ', 0' : ''})`;
  if (dialect === 'redcap' && (name === 'sum' || name === 'min' || name === 'max')) return `${name}(${list})`;
  if (dialect === 'xpath' && (name === 'min' || name === 'max')) return `${name}(${list})`;
  throw new Untranslatable(`the function ${name}() has no counterpart`);
}

function operation(
  { operator, operands }: Extract<ExpressionNode, { kind: 'operation' }>,
  dialect: Dialect,
  kindOf: KindOf,
  of: (node: ExpressionNode | undefined) => string,
): string {
  const [left, right] = operands;
  const nameOf = (node: ExpressionNode | undefined) =>
    node?.kind === 'name' ? (node.name.split('.').at(-1) ?? '') : '';
  if (operator === 'negate') {
    if (dialect === 'xpath') return `not(${of(left)})`;
    throw new Untranslatable('a negated condition has no counterpart');
  }
  if (operator === 'empty' || operator === 'notempty')
    return `${of(left)} ${operator === 'empty' ? '=' : operators[dialect].notequal} ''`;
  if (operator === 'contains' || operator === 'anyof') {
    const codes = right?.kind === 'list' ? right.items : right ? [right] : [];
    const kind = kindOf(nameOf(left));
    const tests = codes.map((code) => {
      const value = code.kind === 'constant' ? String(code.value) : null;
      if (value === null) throw new Untranslatable('it compares with another item');
      if (kind === 'several') {
        return dialect === 'xpath' ? `selected(${of(left)}, '${value}')` : `[${nameOf(left)}(${value})] = '1'`;
      }
      return `${of(left)} = '${value}'`;
    });
    if (tests.length === 0) throw new Untranslatable('it compares with nothing');
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' or ')})`;
  }
  const sign = operators[dialect][operator];
  if (sign === undefined) throw new Untranslatable(`${operator} has no counterpart`);
  if (operator === 'and' || operator === 'or') return `(${of(left)}) ${sign} (${of(right)})`;
  // Codes are texts in both programs where they are compared for being equal.
  const isCode = kindOf(nameOf(left)) === 'one' && right?.kind === 'constant' && typeof right.value === 'number';
  if (isCode && (operator === 'equal' || operator === 'notequal')) return `${of(left)} ${sign} '${right.value}'`;
  if (
    operator === 'equal' ||
    operator === 'notequal' ||
    operator.startsWith('less') ||
    operator.startsWith('greater')
  ) {
    return `${of(left)} ${sign} ${of(right)}`;
  }
  return `(${of(left)}) ${sign} (${of(right)})`;
}

/** The formula, or why there is none. */
export function fromSurveyjs(
  text: string,
  dialect: Dialect,
  kindOf: KindOf,
): { readonly text: string } | { readonly problem: string } {
  const parsed = parseExpression(text);
  if ('problem' in parsed) return parsed;
  try {
    return { text: written(parsed.node, dialect, kindOf) };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return { problem: error.message };
  }
}
