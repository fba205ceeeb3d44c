/** Which answers count as none; shared by the checker, the conditions and the coding. */
import { isObject } from './json.ts';

/**
 * Whether an answer is none: absent, an empty list, an empty object, or a text of nothing but white space (SurveyJS
 * reads such a text as blank, too). False and nought are answers.
 *
 * @example
 * isBlank('  ') // => true
 * isBlank(0) // => false
 */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const key in value) if (Object.hasOwn(value, key)) return false;
  return true;
}

/** Whether a row of a table, or a matrix, holds no answer in any of its cells. */
export function isBlankThroughout(value: unknown): boolean {
  return isObject(value) ? Object.values(value).every(isBlank) : isBlank(value);
}
