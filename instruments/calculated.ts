/** Puts calculated items into the cells of a row, with a reason where nothing could be computed. Called by the coding. */
import { formatCalculated } from './cells.ts';
import type { CompiledInstrument, CompiledQuestion, CompiledValue, Input } from './compile.ts';
import type { Situation } from './conditions.ts';
import { type Cells, put } from './encode.ts';
import { isObject, own } from './json.ts';
import type { MissingReason } from './missing.ts';

/** What all questions of one response share. */
export interface Coding {
  readonly compiled: CompiledInstrument;
  readonly main: Cells;
}

/** The reason of one input of a calculated item. */
function reasonOf(input: Input, context: Coding, around: Around | null): MissingReason | null {
  const { positions, tablePositions } = context.compiled;
  if (input.table === '') return context.main.reasons[positions.get(input.variable) ?? -1] ?? null;
  if (!around) return null;
  // A neighbour in the row: its own column in a linked table, a variable named after the row in a grid.
  if (around.prefix !== '') return context.main.reasons[positions.get(around.prefix + input.variable) ?? -1] ?? null;
  return around.cells.reasons[tablePositions.get(input.table)?.get(input.variable) ?? -1] ?? null;
}

/** The row in which a calculated cell stands. */
interface Around {
  readonly cells: Cells;
  /** In a grid: what the row puts before the names of its variables. */
  readonly prefix: string;
}

function resultIn(calculated: CompiledQuestion | CompiledValue, situation: Situation, around: Around | null): unknown {
  const name = 'question' in calculated ? calculated.question.name : calculated.name;
  if (!around) return own(situation.values, name);
  const row = own(situation.values, 'row') ?? own(situation.values, 'panel');
  return isObject(row) ? own(row, name) : undefined;
}

/**
 * A calculated value, or the reason of the first input that is missing. A code that stands for no answer (declined, not
 * applicable) is no amount: what was computed from it is missing for the same reason. So is a number that was computed
 * from nothing but missing items, unless its expression says itself what blanks mean (iif, count, empty, notempty).
 */
export function putCalculated(
  calculated: CompiledQuestion | CompiledValue,
  situation: Situation,
  cells: Cells,
  at: number,
  context: Coding,
  around: Around | null,
): void {
  if ('question' in calculated && situation.hidden.has(calculated.question.name)) {
    put(cells, at, null, 'hidden');
    return;
  }
  const reasons = calculated.inputs.map((input) => reasonOf(input, context, around));
  const mark = reasons.find((reason) => reason === 'declined' || reason === 'not-applicable');
  // SurveyJS takes blanks for nought; a sum of nothing but blanks is no amount all the same.
  const { fromSomething, result } = calculated;
  const nothing =
    fromSomething && result === 'number' && reasons.length > 0 && reasons.every((reason) => reason !== null);
  const value = mark || nothing ? null : formatCalculated(resultIn(calculated, situation, around), result);
  put(cells, at, value, mark ?? reasons.find((reason) => reason !== null) ?? 'not-applicable');
}

/** The calculated items of the main table; to be called when all answers are in their cells. */
export function putAllCalculated(context: Coding, situation: Situation): void {
  const { compiled, main } = context;
  for (const question of compiled.questions) {
    const { answer, name } = question.question;
    if (question.formula) putCalculated(question, situation, main, question.first, context, null);
    if (answer.kind !== 'grid' || situation.hidden.has(name) || !question.columns.some((column) => column.formula))
      continue;
    const width = question.count / answer.rows.list.length;
    const hidden = situation.hiddenRows.get(name);
    for (const [position, row] of answer.rows.list.entries()) {
      const inside = situation.entries.get(name)?.[position];
      if (!inside || hidden?.has(row.name)) continue;
      for (const column of question.columns) {
        const at = question.first + position * width + column.first;
        if (column.formula) putCalculated(column, inside, main, at, context, { cells: main, prefix: `${row.name}_` });
      }
    }
  }
  for (const value of compiled.values.values()) {
    if (value.position !== null) putCalculated(value, situation, main, value.position, context, null);
  }
}
