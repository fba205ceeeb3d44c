/** Every sentence that Fidelis itself says to a respondent, in British English; `words.ts` has all languages. */
import type { PageWords } from './words.ts';

/** Sentences of the information page. */
const information = {
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
  decline: 'I do not want to take part',
  declineText: 'Nobody writes to you about this survey again. With the same link you can still change your mind.',
  declined: 'You chose not to take part. If you have changed your mind, you can start below.',
  preparing: 'Getting the questions ready …',
  withoutScript:
    'This survey needs JavaScript, which is switched off in this browser. Please switch it on, or open the link in another browser.',
  language: 'Language',
  simulated: 'Demonstration: this study is simulated, and nobody uses its answers.',
  pilot: 'Pilot: this is a trial of the questions. The answers help to improve them and do not count in the study.',
};

/** Sentences of the other screens, which stand hidden in the page. */
const screens = {
  resumeTitle: 'Welcome back',
  resumeText: 'Your answers so far are kept. Carry on where you stopped.',
  carryOn: 'Carry on',
  readAgain: 'Read again who is asking and why',
  beforeSending: 'These are the last questions. Once sent, answers cannot be changed.',
  back: 'Back',
  next: 'Next',
  send: 'Send my answers',
  codeTitle: 'One last thing: a code of your own',
  codeText:
    'This survey comes more than once. Three answers that stay the same make a code by which your answers can be put together, without anybody knowing who you are.',
  codeSafe: 'The three answers themselves are not stored. You need not give them.',
  codeSend: 'Send with the code',
  codeSkip: 'Send without a code',
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
  declinedTitle: 'You do not take part',
  declinedText:
    'Thank you for telling us. No answers of yours are kept. If you change your mind before the last day, open the same link again.',
  keptHere: 'A copy of your answers is still on this device. It has not been sent.',
  removeTitle: 'Is this a shared device?',
  removeText: 'If you will not need your answers any more, remove them from it.',
  remove: 'Remove my answers from this device',
};

/** Sentences that the client says as things happen; it fills in `{…}`. */
const client = {
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
  declineFailed: 'This could not be sent. Check the connection and try again.',
  notReady: 'The questions could not be loaded. Check the connection, then reload this page.',
  reload: 'Reload the page',
  codeIncomplete: 'Answer all three, or send without a code.',
  lookAgain: 'Some answers need another look. They are marked below.',
  notTaken: 'Some answers could not be taken: {details}',
  consentChanged: 'The information has changed since you started. Please read it again; your answers so far are kept.',
  badFormat: 'Please check how this is written.',
  removed: 'Your answers have been removed from this device.',
  peopleSearch: 'Search the list',
  peopleTicked: '{count} ticked',
  peopleNone: 'Nobody of this name is on the list.',
  peopleUntil: '(until {day})',
  fileTooLarge: 'This file is larger than 10 MB. Choose a smaller one.',
  fileType:
    'Only PDF, JPEG, PNG, Word, Excel, PowerPoint and OpenDocument files are taken, without macros or a password.',
  fileFull: 'No more files can be attached through this link. You can send your answers as they are.',
  fileUnreached:
    'There is no connection, so this file was not attached. Try again later, or send your answers without it.',
  fileChoose: 'Choose a file',
  fileRemove: 'Remove this file',
};

/** What a page says in place of the survey, or after it turned out that answers cannot be taken. */
const problems: PageWords['problems'] = {
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
const unexpected = {
  title: 'Something went wrong at our end',
  text: 'Please open the link again in a few minutes. Nothing that you have already answered is lost.',
};

const dates = {
  opens: (day: string) => `It opens on ${day}.`,
  closed: (day: string) => `The last day was ${day}.`,
};

const withdrawal = {
  title: 'Withdraw my answers',
  factLink: 'You can change your mind after sending: open the same link again and withdraw your answers.',
  factCode:
    'You can change your mind after sending: a receipt code that only you are shown lets you withdraw your answers.',
  mindTitle: 'If you change your mind',
  mindText: 'You can withdraw your answers. Open the same link again for that, now or later.',
  receiptTitle: 'Your receipt code',
  receiptText:
    'Only this code leads back to your answers, and it is shown only now. Note it down if you may want to withdraw them one day. Give it on the page',
  receiptSafe: 'Whoever has the code can withdraw your answers, and cannot read them.',
  until: (day: string) => `You can withdraw until ${day}.`,
};

const shared = {
  confidential:
    'Your answers are stored without your name. Everybody of your role at your school uses the same link: your school and your role are kept with the answers, and nothing else about you.',
  pause:
    'Please answer in one go and send your answers at the end: on this link they are kept only while the page is open.',
  saved: 'Kept while this page is open',
  offlineUnkept: 'No connection at the moment. Carry on, and please leave this page open until the connection is back.',
  againTitle: 'Answers were sent from this device',
  againText: 'They arrived on {day}. If those were yours, you need do nothing more.',
  againOther: 'This is a device that several of us use. My answers have not been sent yet',
};

const entries = {
  fact: 'Fill this in as often as there is something to tell, with the same link: whatever you send is an entry of its own.',
  sent: (count: number, day: string) =>
    count === 1 ? `You have sent one entry, on ${day}.` : `You have sent ${count} entries, the last on ${day}.`,
  another: 'Fill in another',
  stored: 'Your entry is stored safely. When there is something new to tell, open the same link again.',
};

export const english: PageWords = {
  information,
  shared,
  entries,
  withdrawal,
  screens,
  client,
  problems,
  unexpected,
  dates,
};
