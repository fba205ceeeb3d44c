/**
 * What the columns of an imported file are: variables of the codebook, columns about the response, or columns that a
 * Fidelis export has and an import does not need. Called by `import.ts` with the header of the file.
 */
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Issue } from '../../instruments/instrument.ts';
import type { DatasetColumns, ResponseColumnId } from '../datasets/columns.ts';
import { otherSeparator } from './import-file.ts';

/** Columns about the response that the import reads; of the others `instrument` and `version` must agree. */
const readColumns = [
  'response',
  'school',
  'cluster',
  'arm',
  'role',
  'person',
  'completion',
  'received_on',
  'instrument',
  'version',
] as const;
export type ReadColumn = (typeof readColumns)[number];

export interface ImportColumns {
  /** Names as the file writes them, for messages. */
  readonly header: readonly string[];
  /** Position in the file of each variable, in codebook order; -1: not there. */
  readonly variables: readonly number[];
  /** Position of the score and of the answered count of each scale in turn; -1: not there. */
  readonly scores: readonly number[];
  /** Position of the columns about the response that are there. */
  readonly about: Readonly<Partial<Record<ReadColumn, number>>>;
}

export interface ImportChoices {
  /** Name of the column that holds the school, when it is not called `school`; may be a variable as well. */
  readonly schoolColumn?: string | undefined;
  readonly personColumn?: string | undefined;
}

/** The columns, or everything that is wrong with the header. */
export function importColumns(
  header: readonly string[],
  compiled: CompiledInstrument,
  columns: DatasetColumns,
  choices: ImportChoices,
): { columns: ImportColumns; issues: Issue[] } {
  const issues: Issue[] = [];
  const refuse = (code: string, name: string, message: string) => {
    issues.push({ code, path: `row 1, column ${name}`, message });
  };
  const variables = new Array<number>(columns.variables.length).fill(-1);
  const scores = new Array<number>(2 * columns.scores.length).fill(-1);
  const about: Partial<Record<ReadColumn, number>> = {};
  const message = otherSeparator(header);
  if (message !== null) {
    // One column that holds all names: nothing else can be said of it.
    return {
      columns: { header, variables, scores, about },
      issues: [{ code: 'wrong-separator', path: 'row 1', message }],
    };
  }
  const meanings = meaningsOf(columns);
  const taken = new Map<string, string>();
  header.forEach((name, position) => {
    const chosen = (['school', 'person'] as const).filter((column) => choices[`${column}Column`] === name);
    for (const column of chosen) about[column] = position;
    const known = meanings.get(name) ?? meanings.get(name.toLowerCase());
    if (!known) {
      if (chosen.length === 0)
        refuse('unknown-column', name, 'There is no such variable in the codebook of this instrument.');
      return;
    }
    const former = taken.get(known.key);
    if (former !== undefined) {
      refuse(
        'duplicate-column',
        name,
        former === name ? 'This column is there twice.' : `This column is there as "${former}" already.`,
      );
      return;
    }
    taken.set(known.key, name);
    if (known.variable !== null) variables[known.variable] = position;
    else if (known.score !== null) scores[known.score] = position;
    // A column that was named for this purpose goes before the one that merely has the name.
    else if (known.about && about[known.about] === undefined) about[known.about] = position;
  });
  for (const column of ['school', 'person'] as const) {
    const name = choices[`${column}Column`];
    if (name !== undefined && !header.includes(name))
      refuse('missing-column', name, `The file has no column of this name to read the ${column} from.`);
  }
  for (const name of missingNames(compiled, columns, variables)) {
    refuse('missing-column', name, 'This column is needed, and the file does not have it.');
  }
  return { columns: { header, variables, scores, about }, issues };
}

interface Meaning {
  readonly key: string;
  readonly variable: number | null;
  readonly score: number | null;
  readonly about: ReadColumn | null;
}

function meaningsOf(columns: DatasetColumns): Map<string, Meaning> {
  const meanings = new Map<string, Meaning>();
  const isRead = (id: ResponseColumnId): id is ReadColumn & ResponseColumnId => readColumns.some((one) => one === id);
  for (const { id, name } of columns.response)
    meanings.set(name, { key: name, variable: null, score: null, about: isRead(id) ? id : null });
  columns.scores
    .flatMap(({ score, answered }) => [score, answered])
    .forEach((name, score) => {
      meanings.set(name, { key: name, variable: null, score, about: null });
    });
  columns.variables.forEach(({ name }, variable) => {
    meanings.set(name, { key: name, variable, score: null, about: null });
  });
  return meanings;
}

/** Columns without which no row could be right: of items everybody must answer, and the rest of a question's columns. */
function missingNames(compiled: CompiledInstrument, columns: DatasetColumns, variables: readonly number[]): string[] {
  return compiled.questions.flatMap(({ question, first, count }) => {
    const own = Array.from({ length: count }, (_, offset) => first + offset);
    const absent = own.filter((at) => variables[at] === -1).map((at) => columns.variables[at]?.name ?? '');
    const { kind } = question.answer;
    const together = kind === 'codes' || kind === 'ranking' || kind === 'interval';
    if (together && absent.length < count) return absent;
    const always = question.required && question.shownIf.length === 0 && question.enabledIf.length === 0;
    if (!always || kind === 'table' || kind === 'calculated') return [];
    return together || count === 1 || absent.length === count ? absent : [];
  });
}
