/**
 * The way back: from the cells of a coded row to the raw answers that it was made from. Used by the import of flat
 * files. What cannot be had back exactly is refused by the name of its variable, never guessed.
 */
import { checkAnswers } from './checker.ts';
import { type CodedEntry, codeRow } from './coding.ts';
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import type { Issue } from './instrument.ts';
import { type Issues, newIssues } from './issues.ts';
import type { MissingReason } from './missing.ts';
import type { Answer, Choices } from './questions.ts';

/**
 * Cells of the main table, aligned with the codebook: a value, or the reason why there is none; both null where nothing
 * was said (an empty cell), which counts as no answer.
 */
export type FlatRow = CodedEntry;

export interface UncodedResponse {
  readonly answers: Readonly<Record<string, unknown>>;
  readonly completion: 'complete' | 'partial';
  readonly lastPage: number | null;
  readonly withdrawn: boolean;
}

/** The response behind a row, or everything that stands against it; `path` is the name of a variable. */
export type Uncoded =
  | { readonly ok: true; readonly value: UncodedResponse }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * The raw answers behind a row: legal for `checkAnswers`, and such that `codeRow` gives the same cells again.
 *
 * Issues: those of `checkAnswers`; `no-gap-code` for a reason that no answer of the item stands for; `incomplete` where
 * only some cells of one question are given; `nothing-chosen`, `not-a-ranking`, `linked-table`; `other-cell` where
 * coding gives something else (a computed value, a gap said to be hidden that is shown).
 */
export function answersOf(compiled: CompiledInstrument, row: FlatRow, completion: 'complete' | 'partial'): Uncoded {
  if (isWithdrawn(row)) return { ok: true, value: { answers: {}, completion, lastPage: null, withdrawn: true } };
  const issues = newIssues();
  const answers: Record<string, unknown> = {};
  for (const compiledQuestion of compiled.questions) {
    const { name, answer } = compiledQuestion.question;
    const value = answerOf(compiledQuestion, row, compiledQuestion.first, compiled, issues);
    if (value !== undefined && answer.kind !== 'calculated') answers[name] = value;
  }
  if (issues.list.length > 0) return { ok: false, issues: issues.list };
  const wrong = checkAnswers(compiled, answers, { partial: completion === 'partial' });
  if (wrong.length > 0) {
    return { ok: false, issues: wrong.map((issue) => ({ ...issue, path: variableAt(compiled, issue.path) })) };
  }
  const brokeOff = completion === 'partial' || row.reasons.includes('not-reached');
  const lastPage = brokeOff ? lastPageOf(compiled, row) : null;
  const response = { answers, completion, lastPage, withdrawn: false };
  compare(compiled, row, codeRow(compiled, response), issues);
  return issues.list.length > 0 ? { ok: false, issues: issues.list } : { ok: true, value: response };
}

function isWithdrawn({ values, reasons }: FlatRow): boolean {
  return (
    reasons.includes('withdrawn') &&
    reasons.every((reason, at) => values[at] === null && (reason === 'withdrawn' || reason === null))
  );
}

/** The furthest page of which something is known. */
function lastPageOf(compiled: CompiledInstrument, row: FlatRow): number {
  let last = -1;
  compiled.codebook.variables.forEach(({ page, origin }, at) => {
    const reason = row.reasons[at] ?? null;
    const seen =
      (row.values[at] ?? null) !== null || (reason !== null && reason !== 'not-reached' && reason !== 'hidden');
    if (seen && origin === 'asked') last = Math.max(last, page);
  });
  return last;
}

/** What was given must come out again: values exactly, reasons where one was given. */
function compare(compiled: CompiledInstrument, given: FlatRow, coded: CodedEntry, issues: Issues): void {
  compiled.codebook.variables.forEach(({ name }, at) => {
    const value = given.values[at] ?? null;
    const reason = given.reasons[at] ?? null;
    const [ourValue, ourReason] = [coded.values[at] ?? null, coded.reasons[at] ?? null];
    if (value === null && reason === null) return;
    if (value === ourValue && reason === ourReason) return;
    const said = ourReason === null ? String(ourValue) : `missing (${ourReason})`;
    issues.add('other-cell', name, `With the other cells of this row this is ${said}; correct it or leave it empty.`);
  });
}

/** The answer to one question from its cells, which stand from `at` on. */
function answerOf(
  compiled: CompiledQuestion,
  row: FlatRow,
  at: number,
  whole: CompiledInstrument,
  issues: Issues,
): unknown {
  const { answer } = compiled.question;
  const nameAt = (offset: number) => whole.codebook.variables[at + offset]?.name ?? '';
  const value = (offset: number) => row.values[at + offset] ?? null;
  const reason = (offset: number) => row.reasons[at + offset] ?? null;
  const cell = (offset: number, choices: Choices | null) =>
    value(offset) ?? markOf(reason(offset), choices, nameAt(offset), issues) ?? undefined;
  switch (answer.kind) {
    case 'code':
      return cell(0, answer.choices);
    case 'number':
    case 'text':
      return cell(0, null);
    case 'boolean': {
      const code = cell(0, null);
      if (code === 1) return answer.valueTrue;
      if (code === 0) return answer.valueFalse;
      if (code !== undefined) issues.add('unknown-code', nameAt(0), 'Expected 1 or 0.');
      return undefined;
    }
    case 'interval': {
      const [low, high] = [cell(0, null), cell(1, null)];
      if (low === undefined && high === undefined) return undefined;
      if (low !== undefined && high !== undefined) return [low, high];
      issues.add('incomplete', nameAt(low === undefined ? 0 : 1), 'Give both ends of the range, or neither.');
      return undefined;
    }
    case 'codes':
      return codesOf(answer, row, at, nameAt, issues);
    case 'ranking':
      return orderOf(answer, row, at, nameAt, issues);
    case 'matrix':
      return object(answer.rows.list.map(({ name }, offset) => [name, cell(offset, answer.columns)]));
    case 'boxes':
      return object(answer.boxes.map(({ name }, offset) => [name, cell(offset, null)]));
    case 'grid': {
      const width = compiled.count / answer.rows.list.length;
      const rowAt = (offset: number) =>
        object(
          compiled.columns.map((column) => [
            column.question.name,
            column.formula ? undefined : answerOf(column, row, at + offset + column.first, whole, issues),
          ]),
        );
      return object(answer.rows.list.map(({ name }, position) => [name, rowAt(position * width)]));
    }
    case 'table':
    case 'people':
    case 'files':
      if ((value(0) ?? 0) !== 0)
        issues.add(
          'linked-table',
          nameAt(0),
          'Entries of this table cannot be read from a flat file; only 0 or an empty cell can.',
        );
      return undefined;
    case 'calculated':
    case 'none':
      return undefined;
  }
}

/** The code of an answer that says the reason; null where the gap needs none; an issue where there should be one. */
function markOf(reason: MissingReason | null, choices: Choices | null, name: string, issues: Issues): number | null {
  if (reason === null || reason === 'skipped' || reason === 'hidden' || reason === 'not-reached') return null;
  const mark = choices?.list.find((choice) => choice.missing === reason);
  if (!mark) issues.add('no-gap-code', name, `This item has no answer that means "${reason}"; leave the cell empty.`);
  return mark?.code ?? null;
}

type NameAt = (offset: number) => string;

function codesOf(
  answer: Extract<Answer, { kind: 'codes' }>,
  row: FlatRow,
  at: number,
  nameAt: NameAt,
  issues: Issues,
): number[] | undefined {
  const real = answer.choices.list.filter((choice) => choice.missing === null);
  const chosen: number[] = [];
  let given = 0;
  let gap = -1;
  for (const [offset, { code }] of real.entries()) {
    const value = row.values[at + offset] ?? null;
    if (value === 1) chosen.push(code);
    else if (value !== null && value !== 0) issues.add('unknown-code', nameAt(offset), 'Expected 1 or 0.');
    if (value !== null) given += 1;
    // A choice that was not offered has a gap of its own.
    else if (row.reasons[at + offset] !== 'hidden') gap = offset;
  }
  if (given === 0) {
    const mark = markOf(row.reasons[at] ?? null, answer.choices, nameAt(0), issues);
    return mark === null ? undefined : [mark];
  }
  if (gap >= 0) issues.add('incomplete', nameAt(gap), 'Give 1 or 0 for every choice of this question, or for none.');
  else if (chosen.length === 0) {
    issues.add(
      'nothing-chosen',
      nameAt(0),
      'No choice is taken, which is no answer: leave the cells of this question empty.',
    );
  }
  return chosen;
}

function orderOf(
  answer: Extract<Answer, { kind: 'ranking' }>,
  row: FlatRow,
  at: number,
  nameAt: NameAt,
  issues: Issues,
): number[] | undefined {
  const ranked = answer.choices.list
    .map(({ code }, offset) => ({ code, offset, rank: row.values[at + offset] ?? null }))
    .filter(
      ({ offset, rank }) =>
        rank !== null || markOf(row.reasons[at + offset] ?? null, null, nameAt(offset), issues) !== null,
    )
    .sort((one, other) => Number(one.rank) - Number(other.rank));
  const wrong = ranked.findIndex(({ rank }, position) => rank !== position + 1);
  if (wrong >= 0) {
    issues.add(
      'not-a-ranking',
      nameAt(ranked[wrong]?.offset ?? 0),
      `The ranks of this question must be 1 to ${ranked.length}, each once.`,
    );
  }
  return ranked.length === 0 ? undefined : ranked.map(({ code }) => code);
}

/** An object of what there is; undefined where there is nothing. */
function object(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> | undefined {
  const given = entries.filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The variable that a path like `answers.matrix.row` or `answers.grid.row.column[0]` speaks of. */
function variableAt(compiled: CompiledInstrument, path: string): string {
  const [, name = '', ...inner] = path.split(/\.|\[\d+\]/).filter((part) => part !== '');
  const question = compiled.byName.get(name);
  if (!question) return name;
  const own = compiled.codebook.variables
    .slice(question.first, question.first + question.count)
    .map((variable) => variable.name);
  const wanted = inner.join('_');
  return (
    own.find((one) => one === wanted) ??
    own.find((one) => wanted !== '' && one.startsWith(`${wanted}_`)) ??
    own[0] ??
    name
  );
}
