/** Names of items and variables: one rule for questions, rows, columns, calculated values and scales. */
import type { Issues } from './issues.ts';
import { shown } from './json.ts';

/** Lower case, so that no program's case folding can make two names one; 32 characters, as Stata allows. */
export const namePattern = /^[a-z][a-z0-9_]{0,31}$/;

/** Words that cannot be a column name in SPSS or Stata, or that mean something else in expressions or in JavaScript. */
const reserved: ReadonlySet<string> = new Set([
  ...['all', 'and', 'by', 'eq', 'ge', 'gt', 'le', 'lt', 'ne', 'not', 'or', 'to', 'with'],
  ...['byte', 'double', 'float', 'if', 'in', 'int', 'long', 'using'],
  ...['choice', 'item', 'panel', 'row', 'constructor', 'prototype'],
]);

/** Whether a name may stand for an item. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && namePattern.test(value) && !reserved.has(value);
}

/** Reads a name; an illegal one is reported and comes back as an empty string. */
export function readName(value: unknown, path: string, issues: Issues): string {
  if (isName(value)) return value;
  if (typeof value === 'string' && reserved.has(value)) {
    issues.add(
      'reserved-name',
      path,
      `"${value}" is a reserved word in expressions or statistics programs; choose another name.`,
    );
  } else {
    issues.add(
      'bad-name',
      path,
      `${shown(value)} is not a name: use a lower-case letter, then letters a-z, digits or _, at most 32 characters.`,
    );
  }
  return '';
}
