/** What the strict checks of single answers have in common. Called by `shapes.ts` and `shapes-linked.ts`. */
import type { Issues } from './issues.ts';
import { isObject, shown } from './json.ts';

/**
 * Reports what is wrong with an answer that is present. `whole` is false while a response is still being given: then
 * what may become right by further typing (limits, writing, counts that are still too small) is not reported.
 */
export type Shape = (value: unknown, path: string, whole: boolean, issues: Issues) => void;

export const wrongType = (issues: Issues, path: string, wanted: string, value: unknown): void =>
  issues.add('wrong-type', path, `Expected ${wanted}, found ${shown(value)}.`);

/** Half of a surrogate pair: it has no UTF-8, so it would come back from the database as another character. */
const halfPair = /\p{Surrogate}/u;

export function checkString(value: unknown, path: string, maxLength: number, issues: Issues): value is string {
  if (typeof value !== 'string') {
    wrongType(issues, path, 'a text', value);
    return false;
  }
  if (value.length > maxLength) issues.add('too-long', path, `At most ${maxLength} characters, found ${value.length}.`);
  else if (value.includes('\0') || halfPair.test(value))
    issues.add('bad-text', path, 'This text holds a character that cannot be stored; remove it.');
  return true;
}

/** Checks that a value is an object with none but these keys, and each of its parts. */
export function checkParts(
  value: unknown,
  path: string,
  whole: boolean,
  issues: Issues,
  partOf: (key: string) => Shape | undefined,
  noun: string,
): boolean {
  if (!isObject(value)) {
    wrongType(issues, path, `an object of ${noun}s`, value);
    return false;
  }
  for (const key of Object.keys(value)) {
    const shape = partOf(key);
    if (!shape) issues.add(`unknown-${noun}`, `${path}.${key.slice(0, 40)}`, `There is no ${noun} ${shown(key)}.`);
    else if (value[key] !== undefined) shape(value[key], `${path}.${key}`, whole, issues);
  }
  return true;
}
