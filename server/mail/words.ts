/** Sentences around the texts of a study, and the texts that ship, in each language that ships. Used by the writers of letters. */
import type { Role } from '../../instruments/study.ts';
import type { Template } from './template.ts';

export const templateKinds = ['invitation', 'reminder'] as const;
export type TemplateKind = (typeof templateKinds)[number];

/** Languages with texts and sentences of their own; others take the English sentences around a study's own texts. */
export const shippedLanguages = ['en', 'de'] as const;
export type ShippedLanguage = (typeof shippedLanguages)[number];

interface LetterWords {
  readonly link: string;
  /** Why the person gets this, and what they can do. */
  readonly why: string;
  readonly unsubscribe: string;
  readonly personal: string;
  readonly test: string;
  readonly testSubject: string;
  readonly sampleName: string;
  readonly locale: string;
  readonly roles: Readonly<Record<Role, string>>;
}

export const letterWords: Readonly<Record<ShippedLanguage, LetterWords>> = {
  en: {
    link: 'Open the survey',
    why: 'You get this message because your school takes part in the study, and your school or cluster gave us your address for it.',
    unsubscribe: 'Send me no more messages about this study',
    personal: 'The link is yours alone. Please do not pass it on.',
    test: 'This is a test. Nobody else has got it, and its link leads to no survey.',
    testSubject: 'Test',
    sampleName: 'Alex Sample',
    locale: 'en-GB',
    roles: {
      teacher: 'teacher',
      'middle-leader': 'middle leader',
      'senior-leader': 'senior leader',
      headteacher: 'headteacher',
      'improvement-champion': 'Improvement Champion',
      'peer-reviewer': 'peer reviewer',
      coordinator: 'coordinator',
    },
  },
  de: {
    link: 'Zur Befragung',
    why: 'Sie erhalten diese Nachricht, weil Ihre Schule an der Studie teilnimmt und uns Ihre Adresse dafür genannt hat.',
    unsubscribe: 'Keine weiteren Nachrichten zu dieser Studie',
    personal: 'Der Link gehört nur Ihnen. Bitte geben Sie ihn nicht weiter.',
    test: 'Dies ist ein Test. Niemand sonst hat ihn erhalten, und der Link führt zu keiner Befragung.',
    testSubject: 'Test',
    sampleName: 'Kim Beispiel',
    locale: 'de-DE',
    roles: {
      teacher: 'Lehrkraft',
      'middle-leader': 'mittlere Leitung',
      'senior-leader': 'Schulleitungsteam',
      headteacher: 'Schulleitung',
      'improvement-champion': 'Improvement Champion',
      'peer-reviewer': 'Peer-Reviewer',
      coordinator: 'Koordination',
    },
  },
};

export const defaultTemplates: Readonly<Record<ShippedLanguage, Readonly<Record<TemplateKind, Template>>>> = {
  en: {
    invitation: {
      subject: 'Your invitation: {{survey}}',
      body: [
        'Hello {{name}},',
        'We would like to hear from you in the survey “{{survey}}”. It is part of the study “{{study}}”.',
        'The first page says who is asking, why, and what happens with your answers. You decide there whether you take part.',
        '{{link}}',
        'You can answer until {{closes}}. You can stop at any time and carry on later with the same link.',
        'If you have a question, please write to {{contact}}.',
      ].join('\n\n'),
    },
    reminder: {
      subject: 'Still open until {{closes}}: {{survey}}',
      body: [
        'Hello {{name}},',
        'A few days ago we sent you a link to the survey “{{survey}}”. Your answers have not reached us yet.',
        'If you would like to take part, this link leads you there. If you have started already, you go on where you stopped.',
        '{{link}}',
        'You can answer until {{closes}}. If you do not want to take part, you need do nothing.',
        'If you have a question, please write to {{contact}}.',
      ].join('\n\n'),
    },
  },
  de: {
    invitation: {
      subject: 'Ihre Einladung: {{survey}}',
      body: [
        'Guten Tag {{name}},',
        'wir möchten gern von Ihnen hören: in der Befragung „{{survey}}“. Sie gehört zur Studie „{{study}}“.',
        'Auf der ersten Seite steht, wer fragt, warum, und was mit Ihren Antworten geschieht. Dort entscheiden Sie, ob Sie teilnehmen.',
        '{{link}}',
        'Sie können bis zum {{closes}} antworten. Sie können jederzeit unterbrechen und später mit demselben Link fortfahren.',
        'Wenn Sie eine Frage haben, schreiben Sie bitte an {{contact}}.',
      ].join('\n\n'),
    },
    reminder: {
      subject: 'Noch offen bis {{closes}}: {{survey}}',
      body: [
        'Guten Tag {{name}},',
        'vor einigen Tagen haben wir Ihnen einen Link zur Befragung „{{survey}}“ geschickt. Ihre Antworten sind noch nicht bei uns angekommen.',
        'Wenn Sie teilnehmen möchten, führt dieser Link dorthin. Haben Sie schon begonnen, geht es dort weiter, wo Sie aufgehört haben.',
        '{{link}}',
        'Sie können bis zum {{closes}} antworten. Wenn Sie nicht teilnehmen möchten, müssen Sie nichts tun.',
        'Wenn Sie eine Frage haben, schreiben Sie bitte an {{contact}}.',
      ].join('\n\n'),
    },
  },
};

/** The shipped language that comes nearest to a tag: `de-AT` takes German; anything else English. */
export function shippedLanguageOf(tag: string | null): ShippedLanguage {
  const base = tag?.toLowerCase().split('-')[0];
  return shippedLanguages.find((language) => language === base) ?? 'en';
}
