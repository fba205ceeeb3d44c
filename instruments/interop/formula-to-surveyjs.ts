/** Formulas of other programs as expressions of SurveyJS, as far as they mean the same there. Called by the imports. */
import type { FormulaNode } from './formula.ts';

/** An item that a formula may read. */
export interface ScopeItem {
  readonly name: string;
  readonly kind: 'code' | 'codes' | 'number' | 'text' | 'boolean';
  /** Codes of choices by what the file calls them. */
  readonly codes: ReadonlyMap<string, number>;
  /** The repeat that it stands in, by its new name. */
  readonly table: string | null;
}

export interface Scope {
  find(name: string): ScopeItem | undefined;
  /** The item that the formula belongs to, for `.`. */
  readonly self: ScopeItem | null;
  /** The repeat that the formula stands in. */
  readonly table: string | null;
}

/** Thrown inside this file for what SurveyJS does not say in the same way. */
class Untranslatable extends Error {}

const operators: Readonly<Record<string, string>> = {
  ...{ or: 'or', and: 'and', '=': '=', '!=': '!=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' },
  ...{ '+': '+', '-': '-', '*': '*', '/': '/', div: '/', mod: '%', '^': '^' },
};
const clock: ReadonlySet<string> = new Set(['today', 'now', 'datediff']);

function itemOf(node: FormulaNode, scope: Scope): ScopeItem | null {
  if (node.kind === 'self') {
    if (!scope.self) throw new Untranslatable('"." stands for no item there');
    return scope.self;
  }
  if (node.kind !== 'item') return null;
  const item = scope.find(node.name);
  if (!item) throw new Untranslatable(`it reads ${node.name.slice(0, 60)}, which was left out or is not in the file`);
  return item;
}

function named(item: ScopeItem, scope: Scope): string {
  if (item.table === null) return `{${item.name}}`;
  if (item.table === scope.table) return `{panel.${item.name}}`;
  throw new Untranslatable(`it reads ${item.name} of the repeat ${item.table} from outside`);
}

const quoted = (text: string): string => {
  if (text.includes("'")) throw new Untranslatable('it holds a quotation mark');
  return `'${text}'`;
};

/** A constant as a code of the item that it is compared with. */
function codeOf(item: ScopeItem, node: FormulaNode): number {
  const text =
    node.kind === 'number' ? String(node.value) : node.kind === 'text' || node.kind === 'path' ? textOf(node) : null;
  const code = text === null ? undefined : item.codes.get(text);
  if (code === undefined)
    throw new Untranslatable(`${item.name} has no choice ${text === null ? 'of that kind' : `"${text.slice(0, 40)}"`}`);
  return code;
}

const textOf = (node: Extract<FormulaNode, { kind: 'text' | 'path' }>) =>
  node.kind === 'text' ? node.value : node.text;
const isConstant = (node: FormulaNode) => node.kind === 'number' || node.kind === 'text';

function comparison(operator: string, left: FormulaNode, right: FormulaNode, scope: Scope): string {
  const [item, constant] = isConstant(left) ? [right, left] : [left, right];
  const known = item.kind === 'item' || item.kind === 'self' ? itemOf(item, scope) : null;
  const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };
  const sign = item === left ? operator : (turned[operator] ?? operator);
  if (!known || !isConstant(constant)) {
    return `${translated(left, scope)} ${operators[operator] ?? operator} ${translated(right, scope)}`;
  }
  const name = named(known, scope);
  if (constant.kind === 'text' && constant.value === '') {
    if (sign !== '=' && sign !== '!=') throw new Untranslatable('it orders something before nothing');
    return `${name} ${sign === '=' ? 'empty' : 'notempty'}`;
  }
  if (item.kind === 'item' && item.choice !== null) {
    const code = known.codes.get(item.choice);
    const value =
      constant.kind === 'number' ? constant.value : Number(textOf(constant as Extract<FormulaNode, { kind: 'text' }>));
    if (
      code === undefined ||
      known.kind !== 'codes' ||
      (value !== 0 && value !== 1) ||
      (sign !== '=' && sign !== '!=')
    ) {
      throw new Untranslatable(`the box ${item.choice} of ${known.name} is not read as ticked or not`);
    }
    const ticked = (value === 1) === (sign === '=');
    return ticked ? `{${known.name}} contains ${code}` : `!({${known.name}} contains ${code})`;
  }
  if (known.kind === 'code') return `${name} ${sign} ${codeOf(known, constant)}`;
  if (known.kind === 'codes')
    throw new Untranslatable(`${known.name} takes several answers; only selected() reads one of them`);
  if (known.kind === 'boolean') {
    const text = constant.kind === 'number' ? String(constant.value) : String((constant as { value: string }).value);
    const value = known.codes.get(text);
    if (value === undefined || (sign !== '=' && sign !== '!=')) throw new Untranslatable(`${known.name} is yes or no`);
    return `${name} ${sign} ${value === 1}`;
  }
  if (known.kind === 'number') {
    const value = constant.kind === 'number' ? constant.value : Number((constant as { value: string }).value);
    if (Number.isNaN(value)) throw new Untranslatable(`${known.name} is a number`);
    return `${name} ${sign} ${value}`;
  }
  return `${name} ${sign} ${translated(constant, scope)}`;
}

function call(node: Extract<FormulaNode, { kind: 'call' }>, scope: Scope): string {
  const { name, parameters } = node;
  const [first, second, third] = parameters;
  const of = (one: FormulaNode | undefined): string => {
    if (!one) throw new Untranslatable(`${name} is without a parameter`);
    return translated(one, scope);
  };
  if (clock.has(name)) throw new Untranslatable(`${name}() depends on the day or on the way dates are written`);
  switch (name) {
    case 'selected': {
      const item = first ? itemOf(first, scope) : null;
      if (!item || !second) throw new Untranslatable('selected() takes an item and a choice');
      const code = codeOf(item, second);
      return item.kind === 'codes' ? `${named(item, scope)} contains ${code}` : `${named(item, scope)} = ${code}`;
    }
    case 'not':
      return `!(${of(first)})`;
    case 'true':
      return '1 = 1';
    case 'false':
      return '1 = 2';
    case 'if':
      return `iif(${of(first)}, ${of(second)}, ${of(third)})`;
    case 'round':
      return second ? `round(${of(first)}, ${of(second)})` : `round(${of(first)})`;
    case 'int':
    case 'rounddown':
      if (second) throw new Untranslatable(`${name}() to a number of digits is not known`);
      return `trunc(${of(first)})`;
    case 'number':
      return of(first);
    case 'min':
    case 'max':
      return `${name}(${parameters.map(of).join(', ')})`;
    case 'mean':
      return `avg(${parameters.map(of).join(', ')})`;
    case 'sum': {
      const item = first?.kind === 'item' && parameters.length === 1 ? scope.find(first.name) : undefined;
      if (item?.table && item.table !== scope.table) return `sumInArray({${item.table}}, '${item.name}')`;
      return `sum(${parameters.map(of).join(', ')})`;
    }
    default:
      throw new Untranslatable(`the function ${name.slice(0, 40)}() has no counterpart`);
  }
}

function translated(node: FormulaNode, scope: Scope): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'text':
      return quoted(node.value);
    case 'item':
    case 'self': {
      const item = itemOf(node, scope);
      if (!item) throw new Untranslatable('it reads nothing');
      if (node.kind === 'item' && node.choice !== null)
        return `iif({${item.name}} contains ${codeOf(item, { kind: 'text', value: node.choice })}, 1, 0)`;
      return named(item, scope);
    }
    case 'path':
      throw new Untranslatable(`"${node.text.slice(0, 40)}" is a place in the form, not an item`);
    case 'call':
      return call(node, scope);
    case 'operation': {
      const { operator, operands } = node;
      const [left, right] = operands;
      if (operator === 'minus' && left) return `0 - (${translated(left, scope)})`;
      if (!left || !right) throw new Untranslatable('it is incomplete');
      if (['=', '!=', '<', '<=', '>', '>='].includes(operator)) return comparison(operator, left, right, scope);
      return `(${translated(left, scope)}) ${operators[operator] ?? operator} (${translated(right, scope)})`;
    }
  }
}

/** The expression, or why there is none. */
export function toSurveyjs(node: FormulaNode, scope: Scope): { readonly text: string } | { readonly problem: string } {
  try {
    return { text: translated(node, scope) };
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
    return { problem: error.message };
  }
}
