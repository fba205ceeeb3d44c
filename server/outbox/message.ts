/**
 * A message as it waits in the outbox: to whom and of what kind, with ids from which it is written when it is sent. Neither
 * addresses nor links nor names stand here: the address is read from the identity or the account at that moment, and
 * tokens are derived again. Features call `enqueue` (store.ts); each kind has its words in `kinds.ts`.
 */

export const messageKinds = ['invitation', 'reminder', 'test', 'password-reset', 'account-invitation'] as const;
export type MessageKind = (typeof messageKinds)[number];

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
