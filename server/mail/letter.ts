/**
 * A letter: a message of the outbox in words, with the address it goes to, made at the moment of sending and never stored.
 * Each kind of message has a writer (kinds.ts); `smtp.ts` sends what it gives.
 */
import type { Context } from '../context.ts';
import type { StoredMessage } from '../outbox/store.ts';

export interface Letter {
  readonly to: { readonly name: string | null; readonly address: string };
  readonly subject: string;
  readonly text: string;
  /** A whole document; `letterHtml` in html.ts makes one from the same paragraphs. */
  readonly html: string;
  /** BCP 47 tag of the language it is written in. */
  readonly language: string;
  readonly replyTo?: string | null;
  /** Where one click ends all such letters (RFC 8058); none on letters that somebody has asked for. */
  readonly unsubscribe?: string | null;
}

/** The message is not due any more, for ever: `reason` is a code of `faults.ts`. */
export interface Skip {
  readonly skip: string;
}

/** The message is not due yet, such as while an administration is paused; it is asked for again at that time. */
export interface Wait {
  readonly wait: string;
  readonly until: Date;
}

export type Writer = (context: Context, message: StoredMessage) => Promise<Letter | Skip | Wait>;
