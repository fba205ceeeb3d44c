/**
 * Creates a study from one file: the study, its clusters, schools and people, and its administrations with a link for
 * everybody whom they are for. Called by `fidelis studies create` and the screen for a new study; the format is described in `server/README.md`.
 */
import { z } from 'zod';
import type { Issue } from '../../instruments/instrument.ts';
import { whyNotAnonymous, whyNotRepeated } from '../administrations/check.ts';
import { administrationSchema } from '../administrations/schemas.ts';
import { insertAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { issuesOf } from '../http.ts';
import { type Identity, saveIdentities } from '../identities/store.ts';
import { compiledInstrument, findInstrumentVersion } from '../instruments/store.ts';
import { staffOf } from '../invitations/audience.ts';
import { invitationFor, isInvited } from '../invitations/invite.ts';
import { insertInvitations } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { insertClusters, insertPeople, insertSchools, type Person } from '../rosters/store.ts';
import { deleteStudy } from './delete.ts';
import { studyIssues } from './edit.ts';
import { clusterSchema, personSchema, schoolSchema, studySchema } from './schemas.ts';
import { findStudy, insertStudy } from './store.ts';

const identityShape = {
  name: z.string().min(1).max(200).nullable().optional(),
  email: z.email().nullable().optional(),
  language: z.string().min(2).max(20).nullable().optional(),
};

export const studyFileSchema = z.strictObject({
  study: studySchema,
  clusters: z.array(clusterSchema).default([]),
  schools: z.array(schoolSchema).default([]),
  /** Names and addresses go to the identities, apart from the roster. */
  people: z.array(personSchema.extend(identityShape)).default([]),
  /** Without `study`, which is the one above. */
  administrations: z.array(administrationSchema.omit({ study: true })).default([]),
});
export type StudyFile = z.output<typeof studyFileSchema>;

export interface CreatedStudy {
  readonly study: string;
  readonly clusters: number;
  readonly schools: number;
  readonly people: number;
  readonly administrations: number;
  readonly invitations: number;
}

const batchSize = 1000;

/**
 * Throws `invalid-request` with everything that is wrong with the file, and `already-exists` when the id is taken.
 * The study itself is stored last: one that can be seen is complete, and a broken creation can be repeated.
 */
export async function createStudy(context: Context, json: unknown): Promise<CreatedStudy> {
  const parsed = studyFileSchema.safeParse(json);
  if (!parsed.success) throw new Problem('invalid-request', { issues: issuesOf(parsed.error, 'file') });
  const file = parsed.data;
  const { db } = context;
  const { id } = file.study;
  const issues = [...rosterIssues(file), ...(await administrationIssues(context, file))];
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  if (await findStudy(db, id)) throw new Problem('already-exists', { detail: `There is a study "${id}".` });
  // What a broken creation may have left.
  await deleteStudy(context, id);
  await insertClusters(db, id, file.clusters);
  await insertSchools(db, id, file.schools);
  for (const people of batches(file.people)) {
    await saveIdentities(context, id, people.flatMap(identityOf));
    await insertPeople(db, id, people.map(withoutIdentity));
  }
  const administrations = file.administrations.map((administration) => ({ ...administration, study: id }));
  let invited = 0;
  for (const administration of administrations) {
    await insertAdministration(db, administration);
    const invitations = (await staffOf(context, file.study, administration))
      .filter((person) => isInvited(administration, person))
      .map((person) => invitationFor(context, administration, person));
    for (const batch of batches(invitations)) await insertInvitations(db, batch);
    invited += invitations.length;
  }
  await insertStudy(db, file.study, context.clock());
  return {
    study: id,
    clusters: file.clusters.length,
    schools: file.schools.length,
    people: file.people.length,
    administrations: administrations.length,
    invitations: invited,
  };
}

type FilePerson = StudyFile['people'][number];

function identityOf({ id, name = null, email = null, language = null }: FilePerson): Identity[] {
  return name === null && email === null && language === null ? [] : [{ person: id, name, email, language }];
}

function withoutIdentity({ name: _name, email: _email, language: _language, ...person }: FilePerson): Person {
  return person;
}

function* batches<T>(list: readonly T[]): Generator<T[]> {
  for (let at = 0; at < list.length; at += batchSize) yield list.slice(at, at + batchSize);
}

/** Ids that are there twice, and names of things that are not there. */
function rosterIssues({ study, clusters, schools, people, administrations }: StudyFile): Issue[] {
  const arms = new Set(study.arms.map(({ id }) => id));
  const clusterArms = new Map(clusters.map(({ id, arm }) => [id, arm]));
  const schoolById = new Map(schools.map((school) => [school.id, school]));
  const issues = [
    ...studyIssues(study, 'file.study'),
    ...repeated('clusters', clusters),
    ...repeated('schools', schools),
    ...repeated('people', people),
    ...repeated('administrations', administrations),
  ];
  const refuse = (code: string, path: string, message: string) => {
    issues.push({ code, path: `file.${path}`, message });
  };
  const inArm = (arm: string, path: string) => {
    if (!arms.has(arm)) refuse('unknown-arm', `${path}.arm`, `The study has no arm "${arm}".`);
  };
  clusters.forEach(({ arm }, at) => {
    inArm(arm, `clusters.${at}`);
  });
  schools.forEach(({ arm, cluster }, at) => {
    const path = `schools.${at}`;
    // In no arm yet: told as a flaw of the design.
    if (arm !== '') inArm(arm, path);
    if (cluster === null) return;
    if (!clusterArms.has(cluster)) refuse('unknown-cluster', `${path}.cluster`, `There is no cluster "${cluster}".`);
    else if (clusterArms.get(cluster) !== arm) refuse('other-arm', `${path}.arm`, 'The cluster is in another arm.');
  });
  people.forEach(({ arm, cluster, school }, at) => {
    const path = `people.${at}`;
    if (arm !== '') inArm(arm, path);
    const found = school === null ? undefined : schoolById.get(school);
    if (school !== null && !found) refuse('unknown-school', `${path}.school`, `There is no school "${school}".`);
    if (found && found.arm !== arm) refuse('other-arm', `${path}.arm`, 'The school is in another arm.');
    if (found && found.cluster !== cluster)
      refuse('other-cluster', `${path}.cluster`, 'The school is in another cluster.');
    if (!found && cluster !== null && !clusterArms.has(cluster)) {
      refuse('unknown-cluster', `${path}.cluster`, `There is no cluster "${cluster}".`);
    }
  });
  return issues;
}

function repeated(path: string, members: readonly { id: string }[]): Issue[] {
  const seen = new Set<string>();
  return members.flatMap(({ id }, at) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ code: 'repeated-id', path: `file.${path}.${at}.id`, message: `"${id}" is there twice.` }];
  });
}

async function administrationIssues({ db }: Context, { study, administrations }: StudyFile): Promise<Issue[]> {
  const issues: Issue[] = [];
  for (const [at, administration] of administrations.entries()) {
    const { instrument, version, wave, audience, opens, closes } = administration;
    const refuse = (code: string, field: string, message: string) => {
      issues.push({ code, path: `file.administrations.${at}.${field}`, message });
    };
    if (!study.waves.some(({ id }) => id === wave)) refuse('unknown-wave', 'wave', `The study has no wave "${wave}".`);
    for (const arm of audience.arms) {
      if (!study.arms.some(({ id }) => id === arm))
        refuse('unknown-arm', 'audience.arms', `The study has no arm "${arm}".`);
    }
    if (closes < opens) refuse('bad-order', 'closes', 'The last day comes before the first.');
    const published = await findInstrumentVersion(db, instrument, version);
    const why = published && whyNotRepeated(administration, published.instrument);
    if (why) refuse('not-repeated', 'repeats', why);
    const named = published && whyNotAnonymous(administration, await compiledInstrument(db, instrument, version));
    if (named) refuse('not-anonymous', 'mode', named);
    if (!published) {
      refuse(
        'unknown-instrument',
        'instrument',
        `Version ${version} of "${instrument}" is not published. Publish it first: npx fidelis instruments add FILE --why "…"`,
      );
    }
  }
  return issues;
}
