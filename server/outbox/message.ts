/**
 * A message as it waits in the outbox: to whom and of what kind, with ids from which it is written when it is sent. Neither
 * addresses nor links nor names stand here: the address is read from the identity or the account at that moment, and
 * tokens are derived again. Features call `enqueue` (store.ts); each kind has its words in `../mail/kinds.ts`.
 */

export const messageKinds = [
  'invitation',
  'reminder',
  'test',
  'password-reset',
  'account-invitation',
  'export-ended',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** Somebody sits and waits for these: they pass the others by. */
export const urgentKinds: readonly MessageKind[] = ['test', 'password-reset', 'account-invitation', 'export-ended'];

export type Recipient =
  | { readonly kind: 'person'; readonly study: string; readonly person: string }
  | { readonly kind: 'account'; readonly account: string };

export interface Message {
  /** The idempotency key: the same message asked for again is there already and goes out once. */
  readonly key: string;
  readonly kind: MessageKind;
  readonly to: Recipient;
  readonly study: string | null;
  /** Ids that the words are made from, such as the invitation. */
  readonly about: Readonly<Record<string, string | number>>;
  /** Not before; null: at once. */
  readonly sendAfter: Date | null;
}

/**
 * `sending`: a server holds it for a limited time and nothing has gone out. `handed-over`: the mail server has the text and
 * is about to be told that it is whole. `uncertain`: nobody can know whether it took it, because a server died or a line
 * broke just then. `skipped`: not due any more when its turn came, such as a reminder to somebody who has responded.
 */
export const messageStates = [
  'waiting',
  'sending',
  'handed-over',
  'sent',
  'uncertain',
  'failed',
  'bounced',
  'skipped',
  'cancelled',
] as const;
export type MessageState = (typeof messageStates)[number];

/** Which state may follow which; `store.ts` refuses all else. */
export const messageTransitions: Readonly<Record<MessageState, readonly MessageState[]>> = {
  waiting: ['sending', 'cancelled'],
  sending: ['waiting', 'handed-over', 'failed', 'bounced', 'skipped'],
  'handed-over': ['sent', 'waiting', 'failed', 'bounced', 'uncertain'],
  sent: ['bounced'],
  // A person decides: it has arrived, or it goes once more.
  uncertain: ['sent', 'waiting'],
  failed: ['waiting'],
  bounced: ['waiting'],
  // It never went out, and may once what stood against it is gone, such as a missing address.
  skipped: ['waiting'],
  cancelled: [],
};
