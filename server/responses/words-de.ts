/** Every sentence that Fidelis itself says to a respondent, in German; `words.ts` has all languages. */
import type { PageWords } from './words.ts';

const information: PageWords['information'] = {
  asking: 'Wer fragt, und warum',
  goodToKnow: 'Gut zu wissen',
  pages: (count) => (count === 1 ? 'Eine Seite mit Fragen.' : `${count} kurze Seiten mit Fragen.`),
  until: (day) => `Antworten werden bis zum ${day} angenommen.`,
  confidential:
    'Vertraulich: Ihre Antworten werden unter einem Code gespeichert, ohne Ihren Namen. Der Code gehört zu diesem Link, damit niemand zweimal gefragt wird.',
  anonymous:
    'Anonym: Ihre Antworten werden ohne jede Verbindung zu diesem Link oder zu Ihnen gespeichert. Nur Ihre Schule und Ihre Funktion werden mit ihnen festgehalten.',
  pause:
    'Sie können jederzeit aufhören und später mit demselben Link weitermachen. Ihre Antworten werden festgehalten, sobald Sie sie geben.',
  unfinished:
    'Wenn Sie nicht zurückkommen, bleibt als unvollständig erhalten, was Sie bis zum letzten Tag beantwortet haben.',
  unfinishedAnonymous: 'Wenn Sie nicht zurückkommen, wird nach dem letzten Tag gelöscht, was Sie beantwortet haben.',
  questions: 'Fragen?',
  start: 'Beginnen',
  decline: 'Ich möchte nicht teilnehmen',
  declineText:
    'Zu dieser Befragung schreibt Ihnen dann niemand mehr. Mit demselben Link können Sie es sich noch anders überlegen.',
  declined:
    'Sie haben sich gegen die Teilnahme entschieden. Wenn Sie es sich anders überlegt haben, können Sie unten beginnen.',
  preparing: 'Die Fragen werden vorbereitet …',
  withoutScript:
    'Diese Befragung braucht JavaScript, das in diesem Browser ausgeschaltet ist. Bitte schalten Sie es ein, oder öffnen Sie den Link in einem anderen Browser.',
  language: 'Sprache',
  simulated: 'Vorführung: Diese Studie ist simuliert, und niemand verwendet ihre Antworten.',
  pilot:
    'Probelauf: Hier werden die Fragen erprobt. Die Antworten helfen, sie zu verbessern, und zählen nicht in der Studie.',
};

const screens: PageWords['screens'] = {
  resumeTitle: 'Willkommen zurück',
  resumeText: 'Ihre bisherigen Antworten sind erhalten. Machen Sie dort weiter, wo Sie aufgehört haben.',
  carryOn: 'Weitermachen',
  readAgain: 'Noch einmal lesen, wer fragt und warum',
  beforeSending: 'Dies sind die letzten Fragen. Gesendete Antworten können nicht mehr geändert werden.',
  back: 'Zurück',
  next: 'Weiter',
  send: 'Meine Antworten senden',
  codeTitle: 'Noch eines: ein eigener Code',
  codeText:
    'Diese Befragung kommt mehr als einmal. Drei Antworten, die gleich bleiben, ergeben einen Code, mit dem sich Ihre Antworten zusammenführen lassen, ohne dass jemand weiß, wer Sie sind.',
  codeSafe: 'Die drei Antworten selbst werden nicht gespeichert. Sie müssen sie nicht geben.',
  codeSend: 'Mit Code senden',
  codeSkip: 'Ohne Code senden',
  sendingTitle: 'Ihre Antworten werden gesendet',
  sendingText: 'Einen Moment, bitte.',
  sendNow: 'Jetzt versuchen',
  thanksTitle: 'Vielen Dank',
  nextTitle: 'Wie es weitergeht',
  nextStored: 'Ihre Antworten sind sicher gespeichert. Sie müssen nichts weiter tun und können diese Seite schließen.',
  nextDevice: 'Auf diesem Gerät bleibt nichts davon zurück.',
  nextContact: 'Wenn Sie eine Frage haben, schreiben Sie an:',
  nextContactAnonymous:
    'Weil die Befragung anonym ist, kann niemand Ihre Antworten unter den anderen finden. Wenn Sie eine Frage haben, schreiben Sie an:',
  questions: 'Fragen?',
  declinedTitle: 'Sie nehmen nicht teil',
  declinedText:
    'Danke, dass Sie uns das gesagt haben. Von Ihnen sind keine Antworten gespeichert. Wenn Sie es sich vor dem letzten Tag anders überlegen, öffnen Sie denselben Link noch einmal.',
  keptHere: 'Eine Kopie Ihrer Antworten ist noch auf diesem Gerät. Sie wurde nicht gesendet.',
  removeTitle: 'Benutzen auch andere dieses Gerät?',
  removeText: 'Wenn Sie Ihre Antworten nicht mehr brauchen, entfernen Sie sie von hier.',
  remove: 'Meine Antworten von diesem Gerät entfernen',
};

const client: PageWords['client'] = {
  step: 'Seite {page} von {pages}',
  required: 'Bitte beantworten Sie diese Frage.',
  agreeFirst:
    'Bitte setzen Sie das Häkchen, wenn Sie einverstanden sind. Wenn nicht, schließen Sie einfach diese Seite; es wurde nichts gespeichert.',
  saved: 'Gespeichert',
  saving: 'Wird gespeichert …',
  offline:
    'Im Moment keine Verbindung. Machen Sie ruhig weiter: Ihre Antworten bleiben auf diesem Gerät und werden gespeichert, sobald die Verbindung wieder da ist.',
  offlineUnkept:
    'Im Moment keine Verbindung, und dieser Browser lässt die Seite nichts aufbewahren. Bitte lassen Sie die Seite offen, bis die Verbindung wieder da ist.',
  online: 'Die Verbindung ist wieder da, und Ihre Antworten sind gespeichert.',
  paused:
    'Diese Befragung ruht im Moment. Ihre Antworten bleiben auf diesem Gerät; danach geht das Speichern von selbst weiter.',
  pausedSend:
    'Diese Befragung ruht im Moment. Ihre Antworten bleiben auf diesem Gerät. Lassen Sie diese Seite offen, oder öffnen Sie denselben Link später wieder: Das Senden geht von selbst weiter.',
  waiting:
    'Im Moment gibt es keine Verbindung. Ihre Antworten bleiben auf diesem Gerät und werden gesendet, sobald sie wieder da ist. Wenn Sie diese Seite schließen, öffnen Sie denselben Link später wieder.',
  waitingUnkept:
    'Im Moment gibt es keine Verbindung. Bitte lassen Sie diese Seite offen: Ihre Antworten werden gesendet, sobald sie wieder da ist.',
  received: 'Ihre Antworten sind am {day} angekommen.',
  declineFailed: 'Das konnte nicht gesendet werden. Prüfen Sie die Verbindung, und versuchen Sie es noch einmal.',
  notReady: 'Die Fragen konnten nicht geladen werden. Prüfen Sie die Verbindung, und laden Sie dann diese Seite neu.',
  reload: 'Seite neu laden',
  codeIncomplete: 'Beantworten Sie alle drei Fragen, oder senden Sie ohne Code.',
  lookAgain: 'Einige Antworten brauchen noch einen Blick. Sie sind unten gekennzeichnet.',
  notTaken: 'Einige Antworten konnten nicht angenommen werden: {details}',
  consentChanged:
    'Die Informationen haben sich geändert, seit Sie begonnen haben. Bitte lesen Sie sie noch einmal; Ihre bisherigen Antworten sind erhalten.',
  badFormat: 'Bitte prüfen Sie, wie dies geschrieben ist.',
  removed: 'Ihre Antworten wurden von diesem Gerät entfernt.',
  peopleSearch: 'Liste durchsuchen',
  peopleTicked: '{count} angekreuzt',
  peopleNone: 'Niemand mit diesem Namen steht auf der Liste.',
  peopleUntil: '(bis {day})',
  fileTooLarge: 'Diese Datei ist größer als 10 MB. Wählen Sie eine kleinere.',
  fileType:
    'Es werden nur PDF-, JPEG-, PNG-, Word-, Excel-, PowerPoint- und OpenDocument-Dateien angenommen, ohne Makros und ohne Kennwort.',
  fileFull: 'Über diesen Link können keine weiteren Dateien angehängt werden. Sie können Ihre Antworten so senden.',
  fileUnreached:
    'Es gibt keine Verbindung; diese Datei wurde nicht angehängt. Versuchen Sie es später noch einmal, oder senden Sie Ihre Antworten ohne sie.',
  fileChoose: 'Datei auswählen',
  fileRemove: 'Diese Datei entfernen',
};

const problems: PageWords['problems'] = {
  'link-unknown': {
    title: 'Dieser Link ist nicht bekannt',
    text: 'Vielleicht ging beim Kopieren ein Teil verloren. Öffnen Sie ihn noch einmal aus der Nachricht, in der Sie ihn erhalten haben. Wenn das nicht hilft, bitten Sie die Person, die ihn geschickt hat, um einen neuen.',
  },
  'link-revoked': {
    title: 'Dieser Link wurde zurückgezogen',
    text: 'Er führt zu keiner Befragung mehr. Wenn Sie meinen, dass Sie teilnehmen sollten, bitten Sie die Person, die ihn geschickt hat, um einen neuen Link.',
  },
  'link-used': {
    title: 'Antworten wurden bereits gesendet',
    text: 'Die Antworten, die über diesen Link kamen, sind gespeichert. Es ist nichts weiter nötig, und sie können hier nicht geändert werden.',
  },
  'answers-differ': {
    title: 'Andere Antworten wurden bereits gesendet',
    text: 'Über diesen Link waren schon Antworten gekommen, und es waren nicht dieselben. Die ersten bleiben erhalten; diese wurden nicht hinzugefügt.',
  },
  'answers-withdrawn': {
    title: 'Diese Antworten wurden zurückgezogen',
    text: 'Was über diesen Link gekommen war, wurde entfernt, wie Sie es wollten. Andere Antworten werden über ihn nicht angenommen.',
  },
  'withdrawal-closed': {
    title: 'Der letzte Tag für das Zurückziehen ist vorbei',
    text: 'Antworten zu dieser Studie können nicht mehr zurückgenommen werden. Wenn Sie eine Frage haben, schreiben Sie an das Evaluationsteam.',
  },
  'receipt-unknown': {
    title: 'Zu diesem Code gibt es keine Antworten',
    text: 'Prüfen Sie jeden Buchstaben und jede Ziffer. Es wurde nichts geändert.',
  },
  'not-open-yet': {
    title: 'Diese Befragung hat noch nicht begonnen',
    text: 'Bewahren Sie den Link auf: Er gilt ab dem ersten Tag.',
  },
  'administration-paused': {
    title: 'Diese Befragung ruht im Moment',
    text: 'Bitte öffnen Sie denselben Link später noch einmal. Antworten, die Sie schon gegeben haben, bleiben erhalten.',
  },
  'administration-closed': {
    title: 'Diese Befragung ist beendet',
    text: 'Sie nimmt keine Antworten mehr an. Danke, dass Sie teilnehmen wollten.',
  },
  'consent-needed': {
    title: 'Die Informationen haben sich geändert',
    text: 'Die Informationen zu dieser Befragung haben sich geändert, seit Sie sie geöffnet haben. Laden Sie die Seite neu, um sie noch einmal zu lesen; Ihre Antworten bleiben erhalten.',
  },
  'too-many-requests': {
    title: 'Zu viele Versuche',
    text: 'Aus diesem Netz wurden in kurzer Zeit viele unbekannte Links oder Codes versucht. Warten Sie eine Viertelstunde, und versuchen Sie es dann noch einmal.',
  },
  'database-unavailable': {
    title: 'Die Befragung ist im Moment nicht erreichbar',
    text: 'Bei uns wird etwas repariert. Bitte öffnen Sie den Link in einigen Minuten noch einmal; es geht nichts verloren.',
  },
};

const unexpected = {
  title: 'Bei uns ist etwas schiefgegangen',
  text: 'Bitte öffnen Sie den Link in einigen Minuten noch einmal. Nichts von dem, was Sie schon beantwortet haben, ist verloren.',
};

const dates: PageWords['dates'] = {
  opens: (day) => `Sie beginnt am ${day}.`,
  closed: (day) => `Der letzte Tag war der ${day}.`,
};

const withdrawal: PageWords['withdrawal'] = {
  title: 'Meine Antworten zurückziehen',
  factLink:
    'Sie können es sich nach dem Senden anders überlegen: Öffnen Sie denselben Link noch einmal, und ziehen Sie Ihre Antworten zurück.',
  factCode:
    'Sie können es sich nach dem Senden anders überlegen: Mit einem Beleg-Code, der nur Ihnen gezeigt wird, können Sie Ihre Antworten zurückziehen.',
  mindTitle: 'Wenn Sie es sich anders überlegen',
  mindText: 'Sie können Ihre Antworten zurückziehen. Öffnen Sie dafür denselben Link noch einmal, jetzt oder später.',
  receiptTitle: 'Ihr Beleg-Code',
  receiptText:
    'Nur dieser Code führt zu Ihren Antworten zurück, und er wird nur jetzt gezeigt. Schreiben Sie ihn auf, wenn Sie sie vielleicht einmal zurückziehen möchten. Geben Sie ihn auf dieser Seite ein:',
  receiptSafe: 'Wer den Code hat, kann Ihre Antworten zurückziehen, aber nicht lesen.',
  until: (day) => `Sie können sie bis zum ${day} zurückziehen.`,
};

const shared: PageWords['shared'] = {
  confidential:
    'Ihre Antworten werden ohne Ihren Namen gespeichert. Alle in Ihrer Funktion an Ihrer Schule benutzen denselben Link: Ihre Schule und Ihre Funktion stehen bei den Antworten, sonst nichts über Sie.',
  pause:
    'Bitte antworten Sie in einem Zug und senden Sie die Antworten am Ende ab: Bei diesem Link bleiben sie nur erhalten, solange die Seite offen ist.',
  saved: 'Bleibt erhalten, solange diese Seite offen ist',
  offlineUnkept:
    'Im Moment keine Verbindung. Machen Sie weiter und lassen Sie diese Seite bitte offen, bis die Verbindung wieder da ist.',
  againTitle: 'Von diesem Gerät wurden schon Antworten gesendet',
  againText: 'Sie sind am {day} angekommen. Wenn es Ihre waren, müssen Sie nichts weiter tun.',
  againOther: 'Dieses Gerät benutzen mehrere von uns. Meine Antworten sind noch nicht gesendet',
};

const entries: PageWords['entries'] = {
  fact: 'Füllen Sie dies so oft aus, wie es etwas zu berichten gibt, immer mit demselben Link: Was Sie absenden, ist jeweils ein eigener Eintrag.',
  sent: (count, day) =>
    count === 1
      ? `Sie haben einen Eintrag gesendet, am ${day}.`
      : `Sie haben ${count} Einträge gesendet, den letzten am ${day}.`,
  another: 'Noch einen ausfüllen',
  stored: 'Ihr Eintrag ist sicher gespeichert. Wenn es Neues zu berichten gibt, öffnen Sie denselben Link noch einmal.',
};

export const german: PageWords = {
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
