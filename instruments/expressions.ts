/** Checks one expression: that it can be read, names known items, calls only functions that give the same result always. */
import type { Issues } from './issues.ts';
import type { Expression, ResultType } from './questions.ts';
import type { Reference } from './resolve.ts';
import { type ExpressionNode, parseExpression } from './surveyjs.ts';
import { isWritten } from './text-formats.ts';

/** `date` and `null` are met inside expressions only. */
type Type = ResultType | 'list' | 'date' | 'null' | 'unknown';
export type Resolve = (name: string) => Reference | string;

const longest = 2_000;
const deepest = 30;

const numeric: ReadonlySet<string> = new Set(['sum', 'avg', 'count', 'min', 'max', 'round', 'trunc']);
const inArray: ReadonlySet<string> = new Set(['sumInArray', 'minInArray', 'maxInArray', 'countInArray', 'avgInArray']);
const dates: ReadonlySet<string> = new Set(['getDate', 'dateAdd', 'dateDiff', 'diffDays', 'getYear']);
/** `year` and its kin fall back on today when the date is blank. */
const clock: ReadonlySet<string> = new Set([
  'age',
  'today',
  'currentDate',
  'currentYear',
  'year',
  'month',
  'day',
  'weekday',
]);
const model: ReadonlySet<string> = new Set([
  'displayValue',
  'propertyValue',
  'isContainerReady',
  'isDisplayMode',
  'getComment',
]);

/** Functions that an instrument may call. */
export const allowedFunctions: readonly string[] = [...numeric, ...inArray, ...dates, 'iif', 'substring'];

export interface Checked {
  readonly result: ResultType | null;
  /** What it reads. */
  readonly reads: readonly Read[];
}

/** An item that is read, and the variables it is coded into. */
export type Read = Pick<Reference, 'table' | 'variables' | 'marked'> & { readonly key: string };

/** Thrown inside this file to leave a tree at its first mistake. */
class Mistake extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function depthOf(node: ExpressionNode): number {
  const children =
    node.kind === 'list'
      ? node.items
      : node.kind === 'call'
        ? node.parameters
        : node.kind === 'operation'
          ? node.operands
          : [];
  return 1 + Math.max(0, ...children.map(depthOf));
}

/** Parentheses in the text, before the parser is asked: its recursion must not exhaust the stack. */
function nesting(text: string): number {
  let deep = 0;
  let most = 0;
  for (const sign of text) {
    if (sign === '(' || sign === '[') most = Math.max(most, ++deep);
    else if (sign === ')' || sign === ']') deep -= 1;
  }
  return most;
}

/** The type that two branches have in common. */
function common(one: Type, other: Type): Type {
  if (one === other || other === 'null') return one;
  if (one === 'null') return other;
  if (one === 'unknown' || other === 'unknown') return 'unknown';
  throw new Mistake('mixed-result', `It gives ${one} in one case and ${other} in another; make it one.`);
}

function wantNumbers(name: string, types: readonly Type[]): void {
  const wrong = types.find((type) => type === 'text' || type === 'date');
  if (wrong) throw new Mistake('bad-argument', `${name} works on numbers, not on ${wrong}.`);
}

function typeOfCall(call: Extract<ExpressionNode, { kind: 'call' }>, resolve: Resolve, reads: Read[]): Type {
  const { function: name, parameters } = call;
  if (clock.has(name)) {
    throw new Mistake(
      'clock-function',
      `${name}() reads the clock, so the same answers would give different results; use getYear or dateDiff with dates that were asked.`,
    );
  }
  if (model.has(name))
    throw new Mistake('unknown-function', `${name}() works only on the screen and is not supported.`);
  if (!allowedFunctions.includes(name)) {
    throw new Mistake(
      'unknown-function',
      `The function ${name} is not supported; there are ${allowedFunctions.join(', ')}.`,
    );
  }
  const types = parameters.map((parameter) => typeOf(parameter, resolve, reads));
  const takes = (least: number, most: number): void => {
    if (types.length < least || types.length > most) {
      throw new Mistake(
        'bad-argument',
        `${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${types.length}.`,
      );
    }
  };
  const constant = (position: number): unknown => {
    const parameter = parameters[position];
    return parameter?.kind === 'constant' ? parameter.value : undefined;
  };
  if (name === 'iif') {
    takes(3, 3);
    return common(types[1] ?? 'null', types[2] ?? 'null');
  }
  if (name === 'substring') {
    takes(2, 3);
    return 'text';
  }
  if (numeric.has(name)) {
    if (name === 'round' || name === 'trunc') {
      takes(1, 2);
      if (types.length === 2 && !Number.isInteger(constant(1)))
        throw new Mistake('bad-argument', `${name} takes a fixed number of digits.`);
    } else takes(1, 200);
    wantNumbers(name, types);
    return 'number';
  }
  if (inArray.has(name)) {
    takes(2, 2);
    const [list] = parameters;
    const column = constant(1);
    const reference =
      list?.kind === 'name' && typeof column === 'string'
        ? resolve(`${list.name}[0].${column}`)
        : 'it takes a table and a column';
    if (typeof reference === 'string')
      throw new Mistake('bad-argument', `${name} takes a dynamic table and the name of one of its columns in quotes.`);
    if (name !== 'countInArray') wantNumbers(name, [reference.type]);
    if (reference.key !== null) reads.push({ ...reference, key: reference.key });
    return 'number';
  }
  // A month or a plain text would be read in the time zone of the reader.
  const dateAt = (position: number): void => {
    const parameter = parameters[position];
    const reference = parameter?.kind === 'name' ? resolve(parameter.name) : null;
    const written = parameter?.kind === 'constant' && typeof parameter.value === 'string' ? parameter.value : '';
    const format = reference !== null && typeof reference !== 'string' ? reference.format : undefined;
    const dated =
      format === 'date' || format === 'datetime' || isWritten('date', written) || isWritten('datetime', written);
    if (!dated && types[position] !== 'date')
      throw new Mistake(
        'bad-argument',
        `${name} works on dates: a question with the input type date, or '2026-01-31'.`,
      );
  };
  const unit = (position: number): void => {
    if (types.length > position && !['days', 'months', 'years'].includes(String(constant(position)))) {
      throw new Mistake('bad-argument', `${name} counts in 'days', 'months' or 'years'.`);
    }
  };
  if (name === 'getDate') takes(1, 1);
  else if (name === 'getYear') takes(1, 1);
  else if (name === 'diffDays') takes(2, 2);
  else takes(2, 3);
  dateAt(0);
  if (name === 'diffDays' || name === 'dateDiff') dateAt(1);
  else if (name === 'dateAdd') wantNumbers(name, types.slice(1, 2));
  unit(2);
  return name === 'getDate' || name === 'dateAdd' ? 'date' : 'number';
}

function typeOf(node: ExpressionNode, resolve: Resolve, reads: Read[]): Type {
  switch (node.kind) {
    case 'constant':
      if (typeof node.value === 'number' || typeof node.value === 'boolean')
        return typeof node.value === 'number' ? 'number' : 'boolean';
      return typeof node.value === 'string' ? 'text' : 'null';
    case 'name': {
      const reference = resolve(node.name);
      if (typeof reference === 'string')
        throw new Mistake('unknown-item', `{${node.name}} stands for nothing: ${reference}.`);
      if (reference.key !== null) reads.push({ ...reference, key: reference.key });
      return reference.type;
    }
    case 'list':
      for (const item of node.items) typeOf(item, resolve, reads);
      return 'list';
    case 'call':
      return typeOfCall(node, resolve, reads);
    case 'operation': {
      const [left = 'null', right = 'null'] = node.operands.map((operand) => typeOf(operand, resolve, reads));
      switch (node.operator) {
        case 'and':
        case 'or':
          // These give one of their operands back, so only truths give a truth.
          return left === 'boolean' && right === 'boolean' ? 'boolean' : 'unknown';
        case 'plus':
          if (left === 'text' || right === 'text') return 'text';
          if (left === 'date' || right === 'date') throw new Mistake('bad-argument', 'Use dateAdd to move a date.');
          return 'number';
        case 'minus':
        case 'mul':
        case 'div':
        case 'mod':
        case 'power':
          wantNumbers(`The operator ${node.operator}`, [left, right]);
          return 'number';
        default:
          return 'boolean';
      }
    }
  }
}

/** Checks an expression; `issues` null: it has been reported before. */
export function checkExpression(
  expression: Expression,
  use: 'condition' | 'value',
  resolve: Resolve,
  issues: Issues | null,
): Checked {
  const { text, path } = expression;
  const reads: Read[] = [];
  const failed: Checked = { result: null, reads };
  if (text.length > longest || nesting(text) > deepest || /!{5}/.test(text)) {
    issues?.add(
      'expression-too-long',
      path,
      `An expression has at most ${longest} characters and ${deepest} parentheses inside each other.`,
    );
    return failed;
  }
  const parsed = parseExpression(text);
  if ('problem' in parsed) {
    issues?.add('bad-expression', path, `This expression cannot be used: ${parsed.problem}.`);
    return failed;
  }
  try {
    if (depthOf(parsed.node) > 300) throw new Mistake('expression-too-long', 'This expression has too many parts.');
    const type = typeOf(parsed.node, resolve, reads);
    if (use === 'condition') return { result: 'boolean', reads };
    if (reads.some((read) => read.marked)) {
      throw new Mistake(
        'marked-argument',
        'It computes from a column with a missingReason choice, whose code is no amount; ask that in a question of its own.',
      );
    }
    if (type === 'number' || type === 'boolean' || type === 'text') return { result: type, reads };
    const hint =
      type === 'date'
        ? 'use getYear or dateDiff'
        : type === 'list'
          ? 'use sum, count or one of the …InArray functions'
          : 'write iif(…, 1, 0)';
    throw new Mistake('mixed-result', `A calculated item gives a number, a truth or a text; ${hint}.`);
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake;
    issues?.add(mistake.code, path, mistake.message);
    return failed;
  }
}

const blankAware: ReadonlySet<string> = new Set(['iif', 'count', 'countInArray', 'empty', 'notempty']);

/** Whether an expression says itself what it makes of blanks; SurveyJS takes them for nought everywhere else. */
export function mindsBlanks(text: string): boolean {
  const parsed = parseExpression(text);
  const minds = (node: ExpressionNode): boolean => {
    if (node.kind === 'call') return blankAware.has(node.function) || node.parameters.some(minds);
    if (node.kind === 'operation') return blankAware.has(node.operator) || node.operands.some(minds);
    return node.kind === 'list' && node.items.some(minds);
  };
  return 'node' in parsed && minds(parsed.node);
}
