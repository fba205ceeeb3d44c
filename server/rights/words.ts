/**
 * What the withdrawal pages say to respondents, by language; a language without an entry gets English. Used by `page.ts`,
 * which hands the client its part.
 */
import { baseOf } from '../../instruments/languages.ts';
import { arabicWithdrawal } from './words-ar.ts';
import { germanWithdrawal } from './words-de.ts';

export interface WithdrawalWords
  extends Readonly<
    Record<
      | 'title'
      | 'whatHappens'
      | 'which'
      | 'link'
      | 'linkText'
      | 'study'
      | 'studyText'
      | 'anonymous'
      | 'shared'
      | 'toCode'
      | 'code'
      | 'codeHint'
      | 'continue'
      | 'sureTitle'
      | 'sureText'
      | 'yes'
      | 'no'
      | 'doneTitle'
      | 'doneText'
      | 'confirmation'
      | 'confirmationText'
      | 'questions'
      | 'withoutScript',
      string
    >
  > {
  readonly facts: readonly string[];
  until(day: string): string;
  /** Sentences that the client says; it fills in `{…}`. */
  readonly client: Readonly<Record<'withdrawnOn' | 'codeMissing' | 'unreached' | 'working', string>>;
}

const english: WithdrawalWords = {
  title: 'Withdraw my answers',
  whatHappens: 'What happens',
  facts: [
    'Your answers are removed for good, also those that are not sent yet. Nobody can bring them back.',
    'A mark stays that somebody with your role at your school withdrew, and on which day. It keeps the counts right, and leads to no answer.',
    'Results that were worked out before today stay as they are.',
    'You need give no reason, and there is no disadvantage.',
  ],
  until: (day: string) => `You can withdraw until ${day}.`,
  which: 'What shall be withdrawn?',
  link: 'The answers to this survey',
  linkText: 'What came through this link, and what is kept of unfinished answers. The link takes no more answers.',
  study: 'All my answers to this study, in every survey',
  studyText: 'You are not asked again, and no more messages are sent to you.',
  anonymous:
    'This survey is anonymous: nothing leads from this link to your answers, so nobody can find them for you. Only the receipt code that was shown after sending leads to them.',
  shared:
    'Many people answer through this link, so it does not lead to your answers. The receipt code that was shown after sending does.',
  toCode: 'Withdraw with a receipt code',
  code: 'Receipt code',
  codeHint: '16 letters and figures, like 7KQ2-M9XP-4T0B-V6RD. Capitals, blanks and hyphens make no difference.',
  continue: 'Continue',
  sureTitle: 'Withdraw for good?',
  sureText: 'This cannot be undone.',
  yes: 'Yes, withdraw my answers',
  no: 'No, keep them',
  doneTitle: 'Your answers are withdrawn',
  doneText: 'They were removed. You need do nothing more.',
  confirmation: 'Your confirmation code:',
  confirmationText: 'Quote it if you have a question. It opens nothing.',
  questions: 'Questions?',
  withoutScript:
    'This page needs JavaScript, which is switched off in this browser. Write to the address below instead.',
  client: {
    withdrawnOn: 'Withdrawn on {day}.',
    codeMissing: 'Give the receipt code: 16 letters and figures.',
    unreached: 'The server could not be reached, and nothing was changed. Check the connection and try again.',
    working: 'One moment, please.',
  },
};

const catalogue: Readonly<Record<string, WithdrawalWords>> = {
  ar: arabicWithdrawal,
  de: germanWithdrawal,
  en: english,
};

export function withdrawalWordsIn(language: string): WithdrawalWords {
  return catalogue[baseOf(language)] ?? english;
}
