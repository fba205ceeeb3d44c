/** One text for one JSON value, whatever the order of its keys; hashes and comparisons of answers are made on it. */

import { isObject } from './json.ts';

/**
 * JSON with the keys of every object in code-unit order and no white space. Properties that are undefined are left out,
 * as in JSON; minus nought is written as nought. A TypeError is thrown for what JSON cannot say (NaN, functions, cycles).
 *
 * @example
 * canonicalJson({ b: 1, a: [2, { d: null, c: 'x' }] }) // => '{"a":[2,{"c":"x","d":null}],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  // No JSON of ours comes near; a cycle would.
  if (depth > 500) throw new TypeError('canonicalJson requires a value without cycles');
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonicalJson requires finite numbers');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((entry) => write(entry ?? null, depth + 1)).join(',')}]`;
  if (!isObject(value)) throw new TypeError(`canonicalJson cannot write a ${typeof value} that is no plain object`);
  const parts: string[] = [];
  for (const [key, entry] of Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (entry !== undefined) parts.push(`${JSON.stringify(key)}:${write(entry, depth + 1)}`);
  }
  return `{${parts.join(',')}}`;
}

/**
 * Whether two sets of answers are the same: the order of keys makes no difference, the order of lists does.
 *
 * @example
 * areSameAnswers({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }) // => true
 * areSameAnswers({ a: 1 }, { a: '1' }) // => false
 */
export function areSameAnswers(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}
