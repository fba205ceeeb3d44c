/**
 * The fields of a paper form in the order of the paper, as far as they are asked after what is typed so far. Called by the
 * entry screen after each field, by the check and by the comparison of two entries.
 */
import type { Variable } from '../codebook.ts';
import type { CompiledInstrument, CompiledQuestion } from '../compile.ts';
import type { Situation } from '../conditions.ts';
import type { Choice } from '../questions.ts';
import { limitsOf } from '../variables.ts';
import { cellAt, type PaperCells } from './cells.ts';
import { entryPrefix, paperAnswers, type RawSituation, realChoices } from './raw.ts';

/** `tick`: a box that is ticked (1) or not (0); `count`: how many entries of a table are filled in. */
export type FieldKind =
  | 'code'
  | 'tick'
  | 'rank'
  | 'count'
  | 'number'
  | 'line'
  | 'lines'
  | 'date'
  | 'datetime'
  | 'time'
  | 'month'
  | 'week';

export interface PaperField {
  readonly key: string;
  /** As it stands in the margin of the paper. */
  readonly name: string;
  readonly label: string;
  /** Index of the page of the instrument. */
  readonly page: number;
  /** Name of the question that it belongs to. */
  readonly question: string;
  /** Number of the entry of a table; 0 outside any. */
  readonly entry: number;
  /** Place among all fields that the form may have. */
  readonly order: number;
  readonly kind: FieldKind;
  /** Allowed codes in order; empty where any number or text is. */
  readonly codes: readonly { readonly code: number; readonly label: string }[];
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number | null;
  readonly maxLength: number | null;
}

/** Where the fields of one level stand. */
interface Level {
  readonly compiled: CompiledInstrument;
  readonly variables: readonly Variable[];
  /** Position of the level's first variable. */
  readonly from: number;
  readonly situation: Situation;
  readonly table: string;
  readonly entry: number;
  readonly order: number;
}

const entryStep = 1_000;
const variableStep = 1_000_000;

/** The fields that are asked. */
export function fieldsOf(
  compiled: CompiledInstrument,
  cells: PaperCells,
  { situation }: Pick<RawSituation, 'situation'> = paperAnswers(compiled, cells),
): PaperField[] {
  const level: Level = {
    ...{ compiled, variables: compiled.codebook.variables, from: 0 },
    ...{ situation, table: '', entry: 0, order: 0 },
  };
  return compiled.questions.flatMap((question) => fieldsOfQuestion(question, level, cells));
}

function fieldsOfQuestion(question: CompiledQuestion, level: Level, cells: PaperCells): PaperField[] {
  const { answer, name, validators } = question.question;
  const { situation } = level;
  if (situation.hidden.has(name) || situation.disabled.has(name)) return [];
  const hiddenRows = situation.hiddenRows.get(name);
  const hiddenChoices = situation.hiddenChoices.get(name);
  const field = (offset: number, kind: FieldKind, own: Partial<PaperField> = {}): PaperField[] => {
    const variable = level.variables[level.from + question.first + offset];
    return variable ? [fieldOf(variable, level, question.first + offset, kind, own)] : [];
  };
  const codes = (list: readonly Choice[]) =>
    list.filter(({ code }) => !hiddenChoices?.has(code)).map(({ code, label }) => ({ code, label }));
  switch (answer.kind) {
    case 'none':
    case 'calculated':
    // Who took part is ticked on a list, and files are attached, on a screen alone.
    case 'people':
    case 'files':
      return [];
    case 'code':
      return field(0, 'code', { codes: codes(answer.choices.list) });
    case 'boolean':
      return field(0, 'code', {
        codes: [
          { code: 0, label: answer.labelFalse },
          { code: 1, label: answer.labelTrue },
        ],
      });
    case 'number':
      return field(0, 'number', { ...limitsOf({ validators }, answer), step: answer.step });
    case 'text':
      return field(0, textKind(answer.format, question.question.type), { maxLength: answer.maxLength });
    case 'interval':
      return [0, 1].flatMap((offset) =>
        field(offset, 'number', { min: answer.min, max: answer.max, step: answer.step }),
      );
    case 'codes':
      return realChoices(answer.choices.list).flatMap(({ code }, offset) =>
        hiddenChoices?.has(code) ? [] : field(offset, 'tick', { codes: ticked }),
      );
    case 'ranking':
      return answer.choices.list.flatMap(({ code }, offset) =>
        hiddenChoices?.has(code) ? [] : field(offset, 'rank', { min: 1, max: answer.choices.list.length, step: 1 }),
      );
    case 'matrix':
      return answer.rows.list.flatMap((row, offset) =>
        hiddenRows?.has(row.name) ? [] : field(offset, 'code', { codes: codes(answer.columns.list) }),
      );
    case 'boxes':
      return answer.boxes.flatMap((box, offset) =>
        box.answer.kind === 'text'
          ? field(offset, textKind(box.answer.format, 'text'), { maxLength: box.answer.maxLength })
          : field(offset, 'number', { ...limitsOf(box, box.answer), step: box.answer.step }),
      );
    case 'grid': {
      const width = question.count / answer.rows.list.length;
      return answer.rows.list.flatMap((row, position) => {
        if (hiddenRows?.has(row.name)) return [];
        const inside = {
          ...level,
          from: level.from + question.first + position * width,
          situation: situation.entries.get(name)?.[position] ?? situation,
          order: level.order + (question.first + position * width) * stepOf(level),
        };
        return question.columns.flatMap((column) => fieldsOfQuestion(column, inside, cells));
      });
    }
    case 'table': {
      const count = field(0, 'count', { min: 0, max: answer.maxRows, step: 1 });
      const [first] = count;
      const given = first ? cellAt(cells, first.key) : undefined;
      if (!first || typeof given !== 'number' || given < 1) return count;
      const variables = level.compiled.codebook.tables.find((one) => one.name === name)?.variables ?? [];
      const entries = Array.from({ length: Math.min(given, answer.maxRows) }, (_, entry) => {
        const inside: Level = {
          ...{ compiled: level.compiled, variables, from: 0, table: name, entry: entry + 1 },
          situation: situation.entries.get(name)?.[entry] ?? situation,
          order: first.order + (entry + 1) * entryStep,
        };
        return question.columns.flatMap((column) => fieldsOfQuestion(column, inside, cells));
      });
      return [...count, ...entries.flat()];
    }
  }
}

const ticked = [
  { code: 0, label: 'Not ticked' },
  { code: 1, label: 'Ticked' },
];

const stepOf = ({ table }: Level): number => (table === '' ? variableStep : 1);

function fieldOf(
  variable: Variable,
  level: Level,
  offset: number,
  kind: FieldKind,
  own: Partial<PaperField>,
): PaperField {
  const { table, entry } = level;
  return {
    key: table === '' ? variable.name : `${entryPrefix(table, entry - 1)}${variable.name}`,
    name: variable.name,
    label: variable.label,
    page: variable.page,
    question: table === '' ? variable.question : table,
    entry,
    order: level.order + offset * stepOf(level),
    kind,
    ...{ codes: [], min: null, max: null, step: null, maxLength: null },
    ...own,
  };
}

function textKind(format: string, questionType: string): FieldKind {
  const timed: readonly FieldKind[] = ['date', 'datetime', 'time', 'month', 'week'];
  return timed.find((kind) => kind === format) ?? (questionType === 'comment' ? 'lines' : 'line');
}
