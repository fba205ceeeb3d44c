/**
 * The words of every kind of message: one row a kind. The writer is called at the moment of sending with the context and
 * the message as it stands in the outbox, reads the address, and gives the letter or says why there is none. Used by
 * `../outbox/deliver.ts`. A new kind: its name in `../outbox/message.ts`, its writer here.
 */
import { writeAccountInvitation, writePasswordReset } from '../accounts/letters.ts';
import { writeExportEnded } from '../exports/letter.ts';
import type { MessageKind } from '../outbox/message.ts';
import type { Writer } from './letter.ts';
import { writeInvitation, writeTest } from './study-letters.ts';

export const writers: Readonly<Record<MessageKind, Writer>> = {
  invitation: writeInvitation,
  reminder: writeInvitation,
  test: writeTest,
  'account-invitation': writeAccountInvitation,
  'password-reset': writePasswordReset,
  'export-ended': writeExportEnded,
};
