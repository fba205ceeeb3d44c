/** Why a message did not go out, or not yet, in a sentence for the evaluator. Used by the list of messages and its CSV. */
import type { Fault } from '../outbox/store.ts';

const sentences: Readonly<Record<string, string>> = {
  // Skipped when its turn came.
  responded: 'The person had responded by then.',
  declined: 'The person had chosen not to take part.',
  ineligible: 'The person was marked as ineligible.',
  revoked: 'The link had been withdrawn.',
  withdrawn: 'The person had withdrawn from the study.',
  closed: 'The administration had closed.',
  gone: 'The study, the administration or the link was not there any more.',
  'no-address': 'No e-mail address is known for the person.',
  'bad-address': 'What stands as the e-mail address of the person is none.',
  'opted-out': 'The person asked for no more messages about this study.',
  bounced: 'An earlier message to this address came back. Correct the address in the roster.',
  // Waiting.
  'not-open-yet': 'It goes out once the administration is open.',
  'not-ended-yet': 'It goes out once the file is there.',
  paused: 'It goes out once the administration is not paused any more.',
  'no-identity-key':
    'The name and address are encrypted with a key that the server does not have. Restart it with all FIDELIS_IDENTITY_KEYS; it is tried again.',
  'not-written': 'It could not be written; the log of the server says why. It is tried again.',
  // The mail server.
  'cannot-connect': 'The mail server could not be reached.',
  'no-secure-connection': 'There was no secure connection to the mail server.',
  'sign-in-refused': 'The mail server did not accept the user name or the password in SMTP_URL.',
  'connection-lost': 'The connection to the mail server was lost.',
  'address-refused': 'The mail server did not take the address.',
  'message-refused': 'The mail server did not take the message.',
  'stopped-while-sending': 'The server stopped just as the message was handed over. It may have arrived.',
  'marked-bounced': 'It came back, as somebody marked by hand.',
};

/** The sentence, with the codes of the mail server where it gave any; empty without a fault. */
export function faultInWords(fault: Fault | null): string {
  if (fault === null) return '';
  const codes = [fault.reply, fault.status].filter((code) => code !== undefined).join(' ');
  return `${sentences[fault.code] ?? fault.code}${codes === '' ? '' : ` (${codes})`}`;
}
