/** The audit in words: what was done, to what, by whom. Used by the audit's pages. */
import type { AuditEntry } from '../../shared/api.ts';
import { permissionTitle } from '../accounts/permission-words.ts';

const verbs: Readonly<Record<string, string>> = {
  'account.accept-invitation': 'Accepted an invitation',
  'account.change-password': 'Changed the password',
  'account.rename': 'Changed the name',
  'account.reset-password': 'Set a new password by e-mail',
  'account.reset-request': 'Asked for a new password',
  'account.set-up': 'Made the first administrator',
  'account.sign-in': 'Signed in',
  'account.sign-out': 'Signed out',
  'instrument.publish': 'Published an instrument',
  'response.import': 'Imported answers',
  'second-factor.begin': 'Began to set up two-factor sign-in',
  'second-factor.recovery-codes': 'Made new recovery codes',
  'second-factor.reset': 'Reset the two-factor sign-in of somebody',
  'second-factor.turn-off': 'Turned two-factor sign-in off',
  'second-factor.turn-on': 'Turned two-factor sign-in on',
  'session.end': 'Ended sessions',
  'token.create': 'Made an API token',
  'token.revoke': 'Took an API token away',
};

/** What was done; requests are told by the right that they needed. */
export function verbTitle(verb: string): string {
  return verbs[verb] ?? permissionTitle(verb);
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

const things: Readonly<Record<string, string>> = {
  account: 'Account',
  administration: 'Administration',
  format: 'Format',
  instrument: 'Instrument',
  invitation: 'Invitation',
  person: 'Person',
  route: 'Request',
  session: 'Session',
  token: 'Token',
  version: 'Version',
};

export function thingTitle(name: string): string {
  return things[name] ?? name;
}
