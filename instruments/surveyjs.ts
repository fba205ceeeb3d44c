/**
 * The only door to survey-core. The pure way (checker, conditions, coding) takes its expression engine from here; the
 * respondent's page and the previews take `createModel`. Its process-wide registries are touched in this file alone.
 */
import {
  ArrayOperand,
  BinaryOperand,
  ConditionRunner,
  ConditionsParser,
  Const,
  ExpressionRunner,
  FunctionOperand,
  Model,
  Operand,
  Serializer,
  setLicenseKey,
  UnaryOperand,
  Variable,
} from 'survey-core';
import type { SurveyJson } from './instrument.ts';
import { isObject } from './json.ts';
import { baseOf } from './languages.ts';
import { defaultCommentLength, defaultTextLength, textFormats } from './read-fields.ts';
import { isWritten } from './text-formats.ts';

export { Model } from 'survey-core';

/** Which elements carry our mark for answers that count as missing. */
const marked = ['choiceitem', 'checkboxitem', 'ratingitem', 'matrixcolumn'] as const;

for (const element of marked) {
  // Another copy of this module in the same process has done it already; once is enough.
  if (Serializer.findProperty(element, 'missingReason')) continue;
  Serializer.addProperty(element, { name: 'missingReason', choices: ['declined', 'not-applicable'] });
}

/** Our marks on questions whose choices are the people of the roster, and on those that take evidence. */
for (const [element, name] of [
  ['checkbox', 'fidelisChoices'],
  ['tagbox', 'fidelisChoices'],
  ['file', 'fidelisEvidence'],
] as const) {
  if (Serializer.findProperty(element, name)) continue;
  const kept = { name, ...(name === 'fidelisChoices' ? { choices: ['people'] } : { type: 'boolean', default: false }) };
  Serializer.addProperty(element, { ...kept, category: 'general' });
}

/** Scale membership as a designer's property grid reads and writes it; it stands in the scales, never in the survey. */
export interface Keying {
  /** Ids and titles of the scales. */
  scales(): readonly { readonly value: string; readonly text: string }[];
  /** The scale of an item, or ''. */
  scaleOf(item: string): string;
  isReversed(item: string): boolean;
  setScale(item: string, scale: string): void;
  setReversed(item: string, reversed: boolean): void;
}

let keying: Keying | null = null;

/** Element types that are one item each; of a matrix, each row is. */
const single = ['radiogroup', 'dropdown', 'rating', 'slider', 'boolean', 'text'] as const;

/**
 * Gives the property grid of a designer our own properties, read and written through `through`; null when the designer goes.
 * The licence key of SurveyJS Creator is set on the way, as it belongs to survey-core.
 */
export function prepareDesigner(through: Keying | null, licenseKey: string | null = null): void {
  keying = through;
  if (licenseKey !== null) setLicenseKey(licenseKey);
  for (const element of [...single, 'itemvalue']) {
    if (Serializer.findProperty(element, 'scale')) continue;
    const isRow = element === 'itemvalue';
    const visibleIf = (one: DesignedItem) => !isRow || one.locOwner?.getType?.() === 'matrix';
    const nameOf = (one: DesignedItem) => String((isRow ? one.value : one.name) ?? '');
    const common = { category: 'general', isSerializable: false, visibleIf };
    Serializer.addProperty(element, {
      ...common,
      name: 'scale',
      displayName: 'Scale',
      choices: () => [{ value: '', text: 'None' }, ...(keying?.scales() ?? [])],
      onGetValue: (one: DesignedItem) => keying?.scaleOf(nameOf(one)) ?? '',
      onSetValue: (one: DesignedItem, value: unknown) => keying?.setScale(nameOf(one), String(value ?? '')),
    });
    Serializer.addProperty(element, {
      ...common,
      name: 'reversed:switch',
      displayName: 'Reversed on its scale',
      onGetValue: (one: DesignedItem) => keying?.isReversed(nameOf(one)) ?? false,
      onSetValue: (one: DesignedItem, value: unknown) => keying?.setReversed(nameOf(one), value === true),
    });
  }
}

interface DesignedItem {
  readonly name?: unknown;
  readonly value?: unknown;
  readonly locOwner?: { getType?(): string };
}

/** Whether survey-core knows a property of an element (`text`, `page`, `choiceitem` …), by its name or a former one. */
export function isSurveyProperty(element: string, property: string): boolean {
  return property === 'type' || Boolean(Serializer.findProperty(element, property));
}

/** Calculated questions keep their value while they are hidden: whether it were there would depend on the way so far. */
function keepingComputed(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(keepingComputed);
  if (!isObject(json)) return json;
  const copy: Record<string, unknown> = { ...json };
  for (const list of ['pages', 'elements', 'templateElements'])
    if (copy[list] !== undefined) copy[list] = keepingComputed(copy[list]);
  if (copy.type === 'expression') copy.clearIfInvisible = 'none';
  return copy;
}

/** survey-core's own words, each a file of its own that is loaded where a page speaks that language. */
const localeFiles: Readonly<Record<string, () => Promise<unknown>>> = {
  ar: () => import('survey-core/i18n/arabic'),
  de: () => import('survey-core/i18n/german'),
  es: () => import('survey-core/i18n/spanish'),
  fr: () => import('survey-core/i18n/french'),
  pl: () => import('survey-core/i18n/polish'),
  pt: () => import('survey-core/i18n/portuguese'),
  ro: () => import('survey-core/i18n/romanian'),
  uk: () => import('survey-core/i18n/ukrainian'),
  ur: () => import('survey-core/i18n/urdu'),
};

/** The name that survey-core gives to a language; '' is its own English, also for languages that it does not speak. */
export function localeOf(language: string): string {
  const base = baseOf(language);
  return Object.hasOwn(localeFiles, base) ? base : '';
}

/** Loads survey-core's own words in a language, if it has them. */
export async function loadLocale(language: string): Promise<void> {
  await localeFiles[baseOf(language)]?.();
}

/** What the model says where survey-core has no words of its own. */
export interface ModelWords {
  /** At a date, time or address that is not written as such. */
  readonly badFormat: string;
}

const englishWords: ModelWords = { badFormat: 'Please check how this is written.' };

/**
 * A survey-core model of an instrument's survey, as the respondent's page shows it. The texts' default lengths, the
 * clearing of hidden answers and the check of dates, times and addresses are set as the checker expects them, so that a
 * page cannot collect what is refused later.
 */
export function createModel(survey: SurveyJson, words: ModelWords = englishWords): Model {
  const model = new Model(keepingComputed(survey));
  if (!model.maxTextLength) model.maxTextLength = defaultTextLength;
  if (!model.maxCommentLength) model.maxCommentLength = defaultCommentLength;
  // An answer that is no longer asked must not steer later conditions, nor be sent.
  model.clearInvisibleValues = 'onHiddenContainer';
  settleOnChange(model);
  model.onValidateQuestion.add((_, event) => {
    const format =
      event.question.getType() === 'text' ? textFormats.get(event.question.getPropertyValue('inputType')) : undefined;
    const value: unknown = event.value;
    if (event.errors.length > 0 || format === undefined || typeof value !== 'string' || value.trim() === '') return;
    if (!isWritten(format, value)) event.error = words.badFormat;
  });
  return model;
}

/**
 * When an answer is cleared because its question was hidden, or an entry beyond its limits was held back and taken back,
 * survey-core can leave conditions as they were. All are asked again after each change until nothing moves (a chain of
 * conditions is no longer than the form, so the end is near), and once more before a page is left or answers are sent.
 */
function settleOnChange(model: Model): void {
  let running = false;
  let changed = false;
  const settle = (): void => {
    changed = true;
    if (running) return;
    running = true;
    for (let round = 0; changed && round < 20; round++) {
      changed = false;
      model.runExpressions();
    }
    running = false;
  };
  model.onValueChanged.add(settle);
  model.onCurrentPageChanging.add(settle);
  model.onCompleting.add(settle);
}

/**
 * The pages of the way: those that are shown, and those that a question without an answer may still open. A page that is
 * closed by an answer is not among them. In the order of the instrument.
 */
export function pagesOfTheWay(model: Model): Model['pages'] {
  const asked = new Set<string>();
  const mayOpen = (page: Model['pages'][number]): boolean => {
    if (page.isVisible) return true;
    if (asked.has(page.name)) return false;
    asked.add(page.name);
    const conditions = page.visibleIf ? [page.visibleIf] : page.questions.map(({ visibleIf }) => visibleIf);
    const open = conditions.some((condition) => condition && namesIn(condition).some(isStillBlank));
    asked.delete(page.name);
    return open;
  };
  const isStillBlank = (name: string): boolean => {
    const question = model.getQuestionByName(name.split(/[.[]/, 1)[0] ?? '');
    if (!question?.isEmpty()) return false;
    const page = question.page as Model['pages'][number];
    // On a page that is closed itself, it is only asked if that one opens.
    return page.isVisible ? question.isVisible : mayOpen(page);
  };
  return model.pages.filter(mayOpen);
}

function namesIn(condition: string): string[] {
  return new ConditionRunner(condition).getVariables();
}

/** An expression as a tree. */
export type ExpressionNode =
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly ExpressionNode[] }
  | { readonly kind: 'call'; readonly function: string; readonly parameters: readonly ExpressionNode[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly ExpressionNode[] };

function nodeOf(operand: unknown): ExpressionNode {
  if (operand instanceof Variable) {
    // Written as {#name}, a value is taken without conversion; the mark is gone from `variable`.
    return { kind: 'name', name: operand.toString().slice(1, -1) };
  }
  if (operand instanceof Const) return { kind: 'constant', value: operand.correctValue };
  if (operand instanceof ArrayOperand) return { kind: 'list', items: operand.values.map(nodeOf) };
  if (operand instanceof FunctionOperand) {
    return { kind: 'call', function: operand.functionName, parameters: operand.paramValues.map(nodeOf) };
  }
  if (operand instanceof UnaryOperand) {
    return { kind: 'operation', operator: operand.operator, operands: [nodeOf(operand.expression)] };
  }
  if (operand instanceof BinaryOperand) {
    return {
      kind: 'operation',
      operator: operand.operator,
      operands: [nodeOf(operand.leftOperand), nodeOf(operand.rightOperand)],
    };
  }
  return { kind: 'constant', value: null };
}

/** An expression as a tree, or where and why it cannot be read. */
export function parseExpression(text: string): { readonly node: ExpressionNode } | { readonly problem: string } {
  const parser = new ConditionsParser();
  const operand: unknown = parser.parseExpression(text);
  if (operand instanceof Operand) return { node: nodeOf(operand) };
  return { problem: parser.error ? `it cannot be read from character ${parser.error.at + 1} on` : 'it cannot be read' };
}

/** Values by name, as conditions see them. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * An expression made ready to be run many times on plain values. A value that cannot be computed is null: survey-core's
 * functions throw on some input, and an answer must never stop the server.
 */
export function runnerOf(text: string): (values: Values) => unknown {
  const runner = new ExpressionRunner(text);
  return (values) => {
    try {
      const result: unknown = runner.runValues(values, {});
      return result === undefined ? null : result;
    } catch {
      return null;
    }
  };
}

/** A condition made ready to be run many times; one that cannot be computed does not hold. */
export function conditionOf(text: string): (values: Values) => boolean {
  const runner = new ConditionRunner(text);
  return (values) => {
    try {
      return runner.runValues(values, {});
    } catch {
      return false;
    }
  };
}
