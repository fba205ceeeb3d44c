/** The validators of an instrument as functions; compiled once, run by the checker on complete responses. */
import { isBlank } from './blank.ts';
import type { Validator } from './questions.ts';
import { conditionOf, type Values } from './surveyjs.ts';
import { isWritten } from './text-formats.ts';

/** What is wrong with an answer, or null. Values are those that conditions see. */
export type CheckValidator = (
  value: unknown,
  values: Values,
) => { readonly code: string; readonly message: string } | null;

const outside = (min: number | null, max: number | null): string =>
  min === null ? `at most ${max}` : max === null ? `at least ${min}` : `from ${min} to ${max}`;

/** A blank answer passes every validator but an expression: whether it may be blank is another question. */
export function compileValidator(validator: Validator): CheckValidator {
  switch (validator.kind) {
    case 'numeric': {
      const { min, max } = validator;
      return (value) => {
        if (isBlank(value)) return null;
        const number = typeof value === 'string' ? Number(value) : value;
        if (typeof number !== 'number' || !Number.isFinite(number))
          return { code: 'not-a-number', message: 'Must be a number.' };
        const fits = (min === null || number >= min) && (max === null || number <= max);
        return fits ? null : { code: 'out-of-range', message: `Must be ${outside(min, max)}.` };
      };
    }
    case 'text': {
      const { minLength, maxLength, allowDigits } = validator;
      return (value) => {
        if (typeof value !== 'string' || isBlank(value)) return null;
        if (value.length < minLength)
          return { code: 'too-short', message: `Must have at least ${minLength} characters.` };
        if (maxLength !== null && value.length > maxLength)
          return { code: 'too-long', message: `Must have at most ${maxLength} characters.` };
        // As SurveyJS reads the rule: only a text that ends in a digit breaks it.
        return allowDigits || !/\d$/.test(value) ? null : { code: 'bad-text', message: 'Must not end in a digit.' };
      };
    }
    case 'answercount': {
      const { min, max } = validator;
      return (value) => {
        if (!Array.isArray(value) || value.length === 0) return null;
        const fits = (min === null || value.length >= min) && (max === null || value.length <= max);
        return fits ? null : { code: 'answer-count', message: `The number of answers must be ${outside(min, max)}.` };
      };
    }
    case 'email':
      return (value) =>
        isBlank(value) || (typeof value === 'string' && isWritten('email', value))
          ? null
          : { code: 'bad-format', message: 'Must be an e-mail address.' };
    case 'regex': {
      const pattern = new RegExp(validator.pattern, validator.ignoreCase ? 'i' : '');
      return (value) =>
        isBlank(value) || pattern.test(String(value))
          ? null
          : { code: 'bad-format', message: 'Is not written as this item wants.' };
    }
    case 'expression': {
      const holds = conditionOf(validator.expression.text);
      return (_value, values) =>
        holds(values) ? null : { code: 'rule-broken', message: 'Does not agree with another answer.' };
    }
  }
}
