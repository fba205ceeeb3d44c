/**
 * The codebook: the ordered list of variables that an instrument version produces. Exports, reports and screens read it;
 * coded rows are aligned to it.
 */
import type { Instrument, Scale } from './instrument.ts';
import { newIssues } from './issues.ts';
import { logicOf } from './logic.ts';
import type { MissingReason } from './missing.ts';
import type { Form } from './questions.ts';
import { formOf } from './read-survey.ts';
import { calculatedVariable, peopleVariables, type ResultTypes, variablesOf } from './variables.ts';

/** How a variable is stored in a cell: numbers for integer/number, ISO text for the three time types, text otherwise. */
export type VariableType = 'integer' | 'number' | 'text' | 'date' | 'datetime' | 'time';
export type MeasurementLevel = 'nominal' | 'ordinal' | 'scale';

export interface ValueLabel {
  readonly code: number;
  readonly label: string;
  /** Set when this code is an answer that counts as missing (`declined` or `not-applicable`). */
  readonly missing?: MissingReason;
}

export interface Variable {
  /** Column name: ^[a-z][a-z0-9_]{0,31}$, unique in its table. */
  readonly name: string;
  /** The item's own words, with the stem of a matrix before them. */
  readonly label: string;
  readonly type: VariableType;
  readonly measurement: MeasurementLevel;
  /** Value labels in order; empty when the values are their own labels. */
  readonly values: readonly ValueLabel[];
  /** Smallest and largest legal value where declared; min of lengths for text is not meant. */
  readonly range: { readonly min: number; readonly max: number } | null;
  readonly maxLength: number | null;
  readonly required: boolean;
  /** Index of the page the item stands on. */
  readonly page: number;
  /** Asked of the respondent, or computed from other answers. */
  readonly origin: 'asked' | 'calculated';
  /** Name of the question that holds this item (differs from `name` for matrix rows, checkbox choices …). */
  readonly question: string;
  /** SurveyJS question type, for those who show it. */
  readonly questionType: string;
  /** Set where the values are pseudonyms of people of the roster. */
  readonly isPerson?: true;
  /** Membership of scales. */
  readonly scales: readonly { readonly scale: string; readonly reversed: boolean }[];
}

/** A table of rows linked to a response: one row per entry of a dynamic panel or matrix, or per person who is ticked. */
export interface LinkedTable {
  /** Name of the question; of people ticked in entries with the name of their table before it. */
  readonly name: string;
  readonly label: string;
  readonly variables: readonly Variable[];
}

export interface Codebook {
  readonly instrument: string;
  readonly version: number;
  readonly variables: readonly Variable[];
  readonly tables: readonly LinkedTable[];
}

/**
 * The codebook of an instrument version: every variable in the order in which it is asked, then the calculated values.
 *
 * @param instrument an instrument from `parseInstrument`; a TypeError is thrown for a survey it would have refused.
 * @returns variables of the main table, one per item, and a linked table for each dynamic matrix or panel.
 */
export function codebookOf(instrument: Instrument): Codebook {
  const form = formOf(instrument.survey, instrument.languages);
  return codebookOfForm(instrument, form, logicOf(form, newIssues()).results);
}

/** `codebookOf` for a form that has been read already. */
export function codebookOfForm(
  instrument: Pick<Instrument, 'id' | 'version' | 'scales'>,
  form: Form,
  results: ResultTypes,
): Codebook {
  const last = form.pages.length - 1;
  const asked = form.questions.flatMap((question) => variablesOf(question, '', results));
  const computed = form.calculated
    .filter((value) => value.included)
    .map((value) => calculatedVariable(value.name, results.get(value.name) ?? 'number', last));
  const tables = form.questions.flatMap((question): LinkedTable[] => {
    const { answer, name, label, page } = question;
    if (answer.kind === 'people') return [{ name, label, variables: peopleVariables(question, '') }];
    if (answer.kind !== 'table') return [];
    const ticked = answer.columns.filter((column) => column.answer.kind === 'people');
    return [
      { name, label, variables: answer.columns.flatMap((column) => variablesOf(column, name, results, page)) },
      ...ticked.map((column) => ({
        name: peopleTable(name, column.name),
        label: column.label,
        variables: peopleVariables(column, name, page),
      })),
    ];
  });
  return {
    instrument: instrument.id,
    version: instrument.version,
    variables: [...asked, ...computed].map((variable) => withScales(variable, instrument.scales)),
    tables,
  };
}

/** The linked table of the people who are ticked in the entries of a table. */
export function peopleTable(table: string, question: string): string {
  return `${table}_${question}`;
}

/** The lists of ticked people that stand in the entries of a table, or in the response itself (null). */
export function peopleLists(
  { tables }: Pick<Codebook, 'tables'>,
  table: string | null,
): { readonly question: string; readonly at: number }[] {
  return tables.flatMap(({ name, variables }, at) => {
    const question = variables.find(({ isPerson }) => isPerson)?.question;
    if (question === undefined) return [];
    return name === (table === null ? question : peopleTable(table, question)) ? [{ question, at }] : [];
  });
}

/** Items that are parts of a scale are at least ordinal: their codes mean more and less. */
function withScales(variable: Variable, scales: readonly Scale[]): Variable {
  const member = scales.flatMap((scale) =>
    scale.items
      .filter((item) => item.name === variable.name)
      .map((item) => ({ scale: scale.id, reversed: item.reversed })),
  );
  if (member.length === 0) return variable;
  return {
    ...variable,
    scales: member,
    measurement: variable.measurement === 'nominal' ? 'ordinal' : variable.measurement,
  };
}
