/** One difference between two versions of an instrument, and how freely answers from before and after it may be compared. */

/**
 * `safe`: the answers mean the same. `linkable`: they can stand in one column, by the rule in the item map, and the reader
 * is told. `breaking`: they are answers to two different items.
 */
export const grades = ['safe', 'linkable', 'breaking'] as const;
export type Grade = (typeof grades)[number];

export const changeKinds = [
  ...(['wording', 'instruction', 'option-text', 'option-added', 'option-dropped', 'option-order'] as const),
  ...([
    'codes',
    'missing-mark',
    'range',
    'type',
    'calculation',
    'order',
    'required',
    'condition',
    'validation',
  ] as const),
  ...(['keying', 'scale-membership', 'score-rule', 'added', 'dropped', 'renamed'] as const),
  ...(['languages', 'title', 'subject', 'kind', 'instrument'] as const),
] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface InstrumentChange {
  /** An item of the newer version (of the older one where it was dropped), a question for all its items, or null. */
  readonly item: string | null;
  readonly what: ChangeKind;
  readonly grade: Grade;
  readonly reason: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What an evaluator decided about a change; it counts instead of the grade. */
export interface Decision {
  readonly item: string | null;
  readonly what: ChangeKind;
  readonly grade: Grade;
  readonly note: string;
}
