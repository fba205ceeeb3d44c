/** What states and kinds of messages are called, in one place. */
import type { MailingRow, MessageKind, MessageState } from '../../shared/messages-api.ts';

export const stateTitles: Readonly<Record<MessageState, string>> = {
  waiting: 'Waiting',
  sending: 'Being sent',
  'handed-over': 'Being sent',
  sent: 'Sent',
  uncertain: 'Uncertain',
  failed: 'Failed',
  bounced: 'Came back',
  skipped: 'Not sent',
  cancelled: 'Cancelled',
};

/** The look of the mark, from those that there are. */
export const stateMarks: Readonly<Record<MessageState, string>> = {
  waiting: 'mark-planned',
  sending: 'mark-planned',
  'handed-over': 'mark-planned',
  sent: 'mark-open',
  uncertain: 'mark-paused',
  failed: 'mark-link-revoked',
  bounced: 'mark-link-revoked',
  skipped: 'mark-planned',
  cancelled: 'mark-planned',
};

export const kindTitles: Readonly<Record<MessageKind, string>> = {
  invitation: 'Invitation',
  reminder: 'Reminder',
  test: 'Test',
};

export const mailingTitles: Readonly<Record<MailingRow['state'], string>> = {
  planned: 'Planned',
  running: 'Under way',
  done: 'Done',
  cancelled: 'Cancelled',
};

/** How a language is called in English. */
export function languageTitle(tag: string): string {
  return new Intl.DisplayNames(['en-GB'], { type: 'language' }).of(tag) ?? tag;
}
