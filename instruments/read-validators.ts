/** Reads the validators of a question, a column or a box. */

import { checkProperties, type Properties } from './check-properties.ts';
import { type JsonObject, own, shown } from './json.ts';
import type { Validator } from './questions.ts';
import { expressionOf } from './read-choices.ts';
import { regexProblem } from './regex.ts';
import type { Reading } from './texts.ts';

const common: Properties = { type: 'own', text: 'text', notificationType: ['error', 'warning', 'info'] };
const properties: Readonly<Record<string, Properties>> = {
  numeric: { ...common, minValue: 'number', maxValue: 'number' },
  text: { ...common, minLength: 'count', maxLength: 'count', allowDigits: 'flag' },
  answercount: { ...common, minCount: 'count', maxCount: 'count' },
  email: common,
  regex: { ...common, regex: 'word', caseInsensitive: 'flag', insensitive: 'flag' },
  expression: { ...common, expression: 'expression' },
};

const numberAt = (json: JsonObject, key: string): number | null => {
  const value = own(json, key);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

function readValidator(json: JsonObject, type: string, path: string, reading: Reading): Validator | null {
  switch (type) {
    case 'numeric':
      return { kind: 'numeric', min: numberAt(json, 'minValue'), max: numberAt(json, 'maxValue') };
    case 'text': {
      const most = numberAt(json, 'maxLength');
      return {
        kind: 'text',
        minLength: numberAt(json, 'minLength') ?? 0,
        maxLength: most === 0 ? null : most,
        allowDigits: own(json, 'allowDigits') !== false,
      };
    }
    case 'answercount': {
      // SurveyJS reads a limit of nought as none.
      const [least, most] = [numberAt(json, 'minCount'), numberAt(json, 'maxCount')];
      return { kind: 'answercount', min: least === 0 ? null : least, max: most === 0 ? null : most };
    }
    case 'email':
      return { kind: 'email' };
    case 'regex': {
      const pattern = own(json, 'regex');
      const ignoreCase = own(json, 'caseInsensitive') === true || own(json, 'insensitive') === true;
      if (typeof pattern !== 'string' || pattern === '') {
        reading.issues.add('unsafe-regex', `${path}.regex`, 'A regular expression is needed.');
        return null;
      }
      const problem = regexProblem(pattern);
      if (problem)
        reading.issues.add('unsafe-regex', `${path}.regex`, `This regular expression is not accepted: ${problem}.`);
      return problem ? null : { kind: 'regex', pattern, ignoreCase };
    }
    default: {
      const expression = expressionOf(json, 'expression', path);
      if (!expression) reading.issues.add('empty-expression', `${path}.expression`, 'An expression is needed.');
      return expression ? { kind: 'expression', expression } : null;
    }
  }
}

/** All validators that are errors; warnings are for the screen and do not bind. */
export function readValidators(json: JsonObject, path: string, reading: Reading): Validator[] {
  const value = own(json, 'validators');
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    reading.issues.add('bad-property', `${path}.validators`, 'Expected a list of validators.');
    return [];
  }
  const validators: Validator[] = [];
  for (const [position, entry] of value.entries()) {
    const place = `${path}.validators[${position}]`;
    const type: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'type') : undefined;
    const known = typeof type === 'string' && Object.hasOwn(properties, type) ? properties[type] : undefined;
    if (typeof type !== 'string' || known === undefined) {
      reading.issues.add('unsupported-validator', place, `The validator type ${shown(type)} is not supported.`);
      continue;
    }
    if (!checkProperties(entry, known, place, reading)) continue;
    const validator = readValidator(entry, type, place, reading);
    const binding = own(entry, 'notificationType') === undefined || own(entry, 'notificationType') === 'error';
    if (validator && binding) validators.push(validator);
  }
  return validators;
}
