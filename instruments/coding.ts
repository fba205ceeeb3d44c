/**
 * From raw answers to a coded row: for every variable of the codebook a value, or null with the reason why there is
 * none. Exports, reports and scores are made from rows; the raw response stays as it was given and can be coded again.
 */
import { isBlank } from './blank.ts';
import { type Coding, putAllCalculated, putCalculated } from './calculated.ts';
import { peopleTable } from './codebook.ts';
import type { CompiledInstrument, CompiledQuestion } from './compile.ts';
import { type Situation, situationOf } from './conditions.ts';
import { type Cells, fill, newCells, put, putAnswer, putLevel } from './encode.ts';
import { isObject, type JsonObject, own } from './json.ts';
import type { MissingReason } from './missing.ts';

/** What coding needs to know of a response. */
export interface CodableResponse {
  readonly answers: unknown;
  readonly completion: 'complete' | 'partial';
  /**
   * Index (from 0, in the order of the instrument's pages) of the last page that was opened; a page behind it with an
   * answer counts as opened all the same. Absent or null: for a partial response the last page with an answer on it, for
   * a complete one all pages.
   */
  readonly lastPage?: number | null | undefined;
  readonly withdrawn?: boolean | undefined;
}

export interface CodedEntry {
  /** Aligned with the variables of its table: a number, a text, or null. */
  readonly values: readonly (number | string | null)[];
  /** Aligned with `values`: why a value is null, and null where there is a value. */
  readonly reasons: readonly (MissingReason | null)[];
}

export interface Row extends CodedEntry {
  /** One for each linked table of the codebook, in its order; empty rows of the form are left out. */
  readonly tables: readonly { readonly name: string; readonly rows: readonly CodedEntry[] }[];
}

/** Reasons that mean nobody has said anything. */
const silent: ReadonlySet<MissingReason | null> = new Set(['hidden', 'skipped', 'not-reached']);

/** A row of a table while the response is coded. */
interface Entry {
  readonly answers: JsonObject;
  readonly cells: Cells;
  readonly situation: Situation;
}

/** The rows of a dynamic table, without those that hold no answer. */
function entriesOf(compiled: CompiledQuestion, value: unknown, reason: MissingReason, situation: Situation): Entry[] {
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  const width = compiled.columns.reduce((sum, column) => sum + column.count, 0);
  const situations = situation.entries.get(compiled.question.name);
  const coded: Entry[] = [];
  for (const [position, row] of rows.entries()) {
    const cells = newCells(width, reason);
    const inside = situations?.[position] ?? situation;
    const answers: JsonObject = isObject(row) ? row : {};
    putLevel(compiled.columns, answers, cells, 0, inside);
    if (!cells.reasons.every((one) => silent.has(one))) coded.push({ answers, cells, situation: inside });
  }
  return coded;
}

/** The calculated cells of a table; they may read any item of the response, so all answers must be in their cells. */
function computeEntries(compiled: CompiledQuestion, entries: readonly Entry[], context: Coding): void {
  for (const column of compiled.columns) {
    if (!column.formula) continue;
    for (const { cells, situation } of entries) {
      putCalculated(column, situation, cells, column.first, context, { cells, prefix: '' });
    }
  }
}

function lastOpenedPage(
  compiled: CompiledInstrument,
  { completion, lastPage }: CodableResponse,
  answers: JsonObject,
  situation: Situation,
): number {
  const said = lastPage ?? (completion === 'partial' ? -1 : Number.POSITIVE_INFINITY);
  return Math.max(said, lastAnsweredPage(compiled, answers, situation));
}

/** The last page on which a shown question has an answer; -1 when there is none. */
function lastAnsweredPage(compiled: CompiledInstrument, answers: JsonObject, situation: Situation): number {
  let last = -1;
  for (const { question, formula } of compiled.questions) {
    if (formula || situation.hidden.has(question.name) || isBlank(own(answers, question.name))) continue;
    last = Math.max(last, question.page);
  }
  return last;
}

function withdrawnRow(compiled: CompiledInstrument): Row {
  const { codebook } = compiled;
  const tables = codebook.tables.map(({ name }) => ({ name, rows: [] }));
  return { ...newCells(codebook.variables.length, 'withdrawn'), tables };
}

/**
 * Codes one response. Total: whatever the answers are, each variable gets a legal value or null with a reason; an answer
 * that the codebook does not allow counts as not given.
 *
 * Reasons: `hidden` its condition did not hold (or it could not be answered because of one); `skipped` shown and left
 * blank; `not-reached` blank and behind the last page that was opened; `declined`, `not-applicable` a choice that
 * says so; `withdrawn` the whole response was. A question with a dynamic table gives the number of rows with an answer,
 * nought when it was shown and none was added.
 *
 * @param compiled the instrument version that was answered.
 * @returns values and reasons aligned with `compiled.codebook`: exactly one of the two is null for each variable.
 */
export function codeRow(compiled: CompiledInstrument, response: CodableResponse): Row {
  if (response.withdrawn === true) return withdrawnRow(compiled);
  const answers: JsonObject = isObject(response.answers) ? response.answers : {};
  const situation = situationOf(compiled, answers);
  const lastPage = lastOpenedPage(compiled, response, answers, situation);
  const { codebook } = compiled;
  const main = newCells(codebook.variables.length, 'skipped');
  const context: Coding = { compiled, main };
  const tables: { question: CompiledQuestion; entries: Entry[] }[] = [];
  const linked = new Map<string, readonly CodedEntry[]>();
  for (const question of compiled.questions) {
    const { name, page, answer } = question.question;
    const { first, count } = question;
    const value = own(answers, name);
    const reason = page > lastPage ? 'not-reached' : 'skipped';
    const hidden = situation.hidden.has(name);
    const closed = hidden || (situation.disabled.has(name) && isBlank(value));
    fill(main, first, count, closed ? 'hidden' : reason);
    if (!hidden) putAnswer(question, value, main, first, situation);
    if (answer.kind === 'people') linked.set(name, hidden ? [] : tickedIn(value).map(personEntry));
    if (answer.kind !== 'table') continue;
    const entries = hidden ? [] : entriesOf(question, value, reason, situation);
    if (entries.length > 0 || (!closed && reason === 'skipped')) put(main, first, entries.length);
    tables.push({ question, entries });
  }
  putAllCalculated(context, situation);
  for (const { question, entries } of tables) computeEntries(question, entries, context);
  for (const { question, entries } of tables) {
    const { name } = question.question;
    linked.set(
      name,
      entries.map(({ cells }) => cells),
    );
    for (const column of question.columns)
      if (column.question.answer.kind === 'people')
        linked.set(peopleTable(name, column.question.name), tickedInEntries(column, entries));
  }
  return {
    ...main,
    tables: codebook.tables.map(({ name }) => ({ name, rows: linked.get(name) ?? [] })),
  };
}

const tickedIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).filter((person) => typeof person === 'string');

const reasonless = (values: CodedEntry['values']): CodedEntry => ({ values, reasons: values.map(() => null) });
const personEntry = (person: string): CodedEntry => reasonless([person]);

/** Who is ticked in the entries of a table, entry by entry: a hidden list ticks nobody. */
function tickedInEntries(column: CompiledQuestion, entries: readonly Entry[]): CodedEntry[] {
  const { name } = column.question;
  return entries.flatMap(({ answers, situation }, at) =>
    situation.hidden.has(name) ? [] : tickedIn(own(answers, name)).map((person) => reasonless([at + 1, person])),
  );
}
