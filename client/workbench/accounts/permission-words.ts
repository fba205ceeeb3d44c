/** Permissions in words, for choosing the scopes of a token and for reading the audit. */

const titles: Readonly<Record<string, string>> = {
  'account.manage': 'Manage accounts',
  'administration.manage': 'Plan, open and close administrations',
  'administration.read': 'Read administrations and response rates',
  'audit.read': 'Read the audit',
  'dataset.controlled': 'Download disclosure-controlled datasets',
  'dataset.export': 'Download coded data with pseudonyms',
  'dataset.release': 'Freeze releases of datasets',
  'fidelity.manage': 'Change the fidelity model and decide on findings',
  'fidelity.read': 'See what was delivered, and how well',
  'feedback.read': 'Read released school reports',
  'identity.read': 'See names and e-mail addresses',
  'instrument.manage': 'Design, publish and retire instruments',
  'instrument.read': 'Read instruments',
  'invitation.manage': 'Withdraw and renew survey links',
  'invitation.read': 'See survey links',
  'message.read': 'Read the list of messages',
  'message.send': 'Send invitations and reminders',
  'paper.enter': 'Type answers from paper',
  'person.manage': 'Withdraw and erase people',
  'report.read': 'Read reports',

  'report.release': 'Release school reports',
  'response.simulate': 'Simulate answers',
  'roster.manage': 'Change rosters',
  'roster.read': 'Read rosters',
  'study.create': 'Create studies',
  'study.delete': 'Delete studies',
  'study.manage': 'Change studies',
  'study.read': 'Read studies',
  'study.share': 'Give people access to a study',
};

export function permissionTitle(permission: string): string {
  return titles[permission] ?? permission;
}
