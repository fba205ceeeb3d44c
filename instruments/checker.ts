/**
 * The strict check of answers, on the way of every submission, draft and import. SurveyJS's own validation is a check
 * for the screen: it lets illegal codes, unknown keys and answers to hidden questions pass. This does not.
 */
import { isBlank, isBlankThroughout } from './blank.ts';
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import { isRequired, type Situation, situationOf } from './conditions.ts';
import type { Issue } from './instrument.ts';
import { type Issues, newIssues } from './issues.ts';
import { isObject, type JsonObject, own, shown } from './json.ts';
import { calculatedShape } from './shapes.ts';
import type { CheckValidator } from './validators.ts';

export interface CheckOptions {
  /**
   * The response is still being given: nothing is required yet, and what further typing may mend (limits, writing,
   * validators, answers to items that were hidden meanwhile) is let pass. Types, codes, names and lengths still bind.
   */
  readonly partial?: boolean;
}

function isWellFormed(question: CompiledQuestion, value: unknown): boolean {
  const issues = newIssues();
  question.shape(value, '', false, issues);
  return issues.list.length === 0;
}

/** Whether a computed value that was sent along is ours. */
function isSameResult(sent: unknown, ours: unknown): boolean {
  if (sent === ours) return true;
  if (typeof sent !== 'number' || typeof ours !== 'number') return false;
  // The same engine computed both; only a last binary digit may differ between machines.
  return Math.abs(sent - ours) <= 1e-12 * Math.max(Math.abs(sent), Math.abs(ours));
}

function run(
  validators: readonly CheckValidator[],
  value: unknown,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  for (const validator of validators) {
    const problem = validator(value, situation.values);
    if (problem) issues.add(problem.code, path, problem.message);
  }
}

/** The codes and rows of one answer that are not offered in this situation. */
function checkOffered(
  compiled: CompiledQuestion,
  value: unknown,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  const { name } = compiled.question;
  const rows = situation.hiddenRows.get(name);
  const choices = situation.hiddenChoices.get(name);
  const refuse = (place: string): void =>
    issues.add('hidden-choice', place, 'This choice is not offered after the other answers.');
  if (choices && typeof value === 'number' && choices.has(value)) refuse(path);
  if (choices && Array.isArray(value)) {
    for (const [position, code] of value.entries()) if (choices.has(code)) refuse(`${path}[${position}]`);
  }
  if (!isObject(value)) return;
  for (const [row, code] of Object.entries(value)) {
    if (isBlank(code)) continue;
    if (rows?.has(row)) issues.add('hidden-item', `${path}.${row}`, 'This row is not shown after the other answers.');
    else if (choices && typeof code === 'number' && choices.has(code)) refuse(`${path}.${row}`);
  }
}

/** A ranking without selection orders all the choices that are offered. */
function checkRanking(
  compiled: CompiledQuestion,
  value: unknown,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  const { answer, name } = compiled.question;
  if (answer.kind !== 'ranking' || answer.selecting || !Array.isArray(value) || value.length === 0) return;
  const hidden = situation.hiddenChoices.get(name)?.size ?? 0;
  const offered = answer.choices.list.length - hidden;
  if (value.length < offered) issues.add('too-few', path, `All ${offered} choices are ranked; found ${value.length}.`);
}

/** Rows, boxes and matrix rows that must be answered in a shown, answerable question. */
function checkParts(
  compiled: CompiledQuestion,
  value: unknown,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  const { answer, name } = compiled.question;
  if (answer.kind === 'matrix' && answer.eachRowRequired) {
    const hidden = situation.hiddenRows.get(name);
    for (const row of answer.rows.list) {
      const blank = !isObject(value) || isBlank(own(value, row.name));
      if (blank && !hidden?.has(row.name)) issues.add('required', `${path}.${row.name}`, 'An answer is needed.');
    }
  } else if (answer.kind === 'boxes') {
    for (const box of answer.boxes) {
      const part = isObject(value) ? own(value, box.name) : undefined;
      if (box.required && isBlank(part)) issues.add('required', `${path}.${box.name}`, 'An answer is needed.');
      else run(compiled.boxValidators.get(box.name) ?? [], part, `${path}.${box.name}`, situation, issues);
    }
  } else if (answer.kind === 'grid') {
    const hidden = situation.hiddenRows.get(name);
    const entries = situation.entries.get(name);
    for (const [position, row] of answer.rows.list.entries()) {
      if (hidden?.has(row.name)) continue;
      const given = isObject(value) ? own(value, row.name) : undefined;
      checkLevel(
        compiled.columns,
        isObject(given) ? given : {},
        `${path}.${row.name}`,
        entries?.[position] ?? situation,
        issues,
      );
    }
  } else if (answer.kind === 'table') {
    const rows: readonly unknown[] = Array.isArray(value) ? value : [];
    const entries = situation.entries.get(name);
    for (const [position, row] of rows.entries()) {
      checkLevel(
        compiled.columns,
        isObject(row) ? row : {},
        `${path}[${position}]`,
        entries?.[position] ?? situation,
        issues,
      );
    }
    const filled = rows.filter((row) => !isBlankThroughout(row)).length;
    if (isRequired(compiled, situation) && filled < answer.minRows) {
      issues.add('too-few', path, `At least ${answer.minRows} rows, found ${filled}.`);
    }
  }
}

/** Whether somebody answered: cells that SurveyJS computed by itself in a hidden table are no answers. */
function holdsAnswer({ columns, question }: CompiledQuestion, value: unknown): boolean {
  if (columns.length === 0) return !isBlankThroughout(value);
  const asked = columns.filter((column) => column.formula === null).map((column) => column.question.name);
  const rows: readonly unknown[] = Array.isArray(value)
    ? value
    : isObject(value) && question.answer.kind === 'grid'
      ? Object.values(value)
      : [];
  return rows.some((row) => isObject(row) && asked.some((name) => !isBlank(own(row, name))));
}

/** Everything about one well-formed answer that depends on others. */
function checkInSituation(
  compiled: CompiledQuestion,
  value: unknown,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  const { name, answer } = compiled.question;
  const blank =
    answer.kind === 'grid' || answer.kind === 'matrix' || answer.kind === 'boxes'
      ? isBlankThroughout(value)
      : isBlank(value);
  if (answer.kind === 'calculated') {
    const ours = situation.values[name];
    const inRow = compiled.table === '' ? ours : rowValue(compiled, situation);
    if (!blank && !isSameResult(value, inRow)) {
      issues.add('wrong-result', path, `This value is computed; from these answers it is ${shown(inRow ?? null)}.`);
    }
    return;
  }
  if (situation.hidden.has(name)) {
    if (holdsAnswer(compiled, value))
      issues.add('hidden-item', path, 'This item is not shown after the other answers.');
    return;
  }
  checkOffered(compiled, value, path, situation, issues);
  if (situation.disabled.has(name)) return;
  if (compiled.enabledIf.length > 0 && value !== undefined) compiled.shape(value, path, true, issues);
  if (blank && isRequired(compiled, situation)) {
    issues.add('required', path, 'An answer is needed.');
    return;
  }
  checkRanking(compiled, value, path, situation, issues);
  checkParts(compiled, value, path, situation, issues);
  run(compiled.validators, value, path, situation, issues);
}

/** The computed value of a cell in its row's situation. */
function rowValue(compiled: CompiledQuestion, situation: Situation): unknown {
  const row = own(situation.values, 'row') ?? own(situation.values, 'panel');
  return isObject(row) ? own(row, compiled.question.name) : undefined;
}

function checkLevel(
  questions: readonly CompiledQuestion[],
  answers: JsonObject,
  path: string,
  situation: Situation,
  issues: Issues,
): void {
  for (const compiled of questions) {
    const { name } = compiled.question;
    checkInSituation(compiled, own(answers, name), `${path}.${name}`, situation, issues);
  }
}

/**
 * Checks the answers of one response: everything that is wrong, or an empty list.
 *
 * @param compiled the instrument version that was answered, from `compileInstrument`.
 * @param answers foreign data; never trusted, never changed. Hostile input (prototype keys, deep nesting, huge lists)
 *   costs no more than its size.
 * @returns issues with paths like `answers.item`, `answers.matrix.row`, `answers.table[0].column`.
 */
export function checkAnswers(compiled: CompiledInstrument, answers: unknown, options: CheckOptions = {}): Issue[] {
  const issues = newIssues();
  const whole = options.partial !== true;
  if (!isObject(answers)) {
    issues.add('not-an-object', 'answers', `Expected an object of answers, found ${shown(answers)}.`);
    return [...issues.list];
  }
  const illegal = new Set<string>();
  for (const name of Object.keys(answers)) {
    const value = answers[name];
    if (value === undefined) continue;
    const question = compiled.byName.get(name);
    const computed = question ? undefined : compiled.values.get(name);
    if (question) {
      const before = issues.list.length;
      // What cannot be answered any more cannot be mended either: its finer points wait for the situation.
      question.shape(value, `answers.${name}`, whole && question.enabledIf.length === 0, issues);
      // Conditions still read an answer that is only out of its limits, but nothing that is no answer at all.
      if (issues.list.length > before && !isWellFormed(question, value)) illegal.add(name);
    } else if (computed && computed.position !== null) {
      calculatedShape(value, `answers.${name}`, whole, issues);
    } else {
      issues.add('unknown-item', `answers.${name.slice(0, 40)}`, `There is no item ${shown(name)} in this version.`);
    }
  }
  if (!whole) return [...issues.list];
  const situation = situationOf(compiled, answers, illegal);
  for (const value of compiled.values.values()) {
    const sent = own(answers, value.name);
    if (value.position !== null && !isBlank(sent) && !isSameResult(sent, situation.values[value.name])) {
      issues.add(
        'wrong-result',
        `answers.${value.name}`,
        `This value is computed; from these answers it is ${shown(situation.values[value.name] ?? null)}.`,
      );
    }
  }
  for (const compiledQuestion of compiled.questions) {
    const { name } = compiledQuestion.question;
    // An answer that is no answer has been reported; what follows from it is not its fault.
    if (illegal.has(name)) continue;
    checkInSituation(compiledQuestion, own(answers, name), `answers.${name}`, situation, issues);
  }
  return [...issues.list];
}
