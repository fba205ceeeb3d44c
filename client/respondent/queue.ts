/**
 * The way of answers from the page to the server: kept on the device at once, saved on the server a moment later and at
 * each page, sent once at the end, and tried again until the server has them. Called by main.ts, which shows how it goes.
 */
import type { Kept, Shelf } from './device.ts';
import type { Answers, Outcome, Received, Refusal, Server } from './server.ts';

/** How things stand between the device and the server. */
export type Standing = 'saved' | 'unsaved' | 'saving' | 'offline' | 'paused';

export interface QueueEvents {
  onStanding(standing: Standing): void;
  onReceived(received: Received): void;
  /** The server will not take these answers; they are still on the device. */
  onRefused(refusal: Refusal): void;
}

export interface Queue {
  /** Keeps changed answers and saves them within seconds. */
  change(answers: Answers, page: number): void;
  /** Keeps and saves at once. */
  turnPage(answers: Answers, page: number): void;
  /** Sends; from here on only `onReceived` and `onRefused` tell the end. */
  send(answers: Answers, page: number, paradata: object, code?: readonly string[] | null): void;
  /** Tries now what is waiting: the connection is back, or the person asks for it. */
  retryNow(): void;
  /** Saves what can be saved while the page is going away. */
  leave(): void;
  /** Removes the answers from this device and stops. */
  discard(): void;
}

const saveAfterMs = 3000;
const firstRetryMs = 2000;
const slowestRetryMs = 30_000;
const pausedRetryMs = 60_000;

/** Refusals of a draft that concern the answers and not the link: the device keeps them, the next change tries again. */
const aboutAnswers = new Set(['invalid-answers', 'invalid-request', 'body-too-large']);

/** A queue that starts with what is kept; when it was being sent already, sending goes on by itself. */
export function startQueue(first: Kept, shelf: Shelf, server: Server, events: QueueEvents): Queue {
  let kept = first;
  let revision = 0;
  let busy = false;
  let ended = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const keep = (changes: Partial<Kept>): void => {
    kept = { ...kept, ...changes };
    shelf.write(kept);
  };
  const schedule = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void run(), delay);
  };
  const runSoon = (): void => {
    // Not later for every further change, or somebody who answers steadily would never be saved.
    timer ??= setTimeout(() => void run(), saveAfterMs);
  };

  async function run(leaving = false): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (busy || ended || !(kept.unsaved || kept.sending)) return;
    busy = true;
    const started = revision;
    const sending = kept.sending;
    if (failures === 0) events.onStanding('saving');
    const { answers, page, consent, key, language } = kept;
    const outcome: Outcome<{ savedAt?: string } & Partial<Received>> = sending
      ? await server.send({
          key,
          answers,
          consent,
          lastPage: page,
          paradata: sending.paradata,
          code: sending.code ?? null,
        })
      : await server.saveDraft({ answers, page, consent, language }, leaving);
    busy = false;
    if (ended) return;
    if (outcome.kind === 'unreached') retryLater(outcome.retryAfterMs);
    else if (outcome.kind === 'refused') refused(outcome.refusal, sending !== null);
    else if (sending) received(outcome.value);
    else saved(outcome.value.savedAt ?? null, started);
  }

  function saved(savedAt: string | null, started: number): void {
    failures = 0;
    keep({ savedAt, unsaved: revision !== started });
    events.onStanding(kept.unsaved ? 'unsaved' : 'saved');
    if (kept.sending) void run();
    else if (kept.unsaved) runSoon();
  }

  function received({ receivedOn = '', receiptCode = null }: Partial<Received>): void {
    ended = true;
    shelf.clear();
    events.onReceived({ receivedOn, receiptCode });
  }

  function retryLater(askedMs: number): void {
    failures += 1;
    events.onStanding('offline');
    const backOff = Math.min(firstRetryMs * 2 ** (failures - 1), slowestRetryMs);
    // A little chance, so that a staffroom that comes back online does not knock all at once.
    schedule(Math.max(backOff, askedMs) + Math.random() * 1000);
  }

  function refused(refusal: Refusal, sending: boolean): void {
    failures = 0;
    if (refusal.code === 'administration-paused') {
      events.onStanding('paused');
      schedule(pausedRetryMs);
      return;
    }
    const correctable = aboutAnswers.has(refusal.code);
    if (correctable && !sending) {
      events.onStanding('unsaved');
      if (kept.sending) void run();
      return;
    }
    // What was to be sent can be changed again, or lies here until the person decides.
    keep({ sending: null, unsaved: true });
    ended = !correctable;
    events.onRefused(refusal);
  }

  if (kept.sending || kept.unsaved) void Promise.resolve().then(() => run());
  shelf.write(kept);
  return {
    change(answers, page) {
      if (ended || kept.sending) return;
      revision += 1;
      keep({ answers, page, changedAt: Date.now(), unsaved: true });
      if (failures === 0) {
        events.onStanding('unsaved');
        runSoon();
      }
    },
    turnPage(answers, page) {
      this.change(answers, page);
      if (failures === 0) void run();
    },
    send(answers, page, paradata, code = null) {
      if (ended || kept.sending) return;
      revision += 1;
      keep({ answers, page, changedAt: Date.now(), unsaved: true, sending: { paradata, code } });
      void run();
    },
    retryNow() {
      if (!kept.unsaved && !kept.sending && !ended) events.onStanding('saved');
      void run();
    },
    leave() {
      void run(true);
    },
    discard() {
      ended = true;
      clearTimeout(timer);
      shelf.clear();
    },
  };
}
