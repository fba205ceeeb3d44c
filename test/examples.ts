/**
 * Finds the `@example`s in doc comments and runs them: lines `expression // => value`, where an expression may run over
 * several lines before its value. Used by the test that executes the examples of the pure rooms.
 */

export interface Example {
  readonly expression: string;
  readonly value: string;
}

/** The examples of a file, in order. */
export function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  for (const [, comment = ''] of text.matchAll(/\/\*\*([\s\S]*?)\*\//g)) {
    for (const block of comment.split(/^\s*\*\s*@example\s*$/m).slice(1)) {
      let expression = '';
      for (const line of block.split('\n').map((one) => one.replace(/^\s*\* ?/, ''))) {
        if (/^@\w/.test(line)) break;
        const [before = '', value] = line.split(/\s*\/\/ =>\s*/);
        expression += `${before}\n`;
        if (value === undefined) continue;
        examples.push({ expression: expression.trim(), value: value.trim() });
        expression = '';
      }
      if (expression.trim() !== '') examples.push({ expression: expression.trim(), value: '(no value is given)' });
    }
  }
  return examples;
}

/** What an expression gives with these names in scope. */
export function evaluate(expression: string, scope: Readonly<Record<string, unknown>>): unknown {
  return new Function(...Object.keys(scope), `'use strict'; return (${expression});`)(...Object.values(scope));
}

/** Whether two values are the same, numbers to within 1e-12 of the larger. Lists of any kind are compared as lists. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    return Object.is(one, other) || Math.abs(one - other) <= 1e-12 * Math.max(Math.abs(one), Math.abs(other));
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other);
  const [left, right] = [entriesOf(one), entriesOf(other)];
  return (
    left.length === right.length &&
    left.every(([key, value], at) => right[at]?.[0] === key && isSame(value, right[at]?.[1]))
  );
}

function entriesOf(value: object): [string, unknown][] {
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const entries: [string, unknown][] =
    value instanceof Map ? [...value].map(([key, entry]) => [String(key), entry]) : Object.entries(value);
  return isList ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
