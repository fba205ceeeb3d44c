/** Puts answers into the cells of a row, question by question. Called by the coding. */
import { isBlank } from './blank.ts';
import { formatNumber, formatText } from './cells.ts';
import type { CompiledQuestion } from './compile.ts';
import type { Situation } from './conditions.ts';
import { isObject, type JsonObject, own } from './json.ts';
import type { MissingReason } from './missing.ts';
import type { Answer, Choices } from './questions.ts';

/** A row while it is filled. */
export interface Cells {
  readonly values: (number | string | null)[];
  readonly reasons: (MissingReason | null)[];
}

export function newCells(count: number, reason: MissingReason): Cells {
  return { values: new Array<null>(count).fill(null), reasons: new Array<MissingReason>(count).fill(reason) };
}

/** Puts a value in its place; null leaves the cell missing for the reason that it has or is given. */
export function put(
  cells: Cells,
  at: number,
  value: number | string | null,
  reason: MissingReason | null = null,
): void {
  cells.values[at] = value;
  if (value !== null) cells.reasons[at] = null;
  else if (reason !== null) cells.reasons[at] = reason;
}

export function fill(cells: Cells, from: number, count: number, reason: MissingReason): void {
  for (let at = from; at < from + count; at++) put(cells, at, null, reason);
}

function putCode(
  cells: Cells,
  at: number,
  value: unknown,
  choices: Choices,
  hidden: ReadonlySet<number> | undefined,
): void {
  const choice =
    typeof value === 'number' && !hidden?.has(value) ? choices.list.find((one) => one.code === value) : undefined;
  if (choice) put(cells, at, choice.missing === null ? choice.code : null, choice.missing);
}

/** The codes of a list that are choices of the question and offered. */
function legalCodes(value: unknown, choices: Choices, hidden: ReadonlySet<number> | undefined): number[] {
  const given: readonly unknown[] = Array.isArray(value) ? value.slice(0, choices.list.length) : [];
  return given.flatMap((code) =>
    choices.list.filter((one) => one.code === code && !hidden?.has(one.code)).map((one) => one.code),
  );
}

function putCodes(
  cells: Cells,
  at: number,
  value: unknown,
  choices: Choices,
  hidden: ReadonlySet<number> | undefined,
): void {
  const chosen = legalCodes(value, choices, hidden);
  const substantive = choices.list.filter((one) => one.missing === null);
  const mark = choices.list.find((one) => one.missing !== null && chosen.includes(one.code))?.missing ?? null;
  for (const [position, { code }] of substantive.entries()) {
    if (mark) put(cells, at + position, null, mark);
    else if (hidden?.has(code)) put(cells, at + position, null, 'hidden');
    else if (chosen.length > 0) put(cells, at + position, chosen.includes(code) ? 1 : 0);
  }
}

function putRanks(
  cells: Cells,
  at: number,
  value: unknown,
  choices: Choices,
  hidden: ReadonlySet<number> | undefined,
): void {
  const order = legalCodes(value, choices, hidden);
  for (const [position, { code }] of choices.list.entries()) {
    const rank = order.indexOf(code);
    if (hidden?.has(code)) put(cells, at + position, null, 'hidden');
    else if (rank >= 0) put(cells, at + position, rank + 1);
  }
}

/** The answer of one shown question, cell by cell; cells that get no value keep the reason they have. */
export function putAnswer(
  compiled: CompiledQuestion,
  value: unknown,
  cells: Cells,
  at: number,
  situation: Situation,
): void {
  const { answer, name, validators } = compiled.question;
  const hiddenChoices = situation.hiddenChoices.get(name);
  const hiddenRows = situation.hiddenRows.get(name);
  switch (answer.kind) {
    case 'code':
      putCode(cells, at, value, answer.choices, hiddenChoices);
      return;
    case 'number':
      put(cells, at, formatNumber(value, answer, validators));
      return;
    case 'text':
      put(cells, at, formatText(value, answer));
      return;
    case 'boolean':
      put(cells, at, value === answer.valueTrue ? 1 : value === answer.valueFalse ? 0 : null);
      return;
    case 'interval': {
      const ends: readonly unknown[] = Array.isArray(value) && value.length === 2 ? value : [];
      const [low, high] = [formatNumber(ends[0], answer, []), formatNumber(ends[1], answer, [])];
      if (low === null || high === null) return;
      put(cells, at, low);
      put(cells, at + 1, high);
      return;
    }
    case 'codes':
      putCodes(cells, at, value, answer.choices, hiddenChoices);
      return;
    case 'ranking':
      putRanks(cells, at, value, answer.choices, hiddenChoices);
      return;
    case 'matrix':
      for (const [position, row] of answer.rows.list.entries()) {
        if (hiddenRows?.has(row.name)) put(cells, at + position, null, 'hidden');
        else if (isObject(value)) putCode(cells, at + position, own(value, row.name), answer.columns, hiddenChoices);
      }
      return;
    case 'boxes':
      for (const [position, box] of answer.boxes.entries()) {
        const part = isObject(value) ? own(value, box.name) : undefined;
        const { answer: rules } = box;
        put(
          cells,
          at + position,
          rules.kind === 'text' ? formatText(part, rules) : formatNumber(part, rules, box.validators),
        );
      }
      return;
    case 'grid':
      putGrid(compiled, answer, value, cells, at, situation);
      return;
    case 'people':
    case 'files':
      if (Array.isArray(value) && value.length > 0) put(cells, at, value.length);
      return;
    case 'table':
    case 'calculated':
    case 'none':
      return;
  }
}

function putGrid(
  compiled: CompiledQuestion,
  answer: Extract<Answer, { kind: 'grid' }>,
  value: unknown,
  cells: Cells,
  at: number,
  situation: Situation,
): void {
  const width = compiled.count / answer.rows.list.length;
  const hidden = situation.hiddenRows.get(compiled.question.name);
  const entries = situation.entries.get(compiled.question.name);
  for (const [position, row] of answer.rows.list.entries()) {
    const from = at + position * width;
    const given = isObject(value) ? own(value, row.name) : undefined;
    if (hidden?.has(row.name)) fill(cells, from, width, 'hidden');
    else putLevel(compiled.columns, isObject(given) ? given : {}, cells, from, entries?.[position] ?? situation);
  }
}

/** The columns of one row, which stand in `cells` from `from` on. */
export function putLevel(
  columns: readonly CompiledQuestion[],
  answers: JsonObject,
  cells: Cells,
  from: number,
  situation: Situation,
): void {
  for (const column of columns) {
    const { name } = column.question;
    const value = own(answers, name);
    const closed = situation.hidden.has(name) || (situation.disabled.has(name) && isBlank(value));
    if (closed) fill(cells, from + column.first, column.count, 'hidden');
    if (!situation.hidden.has(name)) putAnswer(column, value, cells, from + column.first, situation);
  }
}
