/** Kinds and grades of changes between two versions of an instrument, in words. */
import type { ChangeKind, Grade } from '../../../instruments/versions/change.ts';

export const gradeTitles: Readonly<Record<Grade, string>> = {
  safe: 'Safe',
  linkable: 'Linkable',
  breaking: 'Breaking',
};

export const gradeTexts: Readonly<Record<Grade, string>> = {
  safe: 'Answers before and after mean the same.',
  linkable: 'Answers stand in one column by the rule in the item map, and the reader is told.',
  breaking: 'Answers before and after are answers to two different items.',
};

export const changeTitles: Readonly<Record<ChangeKind, string>> = {
  wording: 'wording',
  instruction: 'instruction',
  'option-text': 'text of an answer',
  'option-added': 'answer added',
  'option-dropped': 'answer dropped',
  'option-order': 'order of answers',
  codes: 'codes',
  'missing-mark': 'mark for missing answers',
  range: 'range',
  type: 'type of question',
  calculation: 'calculation',
  order: 'place in the form',
  required: 'whether an answer is needed',
  condition: 'condition',
  validation: 'check of the answer',
  keying: 'keying',
  'scale-membership': 'scale membership',
  'score-rule': 'rule of the score',
  added: 'item added',
  dropped: 'item dropped',
  renamed: 'name',
  languages: 'languages',
  title: 'title',
  subject: 'whom it is about',
  kind: 'kind of instrument',
  instrument: 'another instrument',
};
