/**
 * From typed cells to raw answers, as a respondent's page would have sent them. What was asked only because of another
 * answer is left out where that answer says so. Called by the fields, the check and the server's submission.
 */
import { isBlankThroughout } from '../blank.ts';
import type { CompiledInstrument, CompiledQuestion } from '../compile.ts';
import { type Situation, situationOf } from '../conditions.ts';
import { isObject } from '../json.ts';
import type { Answer, Choice } from '../questions.ts';
import { cellAt, isMark, type PaperCells } from './cells.ts';

export type RawAnswers = Readonly<Record<string, unknown>>;

/** Names of the variables of a question, in the order of the codebook. */
export type NameAt = (offset: number) => string;

export interface RawSituation {
  readonly answers: RawAnswers;
  readonly situation: Situation;
}

/** The answers of a form, and what they make of the instrument. */
export function paperAnswers(compiled: CompiledInstrument, cells: PaperCells): RawSituation {
  const given: Record<string, unknown> = {};
  for (const question of compiled.questions) {
    const value = answerOf(compiled, question, mainNames(compiled, question.first), '', cells);
    if (value !== undefined) given[question.question.name] = value;
  }
  const situation = situationOf(compiled, given);
  return { answers: shownOf(compiled.questions, given, situation), situation };
}

/** The variables of the main table from a position on. */
export function mainNames({ codebook }: CompiledInstrument, from: number): NameAt {
  return (offset) => codebook.variables[from + offset]?.name ?? '';
}

/** The variables of an entry of a linked table. */
export function entryNames({ codebook }: CompiledInstrument, table: string, from: number): NameAt {
  const variables = codebook.tables.find(({ name }) => name === table)?.variables ?? [];
  return (offset) => variables[from + offset]?.name ?? '';
}

export const entryPrefix = (table: string, entry: number): string => `${table}/${entry + 1}/`;

/** Choices that have a variable of their own. */
export const realChoices = (choices: readonly Choice[]): readonly Choice[] =>
  choices.filter(({ missing }) => missing === null);

function answerOf(
  compiled: CompiledInstrument,
  question: CompiledQuestion,
  nameAt: NameAt,
  prefix: string,
  cells: PaperCells,
): unknown {
  const { answer, name } = question.question;
  const value = (offset: number): number | string | undefined => {
    const cell = cellAt(cells, prefix + nameAt(offset));
    if (cell === undefined || isMark(cell)) return undefined;
    return cell;
  };
  switch (answer.kind) {
    case 'code':
    case 'number':
    case 'text':
      return value(0);
    case 'boolean':
      if (value(0) === 1) return answer.valueTrue;
      return value(0) === 0 ? answer.valueFalse : undefined;
    case 'interval': {
      const ends = [value(0), value(1)];
      return ends.includes(undefined) ? undefined : ends;
    }
    case 'codes': {
      const taken = realChoices(answer.choices.list).flatMap(({ code }, offset) => (value(offset) === 1 ? [code] : []));
      return taken.length === 0 ? undefined : taken;
    }
    case 'ranking':
      return rankingOf(answer, value) ?? undefined;
    case 'matrix':
      return some(answer.rows.list.map((row, offset) => [row.name, value(offset)]));
    case 'boxes':
      return some(answer.boxes.map((box, offset) => [box.name, value(offset)]));
    case 'grid': {
      const width = question.count / answer.rows.list.length;
      return some(
        answer.rows.list.map((row, position) => [
          row.name,
          level(compiled, question.columns, (offset) => nameAt(position * width + offset), prefix, cells),
        ]),
      );
    }
    case 'table': {
      const count = value(0);
      if (typeof count !== 'number' || count < 1) return undefined;
      return Array.from({ length: Math.min(count, answer.maxRows) }, (_, entry) =>
        level(compiled, question.columns, entryNames(compiled, name, 0), entryPrefix(name, entry), cells),
      ).map((row) => row ?? {});
    }
    case 'calculated':
    case 'none':
    case 'people':
    case 'files':
      return undefined;
  }
}

function level(
  compiled: CompiledInstrument,
  columns: readonly CompiledQuestion[],
  nameAt: NameAt,
  prefix: string,
  cells: PaperCells,
): Record<string, unknown> | undefined {
  return some(
    columns.map((column) => [
      column.question.name,
      answerOf(compiled, column, (offset) => nameAt(column.first + offset), prefix, cells),
    ]),
  );
}

/** The order that ranks give: null where there is none, or where the ranks are no order. */
export function rankingOf(
  { choices }: Extract<Answer, { kind: 'ranking' }>,
  value: (offset: number) => number | string | undefined,
): number[] | null {
  const ranks = choices.list.flatMap(({ code }, offset) => {
    const rank = value(offset);
    return typeof rank === 'number' ? [{ code, rank }] : [];
  });
  ranks.sort((one, other) => one.rank - other.rank);
  const isOrder = ranks.length > 0 && ranks.every(({ rank }, position) => rank === position + 1);
  return isOrder ? ranks.map(({ code }) => code) : null;
}

/** The answers without what is not asked. */
function shownOf(questions: readonly CompiledQuestion[], given: RawAnswers, situation: Situation): RawAnswers {
  const left: Record<string, unknown> = {};
  for (const { question, columns } of questions) {
    const { name, answer } = question;
    let value = given[name];
    if (value === undefined || situation.hidden.has(name) || situation.disabled.has(name)) continue;
    const rows = situation.hiddenRows.get(name);
    const choices = situation.hiddenChoices.get(name);
    const entries = situation.entries.get(name);
    if (choices && Array.isArray(value) && answer.kind !== 'table') value = value.filter((code) => !choices.has(code));
    // A rank that cannot be read leaves no order, unless only some of the choices need be ranked.
    if (answer.kind === 'ranking' && !answer.selecting && Array.isArray(value)) {
      if (value.length < answer.choices.list.length - (choices?.size ?? 0)) continue;
    }
    if (isObject(value) && rows) {
      value = Object.fromEntries(Object.entries(value).filter(([row]) => !rows.has(row)));
    }
    if (answer.kind === 'table' && Array.isArray(value) && entries) {
      value = value.map((row: RawAnswers, at) => shownOf(columns, row, entries[at] ?? situation));
    }
    if (answer.kind === 'grid' && isObject(value) && entries) {
      const given = value;
      value = some(
        answer.rows.list.map(({ name: row }, at) => {
          const inside = given[row];
          return [row, isObject(inside) ? shownOf(columns, inside, entries[at] ?? situation) : undefined];
        }),
      );
    }
    const isEmpty = Array.isArray(value) ? value.length === 0 : isObject(value) && isBlankThroughout(value);
    if (value !== undefined && !isEmpty) left[name] = value;
  }
  return left;
}

/** An object of what there is; undefined where there is nothing. */
function some(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> | undefined {
  const given = entries.filter(([, value]) => value !== undefined && !(isObject(value) && isBlankThroughout(value)));
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
