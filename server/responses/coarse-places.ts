/**
 * How much of a place an anonymous answer may tell: from the number of people who are asked in each arm, cluster, school and
 * role to what is left out of it. Pure; called by `anonymous-places.ts`, by the preview of a plan, by the demonstration and for disclosure-controlled datasets.
 *
 * Answers are told apart by what is stored of their place. So everybody who is asked belongs to one group, those whose answers
 * are stored alike, and no group may be smaller than the study's minimum: then no answer can be laid to fewer people than
 * that, whoever knows the whole roster, and nothing is left to be had by subtraction. The rarer thing goes first:
 *
 * - Role. In a school of enough people, the roles that are too few there are left out together. Where they are too few even
 *   together (the headteacher alone), the next smallest roles join them, since a single role without its name has its name.
 * - School. A school of too few people is left out, with its roles; its people stand with those of the other such schools of
 *   the cluster.
 * - Cluster. Where these are too few, their cluster is left out, too; they stand with the others of the arm. Where also those
 *   are too few, the smallest group of the arm that is large enough joins them.
 * - The arm stays. An arm of too few people cannot be hidden; an anonymous administration of it is not planned
 *   (`administrations/check.ts`).
 */
import type { Role } from '../../instruments/study.ts';

export interface AskedPlace<R extends string = Role> {
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly role: R;
}

/** How many are asked there; null where a staffroom shares a link and the roster knows nobody of the school. */
export interface AskedCell<R extends string = Role> extends AskedPlace<R> {
  readonly n: number | null;
}

export type PlacePart = 'role' | 'school' | 'cluster';
/** What is left out, each step with the ones before it. */
const steps = {
  nothing: [],
  role: ['role'],
  school: ['role', 'school'],
  cluster: ['role', 'school', 'cluster'],
} as const satisfies Record<string, readonly PlacePart[]>;
type Step = keyof typeof steps;

export interface CoarsePlace<R extends string = Role> {
  readonly arm: string;
  readonly cluster: string | null;
  readonly school: string | null;
  readonly role: R | null;
  /** Not there: all of it is told. */
  readonly withheld?: readonly PlacePart[];
}

export interface CoarsePlaces<R extends string = Role> {
  of(place: AskedPlace<R>): CoarsePlace<R>;
  /** Of answers that tell no role (a file leaves it out): as much of the rest as others tell who are left without one. */
  withoutRole(place: Omit<AskedPlace<R>, 'role'>): CoarsePlace<R>;
  /** How many people's role, school and cluster are left out, and how many are too few in their arm. */
  readonly people: Readonly<Record<PlacePart | 'tooFew', number>>;
}

const keyOf = ({ arm, cluster, school, role }: AskedPlace<string>) => JSON.stringify([arm, cluster, school, role]);
/** Where nobody is known they count as enough: a whole staffroom. */
const total = (cells: readonly AskedCell<string>[]) =>
  cells.reduce((sum, { n }) => sum + (n ?? Number.POSITIVE_INFINITY), 0);
const isSmall = (cells: readonly AskedCell<string>[], minimum: number) => total(cells) > 0 && total(cells) < minimum;

export function coarsePlaces<R extends string = Role>(
  cells: readonly AskedCell<R>[],
  minimum: number,
): CoarsePlaces<R> {
  const stepOf = new Map<string, Step>();
  const people = { role: 0, school: 0, cluster: 0, tooFew: 0 };
  for (const inArm of groupsBy(cells, ({ arm }) => arm)) {
    const found = stepsInArm(inArm, minimum);
    for (const [cell, step] of found) {
      stepOf.set(keyOf(cell), step);
      for (const part of steps[step]) people[part] += cell.n ?? 0;
    }
    if (isSmall(inArm, minimum)) people.tooFew += total(inArm);
  }
  return {
    people,
    // Of a place of which nobody is known to be asked nothing but the arm is told.
    of: (place) => coarse(place, stepOf.get(keyOf(place)) ?? 'cluster'),
    withoutRole({ arm, cluster, school }) {
      const withStep = (step: Step, here: (cell: AskedCell<R>) => boolean) =>
        cells.some((cell) => cell.arm === arm && here(cell) && stepOf.get(keyOf(cell)) === step);
      const ofCluster = (cell: AskedCell<R>) => cell.cluster === cluster;
      if (school !== null && withStep('role', (cell) => ofCluster(cell) && cell.school === school)) {
        return { arm, cluster, school, role: null, withheld: steps.role };
      }
      if (cluster !== null && withStep('school', ofCluster)) {
        return { arm, cluster, school: null, role: null, withheld: steps.school };
      }
      return { arm, cluster: null, school: null, role: null, withheld: steps.cluster };
    },
  };
}

/** People counted by where they are asked. */
export function askedCells<R extends string = Role>(people: readonly AskedPlace<R>[]): AskedCell<R>[] {
  return groupsBy(people, keyOf).flatMap((group) =>
    group.slice(0, 1).map(({ arm, cluster, school, role }) => ({ arm, cluster, school, role, n: group.length })),
  );
}

function coarse<R extends string>({ arm, cluster, school, role }: AskedPlace<R>, step: Step): CoarsePlace<R> {
  if (step === 'nothing') return { arm, cluster, school, role };
  const withheld: readonly PlacePart[] = steps[step];
  const told = <T>(part: PlacePart, value: T) => (withheld.includes(part) ? null : value);
  return { arm, cluster: told('cluster', cluster), school: told('school', school), role: null, withheld };
}

function stepsInArm<C extends AskedCell<string>>(cells: readonly C[], minimum: number): Map<C, Step> {
  const found = new Map<C, Step>();
  const mark = (some: readonly C[], step: Step) => {
    for (const cell of some) found.set(cell, step);
  };
  const schools = groupsBy(cells, ({ cluster, school }) => JSON.stringify([cluster, school]));
  const large = schools.filter((school) => total(school) >= minimum);
  for (const school of large) {
    mark(school, 'nothing');
    mark(rareRoles(school, minimum), 'role');
  }
  const small = schools.filter((school) => total(school) < minimum).flat();
  const rests = groupsBy(small, ({ cluster }) => cluster);
  for (const rest of rests) mark(rest, isSmall(rest, minimum) ? 'cluster' : 'school');
  const lost = rests.filter((rest) => isSmall(rest, minimum)).flat();
  if (isSmall(lost, minimum)) {
    // The clusters' rests lose less than a school that could be told.
    const bySize = (groups: readonly (readonly C[])[]) => groups.toSorted((a, b) => total(a) - total(b));
    const enough = rests.filter((rest) => total(rest) >= minimum);
    const [joins = []] = [...bySize(enough), ...bySize(large)];
    mark(joins, 'cluster');
  }
  return found;
}

function groupsBy<T>(things: readonly T[], keyOf: (thing: T) => string | null): T[][] {
  const groups = new Map<string | null, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group) group.push(thing);
    else groups.set(keyOf(thing), [thing]);
  }
  return [...groups.values()];
}

/** The roles of a school that are left out: those that are too few, with as many others as it takes. */
function rareRoles<C extends AskedCell<string>>(cells: readonly C[], minimum: number): C[] {
  const bySize = cells.toSorted((a, b) => (a.n ?? 0) - (b.n ?? 0));
  const rare = bySize.filter(({ n }) => n === null || n < minimum);
  const others = bySize.filter((cell) => !rare.includes(cell));
  while (isSmall(rare, minimum)) {
    const next = others.shift();
    if (!next) break;
    rare.push(next);
  }
  return rare;
}
