/**
 * The strict check of one answer by itself: type, codes, rows, columns, lengths, limits and writing. Made once per
 * question by the compiler, run by the checker. What depends on other answers is in checker.ts.
 */
import { isBlank } from './blank.ts';
import type { Issues } from './issues.ts';
import { isMultiple, isObject, shown } from './json.ts';
import type { Answer, Box, BoxAnswer, Choices, NumberRules, TextRules } from './questions.ts';
import { reachesReserved } from './reserved.ts';
import { filesShape, peopleShape } from './shapes-linked.ts';
import { checkParts, checkString, type Shape, wrongType } from './shapes-parts.ts';
import { isWritten } from './text-formats.ts';

/** A column of a table, with its own check. */
export interface Column {
  readonly name: string;
  readonly shape: Shape;
}

/** Characters of a computed text; an expression joins the texts of a few questions at most. */
const longestResult = 100_000;

function textShape(rules: TextRules): Shape {
  const { format, maxLength, min, max } = rules;
  return (value, path, whole, issues) => {
    if (!checkString(value, path, maxLength, issues) || !whole || isBlank(value)) return;
    if (!isWritten(format, value)) issues.add('bad-format', path, `This is not written as a ${format}.`);
    else if ((min !== null && value < min) || (max !== null && value > max)) {
      issues.add(
        'out-of-range',
        path,
        min === null
          ? `Must not be after ${max}.`
          : max === null
            ? `Must not be before ${min}.`
            : `Must be from ${min} to ${max}.`,
      );
    }
  };
}

function checkNumber(value: unknown, path: string, rules: NumberRules, whole: boolean, issues: Issues): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    wrongType(issues, path, 'a number', value);
    return;
  }
  if (reachesReserved(value, value)) {
    issues.add('reserved-code', path, 'Numbers from -999 to -990 stand for missing values.');
    return;
  }
  if (!whole) return;
  const { min, max, step } = rules;
  if ((min !== null && value < min) || (max !== null && value > max)) {
    issues.add('out-of-range', path, `Must be from ${min ?? 'any'} to ${max ?? 'any'}.`);
  } else if (step !== null && !isMultiple(value, step)) issues.add('bad-step', path, `Must be a multiple of ${step}.`);
}

const boxShape = (answer: BoxAnswer): Shape =>
  answer.kind === 'text'
    ? textShape(answer)
    : (value, path, whole, issues) => checkNumber(value, path, answer, whole, issues);

function codeShape(choices: Choices): Shape {
  const codes = new Set(choices.list.map((choice) => choice.code));
  return (value, path, _whole, issues) => {
    if (typeof value !== 'number') wrongType(issues, path, 'a code', value);
    else if (!codes.has(value)) issues.add('unknown-code', path, `${shown(value)} is not one of the codes.`);
  };
}

/** Codes that are legal and all different; true when they are. */
function checkCodes(value: unknown, path: string, codes: ReadonlySet<number>, issues: Issues): value is number[] {
  if (!Array.isArray(value)) {
    wrongType(issues, path, 'a list of codes', value);
    return false;
  }
  if (value.length > codes.size) {
    issues.add('too-many', path, `At most ${codes.size} codes, found ${value.length}.`);
    return false;
  }
  const seen = new Set<unknown>();
  let fine = true;
  for (const [position, code] of value.entries()) {
    const known = typeof code === 'number' && codes.has(code);
    if (!known) issues.add('unknown-code', `${path}[${position}]`, `${shown(code)} is not one of the codes.`);
    else if (seen.has(code)) issues.add('repeated-code', `${path}[${position}]`, `The code ${code} is given twice.`);
    fine = fine && known && !seen.has(code);
    seen.add(code);
  }
  return fine;
}

function codesShape(answer: Extract<Answer, { kind: 'codes' }>): Shape {
  const codes = new Set(answer.choices.list.map((choice) => choice.code));
  const alone = new Set(answer.choices.list.filter((choice) => choice.exclusive).map((choice) => choice.code));
  const { min, max } = answer;
  return (value, path, whole, issues) => {
    if (!checkCodes(value, path, codes, issues) || value.length === 0) return;
    const exclusive = value.find((code) => alone.has(code));
    if (exclusive !== undefined && value.length > 1) {
      issues.add('exclusive-code', path, `The code ${exclusive} excludes all others.`);
    } else if (max !== null && value.length > max)
      issues.add('too-many', path, `At most ${max} codes, found ${value.length}.`);
    else if (whole && exclusive === undefined && min !== null && value.length < min) {
      issues.add('too-few', path, `At least ${min} codes, found ${value.length}.`);
    }
  };
}

function rankingShape(answer: Extract<Answer, { kind: 'ranking' }>): Shape {
  const codes = new Set(answer.choices.list.map((choice) => choice.code));
  const { min, max, selecting } = answer;
  return (value, path, whole, issues) => {
    if (!checkCodes(value, path, codes, issues) || value.length === 0) return;
    if (max !== null && value.length > max)
      issues.add('too-many', path, `At most ${max} codes, found ${value.length}.`);
    else if (whole && selecting && min !== null && value.length < min) {
      issues.add('too-few', path, `At least ${min} codes, found ${value.length}.`);
    }
  };
}

function intervalShape(answer: Extract<Answer, { kind: 'interval' }>): Shape {
  const { min, max, step, minLength, maxLength } = answer;
  return (value, path, whole, issues) => {
    if (!Array.isArray(value)) return wrongType(issues, path, 'a list of two numbers', value);
    if (value.length === 0) return;
    if (value.length !== 2) return wrongType(issues, path, 'a list of two numbers', value);
    const before = issues.list.length;
    for (const [position, end] of value.entries())
      checkNumber(end, `${path}[${position}]`, { min, max, step }, true, issues);
    if (issues.list.length > before) return;
    const [low, high]: number[] = value;
    const length = Number(high) - Number(low);
    if (length < 0) issues.add('bad-order', path, 'The lower end comes first.');
    else if (whole && ((minLength !== null && length < minLength) || (maxLength !== null && length > maxLength))) {
      issues.add('out-of-range', path, `The two ends must lie from ${minLength ?? 0} to ${maxLength ?? 'any'} apart.`);
    }
  };
}

function matrixShape(answer: Extract<Answer, { kind: 'matrix' }>): Shape {
  const cell = codeShape(answer.columns);
  const rows = new Set(answer.rows.list.map((row) => row.name));
  return (value, path, whole, issues) => {
    if (!checkParts(value, path, whole, issues, (row) => (rows.has(row) ? cell : undefined), 'row')) return;
    if (!whole || !answer.eachRowUnique || !isObject(value)) return;
    const seen = new Set<unknown>();
    for (const [row, code] of Object.entries(value)) {
      if (seen.has(code)) issues.add('repeated-code', `${path}.${row}`, 'Each row needs a code of its own.');
      seen.add(code);
    }
  };
}

function boxesShape(boxes: readonly Box[]): Shape {
  const shapes = new Map(boxes.map((box) => [box.name, boxShape(box.answer)]));
  return (value, path, whole, issues) => {
    checkParts(value, path, whole, issues, (box) => shapes.get(box), 'item');
  };
}

/** Reports the second of two equal values in columns where each must be different; SurveyJS compares texts without case. */
function checkUnique(
  entries: readonly (readonly [string, unknown])[],
  unique: readonly string[],
  issues: Issues,
): void {
  for (const column of unique) {
    const seen = new Set<string>();
    for (const [path, entry] of entries) {
      const value = isObject(entry) ? entry[column] : undefined;
      if (isBlank(value)) continue;
      const key = JSON.stringify(value).toLowerCase();
      if (seen.has(key)) issues.add('repeated-value', `${path}.${column}`, 'This value stands in another row already.');
      seen.add(key);
    }
  }
}

function gridShape(answer: Extract<Answer, { kind: 'grid' }>, columns: readonly Column[]): Shape {
  const shapes = new Map(columns.map((column) => [column.name, column.shape]));
  const row: Shape = (value, path, whole, issues) => {
    checkParts(value, path, whole, issues, (column) => shapes.get(column), 'column');
  };
  const rows = new Set(answer.rows.list.map(({ name }) => name));
  return (value, path, whole, issues) => {
    if (!checkParts(value, path, whole, issues, (name) => (rows.has(name) ? row : undefined), 'row')) return;
    if (!whole || !isObject(value)) return;
    checkUnique(
      Object.entries(value).map(([name, entry]) => [`${path}.${name}`, entry]),
      answer.unique,
      issues,
    );
  };
}

function tableShape(answer: Extract<Answer, { kind: 'table' }>, columns: readonly Column[]): Shape {
  const shapes = new Map(columns.map((column) => [column.name, column.shape]));
  return (value, path, whole, issues) => {
    if (!Array.isArray(value)) return wrongType(issues, path, 'a list of rows', value);
    if (value.length > answer.maxRows) {
      return issues.add('too-many', path, `At most ${answer.maxRows} rows, found ${value.length}.`);
    }
    for (const [position, row] of value.entries()) {
      checkParts(row, `${path}[${position}]`, whole, issues, (column) => shapes.get(column), 'column');
    }
    if (whole)
      checkUnique(
        value.map((row, position) => [`${path}[${position}]`, row]),
        answer.unique,
        issues,
      );
  };
}

/** A computed value: its equality with ours is checked elsewhere, here only that it is a plain value of some length. */
export const calculatedShape: Shape = (value, path, _whole, issues) => {
  if (typeof value === 'string') {
    checkString(value, path, longestResult, issues);
    return;
  }
  if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'boolean') {
    wrongType(issues, path, 'a computed value', value);
  }
};

/** The strict check for one kind of answer. */
export function shapeOf(answer: Answer, columns: readonly Column[]): Shape {
  switch (answer.kind) {
    case 'code':
      return codeShape(answer.choices);
    case 'number':
    case 'text':
      return boxShape(answer);
    case 'interval':
      return intervalShape(answer);
    case 'boolean': {
      const { valueTrue, valueFalse } = answer;
      return (value, path, _whole, issues) => {
        if (value === valueTrue || value === valueFalse) return;
        issues.add(
          typeof value === typeof valueTrue ? 'unknown-code' : 'wrong-type',
          path,
          `Expected ${valueTrue} or ${valueFalse}, found ${shown(value)}.`,
        );
      };
    }
    case 'codes':
      return codesShape(answer);
    case 'people':
      return peopleShape(answer);
    case 'files':
      return filesShape(answer);
    case 'ranking':
      return rankingShape(answer);
    case 'matrix':
      return matrixShape(answer);
    case 'boxes':
      return boxesShape(answer.boxes);
    case 'grid':
      return gridShape(answer, columns);
    case 'table':
      return tableShape(answer, columns);
    case 'calculated':
      return calculatedShape;
    case 'none':
      return (_value, path, _whole, issues) => issues.add('unknown-item', path, 'Nothing is asked here.');
  }
}
