/** Reads questions that hold questions: matrixdropdown, matrixdynamic and paneldynamic. */
import { isObject, type JsonObject, own, shown } from './json.ts';
import { isQuestionType } from './question-properties.ts';
import type { Answer, Question, QuestionType } from './questions.ts';
import { readChoices, readRows } from './read-choices.ts';
import { readElements } from './read-elements.ts';
import { readCount } from './read-fields.ts';
import { type Place, readQuestion, type TableReader } from './read-question.ts';
import type { Reading } from './texts.ts';

/** Rows of a dynamic table when the instrument says nothing, as in SurveyJS; also the most it may ask for. */
const mostRows = 1_000;
const mostPanels = 100;

const cellTypes: ReadonlySet<QuestionType> = new Set([
  ...([
    'dropdown',
    'checkbox',
    'radiogroup',
    'tagbox',
    'text',
    'comment',
    'boolean',
    'expression',
    'rating',
    'slider',
  ] as const),
]);

/** Nobody inside a table asks about the page's or the panels' conditions again: the table itself already does. */
const inside = (place: Place): Place => ({ ...place, shownIf: [], enabledIf: [] });

/** The choices that columns without their own take; when they are not sound, that is told once, not per column. */
function sharedChoices(json: JsonObject, path: string, reading: Reading): unknown {
  const choices = own(json, 'choices');
  if (choices === undefined) return undefined;
  const before = reading.issues.list.length;
  readChoices(choices, `${path}.choices`, reading);
  return reading.issues.list.length > before ? [0, 1] : choices;
}

function readColumns(json: JsonObject, path: string, place: Place, reading: Reading): Question[] {
  const value = own(json, 'columns');
  if (!Array.isArray(value) || value.length === 0) {
    reading.issues.add('no-columns', `${path}.columns`, 'A list of at least one column is needed.');
    return [];
  }
  const usual = own(json, 'cellType') ?? 'dropdown';
  if (!isQuestionType(usual) || !cellTypes.has(usual)) {
    reading.issues.add(
      'unsupported-cell-type',
      `${path}.cellType`,
      `Cells of the type ${shown(usual)} are not supported.`,
    );
    return [];
  }
  const shared = sharedChoices(json, path, reading);
  const columns: Question[] = [];
  for (const [position, column] of value.entries()) {
    const at = `${path}.columns[${position}]`;
    if (!isObject(column)) {
      reading.issues.add('bad-property', at, `Expected an object, found ${shown(column)}.`);
      continue;
    }
    const declared = own(column, 'cellType');
    const type = declared === undefined || declared === 'default' ? usual : declared;
    if (!isQuestionType(type) || !cellTypes.has(type) || own(column, 'sliderType') === 'range') {
      reading.issues.add(
        'unsupported-cell-type',
        `${at}.cellType`,
        `Cells of the type ${shown(type)} are not supported.`,
      );
      continue;
    }
    // A column without choices of its own takes the matrix's.
    const choosing = ['dropdown', 'checkbox', 'radiogroup', 'tagbox'].includes(type);
    const lent = choosing && own(column, 'choices') === undefined && own(column, 'choicesMax') === undefined;
    const cell = lent ? { ...column, choices: shared } : column;
    const question = readQuestion(cell, type, at, inside(place), reading, readTable, true);
    if (question?.answer.kind === 'people') {
      const message = 'People are ticked in a question of its own, or in one of a paneldynamic, not in a cell.';
      reading.issues.add('unsupported-cell-type', `${at}.fidelisChoices`, message);
    } else if (question) columns.push(question);
  }
  return columns;
}

function uniqueColumns(json: JsonObject, columns: readonly Question[], path: string, reading: Reading): string[] {
  const unique = new Set<string>();
  const key = own(json, 'keyName');
  if (key !== undefined && key !== '') {
    if (typeof key === 'string' && columns.some((column) => column.name === key)) unique.add(key);
    else reading.issues.add('unknown-item', `${path}.keyName`, `${shown(key)} is no column here.`);
  }
  const declared = own(json, 'columns');
  for (const column of Array.isArray(declared) ? declared : []) {
    const name: unknown = isObject(column) && own(column, 'isUnique') === true ? own(column, 'name') : undefined;
    if (typeof name === 'string') unique.add(name);
  }
  return [...unique];
}

function checkNames(columns: readonly Question[], path: string, reading: Reading): void {
  const seen = new Set<string>();
  for (const { name, path: at } of columns) {
    if (name !== '' && seen.has(name)) {
      reading.issues.add('duplicate-name', at, `The name ${name} stands in ${path} for the second time.`);
    }
    seen.add(name);
  }
}

function readPanels(json: JsonObject, path: string, place: Place, reading: Reading): Question[] {
  const elements = own(json, 'templateElements');
  if (!Array.isArray(elements) || elements.length === 0) {
    reading.issues.add('no-columns', `${path}.templateElements`, 'A list of at least one question is needed.');
    return [];
  }
  const questions: Question[] = [];
  // Conditions of panels in here speak of neighbours; they are checked on the questions that stand in those panels.
  const gathered = { questions, conditions: [] };
  readElements(elements, `${path}.templateElements`, inside(place), reading, nestedTable, gathered);
  return questions;
}

/** Tables do not stand in tables: a linked table has one level. */
const nestedTable: TableReader = (_json, type, path, _place, reading) => {
  reading.issues.add('nested-table', path, `A ${type} cannot stand inside a paneldynamic.`);
  return null;
};

/** The answer of a question that holds questions. */
export const readTable: TableReader = (json, type, path, place, reading): Answer | null => {
  if (type === 'matrixdropdown') {
    const columns = readColumns(json, path, place, reading);
    checkNames(columns, path, reading);
    return {
      kind: 'grid',
      rows: readRows(json, path, reading),
      columns,
      unique: uniqueColumns(json, columns, path, reading),
    };
  }
  const panels = type === 'paneldynamic';
  const columns = panels ? readPanels(json, path, place, reading) : readColumns(json, path, place, reading);
  checkNames(columns, path, reading);
  const [least, most, first] = panels
    ? (['minPanelCount', 'maxPanelCount', 'panelCount'] as const)
    : (['minRowCount', 'maxRowCount', 'rowCount'] as const);
  const minRows = readCount(json, least, path, reading) ?? 0;
  const maxRows = readCount(json, most, path, reading, 1) ?? (panels ? mostPanels : mostRows);
  const start = readCount(json, first, path, reading) ?? 0;
  if (minRows > maxRows || start > maxRows || maxRows > mostRows) {
    reading.issues.add('bad-range', path, `${least}, ${first} and ${most} must rise, to at most ${mostRows}.`);
  }
  return {
    kind: 'table',
    scope: panels ? 'panel' : 'row',
    columns,
    minRows,
    maxRows,
    unique: uniqueColumns(json, columns, path, reading),
  };
};
