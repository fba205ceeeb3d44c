/**
 * The data sets of 11: which rows and columns of each take part. Only the script says so: the outcomes before and after, the
 * districts of `apipop`, and its treatment (35 percent of teachers or more with emergency credentials) on rows that are
 * complete. Used by 11-matching-did.ts.
 */
import type { Values } from '../../analysis/descriptives.ts';
import type { Covariates } from '../../analysis/matching/covariates.ts';
import type { DataFrame, DataSource } from './types.ts';

type Column = (number | string | null)[];

interface Design {
  readonly before: string;
  readonly after: string;
  readonly cluster?: string;
  readonly treatment: string;
  readonly covariates: readonly string[];
}

const lalonde: Design = {
  before: 're75',
  after: 're78',
  treatment: 'treat',
  covariates: ['age', 'educ', 'race', 'married', 'nodegree', 're74', 're75'],
};
const apipop: Design = {
  before: 'api99',
  after: 'api00',
  cluster: 'dnum',
  treatment: 'yr',
  covariates: ['api99', 'meals', 'ell', 'mobility', 'pct.resp', 'enroll', 'stype'],
};
const designs: Readonly<Record<string, Design>> = { lalonde, apipop };

/** The rows of a data set that take part, with their numbers. */
export interface Sample {
  readonly design: Design;
  readonly ids: readonly number[];
  readonly column: (name: string) => Column;
  readonly numeric: (name: string) => Values;
}

export function sampleOf(dataSet: string, data: DataSource): Sample {
  const design = designs[dataSet];
  if (!design) throw new RangeError(`nothing says what is before and after in ${dataSet}`);
  const frame = data(dataSet);
  const needed = design === apipop ? [...design.covariates, 'api00', 'dnum', 'emer'] : [];
  const columns = needed.map((name) => frame.column(name));
  const rows = Array.from({ length: frame.rows }, (_, row) => row).filter((row) =>
    columns.every((column) => (column[row] ?? null) !== null),
  );
  const column = (name: string): Column => {
    const all = name === 'yr' ? emergencyTeachers(frame) : frame.column(name);
    return rows.map((row) => all[row] ?? null);
  };
  const numeric = (name: string) => column(name).map((value) => (typeof value === 'number' ? value : null));
  return { design, ids: rows.map((row) => row + 1), column, numeric };
}

const emergencyTeachers = (frame: DataFrame) =>
  frame.numeric('emer').map((share) => (share === null ? null : Number(share >= 35)));

export function covariatesOf(sample: Sample, names: readonly string[]): Covariates {
  return Object.fromEntries(names.map((name) => [name, sample.column(name)]));
}
