/** Reads questions with a single field to type or slide: numbers, texts, dates, sliders, and their validators. */

import { checkProperties } from './check-properties.ts';
import { isMultiple, isObject, type JsonObject, own, shown } from './json.ts';
import { readName } from './names.ts';
import { itemProperties } from './question-properties.ts';
import type { Answer, Box, BoxAnswer, TextFormat } from './questions.ts';
import { readValidators } from './read-validators.ts';
import { reachesReserved } from './reserved.ts';
import { isWritten } from './text-formats.ts';
import { checkText, labelOf, type Reading } from './texts.ts';

/** Characters that a text or comment may have when the instrument says nothing. */
export const defaultTextLength = 1_000;
export const defaultCommentLength = 10_000;

const numericTypes: ReadonlySet<unknown> = new Set(['number', 'range']);
/** Input types of HTML that are written as text, and how. */
export const textFormats: ReadonlyMap<unknown, TextFormat> = new Map([
  [undefined, 'text'],
  ['text', 'text'],
  ['date', 'date'],
  ['datetime-local', 'datetime'],
  ['time', 'time'],
  ['month', 'month'],
  ['week', 'week'],
  ['email', 'email'],
  ['url', 'url'],
  ['tel', 'tel'],
  ['color', 'color'],
  ['password', 'password'],
]);

/** Limits on lengths that the survey sets for all its texts. */
export interface Lengths {
  readonly text: number;
  readonly comment: number;
}

/** A finite number, or null when absent; anything else is reported. */
export function readNumber(json: JsonObject, key: string, path: string, reading: Reading): number | null {
  const value = own(json, key);
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  reading.issues.add('bad-property', `${path}.${key}`, `Expected a number, found ${shown(value)}.`);
  return null;
}

/** A whole number of at least `least`, or null when absent; anything else is reported. */
export function readCount(json: JsonObject, key: string, path: string, reading: Reading, least = 0): number | null {
  const value = readNumber(json, key, path, reading);
  if (value === null || (Number.isSafeInteger(value) && value >= least && value <= 1_000_000)) return value;
  reading.issues.add(
    'bad-property',
    `${path}.${key}`,
    `Expected a whole number from ${least} to 1,000,000, found ${value}.`,
  );
  return null;
}

function checkLimits(min: number | null, max: number | null, path: string, reading: Reading): void {
  if (min !== null && max !== null && min > max) {
    reading.issues.add('bad-range', path, `The smallest value ${min} is larger than the largest ${max}.`);
  } else if (min !== null && max !== null && reachesReserved(min, max)) {
    reading.issues.add('reserved-code', path, 'The range reaches into -999 to -990, which stand for missing values.');
  }
}

/** SurveyJS counts steps from nought, browsers from the smallest value: where the two differ nothing could be answered. */
function checkStep(min: number | null, step: number | null, path: string, reading: Reading): void {
  if (step === null) return;
  if (step <= 0) reading.issues.add('bad-property', `${path}.step`, 'A step is larger than zero.');
  else if (min !== null && !isMultiple(min, step)) {
    reading.issues.add('bad-range', `${path}.min`, `The smallest value ${min} must be a multiple of the step ${step}.`);
  }
}

function readMaxLength(json: JsonObject, path: string, otherwise: number, reading: Reading): number {
  if (own(json, 'maxLength') === -1) return otherwise;
  const declared = readCount(json, 'maxLength', path, reading);
  if (declared === null || declared === 0) return otherwise;
  if (declared <= 100_000) return declared;
  reading.issues.add('bad-property', `${path}.maxLength`, 'At most 100,000 characters are supported.');
  return otherwise;
}

/** Words that a browser offers while somebody types. */
function checkWords(list: unknown, path: string, reading: Reading): void {
  if (list === undefined) return;
  const lists: readonly unknown[] = isObject(list) ? Object.values(list) : [list];
  const fine = lists.every(
    (one) => Array.isArray(one) && one.every((word) => typeof word === 'string' && word.length <= 500),
  );
  if (!fine) reading.issues.add('bad-property', path, 'Expected a list of texts.');
}

/** The field of a text question, a text cell or a box of a multipletext. */
export function readInput(json: JsonObject, path: string, lengths: Lengths, reading: Reading): BoxAnswer {
  const inputType = own(json, 'inputType');
  checkWords(own(json, 'dataList'), `${path}.dataList`, reading);
  const maxLength = readMaxLength(json, path, lengths.text, reading);
  const step = readNumber(json, 'step', path, reading);
  if (numericTypes.has(inputType)) {
    const min = readNumber(json, 'min', path, reading);
    const max = readNumber(json, 'max', path, reading);
    checkStep(min, step, path, reading);
    // A browser's range input shows 0 to 100 when nothing is declared.
    const slid = inputType === 'range';
    checkLimits(min, max, path, reading);
    return {
      kind: 'number',
      min: min ?? (slid ? 0 : null),
      max: max ?? (slid ? 100 : null),
      step: step ?? (slid ? 1 : null),
    };
  }
  const format = textFormats.get(inputType);
  if (format === undefined) {
    reading.issues.add(
      'unsupported-input-type',
      `${path}.inputType`,
      `The input type ${shown(inputType)} is not supported.`,
    );
  }
  const limit = (key: 'min' | 'max'): string | null => {
    const value = own(json, key);
    if (value === undefined || value === null || value === '') return null;
    if (typeof value === 'string' && isWritten(format ?? 'text', value) && format !== 'text') return value;
    reading.issues.add(
      'bad-property',
      `${path}.${key}`,
      `${shown(value)} is no ${key === 'min' ? 'earliest' : 'latest'} value for this input type.`,
    );
    return null;
  };
  if (step !== null && !['date', 'datetime', 'time', 'month', 'week'].includes(format ?? '')) {
    reading.issues.add('bad-property', `${path}.step`, 'A step belongs to a number.');
  }
  const min = limit('min');
  const max = limit('max');
  if (min !== null && max !== null && min > max) reading.issues.add('bad-range', path, `${min} comes after ${max}.`);
  return {
    kind: 'text',
    format: format ?? 'text',
    maxLength,
    min,
    max,
  };
}

/** The field of a comment. */
export function readComment(json: JsonObject, path: string, lengths: Lengths, reading: Reading): Answer {
  return {
    kind: 'text',
    format: 'text',
    maxLength: readMaxLength(json, path, lengths.comment, reading),
    min: null,
    max: null,
  };
}

/** The boxes of a multipletext question. */
export function readBoxes(json: JsonObject, path: string, lengths: Lengths, reading: Reading): Answer {
  const items = own(json, 'items');
  const boxes: Box[] = [];
  if (!Array.isArray(items) || items.length === 0) {
    reading.issues.add('no-items', `${path}.items`, 'A list of at least one item is needed.');
  } else {
    const seen = new Set<string>();
    for (const [position, item] of items.entries()) {
      const place = `${path}.items[${position}]`;
      if (!checkProperties(item, itemProperties, place, reading)) continue;
      const name = readName(own(item, 'name'), `${place}.name`, reading.issues);
      const answer = readInput(item, place, lengths, reading);
      if (name !== '' && seen.has(name)) {
        reading.issues.add('duplicate-name', place, `The item ${name} stands here for the second time.`);
      } else if (name !== '') {
        boxes.push({
          name,
          label: labelOf(item, 'title', reading.languages, name),
          required: own(item, 'isRequired') === true,
          validators: readValidators(item, place, reading),
          answer,
        });
      }
      seen.add(name);
    }
  }
  return { kind: 'boxes', boxes };
}

/** A slider: one number, or the two ends of a range. */
export function readSlider(json: JsonObject, path: string, reading: Reading): Answer {
  const min = readNumber(json, 'min', path, reading) ?? 0;
  const max = readNumber(json, 'max', path, reading) ?? 100;
  const step = readNumber(json, 'step', path, reading) ?? 1;
  checkLimits(min, max, path, reading);
  checkStep(min, step, path, reading);
  const labels = own(json, 'customLabels');
  if (labels !== undefined) {
    if (!Array.isArray(labels)) reading.issues.add('bad-property', `${path}.customLabels`, 'Expected a list.');
    else {
      for (const [position, label] of labels.entries()) {
        const place = `${path}.customLabels[${position}]`;
        if (typeof label === 'number') continue;
        if (!checkProperties(label, { value: 'number', text: 'own', showValue: 'flag' }, place, reading)) continue;
        if (own(label, 'text') !== undefined) checkText(own(label, 'text'), `${place}.text`, reading);
      }
    }
  }
  if (own(json, 'sliderType') !== 'range') return { kind: 'number', min, max, step };
  const minLength = readNumber(json, 'minRangeLength', path, reading);
  const maxLength = readNumber(json, 'maxRangeLength', path, reading);
  return { kind: 'interval', min, max, step, minLength, maxLength };
}
