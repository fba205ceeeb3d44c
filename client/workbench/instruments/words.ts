/** Kinds, subjects and permissions of instruments in words. */
import type { InstrumentKind, PermissionRecord, Subject } from '../../../instruments/instrument.ts';

export const kindTitles: Readonly<Record<InstrumentKind, string>> = {
  survey: 'Questionnaire',
  log: 'Log',
  observation: 'Observation form',
};

export const subjectTitles: Readonly<Record<Subject, string>> = {
  person: 'about a person',
  school: 'about a school',
  cluster: 'about a cluster',
};

export const permissionTitles: Readonly<Record<PermissionRecord['status'], string>> = {
  'not-needed': 'No permission needed',
  granted: 'Permission granted',
  requested: 'Permission requested',
  missing: 'Permission missing',
};
