/** Reads choices, rate values, matrix columns and matrix rows from SurveyJS JSON. Called by the readers of questions. */

import { checkProperties } from './check-properties.ts';
import { isObject, type JsonObject, own, shown } from './json.ts';
import type { MissingReason } from './missing.ts';
import { readName } from './names.ts';
import { checkboxChoiceProperties, choiceProperties, rowProperties } from './question-properties.ts';
import type { Choice, Choices, Expression, Row, Rows } from './questions.ts';
import { reachesReserved } from './reserved.ts';
import { labelOf, type Reading, textOf } from './texts.ts';

const mostChoices = 1_000;

/** An expression property, or null when it is absent or blank. */
export function expressionOf(json: JsonObject, key: string, path: string): Expression | null {
  const text = own(json, key);
  return typeof text === 'string' && text.trim() !== '' ? { text, path: `${path}.${key}` } : null;
}

/** Reads a code; an illegal one is reported and gives null. */
export function readCode(value: unknown, path: string, reading: Reading): number | null {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    reading.issues.add(
      'bad-code',
      path,
      `${shown(value)} is not a code: codes are whole numbers; words go into "text".`,
    );
    return null;
  }
  if (reachesReserved(value, value)) {
    reading.issues.add(
      'reserved-code',
      path,
      `The codes -999 to -990 are reserved for missing values; ${value} is one of them.`,
    );
    return null;
  }
  return value;
}

function readMissingReason(value: unknown, path: string, reading: Reading): MissingReason | null {
  if (value === undefined) return null;
  if (value === 'declined' || value === 'not-applicable') return value;
  reading.issues.add(
    'bad-missing-reason',
    path,
    `missingReason is "declined" or "not-applicable", not ${shown(value)}.`,
  );
  return null;
}

function readChoice(entry: unknown, path: string, several: boolean, reading: Reading): Choice | null {
  if (!isObject(entry)) {
    const code = readCode(entry, path, reading);
    return code === null ? null : { code, label: String(code), missing: null, exclusive: false, shownIf: null };
  }
  checkProperties(entry, several ? checkboxChoiceProperties : choiceProperties, path, reading);
  const code = readCode(own(entry, 'value'), `${path}.value`, reading);
  if (code === null) return null;
  const missing = readMissingReason(own(entry, 'missingReason'), `${path}.missingReason`, reading);
  return {
    code,
    label: labelOf(entry, 'text', reading.languages, String(code)),
    missing,
    exclusive: own(entry, 'isExclusive') === true || (several && missing !== null),
    shownIf: expressionOf(entry, 'visibleIf', path),
  };
}

/** Reads a list of choices. `several` is for questions that take more than one of them. */
export function readChoices(
  value: unknown,
  path: string,
  reading: Reading,
  options: { readonly several?: boolean; readonly shownIf?: Expression | null } = {},
): Choices {
  const several = options.several ?? false;
  const list: Choice[] = [];
  if (!Array.isArray(value) || value.length === 0) {
    reading.issues.add('no-choices', path, 'A list of at least one choice is needed.');
  } else if (value.length > mostChoices) {
    reading.issues.add('too-many-choices', path, `At most ${mostChoices} choices are supported.`);
  } else {
    const seen = new Set<number>();
    for (const [position, entry] of value.entries()) {
      const place = `${path}[${position}]`;
      const choice = readChoice(entry, place, several, reading);
      if (!choice) continue;
      if (seen.has(choice.code)) {
        reading.issues.add('duplicate-code', place, `The code ${choice.code} stands here for the second time.`);
      } else if (several && choice.code < 0) {
        reading.issues.add('bad-code', place, 'Codes become part of a column name here and cannot be negative.');
      } else list.push(choice);
      seen.add(choice.code);
    }
    if (list.length > 0 && list.every((choice) => choice.missing !== null)) {
      reading.issues.add('no-choices', path, 'At least one choice must be an answer without a missingReason.');
    }
  }
  return { list, shownIf: options.shownIf ?? null, bare: false };
}

/** Choices that are the numbers from `min` to `max`. */
export function numberedChoices(
  min: number,
  max: number,
  step: number,
  label: (code: number) => string,
  bare: boolean,
): Choices {
  const list: Choice[] = [];
  for (let code = min; code <= max; code += step) {
    list.push({ code, label: label(code), missing: null, exclusive: false, shownIf: null });
  }
  return { list, shownIf: null, bare };
}

/** Reads the rows of a matrix; a row's value is a name. */
export function readRows(json: JsonObject, path: string, reading: Reading): Rows {
  const value = own(json, 'rows');
  const list: Row[] = [];
  if (!Array.isArray(value) || value.length === 0) {
    reading.issues.add('no-rows', `${path}.rows`, 'A list of at least one row is needed.');
  } else if (value.length > mostChoices) {
    reading.issues.add('too-many-rows', `${path}.rows`, `At most ${mostChoices} rows are supported.`);
  } else {
    const seen = new Set<string>();
    for (const [position, entry] of value.entries()) {
      const place = `${path}.rows[${position}]`;
      const row: JsonObject = isObject(entry) ? entry : { value: entry };
      if (isObject(entry)) checkProperties(entry, rowProperties, place, reading);
      const name = readName(own(row, 'value'), isObject(entry) ? `${place}.value` : place, reading.issues);
      if (name === '') continue;
      if (seen.has(name))
        reading.issues.add('duplicate-name', place, `The row ${name} stands here for the second time.`);
      else {
        const label = textOf(own(row, 'text'), reading.languages) ?? name;
        list.push({ name, label, shownIf: expressionOf(row, 'visibleIf', place) });
      }
      seen.add(name);
    }
  }
  return { list, shownIf: expressionOf(json, 'rowsVisibleIf', path) };
}
