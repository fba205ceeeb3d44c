/** The codebook: the ordered list of variables that an instrument version produces. */
import type { MissingReason } from './missing.ts';

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
  /** Membership of scales. */
  readonly scales: readonly { readonly scale: string; readonly reversed: boolean }[];
}

/** A table of rows linked to a response: one row per entry of a dynamic panel or matrix. */
export interface LinkedTable {
  /** Name of the question. */
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
