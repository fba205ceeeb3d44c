/** What a respondent of the demonstration study reads before consent; it says first that all of it is a demonstration. */
import type { Administration, InformationSheet } from '../../instruments/study.ts';

export function informationFor(title: string, mode: Administration['mode']): InformationSheet {
  const kept =
    mode === 'anonymous'
      ? 'Your answers are anonymous. They are stored with your school and your role, or without them where few people share ' +
        'these, and without any connection to you or to this link. Once they are sent, nobody can tell which are yours, so they cannot be taken back.'
      : 'Your answers are confidential. They are stored under a code instead of a name, so that answers of different ' +
        'terms can be compared. Nobody at your school sees what you answered. You can have your answers taken out ' +
        'until the results are written up: write to the contact below, who can find them through the list of who was ' +
        'given which link.';
  return {
    version: 1,
    asker: 'The evaluation team of the Schools Partnership Programme (a simulated demonstration)',
    paragraphs: [
      'This is a simulated demonstration. The study, its schools and all answers in it are made up, so that you can see ' +
        'how a survey works. You may answer whatever you like; nobody uses it, and it may be deleted at any time.',
      `In a real study this page would tell you why you are asked. Here: we want to find out whether schools that review ` +
        `one another in partnerships come to trust one another more and believe more in what they can do together. ` +
        `This part is about: ${title.toLowerCase()}.`,
      'Everybody with the same role in the schools of the study is asked. Taking part is up to you. You may leave out ' +
        'any question you do not want to answer, and stop at any time, without giving a reason and without any ' +
        'disadvantage.',
      kept,
      'Results are published for groups of people only, never for anybody alone.',
    ],
    consent: 'I have read what this demonstration is about and agree that my answers are stored for it.',
    contact: 'evaluation@example.org (an address that does not exist, because this is a demonstration)',
  };
}
