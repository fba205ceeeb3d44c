/**
 * What an instrument is: the shapes that every other room reads. `parseInstrument` (parse.ts) is the only way
 * from foreign JSON to an `Instrument`.
 */

/** The three kinds of instrument: a questionnaire, a log of what was delivered, an observer's form. */
export const instrumentKinds = ['survey', 'log', 'observation'] as const;
export type InstrumentKind = (typeof instrumentKinds)[number];

/** Whom a response speaks for. */
export const subjects = ['person', 'school', 'cluster'] as const;
export type Subject = (typeof subjects)[number];

/** One thing that is wrong with foreign data: a stable code, where it is, and a sentence that says what to do. */
export interface Issue {
  readonly code: string;
  /** Path in the data, like `survey.pages[0].elements[2].choices[1].value` or `answers.trust_head.row1`. */
  readonly path: string;
  readonly message: string;
}

/** A value, or everything that is wrong with what was given. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: Issue[] };

export interface Source {
  /** Authors, year, title; a full reference in one line. */
  readonly reference: string;
  readonly url?: string;
  /** How this instrument uses it, in a sentence. */
  readonly use: string;
}

export interface PermissionRecord {
  readonly holder: string;
  readonly status: 'not-needed' | 'granted' | 'requested' | 'missing';
  readonly note: string;
}

export interface ScaleItem {
  /** Variable name of the item in the codebook. */
  readonly name: string;
  /** Keyed against the scale: scored as `min + max - x` with the declared range. */
  readonly reversed: boolean;
}

export interface ReferenceValue {
  readonly statistic: string;
  readonly value: number;
  readonly sample: string;
  readonly source: string;
}

export interface Scale {
  readonly id: string;
  readonly title: string;
  readonly construct: string;
  readonly items: readonly ScaleItem[];
  /** Declared answer range of the items. */
  readonly range: { readonly min: number; readonly max: number };
  readonly score: 'mean' | 'sum';
  /** Fewest items that must have been answered for a score; below it the score is missing. */
  readonly minimumAnswered: number;
  /** School aggregate: average persons' scores, or average each item within the school first. */
  readonly aggregation: 'person-first' | 'item-first';
  readonly referenceValues: readonly ReferenceValue[];
}

export interface Change {
  readonly item: string;
  readonly what: string;
  readonly grade: 'safe' | 'linkable' | 'breaking';
  readonly mapping: string;
}

/** SurveyJS JSON that has passed `parseInstrument`; nothing outside `instruments/` looks inside it. */
export type SurveyJson = Readonly<Record<string, unknown>>;

/** One version of one instrument. */
export interface Instrument {
  readonly id: string;
  /** 1, 2, 3 … */
  readonly version: number;
  readonly kind: InstrumentKind;
  readonly title: string;
  readonly description: string;
  readonly languages: readonly string[];
  readonly subject: Subject;
  readonly sources: readonly Source[];
  readonly permission: PermissionRecord;
  readonly survey: SurveyJson;
  readonly scales: readonly Scale[];
  readonly changes: readonly Change[];
}
