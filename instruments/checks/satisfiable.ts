/**
 * Whether a condition can ever hold, as far as that can be told from the codes of the items it names. Says yes where it does
 * not know. Called by the check of pages and conditions.
 */
import type { Answer, Form } from '../questions.ts';
import { type ExpressionNode, parseExpression } from '../surveyjs.ts';

/** For each item the codes that are still possible. */
type Case = ReadonlyMap<string, ReadonlySet<number>>;

/** More ways to hold than this are not followed. */
const mostCases = 200;

const flipped: Readonly<Record<string, string>> = {
  ...{ less: 'greater', greater: 'less', lessorequal: 'greaterorequal', greaterorequal: 'lessorequal' },
};

const compare: Readonly<Record<string, (code: number, value: number) => boolean>> = {
  equal: (code, value) => code === value,
  notequal: (code, value) => code !== value,
  less: (code, value) => code < value,
  lessorequal: (code, value) => code <= value,
  greater: (code, value) => code > value,
  greaterorequal: (code, value) => code >= value,
};

function codesOf(answer: Answer): number[] | null {
  if (answer.kind === 'code') return answer.choices.list.map(({ code }) => code);
  return null;
}

/** Codes of all items that give one of a list of codes, by the names that expressions use. */
export function codesByName(form: Form): Map<string, ReadonlySet<number>> {
  const found = new Map<string, ReadonlySet<number>>();
  for (const { name, answer } of form.questions) {
    const codes = codesOf(answer);
    if (codes) found.set(name, new Set(codes));
    if (answer.kind !== 'matrix') continue;
    const columns = new Set(answer.columns.list.map(({ code }) => code));
    for (const row of answer.rows.list) found.set(`${name}.${row.name}`, columns);
  }
  return found;
}

/** The cases in which a node holds (or does not), within one case; null where that cannot be told. */
function casesOf(node: ExpressionNode, holds: boolean, known: ReadonlyMap<string, ReadonlySet<number>>): Case[] | null {
  if (node.kind === 'constant') {
    if (typeof node.value !== 'boolean') return null;
    return node.value === holds ? [new Map()] : [];
  }
  if (node.kind !== 'operation') return null;
  const { operator, operands } = node;
  const [left, right] = operands;
  if (operator === 'negate' && left) return casesOf(left, !holds, known);
  if ((operator === 'and' || operator === 'or') && left && right) {
    const [one, other] = [casesOf(left, holds, known), casesOf(right, holds, known)];
    return (operator === 'and') === holds ? bothOf(one, other) : eitherOf(one, other);
  }
  // The contrary of a comparison also holds while the item is blank.
  if (!left || !right || !holds) return null;
  if (left.kind === 'constant' && right.kind === 'constant') {
    if (typeof left.value !== 'number' || typeof right.value !== 'number') return null;
    return compare[operator] ? (compare[operator](left.value, right.value) ? [new Map()] : []) : null;
  }
  if (left.kind === 'constant') return comparison(right, flipped[operator] ?? operator, left, known);
  return comparison(left, operator, right, known);
}

function comparison(
  item: ExpressionNode,
  operator: string,
  value: ExpressionNode,
  known: ReadonlyMap<string, ReadonlySet<number>>,
): Case[] | null {
  const codes = item.kind === 'name' ? known.get(item.name) : undefined;
  if (item.kind !== 'name' || !codes) return null;
  if (operator === 'notequal' || operator === 'noneof') return null;
  const constants = value.kind === 'list' ? value.items : [value];
  const numbers = constants.map(numberOf);
  if (numbers.some(Number.isNaN)) return null;
  const test = operator === 'anyof' ? compare.equal : compare[operator];
  if (!test) return null;
  const left = new Set([...codes].filter((code) => numbers.some((number) => test(code, number))));
  return left.size === 0 ? [] : [new Map([[item.name, left]])];
}

/** The code that a constant stands for; an empty text stands for a blank, which is no code. */
function numberOf(node: ExpressionNode): number {
  if (node.kind !== 'constant') return Number.NaN;
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function bothOf(one: Case[] | null, other: Case[] | null): Case[] | null {
  if (one === null || other === null) {
    // What is not known may hold; what cannot hold makes the whole impossible.
    const told = one ?? other;
    return told;
  }
  if (one.length * other.length > mostCases) return null;
  return one.flatMap((first) => other.flatMap((second) => merged(first, second) ?? []));
}

function eitherOf(one: Case[] | null, other: Case[] | null): Case[] | null {
  if (one === null || other === null) return null;
  return one.length + other.length > mostCases ? null : [...one, ...other];
}

function merged(one: Case, other: Case): Case | null {
  const both = new Map(one);
  for (const [name, codes] of other) {
    const before = both.get(name);
    const left = before ? new Set([...before].filter((code) => codes.has(code))) : codes;
    if (left.size === 0) return null;
    both.set(name, left);
  }
  return both;
}

/** Whether all of these conditions can hold at once. */
export function canHold(texts: readonly string[], known: ReadonlyMap<string, ReadonlySet<number>>): boolean {
  let cases: Case[] | null = [new Map()];
  for (const text of texts) {
    const parsed = parseExpression(text);
    if (!('node' in parsed)) continue;
    cases = bothOf(cases, casesOf(parsed.node, true, known));
    if (cases?.length === 0) return false;
  }
  return true;
}
