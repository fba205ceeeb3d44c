/**
 * The survey as this room understands it: a typed list of questions, read once from SurveyJS JSON (read-survey.ts).
 * The codebook, the checker, the conditions and the coding are all made from it, so they cannot disagree.
 */
import type { MissingReason } from './missing.ts';

/** The SurveyJS question types that an instrument may use. */
export const supportedTypes = [
  'radiogroup',
  'dropdown',
  'checkbox',
  'tagbox',
  'ranking',
  'rating',
  'slider',
  'boolean',
  'text',
  'comment',
  'file',
  'multipletext',
  'matrix',
  'matrixdropdown',
  'matrixdynamic',
  'paneldynamic',
  'expression',
  'html',
  'image',
] as const;
export type QuestionType = (typeof supportedTypes)[number];

/** An expression of the instrument and where it stands, for messages. */
export interface Expression {
  readonly text: string;
  readonly path: string;
}

export interface Choice {
  readonly code: number;
  readonly label: string;
  /** Set on an answer that counts as missing. */
  readonly missing: MissingReason | null;
  /** Cannot be chosen together with another (checkbox, tagbox). */
  readonly exclusive: boolean;
  readonly shownIf: Expression | null;
}

export interface Choices {
  readonly list: readonly Choice[];
  /** A condition on every choice, with `{item}` as its code. */
  readonly shownIf: Expression | null;
  /** The codes say themselves what they mean (a plain rating): no value labels are needed. */
  readonly bare: boolean;
}

export interface Row {
  readonly name: string;
  readonly label: string;
  readonly shownIf: Expression | null;
}

export interface Rows {
  readonly list: readonly Row[];
  /** A condition on every row, with `{item}` as its name. */
  readonly shownIf: Expression | null;
}

export interface NumberRules {
  readonly min: number | null;
  readonly max: number | null;
  readonly step: number | null;
}

export type TextFormat =
  | 'text'
  | 'date'
  | 'datetime'
  | 'time'
  | 'month'
  | 'week'
  | 'email'
  | 'url'
  | 'tel'
  | 'color'
  | 'password';

export type Validator =
  | { readonly kind: 'numeric'; readonly min: number | null; readonly max: number | null }
  | {
      readonly kind: 'text';
      readonly minLength: number;
      readonly maxLength: number | null;
      readonly allowDigits: boolean;
    }
  | { readonly kind: 'answercount'; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'email' }
  | { readonly kind: 'regex'; readonly pattern: string; readonly ignoreCase: boolean }
  | { readonly kind: 'expression'; readonly expression: Expression };

/** What an expression gives. */
export type ResultType = 'number' | 'boolean' | 'text';

export interface TextRules {
  readonly format: TextFormat;
  readonly maxLength: number;
  /** Earliest and latest for dates and times, in the format's own writing. */
  readonly min: string | null;
  readonly max: string | null;
}

/** One box of a multipletext question. */
export interface Box {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly validators: readonly Validator[];
  readonly answer: BoxAnswer;
}

export type BoxAnswer = ({ readonly kind: 'number' } & NumberRules) | ({ readonly kind: 'text' } & TextRules);

export type Answer =
  | { readonly kind: 'code'; readonly choices: Choices; readonly ordered: boolean }
  | BoxAnswer
  | {
      readonly kind: 'interval';
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly minLength: number | null;
      readonly maxLength: number | null;
    }
  | {
      readonly kind: 'boolean';
      readonly valueTrue: boolean | number;
      readonly valueFalse: boolean | number;
      readonly labelTrue: string;
      readonly labelFalse: string;
    }
  | { readonly kind: 'codes'; readonly choices: Choices; readonly min: number | null; readonly max: number | null }
  /** Ticks people of the roster: a list of their pseudonyms. Which people are offered hangs on the link. */
  | { readonly kind: 'people'; readonly min: number | null; readonly max: number | null }
  /** Evidence: a list of files that were uploaded beside the answers, at most so many. */
  | { readonly kind: 'files'; readonly most: number }
  | {
      readonly kind: 'ranking';
      readonly choices: Choices;
      /** Only some of the choices need be ranked. */
      readonly selecting: boolean;
      readonly min: number | null;
      readonly max: number | null;
    }
  | {
      readonly kind: 'matrix';
      readonly rows: Rows;
      readonly columns: Choices;
      readonly eachRowRequired: boolean;
      readonly eachRowUnique: boolean;
    }
  | { readonly kind: 'boxes'; readonly boxes: readonly Box[] }
  | {
      readonly kind: 'grid';
      readonly rows: Rows;
      readonly columns: readonly Question[];
      readonly unique: readonly string[];
    }
  | {
      readonly kind: 'table';
      /** How expressions inside name a neighbour: `{row.x}` or `{panel.x}`. */
      readonly scope: 'row' | 'panel';
      readonly columns: readonly Question[];
      readonly minRows: number;
      readonly maxRows: number;
      /** Columns in which no value may occur twice. */
      readonly unique: readonly string[];
    }
  | { readonly kind: 'calculated'; readonly expression: Expression }
  /** Words or a picture: nothing to answer. */
  | { readonly kind: 'none' };

export interface Question {
  /** Empty for an element without answers that was given no name. */
  readonly name: string;
  readonly label: string;
  /** Whether the label was written, rather than made from the name. */
  readonly titled: boolean;
  readonly type: QuestionType;
  /** Index of the page. */
  readonly page: number;
  readonly path: string;
  /** All must hold for the question to be shown: its own condition and those of the panels and the page around it. */
  readonly shownIf: readonly Expression[];
  /** All must hold for the question to be answerable. */
  readonly enabledIf: readonly Expression[];
  readonly requiredIf: Expression | null;
  readonly required: boolean;
  readonly validators: readonly Validator[];
  readonly answer: Answer;
}

/** A value computed by the survey; in the data when `included`. */
export interface CalculatedValue {
  readonly name: string;
  readonly expression: Expression;
  readonly included: boolean;
}

export interface Form {
  readonly pages: readonly { readonly name: string; readonly title: string }[];
  /** In the order in which they are shown. */
  readonly questions: readonly Question[];
  /** Conditions of pages and panels, which also stand on each question inside. */
  readonly conditions: readonly Expression[];
  readonly calculated: readonly CalculatedValue[];
}
