/** Every sentence that Fidelis itself says to a respondent, in British English. Used by `page.ts`, which hands the client its part. */
import type { ProblemCode } from '../problems.ts';

/** Sentences of the information page. */
export const informationWords = {
  asking: 'Who is asking, and why',
  goodToKnow: 'Good to know',
  pages: (count: number) => (count === 1 ? 'One page of questions.' : `${count} short pages of questions.`),
  until: (day: string) => `Answers are taken until ${day}.`,
  confidential:
    'Confidential: your answers are stored under a code, without your name. The code belongs to this link, so that nobody is asked twice.',
  anonymous:
    'Anonymous: your answers are stored without any connection to this link or to you. Only your school and your role are kept with them.',
  pause: 'You can stop at any time and carry on later with the same link. Your answers are kept as you give them.',
  unfinished: 'If you do not come back, what you have answered by the last day is kept as unfinished answers.',
  unfinishedAnonymous: 'If you do not come back, what you have answered is deleted after the last day.',
  questions: 'Questions?',
  start: 'Start',
  preparing: 'Getting the questions ready …',
  withoutScript:
    'This survey needs JavaScript, which is switched off in this browser. Please switch it on, or open the link in another browser.',
  simulated: 'Demonstration: this study is simulated, and nobody uses its answers.',
} as const;

/** Sentences of the other screens, which stand hidden in the page. */
export const screenWords = {
  resumeTitle: 'Welcome back',
  resumeText: 'Your answers so far are kept. Carry on where you stopped.',
  carryOn: 'Carry on',
  readAgain: 'Read again who is asking and why',
  beforeSending: 'These are the last questions. Once sent, answers cannot be changed.',
  back: 'Back',
  next: 'Next',
  send: 'Send my answers',
  sendingTitle: 'Sending your answers',
  sendingText: 'One moment, please.',
  sendNow: 'Try now',
  thanksTitle: 'Thank you',
  nextTitle: 'What happens next',
  nextStored: 'Your answers are stored safely. You need do nothing more, and you can close this page.',
  nextDevice: 'Nothing of them remains on this device.',
  nextContact: 'If you have a question, write to:',
  nextContactAnonymous:
    'Because the survey is anonymous, nobody can find your answers among the others. If you have a question, write to:',
  questions: 'Questions?',
  keptHere: 'A copy of your answers is still on this device. It has not been sent.',
  removeTitle: 'Is this a shared device?',
  removeText: 'If you will not need your answers any more, remove them from it.',
  remove: 'Remove my answers from this device',
} as const;

/** Sentences that the client says as things happen; it fills in `{…}`. */
export const clientWords = {
  step: 'Page {page} of {pages}',
  required: 'Please answer this question.',
  agreeFirst: 'Please tick the box if you agree. If you do not, simply close this page; nothing has been stored.',
  saved: 'Saved',
  saving: 'Saving …',
  offline:
    'No connection at the moment. Carry on: your answers are kept on this device and are saved as soon as the connection is back.',
  offlineUnkept:
    'No connection at the moment, and this browser does not let the page keep anything. Please leave this page open until the connection is back.',
  online: 'The connection is back, and your answers are saved.',
  paused:
    'This survey is paused for the moment. Your answers are kept on this device, and saving goes on by itself afterwards.',
  pausedSend:
    'This survey is paused for the moment. Your answers are kept on this device. Leave this page open, or open the same link again later: sending goes on by itself.',
  waiting:
    'There is no connection at the moment. Your answers are kept on this device and are sent as soon as it is back. If you close this page, open the same link again later.',
  waitingUnkept:
    'There is no connection at the moment. Please leave this page open: your answers are sent as soon as it is back.',
  received: 'Your answers were received on {day}.',
  notReady: 'The questions could not be loaded. Check the connection, then reload this page.',
  reload: 'Reload the page',
  lookAgain: 'Some answers need another look. They are marked below.',
  notTaken: 'Some answers could not be taken: {details}',
  consentChanged: 'The information has changed since you started. Please read it again; your answers so far are kept.',
  removed: 'Your answers have been removed from this device.',
} as const;

interface Sentences {
  readonly title: string;
  readonly text: string;
}

/** What a page says in place of the survey, or after it turned out that answers cannot be taken. */
export const problemWords: Readonly<Partial<Record<ProblemCode, Sentences>>> = {
  'link-unknown': {
    title: 'This link is not known',
    text: 'Perhaps a part of it was lost when it was copied. Open it again from the message in which you received it. If that does not help, ask whoever sent it for a new one.',
  },
  'link-revoked': {
    title: 'This link has been withdrawn',
    text: 'It does not lead to a survey any more. If you think that you should take part, ask whoever sent it for a new link.',
  },
  'link-used': {
    title: 'Answers have already been sent',
    text: 'The answers that came through this link are stored. Nothing more is needed, and they cannot be changed here.',
  },
  'answers-differ': {
    title: 'Other answers have already been sent',
    text: 'Answers had come through this link before, and they were not the same. The first ones are kept; these were not added.',
  },
  'answers-withdrawn': {
    title: 'These answers were withdrawn',
    text: 'What had come through this link was removed, as you asked. No other answers are taken through it.',
  },
  'withdrawal-closed': {
    title: 'The last day for withdrawing has passed',
    text: 'Answers to this study cannot be taken back any more. If you have a question, write to the evaluation team.',
  },
  'receipt-unknown': {
    title: 'There are no answers with this code',
    text: 'Check each letter and figure of it. Nothing was changed.',
  },
  'not-open-yet': {
    title: 'This survey has not opened yet',
    text: 'Keep the link: it will work from the opening day.',
  },
  'administration-paused': {
    title: 'This survey is paused for the moment',
    text: 'Please open the same link again later. Answers that you have already given are kept.',
  },
  'administration-closed': {
    title: 'This survey has closed',
    text: 'It takes no more answers. Thank you for wanting to take part.',
  },
  'consent-needed': {
    title: 'The information has changed',
    text: 'The information about this survey has changed since you opened it. Reload the page to read it again; your answers are kept.',
  },
  'too-many-requests': {
    title: 'Too many attempts',
    text: 'Many unknown links or codes were tried from this network in a short time. Wait a quarter of an hour, then try again.',
  },
  'database-unavailable': {
    title: 'The survey cannot be reached at the moment',
    text: 'Something is being repaired at our end. Please open the link again in a few minutes; nothing is lost.',
  },
};

/** For every problem without words of its own. */
export const unexpectedWords: Sentences = {
  title: 'Something went wrong at our end',
  text: 'Please open the link again in a few minutes. Nothing that you have already answered is lost.',
};

export const datesWords = {
  opens: (day: string) => `It opens on ${day}.`,
  closed: (day: string) => `The last day was ${day}.`,
} as const;
