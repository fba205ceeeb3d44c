/**
 * Filling in: binds the questionnaire, the queue and the page's own controls. Called by main.ts once consent is given;
 * ends with the thanks or with the reason why the answers are not taken.
 */
import { askForCode } from './code.ts';
import type { Kept, Shelf } from './device.ts';
import { startPageClock } from './paradata.ts';
import { type Standing, startQueue } from './queue.ts';
import { focusAtTop, say, showScreen } from './screens.ts';
import type { Answers, Received, Refusal, Server } from './server.ts';
import { elementOf, fill, type StartData } from './start.ts';
import type { Place, showSurvey } from './survey.ts';

export interface Filling {
  readonly start: StartData;
  readonly kept: Kept;
  readonly shelf: Shelf;
  readonly server: Server;
  readonly showSurvey: typeof showSurvey;
  onThanks(received: Received): void;
  onStopped(refusal: Refusal): void;
}

/** Starts or goes on with filling in; when the answers were being sent already, goes on with that. */
export function startFilling({ start, kept, shelf, server, showSurvey, onThanks, onStopped }: Filling): void {
  const { words } = start;
  const clock = startPageClock();
  let sending = kept.sending !== null;
  let wasOffline = false;
  let open = kept.page;
  /** The page at whose end the person asked to go on, and there was nothing to come. */
  let endedAt: number | null = null;

  showScreen(sending ? 'sending' : 'survey');
  const queue = startQueue(kept, shelf, server, { onStanding, onReceived, onRefused });
  const view = showSurvey(elementOf('questions'), {
    survey: start.survey,
    answers: kept.answers,
    page: kept.page,
    language: start.language,
    words,
    upload: server.upload,
    onAnswers: (answers, place) => {
      if (!view.isMarked()) say('look-again', '');
      showProgress(place);
      queue.change(answers, place.index);
    },
    onPage,
  });

  if (!navigator.onLine) onStanding('offline');
  elementOf('next').addEventListener('click', next);
  elementOf('back').addEventListener('click', () => {
    say('look-again', '');
    view.back();
  });
  elementOf('send').addEventListener('click', send);
  elementOf('send-now').addEventListener('click', () => queue.retryNow());
  window.addEventListener('online', () => queue.retryNow());
  window.addEventListener('offline', () => onStanding('offline'));
  window.addEventListener('pagehide', () => queue.leave());
  document.addEventListener('visibilitychange', () => (document.hidden ? queue.leave() : queue.retryNow()));

  function onPage(answers: Answers, place: Place, heading: HTMLElement | null): void {
    const { index } = place;
    showProgress(place);
    nameByNumber(heading === null);
    clock.turnTo(index);
    if (sending) return;
    if (index !== open) queue.turnPage(answers, index);
    open = index;
    focusAtTop(heading ?? elementOf('step'));
  }

  function next(): void {
    const went = view.next();
    say('look-again', went === 'look-again' ? words.lookAgain : '');
    if (went !== 'at-the-end') return;
    const place = view.place();
    endedAt = place.index;
    showProgress(place);
    elementOf('send').focus();
  }

  function showProgress(place: Place): void {
    const last = place.nothingFollows && (place.position === place.pages || place.index === endedAt);
    const pages = last ? place.position : place.pages;
    say('step', fill(words.step, { page: place.position, pages }));
    const progress = elementOf('progress') as HTMLProgressElement;
    progress.max = pages;
    progress.value = place.position;
    elementOf('back').hidden = place.position === 1;
    elementOf('next').hidden = last;
    elementOf('send').hidden = !last;
    elementOf('before-sending').hidden = !last;
  }

  function send(): void {
    say('look-again', '');
    if (!view.complete()) {
      say('look-again', words.lookAgain);
      return;
    }
    askForCode(words.codeIncomplete, (code) => {
      sending = true;
      showScreen('sending');
      queue.send(view.answers(), view.place().index, clock.paradata(), code);
    });
  }

  function onStanding(standing: Standing): void {
    if (standing === 'offline') wasOffline = true;
    if (sending) showSending(standing);
    say('saved', savedWords(standing));
    const back = standing === 'saved' && wasOffline;
    if (standing === 'saved') wasOffline = false;
    if (standing === 'offline') say('notices', shelf.lasting ? words.offline : words.offlineUnkept);
    else if (standing === 'paused') say('notices', words.paused);
    else if (standing === 'saved') say('notices', back ? words.online : '');
  }

  function savedWords(standing: Standing): string {
    if (standing === 'saved') return words.saved;
    return standing === 'saving' ? words.saving : '';
  }

  function showSending(standing: Standing): void {
    const waiting = shelf.lasting ? words.waiting : words.waitingUnkept;
    if (standing === 'offline') say('sending-text', waiting);
    if (standing === 'paused') say('sending-text', words.pausedSend);
    elementOf('send-now').hidden = standing !== 'offline';
  }

  function onReceived(received: Received): void {
    elementOf('questions').remove();
    onThanks(received);
  }

  function onRefused(refusal: Refusal): void {
    if (refusal.code !== 'invalid-answers') {
      onStopped(refusal);
      return;
    }
    sending = false;
    showScreen('survey');
    if (!view.complete()) say('look-again', words.lookAgain);
    else say('look-again', fill(words.notTaken, { details: refusal.issues.map(({ message }) => message).join(' ') }));
  }
}

/** A page without a title has its number for a heading. */
function nameByNumber(nameless: boolean): void {
  const step = elementOf('step');
  for (const [name, value] of Object.entries({ role: 'heading', 'aria-level': '1' })) {
    if (nameless) step.setAttribute(name, value);
    else step.removeAttribute(name);
  }
}
