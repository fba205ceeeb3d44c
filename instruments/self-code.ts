/** The usual questions of the self-generated code, which the planning page offers and an administration takes by default. */
import type { SelfCode } from './study.ts';

/** Asked where an administration wants a code and brings no questions of its own. */
export const defaultQuestions: SelfCode['questions'] = [
  { text: 'What is the first letter of your mother’s first name?', hint: 'One letter, such as M.' },
  { text: 'On which day of the month were you born?', hint: 'A number from 1 to 31.' },
  {
    text: 'What is the second letter of the street in which you grew up?',
    hint: 'One letter. Take the first street that you remember.',
  },
];
