/** What a recomputation of an oracle file is made of; shared by run.ts and by one module per oracle file. */

export type JsonValue = number | string | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Our own figures at the same paths. What is left out counts as unsupported; an Error says why its branch is. */
export type Figures = number | string | boolean | null | undefined | Error | readonly Figures[] | FigureObject;
export interface FigureObject {
  readonly [key: string]: Figures;
}

/** A data set as R reads it: a column is numeric when each of its filled cells is a number; empty cells are null. */
export interface DataFrame {
  readonly names: string[];
  readonly rows: number;
  /** Throws RangeError for a column that is not there. */
  column(name: string): (number | string | null)[];
  /** Throws RangeError for a column that is not there or holds text. */
  numeric(name: string): (number | null)[];
}

/** A data set by name, without folder and ending. Throws MissingData when the folder does not hold it. */
export type DataSource = (name: string) => DataFrame;

/**
 * Recomputes an oracle file. `results` is read only for what defines each case (data set, items, levels); each number
 * that is read from it and given back is counted as an option, apart from the computed figures.
 */
export type Recompute = (results: JsonObject, data: DataSource) => FigureObject;

/**
 * How far a figure may lie from R's: relative to R's figure, or absolute as well where a file's notes state it or the
 * figure is zero up to rounding. The path is joined by slashes, like `independent/tiny/cohen_d`.
 */
export type Tolerance = (path: string) => number | { readonly relative: number; readonly absolute: number };

/** One file `test/verify/NN-name.ts`. Without `tolerance` 1e-8 relative holds. */
export interface RecomputeModule {
  readonly recompute: Recompute;
  readonly tolerance?: Tolerance;
}

/** An expected file. */
export interface OracleFile {
  readonly meta?: JsonObject;
  readonly results: JsonObject;
}

/** The data set that a case needs is not in the folder. */
export class MissingData extends Error {
  readonly dataSet: string;
  constructor(dataSet: string) {
    super(`the data set ${dataSet} is not in the folder`);
    this.dataSet = dataSet;
  }
}
