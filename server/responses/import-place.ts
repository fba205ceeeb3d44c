/** Whose response a row of an imported file is: person, school, cluster, arm and role, checked against the roster. */
import type { Connection } from 'mongoose';
import { type Administration, type Role, roles, type Study } from '../../instruments/study.ts';
import { listClusters, listPeople, listSchools } from '../rosters/store.ts';

export interface Place {
  readonly person: string | null;
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  /** Null of anonymous answers that do not tell it. */
  readonly role: Role | null;
}

/** The cells of a row that say whose it is; empty ones are empty texts. */
export type PlaceCells = Readonly<Record<'person' | 'school' | 'cluster' | 'arm' | 'role', string>>;

export type PlaceProblem = { readonly column: keyof PlaceCells; readonly code: string; readonly message: string };

/** Finds places in the roster of a study. */
export async function placeFinder(
  db: Connection,
  study: Study,
  administration: Administration,
): Promise<(cells: PlaceCells) => Place | PlaceProblem> {
  const [clusters, schools, people] = await Promise.all([
    listClusters(db, study.id),
    listSchools(db, study.id),
    listPeople(db, study.id),
  ]);
  const clusterById = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  // By id first; a name does where only one school has it.
  const schoolBy = new Map(
    schools
      .filter(({ name }) => schools.filter((one) => one.name === name).length === 1)
      .map((school) => [school.name, school]),
  );
  for (const school of schools) schoolBy.set(school.id, school);
  const personById = new Map(people.map((person) => [person.id, person]));
  const { arms: audienceArms, roles: audienceRoles } = administration.audience;
  const onlyArm = audienceArms.length === 1 ? audienceArms[0] : undefined;
  const onlyRole = audienceRoles.length === 1 ? audienceRoles[0] : undefined;

  return (cells) => {
    const person = personById.get(cells.person);
    if (cells.person !== '' && !person)
      return problem('person', 'unknown-person', 'This person is not in the roster of the study.');
    const school = schoolBy.get(cells.school === '' ? (person?.school ?? '') : cells.school);
    if (cells.school !== '' && !school)
      return problem('school', 'unknown-school', 'This school is not in the roster of the study.');
    if (person && school && person.school !== null && person.school !== school.id) {
      return problem('school', 'other-school', 'The roster has this person at another school.');
    }
    const clusterId = cells.cluster || (school?.cluster ?? person?.cluster ?? null);
    const cluster = clusterId === null ? undefined : clusterById.get(clusterId);
    if (cells.cluster !== '' && !cluster)
      return problem('cluster', 'unknown-cluster', 'This cluster is not in the roster of the study.');
    if (school && cluster && school.cluster !== cluster.id)
      return problem('cluster', 'other-cluster', 'The roster has this school in another cluster.');
    const known = school?.arm ?? cluster?.arm ?? person?.arm;
    const arm = cells.arm || (known ?? onlyArm);
    if (arm === undefined)
      return problem(
        'arm',
        'no-arm',
        'Nothing says to which arm this row belongs: give a column arm, school, cluster or person.',
      );
    if (!study.arms.some(({ id }) => id === arm)) return problem('arm', 'unknown-arm', 'The study has no such arm.');
    if (known !== undefined && known !== arm)
      return problem('arm', 'other-arm', 'The roster has this school or person in another arm.');
    const role = cells.role || (person?.role ?? onlyRole);
    const untold = role === undefined && administration.mode === 'anonymous';
    if (role === undefined && !untold)
      return problem('role', 'no-role', 'Nothing says which role this respondent has: give a column role or person.');
    if (role !== undefined && !isRole(role))
      return problem('role', 'unknown-role', `The roles are ${roles.join(', ')}.`);
    return {
      person: person?.id ?? null,
      school: school?.id ?? null,
      cluster: cluster?.id ?? null,
      arm,
      role: role ?? null,
    };
  };
}

function problem(column: keyof PlaceCells, code: string, message: string): PlaceProblem {
  return { column, code, message };
}

function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}
