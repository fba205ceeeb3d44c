/** The audit in words: what was done, to what, by whom. Used by the audit's pages. */
import type { AuditEntry } from '../../shared/api.ts';
import { permissionTitle } from '../accounts/permission-words.ts';

/** Every verb of `server/audit/verbs.ts`; a test compares the two. */
export const verbTitles: Readonly<Record<string, string>> = {
  'access.read': 'Looked at who has access',
  'account.accept-invitation': 'Accepted an invitation',
  'account.change-password': 'Changed the password',
  'account.create': 'Made an account',
  'account.invite': 'Sent an invitation to an account',
  'account.read': 'Looked at the accounts',
  'account.remove': 'Removed an account',
  'account.rename': 'Changed the name',
  'account.reset-password': 'Set a new password by e-mail',
  'account.reset-request': 'Asked for a new password',
  'account.set-up': 'Made the first administrator',
  'account.sign-in': 'Signed in',
  'account.sign-out': 'Signed out',
  'administration.change-state': 'Opened, paused or closed an administration',
  'administration.create': 'Planned an administration',
  'administration.delete': 'Deleted an administration',
  'administration.edit': 'Changed an administration',
  'amendment.export': 'Downloaded the amendments',
  'audit.export': 'Downloaded the audit',
  'audit.read': 'Read the audit',
  'bounce.note': 'Noted which addresses messages came back from',
  'call.note': 'Wrote down a call to a school',
  'call.read': 'Looked at the schools to call',
  'codebook.export': 'Read or printed a codebook',
  'dataset.define': 'Defined a dataset',
  'dataset.delete': 'Deleted the definition of a dataset',
  'dataset.export': 'Read or downloaded coded data',
  'identity.read': 'Saw names or e-mail addresses',
  'identity.rotate-keys': 'Encrypted identities with another key',
  'information.create': 'Wrote an information sheet',
  'information.delete': 'Deleted a draft of an information sheet',
  'information.edit': 'Changed a draft of an information sheet',
  'instrument.publish': 'Published an instrument',
  'invitation.export': 'Downloaded survey links',
  'invitation.make-shared': 'Made staffroom links',
  'invitation.mark-eligible': 'Took back that a person is ineligible',
  'invitation.mark-ineligible': 'Marked a person as ineligible',
  'invitation.print': 'Printed sheets with staffroom links',
  'invitation.read': 'Saw survey links',
  'invitation.refresh': 'Brought survey links up to date with the roster',
  'invitation.reissue': 'Renewed a survey link',
  'invitation.revoke': 'Withdrew a survey link',
  'mailing.cancel': 'Cancelled a mailing',
  'mailing.plan': 'Sent or planned invitations or reminders',
  'mailing.send': 'Made the messages of a mailing',
  'message.change-state': 'Sent, cancelled or settled one message',
  'message.export': 'Downloaded the list of messages',
  'message.read': 'Looked at the list of messages',
  'message.retry': 'Sent failed messages again',
  'message.test': 'Sent a test message',
  'person.erase': 'Erased who a person is',
  'person.export': 'Downloaded all that is held on a person',
  'person.read': 'Looked at the page of a person',
  'person.withdraw': 'Withdrew a person from the study',
  'release.create': 'Froze a release',
  'release.export': 'Downloaded a file of a release',
  'release.verify': 'Checked a release against the data',
  'response.import': 'Imported answers',
  'response.simulate': 'Simulated answers',
  'response.withdraw': 'Withdrew answers by a receipt code',
  'retention.set': 'Set how long the study keeps what',
  'retention.sweep': 'Removed what was kept long enough',
  'roster.add': 'Added to the roster',
  'roster.change': 'Recorded a dated change in the roster',
  'roster.discard-import': 'Gave up a checked roster file',
  'roster.edit': 'Corrected an entry of the roster',
  'roster.import': 'Imported a roster',
  'roster.remove': 'Removed from the roster',
  'roster.undo': 'Took back a change in the roster',
  'roster.upload': 'Uploaded a roster file to check it',
  'second-factor.begin': 'Began to set up two-factor sign-in',
  'second-factor.recovery-codes': 'Made new recovery codes',
  'second-factor.reset': 'Reset the two-factor sign-in of somebody',
  'second-factor.turn-off': 'Turned two-factor sign-in off',
  'second-factor.turn-on': 'Turned two-factor sign-in on',
  'session.end': 'Ended sessions',
  'study.create': 'Created a study',
  'study.delete': 'Deleted a study',
  'study.edit': 'Changed a study',
  'study.set-languages': 'Changed the languages of a study',
  'study.share': 'Gave somebody access to a study',
  'study.unshare': 'Took the access to a study away',
  'template.save': 'Saved the text of a message',
  'token.create': 'Made an API token',
  'token.revoke': 'Took an API token away',
  'wave.create': 'Planned a wave',
  'wave.edit': 'Changed a wave',
  'withdrawal.read': 'Looked at the withdrawals',
};

/** What was done. Entries of an earlier version name the right that the request needed. */
export function verbTitle(verb: string): string {
  return verbTitles[verb] ?? permissionTitle(verb);
}

const kinds: Readonly<Record<AuditEntry['actor']['kind'], string>> = {
  account: 'An account that has gone',
  token: 'A token of an account that has gone',
  command: 'The command line',
  system: 'Fidelis itself',
  stranger: 'Nobody signed in',
};

export function actorTitle({ kind, id, name }: AuditEntry['actor']): string {
  if (kind === 'command') return id === null ? kinds.command : `${kinds.command} (${id})`;
  if (name === null) return kinds[kind];
  return kind === 'token' ? `${name}, by API token` : name;
}

export const thingTitles: Readonly<Record<string, string>> = {
  account: 'Account',
  administration: 'Administration',
  dataset: 'Dataset',
  file: 'File',
  format: 'Format',
  import: 'Roster import',
  instrument: 'Instrument',
  invitation: 'Invitation',
  kind: 'Kind',
  language: 'Language',
  mailing: 'Mailing',
  member: 'In the roster',
  level: 'Disclosure level',
  message: 'Message',
  person: 'Person',
  purpose: 'Purpose',
  release: 'Release',
  route: 'Request',
  session: 'Session',
  sheet: 'Information sheet',
  token: 'Token',
  version: 'Version',
  wave: 'Wave',
};

export function thingTitle(name: string): string {
  return thingTitles[name] ?? name;
}
