/** One answer as it goes into a cell: a number or text that the codebook allows, or null. Called by the coding. */
import { isBlank } from './blank.ts';
import { isMultiple } from './json.ts';
import type { NumberRules, ResultType, TextRules, Validator } from './questions.ts';
import { reachesReserved } from './reserved.ts';
import { isWritten } from './text-formats.ts';
import { limitsOf } from './variables.ts';

/** A number within its declared range and step, never one of the codes that stand for missing values. */
export function formatNumber(value: unknown, rules: NumberRules, validators: readonly Validator[]): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || reachesReserved(value, value)) return null;
  const { min, max } = limitsOf({ validators }, rules);
  if ((min !== null && value < min) || (max !== null && value > max)) return null;
  if (rules.step !== null && !isMultiple(value, rules.step)) return null;
  // Minus nought would be written as "-0" in a file.
  return value === 0 ? 0 : value;
}

/** A text exactly as it was given; one of white space alone is none. Dates and times must be written as such. */
export function formatText(value: unknown, rules: TextRules): string | null {
  if (typeof value !== 'string' || isBlank(value) || value.length > rules.maxLength) return null;
  const timed = rules.format === 'date' || rules.format === 'datetime' || rules.format === 'time';
  return timed && !isWritten(rules.format, value) ? null : value;
}

/**
 * What an expression gave. Truths become 1 and 0. A result that is no number where one is due, or that falls on a code
 * that stands for a missing value and could not be told from it in a file, is none.
 */
export function formatCalculated(value: unknown, result: ResultType): number | string | null {
  if (result === 'text')
    return isBlank(value) ? null : typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (result === 'boolean') return value === 1 || value === 0 ? value : null;
  return typeof value === 'number' && Number.isFinite(value) && !reachesReserved(value, value) ? value + 0 : null;
}
