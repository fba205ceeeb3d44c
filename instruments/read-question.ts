/** Reads one question from SurveyJS JSON into a typed `Question`. Called for pages, panels and the insides of tables. */

import { checkProperties } from './check-properties.ts';
import { type JsonObject, own, shown } from './json.ts';
import { readName } from './names.ts';
import { columnProperties, isQuestionType, propertiesOf } from './question-properties.ts';
import type { Answer, Choices, Expression, Question, QuestionType } from './questions.ts';
import { expressionOf, numberedChoices, readChoices, readCode, readRows } from './read-choices.ts';
import { type Lengths, readBoxes, readComment, readCount, readInput, readNumber, readSlider } from './read-fields.ts';
import { readEvidence, readPeople } from './read-marked.ts';
import { readValidators } from './read-validators.ts';
import { refusedTypes } from './refused.ts';
import { reachesReserved } from './reserved.ts';
import { labelOf, type Reading, textOf } from './texts.ts';

/** Where a question stands: what the page and the panels around it say about it. */
export interface Place {
  readonly page: number;
  readonly shownIf: readonly Expression[];
  readonly enabledIf: readonly Expression[];
  readonly lengths: Lengths;
}

/** Reads the answer of a table type; passed in, since the insides of tables are questions again. */
export type TableReader = (
  json: JsonObject,
  type: QuestionType,
  path: string,
  place: Place,
  reading: Reading,
) => Answer | null;

function readRating(json: JsonObject, path: string, reading: Reading): Answer {
  const values = own(json, 'rateValues');
  if (values !== undefined) {
    const choices = readChoices(values, `${path}.rateValues`, reading);
    // SurveyJS would make its own values after all, or cut the list short.
    const others = ['rateCount', 'rateMin', 'rateMax', 'rateStep'].filter((key) => own(json, key) !== undefined);
    if (own(json, 'autoGenerate') === true) others.push('autoGenerate');
    for (const key of others)
      reading.issues.add('bad-range', `${path}.${key}`, `${key} does not go with rateValues; leave it out.`);
    return { kind: 'code', choices, ordered: true };
  }
  const step = readNumber(json, 'rateStep', path, reading) ?? 1;
  const count = readCount(json, 'rateCount', path, reading, 2);
  let min = readNumber(json, 'rateMin', path, reading);
  let max = readNumber(json, 'rateMax', path, reading);
  if (count !== null && min === null && max !== null) min = max - step * (count - 1);
  if (count !== null && max === null) max = (min ?? 1) + step * (count - 1);
  min ??= 1;
  max ??= 5;
  const fits = [min, max, step].every(Number.isSafeInteger) && step > 0 && min < max && (max - min) % step === 0;
  if (!fits || (max - min) / step > 100) {
    reading.issues.add(
      'bad-range',
      path,
      `A rating from ${min} to ${max} by ${step} is not at most 101 whole numbers; mend rateMin, rateMax, rateStep.`,
    );
    return { kind: 'code', choices: numberedChoices(1, 5, 1, String, true), ordered: true };
  }
  if (count !== null && count !== (max - min) / step + 1) {
    reading.issues.add(
      'bad-range',
      `${path}.rateCount`,
      `rateCount is ${count}, but there are ${(max - min) / step + 1} values; leave it out.`,
    );
  }
  if (reachesReserved(min, max))
    reading.issues.add('reserved-code', path, 'The range reaches into -999 to -990, which stand for missing values.');
  const [first, last] = [
    textOf(own(json, 'minRateDescription'), reading.languages),
    textOf(own(json, 'maxRateDescription'), reading.languages),
  ];
  const label = (code: number): string => (code === min ? first : code === max ? last : null) ?? String(code);
  const bare = first === null && last === null && step === 1;
  return { kind: 'code', choices: numberedChoices(min, max, step, label, bare), ordered: true };
}

function readDropdown(json: JsonObject, path: string, reading: Reading): Choices {
  const shownIf = expressionOf(json, 'choicesVisibleIf', path);
  const least = readNumber(json, 'choicesMin', path, reading);
  const most = readNumber(json, 'choicesMax', path, reading);
  if (least === null && most === null)
    return readChoices(own(json, 'choices'), `${path}.choices`, reading, { shownIf });
  const step = readNumber(json, 'choicesStep', path, reading) ?? 1;
  const [min, max] = [least ?? 0, most ?? 0];
  const fits =
    own(json, 'choices') === undefined && [min, max, step].every(Number.isSafeInteger) && step > 0 && min < max;
  if (!fits || (max - min) / step > 1_000) {
    reading.issues.add(
      'bad-range',
      path,
      'choicesMin, choicesMax and choicesStep must give at most 1,000 whole numbers, and stand without choices.',
    );
    return readChoices([0, 1], path, reading);
  }
  if (reachesReserved(min, max))
    reading.issues.add('reserved-code', path, 'The range reaches into -999 to -990, which stand for missing values.');
  return { ...numberedChoices(min, max, step, String, step === 1), shownIf };
}

function readBoolean(json: JsonObject, path: string, reading: Reading): Answer {
  const value = (key: string, otherwise: boolean): boolean | number => {
    const declared = own(json, key);
    if (declared === undefined || declared === otherwise) return otherwise;
    return readCode(declared, `${path}.${key}`, reading) ?? otherwise;
  };
  const [valueTrue, valueFalse] = [value('valueTrue', true), value('valueFalse', false)];
  if (valueTrue === valueFalse || typeof valueTrue !== typeof valueFalse) {
    reading.issues.add('bad-code', path, 'valueTrue and valueFalse are two different numbers, or both left out.');
  }
  return {
    kind: 'boolean',
    valueTrue,
    valueFalse,
    labelTrue: labelOf(json, 'labelTrue', reading.languages, 'Yes'),
    labelFalse: labelOf(json, 'labelFalse', reading.languages, 'No'),
  };
}

/** SurveyJS reads a limit of nought as none. */
function limitOf(json: JsonObject, key: string): number | null {
  const value = own(json, key);
  return typeof value === 'number' && value > 0 ? value : null;
}

function readSeveral(json: JsonObject, type: QuestionType, path: string, reading: Reading): Answer {
  if (own(json, 'fidelisChoices') !== undefined) return readPeople(json, path, limitOf, reading);
  const choices = readChoices(own(json, 'choices'), `${path}.choices`, reading, {
    several: true,
    shownIf: expressionOf(json, 'choicesVisibleIf', path),
  });
  const [min, max] = [limitOf(json, 'minSelectedChoices'), limitOf(json, 'maxSelectedChoices')];
  if ((min ?? 0) > choices.list.length || (min !== null && max !== null && min > max)) {
    reading.issues.add(
      'bad-range',
      path,
      'minSelectedChoices cannot be larger than maxSelectedChoices or the number of choices.',
    );
  }
  if (type !== 'ranking') return { kind: 'codes', choices, min, max };
  if (choices.list.some((choice) => choice.missing !== null || choice.exclusive)) {
    reading.issues.add(
      'bad-missing-reason',
      `${path}.choices`,
      'A ranking orders all its choices: none can be exclusive or stand for no answer.',
    );
  }
  return { kind: 'ranking', choices, selecting: own(json, 'selectToRankEnabled') === true, min, max };
}

function readMatrix(json: JsonObject, path: string, reading: Reading): Answer {
  const cellType = own(json, 'cellType');
  if (cellType !== undefined && cellType !== 'radio') {
    reading.issues.add(
      'unsupported-cell-type',
      `${path}.cellType`,
      `A matrix with cells of the type ${shown(cellType)} is not supported; use a matrixdropdown.`,
    );
  }
  return {
    kind: 'matrix',
    rows: readRows(json, path, reading),
    columns: readChoices(own(json, 'columns'), `${path}.columns`, reading),
    eachRowRequired: own(json, 'eachRowRequired') === true || own(json, 'isAllRowRequired') === true,
    eachRowUnique: own(json, 'eachRowUnique') === true,
  };
}

/** The answer of a question, or null for what could not be read (and was reported). */
function readAnswer(
  json: JsonObject,
  type: QuestionType,
  path: string,
  place: Place,
  reading: Reading,
  tables: TableReader,
): Answer | null {
  switch (type) {
    case 'radiogroup': {
      const shownIf = expressionOf(json, 'choicesVisibleIf', path);
      return {
        kind: 'code',
        choices: readChoices(own(json, 'choices'), `${path}.choices`, reading, { shownIf }),
        ordered: false,
      };
    }
    case 'dropdown':
      return { kind: 'code', choices: readDropdown(json, path, reading), ordered: false };
    case 'rating':
      return readRating(json, path, reading);
    case 'slider':
      return readSlider(json, path, reading);
    case 'boolean':
      return readBoolean(json, path, reading);
    case 'checkbox':
    case 'tagbox':
    case 'ranking':
      return readSeveral(json, type, path, reading);
    case 'matrix':
      return readMatrix(json, path, reading);
    case 'text':
      return readInput(json, path, place.lengths, reading);
    case 'file':
      return readEvidence(json, path, reading);
    case 'comment':
      return readComment(json, path, place.lengths, reading);
    case 'multipletext':
      return readBoxes(json, path, place.lengths, reading);
    case 'expression': {
      const expression = expressionOf(json, 'expression', path);
      if (!expression) reading.issues.add('empty-expression', `${path}.expression`, 'An expression is needed.');
      return expression ? { kind: 'calculated', expression } : null;
    }
    case 'html':
      if (own(json, 'html') === undefined)
        reading.issues.add('empty-question', path, 'An html element needs its "html".');
      return { kind: 'none' };
    case 'image':
      if (own(json, 'imageLink') === undefined)
        reading.issues.add('empty-question', path, 'An image needs its "imageLink".');
      return { kind: 'none' };
    case 'matrixdropdown':
    case 'matrixdynamic':
    case 'paneldynamic':
      return tables(json, type, path, place, reading);
  }
}

/** Reads a question; null when its type is refused or its answer could not be read (and was reported). `column`: of a matrix. */
export function readQuestion(
  json: JsonObject,
  type: unknown,
  path: string,
  place: Place,
  reading: Reading,
  tables: TableReader,
  column = false,
): Question | null {
  const { issues, languages } = reading;
  if (!isQuestionType(type)) {
    const reason = typeof type === 'string' && Object.hasOwn(refusedTypes, type) ? ` ${refusedTypes[type]}` : '';
    issues.add(
      'unsupported-type',
      `${path}.${column ? 'cellType' : 'type'}`,
      `The question type ${shown(type)} is not supported.${reason}`,
    );
    return null;
  }
  checkProperties(json, column ? columnProperties(type) : propertiesOf(type), path, reading);
  const silent = type === 'html' || type === 'image';
  const name = silent && own(json, 'name') === undefined ? '' : readName(own(json, 'name'), `${path}.name`, issues);
  const answer = readAnswer(json, type, path, place, reading, tables);
  const visibleIf = expressionOf(json, 'visibleIf', path);
  const enableIf = expressionOf(json, 'enableIf', path);
  const requiredIf = expressionOf(json, 'requiredIf', path);
  if (answer === null) return null;
  const columns = 'columns' in answer && answer.kind !== 'matrix' ? answer.columns : [];
  const computed = answer.kind === 'calculated' || columns.some((one) => one.answer.kind === 'calculated');
  if (computed && (enableIf || place.enabledIf.length > 0)) {
    // SurveyJS stops computing while an item is disabled: its value would tell of the past.
    issues.add('computed-disabled', path, 'A calculated item cannot be under an enableIf; use visibleIf.');
  }
  return {
    name,
    label: labelOf(json, 'title', languages, name),
    titled: textOf(own(json, 'title'), languages) !== null,
    type,
    page: place.page,
    path,
    shownIf: visibleIf ? [...place.shownIf, visibleIf] : place.shownIf,
    enabledIf: enableIf ? [...place.enabledIf, enableIf] : place.enabledIf,
    requiredIf,
    // SurveyJS lets the condition decide alone where there is one.
    required: requiredIf === null && own(json, 'isRequired') === true,
    validators: readValidators(json, path, reading),
    answer,
  };
}
