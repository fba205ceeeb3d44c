/**
 * The columns of a dataset: who and where first, then the variables of the codebook in order, then scale scores.
 * Every format writes these columns in this order; the import reads them back.
 */
import type { Codebook, LinkedTable, Variable } from '../../instruments/codebook.ts';
import type { Scale } from '../../instruments/instrument.ts';

/** What is said of every response, whatever the instrument. */
export const responseColumns = [
  { id: 'response', label: 'Response id', text: true },
  { id: 'study', label: 'Study', text: true },
  { id: 'administration', label: 'Administration', text: true },
  { id: 'wave', label: 'Wave', text: true },
  { id: 'arm', label: 'Arm', text: true },
  { id: 'cluster', label: 'Cluster of schools', text: true },
  { id: 'school', label: 'School', text: true },
  { id: 'role', label: 'Role of the respondent (empty where an anonymous answer does not tell it)', text: true },
  { id: 'person', label: 'Pseudonym of the respondent (empty where anonymous)', text: true },
  { id: 'completion', label: 'Complete, or partial when the respondent broke off', text: true },
  { id: 'received_on', label: 'Day of receipt', text: true },
  { id: 'instrument', label: 'Instrument', text: true },
  { id: 'version', label: 'Version of the instrument', text: false },
] as const;
export type ResponseColumnId = (typeof responseColumns)[number]['id'];

export interface ResponseColumn {
  readonly id: ResponseColumnId;
  /** Name in the file: the id, unless a variable of the instrument has that name already. */
  readonly name: string;
  readonly label: string;
  readonly text: boolean;
}

/** The two columns of a scale: the score, and of how many answered items it was made. */
export interface ScoreColumns {
  readonly scale: Scale;
  readonly score: string;
  readonly answered: string;
}

export interface DatasetColumns {
  readonly response: readonly ResponseColumn[];
  readonly variables: readonly Variable[];
  readonly scores: readonly ScoreColumns[];
  /** All names of the main table, in order. */
  readonly names: readonly string[];
  readonly tables: readonly LinkedTable[];
  /** Columns whose name is not the one that they would have had: a sentence each. */
  readonly renamed: readonly string[];
}

const longestName = 32;

/** The columns for a codebook and its scales. Names are unique, at most 32 characters, and always the same. */
export function datasetColumns(codebook: Codebook, scales: readonly Scale[]): DatasetColumns {
  const taken = new Set(codebook.variables.map((variable) => variable.name));
  const response = responseColumns.map((column) => ({
    ...column,
    name: freeName(taken.has(column.id) ? `response_${column.id}` : column.id, taken),
  }));
  const renamed = response
    .filter(({ id, name }) => id !== name)
    .map(({ id, name }) => `The column ${id} stands in ${name}: the instrument asks an item ${id} itself.`);
  const scores = scales.map((scale) => {
    const id = scale.id.replaceAll(/[^a-z0-9_]/g, '_');
    const named = (kind: 'score' | 'answered', what: string) =>
      toldName(`${kind}_${id}`, taken, renamed, `${what} of ${scale.title}`);
    return { scale, score: named('score', 'The score'), answered: named('answered', 'The number of answers') };
  });
  return {
    response,
    variables: codebook.variables,
    scores,
    names: [
      ...response.map((column) => column.name),
      ...codebook.variables.map((variable) => variable.name),
      ...scores.flatMap((columns) => [columns.score, columns.answered]),
    ],
    tables: codebook.tables,
    renamed,
  };
}

/** Columns of a linked table: the response it belongs to, the number of the row, then its variables. */
export function linkedColumns(table: LinkedTable): string[] {
  const taken = new Set(table.variables.map((variable) => variable.name));
  const response = freeName(taken.has('response') ? 'response_id' : 'response', taken);
  const row = freeName('row', taken);
  return [response, row, ...table.variables.map((variable) => variable.name)];
}

/** A name as `freeName` finds it, with a sentence in `notes` when it is not the wanted one. */
export function toldName(wanted: string, taken: Set<string>, notes: string[], what: string): string {
  const name = freeName(wanted, taken);
  if (name !== wanted)
    notes.push(`${what} stands in ${name}: the name ${wanted} is taken or has more than 32 characters.`);
  return name;
}

/** The wanted name, cut to 32 characters and numbered when it is taken; the result is taken from then on. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted.slice(0, longestName);
  for (let number = 2; taken.has(name); number += 1) {
    const ending = `_${number}`;
    name = wanted.slice(0, longestName - ending.length) + ending;
  }
  taken.add(name);
  return name;
}
