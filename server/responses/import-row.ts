/**
 * One row of an imported file as the response that will be stored, or everything that is wrong with it, by row and
 * column. Called by `import.ts`.
 */
import type { Variable } from '../../instruments/codebook.ts';
import type { Issue } from '../../instruments/instrument.ts';
import { type MissingReason, missingCodes, missingReasons } from '../../instruments/missing.ts';
import { isWritten } from '../../instruments/text-formats.ts';
import { answersOf, type UncodedResponse } from '../../instruments/uncode.ts';
import type { Context } from '../context.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { plainText } from '../datasets/formats/csv.ts';
import { anonymousDay } from './anonymous.ts';
import { placeKeeper, storedAnswers } from './anonymous-places.ts';
import type { CoarsePlace } from './coarse-places.ts';
import { hashAnswers } from './hash-answers.ts';
import { type ImportChoices, type ImportColumns, importColumns, type ReadColumn } from './import-columns.ts';
import type { CsvRecord } from './import-file.ts';
import { type Place, type PlaceCells, type PlaceProblem, placeFinder } from './import-place.ts';
import { otherScores } from './import-scores.ts';
import type { StoredResponse } from './store.ts';
import { responseId } from './submit.ts';

/** A response, with the row it stands in and the id that the file gives it ('' if none). */
export interface ReadResponse {
  readonly response: StoredResponse;
  readonly row: number;
  readonly own: string;
}
export type Read = ReadResponse | { readonly problems: readonly Issue[] };

export interface RowReader {
  header(record: CsvRecord): readonly Issue[];
  row(record: CsvRecord): Read;
}

/** A reader for one file, of which `importFile` is the SHA-256; its header must be read first. */
export async function rowReader(
  context: Context,
  dataset: Dataset,
  options: ImportChoices & { readonly importFile: string },
): Promise<RowReader> {
  const { compiled, administration, study, instrument } = dataset;
  const placeOf = await placeFinder(context.db, study, administration);
  const kept = await placeKeeper(context, administration, study);
  const { variables } = dataset.columns;
  const anonymous = administration.mode === 'anonymous';
  let columns: ImportColumns = { header: [], variables: [], scores: [], about: {} };

  const cellAt = (cells: readonly string[], column: ReadColumn) => {
    const position = columns.about[column];
    return position === undefined ? '' : plainText(cells[position] ?? '');
  };
  function header(record: CsvRecord): readonly Issue[] {
    const found = importColumns(record.cells, compiled, dataset.columns, options);
    columns = found.columns;
    if (anonymous && columns.about.person !== undefined) {
      const name = columns.header[columns.about.person] ?? 'person';
      found.issues.push({
        code: 'anonymous',
        path: `row 1, column ${name}`,
        message: 'The administration is anonymous: leave out the column that names people.',
      });
    }
    return found.issues;
  }
  function row(record: CsvRecord): Read {
    const { cells } = record;
    const issue = (code: string, column: string, message: string): Issue => ({
      code,
      path: `row ${record.row}, column ${column}`,
      message,
    });
    const nameOf = (position: number | undefined, otherwise: string) => columns.header[position ?? -1] ?? otherwise;
    if (record.broken !== null)
      return { problems: [issue('broken-quotes', '1', `${record.broken}: quotes inside a cell are doubled.`)] };
    if (cells.length !== columns.header.length) {
      return {
        problems: [
          issue(
            'wrong-number-of-cells',
            String(cells.length),
            `The header has ${columns.header.length} columns, this row ${cells.length}.`,
          ),
        ],
      };
    }
    const problems: Issue[] = [];
    const values: (number | string | null)[] = [];
    const reasons: (MissingReason | null)[] = [];
    variables.forEach((variable, at) => {
      const position = columns.variables[at] ?? -1;
      const read = cellValue(position < 0 ? '' : (cells[position] ?? ''), variable);
      if ('message' in read) problems.push(issue(read.code, nameOf(position, variable.name), read.message));
      values.push('value' in read ? read.value : null);
      reasons.push('reason' in read ? read.reason : null);
    });
    const about = (column: ReadColumn) => cellAt(cells, column);
    for (const found of aboutProblems(about, instrument)) {
      problems.push(issue(found.code, nameOf(columns.about[found.column], found.column), found.message));
    }
    const place = placeOf({
      person: about('person'),
      school: about('school'),
      cluster: about('cluster'),
      arm: about('arm'),
      role: about('role'),
    } satisfies PlaceCells);
    if (isProblem(place))
      problems.push(issue(place.code, nameOf(columns.about[place.column], place.column), place.message));
    if (problems.length > 0 || isProblem(place)) return { problems };
    const uncoded = answersOf(
      compiled,
      { values, reasons },
      about('completion') === 'partial' ? 'partial' : 'complete',
    );
    if (!uncoded.ok) {
      return {
        problems: uncoded.issues.map(({ code, path, message }) => {
          const at = variables.findIndex(({ name }) => name === path);
          return issue(code, nameOf(columns.variables[at], path), message);
        }),
      };
    }
    const own = about('response');
    // Of rows without a name only the same row of the same file is the same: two schools may well answer alike.
    const key = own === '' ? `import|file ${options.importFile}|${record.row}` : `import|${own}`;
    const receivedOn = about('received_on');
    const received = receivedOn === '' ? context.clock() : new Date(receivedOn);
    const other = otherScores(compiled, uncoded.value, columns.scores, cells);
    if (other.length > 0) {
      return {
        problems: other.map(({ position, expected }) =>
          issue(
            'other-cell',
            nameOf(position, 'score'),
            `With the answers of this row this is ${expected}; correct it or leave it empty.`,
          ),
        ),
      };
    }
    const response = responseOf(dataset, { ...kept(place), person: place.person }, uncoded.value, key, received);
    return { response: { ...response, importFile: options.importFile }, row: record.row, own };
  }
  return { header, row };
}

function isProblem(place: Place | PlaceProblem): place is PlaceProblem {
  return 'column' in place;
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const leadingZero = /^[+-]?0\d/;
const reasonByCode = new Map(missingReasons.map((reason) => [String(missingCodes[reason]), reason]));

/** A cell as a value, a gap with its reason, nothing, or a problem. */
function cellValue(
  cell: string,
  { type }: Variable,
): { value: number | string } | { reason: MissingReason } | { nothing: true } | { code: string; message: string } {
  if (cell === '') return { nothing: true };
  const reason = reasonByCode.get(cell.trim());
  if (reason) return { reason };
  if (type !== 'integer' && type !== 'number') return { value: plainText(cell) };
  const text = cell.trim();
  const value = Number(text);
  if (numberPattern.test(text) && leadingZero.test(text)) {
    // Most often an identifier, or a cell that was damaged: the zero would not come out again.
    return { code: 'leading-zero', message: `Write ${value} instead of ${JSON.stringify(text.slice(0, 40))}.` };
  }
  if (!numberPattern.test(text) || !Number.isFinite(value)) {
    return {
      code: 'not-a-number',
      message: `Expected a number, found ${JSON.stringify(text.slice(0, 40))}; leave the cell empty where there is none.`,
    };
  }
  // A gap is one however its number is written.
  const written = reasonByCode.get(String(value));
  return written ? { reason: written } : { value: value === 0 ? 0 : value };
}

/** What is wrong with the columns that speak of the response itself. */
function aboutProblems(
  about: (column: ReadColumn) => string,
  instrument: { id: string; version: number },
): { column: ReadColumn; code: string; message: string }[] {
  const found: { column: ReadColumn; code: string; message: string }[] = [];
  const completion = about('completion');
  if (!['', 'complete', 'partial'].includes(completion)) {
    found.push({ column: 'completion', code: 'unknown-completion', message: 'Expected complete or partial.' });
  }
  const day = about('received_on');
  if (day !== '' && !isWritten('date', day)) {
    found.push({ column: 'received_on', code: 'bad-format', message: 'Expected a date like 2026-03-31.' });
  }
  for (const [column, expected] of [
    ['instrument', instrument.id],
    ['version', String(instrument.version)],
  ] as const) {
    const given = about(column);
    if (given !== '' && given !== expected) {
      found.push({
        column,
        code: `other-${column}`,
        message: `This row says ${given}; the administration has ${expected}.`,
      });
    }
  }
  return found;
}

function responseOf(
  dataset: Dataset,
  place: Place & Pick<CoarsePlace, 'withheld'>,
  uncoded: UncodedResponse,
  key: string,
  received: Date,
): StoredResponse {
  const { administration, study, instrument } = dataset;
  const { person, school, cluster, arm, role, withheld } = place;
  const answers = storedAnswers(administration, dataset.compiled, uncoded.answers, place);
  return {
    _id: responseId(administration, key),
    study: study.id,
    administration: administration.id,
    instrument: instrument.id,
    version: instrument.version,
    wave: administration.wave,
    arm,
    cluster,
    school,
    role,
    ...(withheld === undefined ? {} : { withheld }),
    subject: { kind: instrument.subject, id: { person, school, cluster }[instrument.subject] },
    person,
    // An import stands beside the links: it takes none.
    invitation: null,
    answers,
    answersHash: hashAnswers(answers),
    completion: uncoded.completion,
    lastPage: uncoded.lastPage,
    consent: null,
    receivedAt: administration.mode === 'anonymous' ? anonymousDay(administration) : received,
    source: 'import',
    replaces: null,
    withdrawn: uncoded.withdrawn,
  };
}
