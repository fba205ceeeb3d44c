/** The withdrawal pages in German. Used by `words.ts`. */
import type { WithdrawalWords } from './words.ts';

export const germanWithdrawal: WithdrawalWords = {
  title: 'Meine Antworten zurückziehen',
  whatHappens: 'Was geschieht',
  facts: [
    'Ihre Antworten werden für immer entfernt, auch solche, die noch nicht gesendet sind. Niemand kann sie zurückholen.',
    'Es bleibt ein Vermerk, dass jemand mit Ihrer Aufgabe an Ihrer Schule zurückgezogen hat, und an welchem Tag. Er hält die Zählungen richtig und führt zu keiner Antwort.',
    'Ergebnisse, die vor heute berechnet wurden, bleiben, wie sie sind.',
    'Sie müssen keinen Grund nennen, und es entsteht Ihnen kein Nachteil.',
  ],
  until: (day) => `Sie können bis zum ${day} zurückziehen.`,
  which: 'Was soll zurückgezogen werden?',
  link: 'Die Antworten auf diese Befragung',
  linkText:
    'Was über diesen Link kam und was von unfertigen Antworten aufgehoben ist. Der Link nimmt keine Antworten mehr an.',
  study: 'Alle meine Antworten zu dieser Studie, in jeder Befragung',
  studyText: 'Sie werden nicht mehr gefragt und bekommen keine Nachrichten mehr.',
  anonymous:
    'Diese Befragung ist anonym: Nichts führt von diesem Link zu Ihren Antworten, also kann sie niemand für Sie finden. Nur der Beleg-Code, der nach dem Senden gezeigt wurde, führt zu ihnen.',
  shared:
    'Viele Menschen antworten über diesen Link, also führt er nicht zu Ihren Antworten. Das tut der Beleg-Code, der nach dem Senden gezeigt wurde.',
  toCode: 'Mit einem Beleg-Code zurückziehen',
  code: 'Beleg-Code',
  codeHint:
    '16 Buchstaben und Ziffern, wie 7KQ2-M9XP-4T0B-V6RD. Großschreibung, Leerzeichen und Bindestriche sind gleichgültig.',
  continue: 'Weiter',
  sureTitle: 'Für immer zurückziehen?',
  sureText: 'Das kann nicht rückgängig gemacht werden.',
  yes: 'Ja, meine Antworten zurückziehen',
  no: 'Nein, behalten',
  doneTitle: 'Ihre Antworten sind zurückgezogen',
  doneText: 'Sie wurden entfernt. Sie müssen nichts weiter tun.',
  confirmation: 'Ihr Bestätigungscode:',
  confirmationText: 'Nennen Sie ihn, wenn Sie eine Frage haben. Er öffnet nichts.',
  questions: 'Fragen?',
  withoutScript:
    'Diese Seite braucht JavaScript, das in diesem Browser ausgeschaltet ist. Schreiben Sie stattdessen an die Adresse unten.',
  client: {
    withdrawnOn: 'Zurückgezogen am {day}.',
    codeMissing: 'Geben Sie den Beleg-Code an: 16 Buchstaben und Ziffern.',
    unreached:
      'Der Server war nicht zu erreichen, und es wurde nichts geändert. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    working: 'Einen Moment, bitte.',
  },
};
