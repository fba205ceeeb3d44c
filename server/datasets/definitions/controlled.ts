/**
 * Disclosure control of rows: ids that lead nowhere, and roles and schools withheld where too few people share them. Called
 * by `main-table.ts` and `linked-tables.ts` for datasets of the level `controlled`.
 *
 * A role is withheld where fewer people of an administration than the study's minimum hold it at a school. Whoever counts
 * the withheld ones must not learn a role by that either: when the withheld roles of a school are fewer people than the
 * minimum together, the next smallest role of the school is withheld with them. A school whose answers are fewer than the
 * minimum is withheld with all its roles, and the cluster stays; so for a cluster within its arm.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../../context.ts';

export type PlaceKind = 'response' | 'person' | 'school' | 'cluster';

/** A short code for an id that is the same in all files of one dataset, in every export of it, and in no other dataset. */
export type Coder = (kind: PlaceKind, id: string) => string;

export function newCoder({ secret }: Pick<Context, 'secret'>, study: string, dataset: string): Coder {
  const key = secret.derive('dataset-codes');
  const known = new Map<string, string>();
  return (kind, id) => {
    const name = JSON.stringify([study, dataset, kind, id]);
    let code = kind === 'response' ? undefined : known.get(name);
    if (code === undefined) {
      code = kind.charAt(0) + createHmac('sha256', key).update(name).digest('hex').slice(0, 12);
      if (kind !== 'response') known.set(name, code);
    }
    return code;
  };
}

export interface Place {
  readonly arm: string | null;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly role: string | null;
}

/** Counts the people of one administration by their places, then says how much of a place may be told. */
export class PlaceCells {
  readonly #minimum: number;
  readonly #roles = new Map<string, Map<string, number>>();
  readonly #schools = new Map<string, Map<string, number>>();
  #withheldRoles: ReadonlySet<string> | null = null;
  #withheldSchools: ReadonlySet<string> | null = null;
  #withheldClusters: ReadonlySet<string> | null = null;

  constructor(minimum: number) {
    this.#minimum = minimum;
  }

  add({ arm, cluster, school, role }: Place): void {
    count(this.#schools, JSON.stringify([arm, cluster]), school ?? '');
    if (school !== null) count(this.#roles, school, role ?? '');
  }

  /** The place without what too few people share. */
  coarse(place: Place): Place {
    this.#withheldRoles ??= withheldIn(this.#roles, this.#minimum);
    this.#withheldSchools ??= withheldIn(this.#schools, this.#minimum);
    this.#withheldClusters ??= withheldIn(this.#byArm(), this.#minimum);
    const { arm, cluster, school, role } = place;
    const group = JSON.stringify([arm, cluster]);
    const noCluster = cluster !== null && this.#withheldClusters.has(JSON.stringify([arm ?? '', cluster]));
    const noSchool = noCluster || (school !== null && this.#withheldSchools.has(JSON.stringify([group, school])));
    const noRole = noSchool || (school !== null && this.#withheldRoles.has(JSON.stringify([school, role ?? ''])));
    return {
      arm,
      cluster: noCluster ? null : cluster,
      school: noSchool ? null : school,
      role: noRole ? null : role,
    };
  }

  #byArm(): Map<string, Map<string, number>> {
    const arms = new Map<string, Map<string, number>>();
    for (const [group, schools] of this.#schools) {
      const [arm, cluster] = JSON.parse(group) as [string | null, string | null];
      for (const n of schools.values()) count(arms, arm ?? '', cluster ?? '', n);
    }
    return arms;
  }
}

function count(groups: Map<string, Map<string, number>>, group: string, member: string, n = 1): void {
  const members = groups.get(group) ?? new Map<string, number>();
  groups.set(group, members);
  members.set(member, (members.get(member) ?? 0) + n);
}

function withheldIn(groups: ReadonlyMap<string, ReadonlyMap<string, number>>, minimum: number): Set<string> {
  const withheld = new Set<string>();
  for (const [group, members] of groups) {
    for (const member of withheldMembers(members, minimum)) withheld.add(JSON.stringify([group, member]));
  }
  return withheld;
}

/**
 * The members of a group that must not be told apart: those of fewer people than the minimum, and as many more, smallest
 * first, as it takes for them to be the minimum together.
 *
 * @example
 * withheldMembers(new Map([['teacher', 20], ['headteacher', 1], ['champion', 6]]), 5) // => ['headteacher', 'champion']
 */
export function withheldMembers(members: ReadonlyMap<string, number>, minimum: number): string[] {
  const ascending = [...members].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  const withheld: string[] = [];
  let people = 0;
  for (const [member, n] of ascending) {
    if (n >= minimum && (people === 0 || people >= minimum)) break;
    withheld.push(member);
    people += n;
  }
  return withheld;
}
