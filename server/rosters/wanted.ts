/**
 * What a row of a roster file wants: a member with its place, found among the clusters and schools of study and file.
 * Called by the import's check.
 *
 * People need a pseudonym. Safest is one that the file gives. Where it gives none, the person who has the e-mail address of
 * the row is meant; a person not known yet gets a pseudonym derived from the address, or, without one, from school and
 * name: by HMAC with a key of the installation, so that it is the same for the same file, and nobody without the key can
 * find it out from an address.
 */
import { createHmac } from 'node:crypto';
import type { Arm, Role } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import type { FileRow, RosterIssue } from './files/read-row.ts';
import type { MemberKind } from './models.ts';
import type { PlaceIndex } from './place-index.ts';

/** Who a person is; only what the file has columns for. */
export interface WantedIdentity {
  readonly name?: string | null;
  readonly email?: string | null;
  readonly language?: string | null;
}

export interface Wanted {
  readonly kind: MemberKind;
  readonly id: string;
  /** Fields that say nothing about the place: name, number and so on, as far as the file has them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Cluster, school, role, as far as the file has them. */
  readonly place: Readonly<Record<string, string | null>>;
  /** Null where the row does not say, for a member that is there already. */
  readonly arm: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface WantedRow {
  readonly wanted: Wanted;
  readonly identity: WantedIdentity | null;
}

export interface Surroundings {
  readonly context: Pick<Context, 'secret'>;
  readonly study: { readonly id: string; readonly arms: readonly Arm[] };
  readonly places: PlaceIndex;
  readonly sheet: string | null;
  /** Pseudonyms of those who have the e-mail addresses of these rows. */
  readonly byEmail: ReadonlyMap<string, readonly string[]>;
}

type Refuse = (column: string, code: string, message: string) => void;

/** The wanted member, or what is wrong with the row. */
export function wantedOf(kind: MemberKind, row: FileRow, around: Surroundings): WantedRow | readonly RosterIssue[] {
  const problems: RosterIssue[] = [];
  const refuse: Refuse = (column, code, message) =>
    problems.push({ sheet: around.sheet, row: row.row, column, code, message });
  const made =
    kind === 'clusters'
      ? wantedCluster(row, around, refuse)
      : kind === 'schools'
        ? wantedSchool(row, around, refuse)
        : wantedPerson(row, around, refuse);
  return problems.length > 0 ? problems : made;
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** What the row says of these columns. An empty cell says nothing, and so takes nothing away. */
function given(values: FileRow['values'], names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => ((values[name] ?? null) === null ? [] : [[name, values[name]] as const])),
  );
}

const days = ({ values }: FileRow) => ({ from: text(values.from), to: text(values.to) });

function armOf({ study }: Surroundings, called: string | null, refuse: Refuse): string | null {
  if (called === null) return null;
  const key = called.toLowerCase();
  const arm = study.arms.find(({ id, title }) => id === called || title.toLowerCase() === key);
  if (!arm) refuse('arm', 'unknown-arm', `The study has these arms: ${study.arms.map(({ id }) => id).join(', ')}.`);
  return arm?.id ?? null;
}

function wantedCluster(row: FileRow, around: Surroundings, refuse: Refuse): WantedRow {
  const { values } = row;
  const arm = armOf(around, text(values.arm), refuse);
  const fields = given(values, ['name']);
  return {
    wanted: { kind: 'clusters', id: text(values.id) ?? '', fields, place: {}, arm, ...days(row) },
    identity: null,
  };
}

function clusterOf({ places }: Surroundings, called: string | null, refuse: Refuse) {
  if (called === null) return null;
  const cluster = places.findCluster(called);
  if (cluster === 'none') refuse('cluster', 'unknown-cluster', `There is no cluster "${called}" in study or file.`);
  else if (cluster === 'several')
    refuse('cluster', 'ambiguous-cluster', 'Several clusters have this name: give the id.');
  else return cluster;
  return null;
}

function wantedSchool(row: FileRow, around: Surroundings, refuse: Refuse): WantedRow {
  const { values, extra } = row;
  const id = text(values.id) ?? text(values.number);
  if (id === null) refuse('id', 'needed', 'Give an id or a national number.');
  const cluster = clusterOf(around, text(values.cluster), refuse);
  const ownArm = armOf(around, text(values.arm), refuse);
  if (cluster && ownArm !== null && cluster.arm !== ownArm && values.from === null) {
    refuse('arm', 'other-arm', `The cluster "${cluster.id}" is in the arm ${cluster.arm}.`);
  }
  // Without a day, an empty cell says nothing; with one, the school is in no cluster from then on.
  const place: Wanted['place'] = cluster || text(values.from) !== null ? { cluster: cluster?.id ?? null } : {};
  const further = Object.fromEntries(Object.entries(extra).filter(([, value]) => value !== ''));
  const fields = {
    ...given(values, ['name', 'number', 'phase', 'pupils', 'disadvantaged']),
    ...(Object.keys(further).length > 0 ? { extra: further } : {}),
  };
  const arm = ownArm ?? cluster?.arm ?? null;
  return { wanted: { kind: 'schools', id: id ?? '', fields, place, arm, ...days(row) }, identity: null };
}

function wantedPerson(row: FileRow, around: Surroundings, refuse: Refuse): WantedRow {
  const { values } = row;
  const called = text(values.school);
  const found = called === null ? null : around.places.findSchool(called);
  if (found === 'none') refuse('school', 'unknown-school', `There is no school "${called}" in study or file.`);
  if (found === 'several') refuse('school', 'ambiguous-school', 'Several schools have this name: give the id.');
  const school = typeof found === 'object' ? found : null;
  const named = clusterOf(around, text(values.cluster), refuse);
  if (school && named && school.cluster !== named.id && values.from === null) {
    refuse(
      'cluster',
      'other-cluster',
      'The school is in another cluster. Leave this cell empty for people of a school.',
    );
  }
  if (called === null && !named && text(values.cluster) === null) {
    refuse('school', 'needed', 'Give the school, or the cluster of somebody who works for a whole cluster.');
  }
  const cluster = school ? school.cluster : (named?.id ?? null);
  return {
    wanted: {
      kind: 'people',
      id: personId(row, school?.id ?? null, around, refuse),
      fields: {},
      place: { school: school?.id ?? null, cluster, role: (values.role ?? '') as Role },
      arm: school?.arm ?? named?.arm ?? null,
      ...days(row),
    },
    identity: given(values, ['name', 'email', 'language']),
  };
}

function personId({ values }: FileRow, school: string | null, around: Surroundings, refuse: Refuse): string {
  const id = text(values.id);
  if (id !== null) return id;
  const email = text(values.email);
  if (email !== null) {
    const [known, ...others] = around.byEmail.get(email) ?? [];
    if (others.length > 0) {
      refuse(
        'email',
        'ambiguous-email',
        `Several people have this address: ${[known, ...others].join(', ')}. Give the id.`,
      );
    }
    return known ?? derivedId(around, `email\n${email.normalize('NFC').toLowerCase()}`);
  }
  const name = text(values.name);
  if (name !== null && school !== null) return derivedId(around, `name\n${school}\n${name.toLowerCase()}`);
  refuse('id', 'needed', 'Give a pseudonym as id, or an e-mail address, or school and name.');
  return '';
}

/** 80 bits, in letters and digits that cannot be mistaken for one another. */
function derivedId({ context, study }: Surroundings, of: string): string {
  const bytes = createHmac('sha256', context.secret.derive('roster-person')).update(`${study.id}\n${of}`).digest();
  const letters = '0123456789abcdefghjkmnpqrstvwxyz';
  return `p-${[...bytes.subarray(0, 16)].map((byte) => letters[byte & 31]).join('')}`;
}
