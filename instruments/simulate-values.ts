/**
 * One simulated answer for each kind of question, legal by itself: types, codes, limits, writing. What depends on other
 * answers is mended by `simulate.ts`, which calls this.
 */

import { isMultiple } from './json.ts';
import type { Answer, BoxAnswer, Choices, Question, TextRules } from './questions.ts';
import type { Random } from './random.ts';
import { declaredRange } from './variables.ts';

/** How one respondent answers. */
export interface Respondent {
  readonly random: Random;
  /** Where the respondent stands on the item, in standard deviations, turned for reversed items; null: on no scale. */
  standing(variable: string): number | null;
  /** Whether the item is keyed against its scale: those who agree with the others mostly disagree with it. */
  reversed(variable: string): boolean;
  /** How much the item shares with its scale: its correlation with the standing. */
  loading(variable: string): number;
  /** Chance that an item that may be left blank is left blank. */
  readonly missing: number;
  /** Chance that a choice is taken which counts as missing, where there is one. */
  readonly declined: number;
  /** First and last day of answers that are dates. */
  readonly days: { readonly from: string; readonly to: string };
  /** What is written into free text. */
  readonly texts: readonly string[];
}

/** An answer, or undefined where nothing is to be answered or it is left blank. `prefix` leads to variable names. */
export function simulatedAnswer(question: Question, respondent: Respondent, prefix = ''): unknown {
  const { answer, name } = question;
  const { random } = respondent;
  const whole = answer.kind === 'matrix' || answer.kind === 'boxes' || answer.kind === 'grid';
  if (!question.required && !whole && random.chance(respondent.missing)) return undefined;
  switch (answer.kind) {
    case 'code':
      return simulatedCode(answer.choices, prefix + name, answer.ordered, respondent);
    case 'number':
    case 'text':
      return boxValue(answer, question, respondent);
    case 'interval':
      return intervalValue(answer, random);
    case 'boolean':
      return random.chance(0.6) ? answer.valueTrue : answer.valueFalse;
    case 'codes':
      return severalCodes(answer, respondent);
    case 'ranking': {
      const order = random.shuffle(answer.choices.list.map((choice) => choice.code));
      if (!answer.selecting) return order;
      return order.slice(
        0,
        random.integer(answer.min ?? 1, Math.max(answer.min ?? 1, Math.min(answer.max ?? order.length, order.length))),
      );
    }
    case 'matrix':
      return matrixValue(answer, prefix, respondent);
    case 'boxes': {
      const entries = answer.boxes
        .filter((box) => box.required || !random.chance(respondent.missing))
        .map((box) => [box.name, boxValue(box.answer, box, respondent)]);
      return filled(Object.fromEntries(entries));
    }
    case 'grid': {
      const rows = answer.rows.list.map((row) => [
        row.name,
        simulatedRow(answer.columns, respondent, `${prefix}${row.name}_`),
      ]);
      return filled(Object.fromEntries(rows.filter(([, row]) => row !== undefined)));
    }
    case 'table': {
      const most = Math.min(answer.maxRows, answer.minRows + 3);
      const rows = Array.from(
        { length: random.integer(answer.minRows, most) },
        () => simulatedRow(answer.columns, respondent, '') ?? {},
      );
      return rows.length === 0 ? undefined : rows;
    }
    // Simulated answers name nobody of a roster and come without files.
    case 'people':
    case 'files':
    case 'calculated':
    case 'none':
      return undefined;
  }
}

function simulatedRow(
  columns: readonly Question[],
  respondent: Respondent,
  prefix: string,
): Record<string, unknown> | undefined {
  const entries = columns.map((column) => [column.name, simulatedAnswer(column, respondent, prefix)] as const);
  return filled(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
}

function filled(entries: Record<string, unknown>): Record<string, unknown> | undefined {
  return Object.keys(entries).length === 0 ? undefined : entries;
}

/** A code near where the respondent stands; any code for items that stand in no order and on no scale. */
export function simulatedCode(choices: Choices, variable: string, ordered: boolean, respondent: Respondent): number {
  const { random } = respondent;
  const evasive = choices.list.filter((choice) => choice.missing !== null);
  const real = choices.list.filter((choice) => choice.missing === null).map((choice) => choice.code);
  if (real.length === 0 || (evasive.length > 0 && random.chance(respondent.declined))) return random.pick(evasive).code;
  const standing = respondent.standing(variable);
  if (standing === null && !ordered) return random.pick(real);
  const low = Math.min(...real);
  const span = Math.max(...real) - low;
  const loading = respondent.loading(variable);
  const latent =
    standing === null ? random.normal() : loading * standing + Math.sqrt(1 - loading ** 2) * random.normal();
  // Where answers lie on average differs a little from item to item, always in the same way.
  const towards = 0.08 + 0.06 * easeOf(variable);
  const ease = respondent.reversed(variable) ? 0.5 - towards : 0.5 + towards;
  const wanted = low + span * (ease + 0.2 * latent);
  return real.reduce((best, code) => (Math.abs(code - wanted) < Math.abs(best - wanted) ? code : best));
}

/** Between -1 and 1, fixed by the name. */
function easeOf(variable: string): number {
  let sum = 0;
  for (const character of variable) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 201;
  return sum / 100 - 1;
}

function severalCodes(answer: Extract<Answer, { kind: 'codes' }>, respondent: Respondent): number[] | undefined {
  const { random } = respondent;
  const { list } = answer.choices;
  const evasive = list.filter((choice) => choice.missing !== null && choice.exclusive);
  if (evasive.length > 0 && random.chance(respondent.declined)) return [random.pick(evasive).code];
  const together = random.shuffle(
    list.filter((choice) => !choice.exclusive && choice.missing === null).map((choice) => choice.code),
  );
  const alone = list.filter((choice) => choice.exclusive && choice.missing === null).map((choice) => choice.code);
  if (together.length === 0 || (alone.length > 0 && random.chance(0.08))) {
    const [code] = random.shuffle(alone);
    return code === undefined ? undefined : [code];
  }
  const least = Math.max(1, Math.min(answer.min ?? 1, together.length));
  const most = Math.max(least, Math.min(answer.max ?? together.length, together.length));
  const taken = new Set(together.slice(0, random.integer(least, most)));
  return list.map((choice) => choice.code).filter((code) => taken.has(code));
}

function matrixValue(
  answer: Extract<Answer, { kind: 'matrix' }>,
  prefix: string,
  respondent: Respondent,
): Record<string, number> | undefined {
  const { random } = respondent;
  const { rows, columns } = answer;
  if (answer.eachRowUnique) {
    const codes = random.shuffle(columns.list.filter((column) => column.missing === null).map((column) => column.code));
    const pairs = rows.list.slice(0, codes.length).map((row, at) => [row.name, codes[at] ?? 0] as const);
    return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
  }
  const result: Record<string, number> = {};
  for (const row of rows.list) {
    if (!answer.eachRowRequired && random.chance(respondent.missing)) continue;
    result[row.name] = simulatedCode(columns, prefix + row.name, true, respondent);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function intervalValue(answer: Extract<Answer, { kind: 'interval' }>, random: Random): [number, number] {
  const { min, max, step } = answer;
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  const least = Math.ceil((answer.minLength ?? 0) / step);
  const most = Math.max(least, Math.min(Math.floor((answer.maxLength ?? max - min) / step), last - first));
  const length = random.integer(least, most);
  const low = random.integer(first, Math.max(first, last - length));
  return [tidy(low * step), tidy((low + length) * step)];
}

function boxValue(answer: BoxAnswer, holder: Pick<Question, 'validators'>, respondent: Respondent): number | string {
  if (answer.kind === 'text') return textValue(answer, respondent);
  const { random } = respondent;
  const range = declaredRange(holder, answer);
  const low = range?.min ?? answer.min ?? Math.min(0, answer.max ?? 0);
  const high = Math.max(low, range?.max ?? answer.max ?? low + 100);
  const step = answer.step ?? (high - low >= 10 ? 1 : 0.1);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  if (first > last) return low;
  // Counts, years and days lie in the lower part of what is possible.
  const value = tidy(Math.min(random.integer(first, last), random.integer(first, last)) * step);
  // Codes for missing values are no numbers that a person may give.
  return (value < -999 || value > -990) && (answer.step === null || isMultiple(value, answer.step)) ? value : high;
}

/** Without the last binary digits that a multiple of 0.1 picks up. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function textValue(rules: TextRules, respondent: Respondent): string {
  const { random } = respondent;
  const value = written(rules, respondent);
  if (rules.min !== null && value < rules.min) return rules.min;
  if (rules.max !== null && value > rules.max) return rules.max;
  const text = value.slice(0, rules.maxLength);
  return text.trim() === '' ? String(random.integer(0, 9)) : text;
}

function written({ format, min, max }: TextRules, { random, days, texts }: Respondent): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = () =>
    dayBetween((format === 'date' ? min : null) ?? days.from, (format === 'date' ? max : null) ?? days.to, random);
  const time = () => `${two(random.integer(8, 17))}:${random.pick(['00', '15', '30', '45'])}`;
  switch (format) {
    case 'date':
      return day();
    case 'datetime':
      return `${day()}T${time()}`;
    case 'time':
      return time();
    case 'month':
      return day().slice(0, 7);
    case 'week':
      return `${day().slice(0, 4)}-W${two(random.integer(1, 52))}`;
    case 'email':
      return `person${random.integer(100, 999)}@example.org`;
    case 'url':
      return `https://example.org/${random.integer(100, 999)}`;
    case 'tel':
      return `01632 960${random.integer(100, 999)}`;
    case 'color':
      return `#${random.integer(0, 0xffffff).toString(16).padStart(6, '0')}`;
    case 'text':
    case 'password':
      return random.pick(texts);
  }
}

/** A day from the first to the last, both included; pure calendar arithmetic on UTC days. */
export function dayBetween(from: string, to: string, random: Random): string {
  const day = 86_400_000;
  const first = Date.parse(from) / day;
  const last = Math.max(first, Date.parse(to) / day);
  return new Date(random.integer(first, last) * day).toISOString().slice(0, 10);
}
