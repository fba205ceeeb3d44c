/** What the benchmark of the statistics computes, on simulated rows of any number. Used by statistics-process.ts. */
import { groupAgreement, rwgOfGroups } from '../../analysis/agreement.ts';
import { pairwiseCorrelations } from '../../analysis/covariance.ts';
import { groupMoments, numberGroups } from '../../analysis/group-moments.ts';
import { groupReliability } from '../../analysis/group-reliability.ts';
import { matchNearest } from '../../analysis/matching.ts';
import { mixedModel } from '../../analysis/mixed-model.ts';
import { omegaHierarchical } from '../../analysis/omega.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { type Random, randomOf } from '../../instruments/random.ts';

type Column = (number | null)[];
export type Columns = Readonly<Record<string, Column>>;

export interface Task {
  /** Simulated columns, plain as a dataset gives them. */
  data(rows: number): Columns;
  compute(columns: Columns): unknown;
  /** What statistics.R runs on the same rows; a task without it has no counterpart there. */
  readonly inR?: string;
  /** Instead of the sizes asked for. */
  readonly sizes?: readonly number[];
}

const itemNames = Array.from({ length: 26 }, (_, item) => `i${item + 1}`);

/** Answers from 1 to 6 to 26 items: one general factor, three groups of items, and a share of gaps. */
function answers(rows: number, gaps: number): Columns {
  const random = randomOf('answers');
  const columns = Object.fromEntries(itemNames.map((name): [string, Column] => [name, new Array<number>(rows)]));
  const lists = Object.values(columns);
  for (let row = 0; row < rows; row += 1) {
    const general = random.normal();
    const groups = [random.normal(), random.normal(), random.normal()];
    lists.forEach((list, item) => {
      const value = 3.5 + 0.7 * general + 0.5 * (groups[item % 3] ?? 0) + 0.9 * random.normal();
      list[row] = random.chance(gaps) ? null : Math.min(6, Math.max(1, Math.round(value)));
    });
  }
  return columns;
}

/** People in groups of very different sizes, at most 20,000 groups. */
function people(rows: number): Columns {
  const random = randomOf('people');
  const groups = Math.min(20_000, Math.ceil(rows / 5));
  const effects = Array.from({ length: groups }, () => random.normal());
  const drawn = Array.from({ length: rows }, () => Math.floor(groups * random.uniform() ** 1.3));
  const answer = (group: number) => {
    const value = 3 + 0.5 * (effects[group] ?? 0) + 0.8 * random.normal();
    return Math.min(5, Math.max(1, Math.round(value)));
  };
  const items = ['a', 'b', 'c', 'd', 'e'].map((name): [string, Column] => [name, drawn.map(answer)]);
  return { group: drawn, ...Object.fromEntries(items) };
}

/** A trial: clusters of ten schools, at most 20,000 schools, whole clusters treated. */
function trial(rows: number): Columns {
  const random = randomOf('trial');
  const schools = Math.min(20_000, Math.max(20, Math.ceil(rows / 50)));
  const clusters = Math.ceil(schools / 10);
  const [ofCluster, ofSchool] = [clusters, schools].map((count) => normals(random, count));
  const school = Array.from({ length: rows }, (_, row) => row % schools);
  const cluster = school.map((each) => each % clusters);
  const treat = cluster.map((each) => each % 2);
  const before = school.map(() => random.normal());
  const outcome = school.map(
    (each, row) =>
      0.2 * (treat[row] ?? 0) +
      0.5 * (before[row] ?? 0) +
      0.3 * (ofCluster?.[cluster[row] ?? 0] ?? 0) +
      0.4 * (ofSchool?.[each] ?? 0) +
      random.normal(),
  );
  return { school, cluster, treat, before, outcome };
}

function normals(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.normal());
}

/** 300 treated schools among all, more probably those with high covariates. */
function schools(rows: number): Columns {
  const random = randomOf('schools');
  const [x, y, z] = [normals(random, rows), normals(random, rows), normals(random, rows)];
  const order = x
    .map((value, row) => ({ row, pull: 0.8 * value + 0.5 * (y[row] ?? 0) + 2 * random.normal() }))
    .sort((a, b) => b.pull - a.pull);
  const treat = new Array<number>(rows).fill(0);
  for (const { row } of order.slice(0, 300)) treat[row] = 1;
  return { treat, x, y, z };
}

const lists = (columns: Columns) => Object.values(columns);
const named = (columns: Columns, name: string): Column => columns[name] ?? [];
const peopleItems = (columns: Columns) => ['a', 'b', 'c', 'd', 'e'].map((name) => named(columns, name));
const fixed = (columns: Columns) => ({ treat: named(columns, 'treat'), before: named(columns, 'before') });

export const tasks: Readonly<Record<string, Task>> = {
  alpha: {
    inR: 'psych::alpha, defaults',
    data: (rows) => answers(rows, 0),
    compute: (columns) => cronbachAlpha(lists(columns)),
  },
  'alpha-gaps': {
    inR: 'psych::alpha, defaults',
    data: (rows) => answers(rows, 0.02),
    compute: (columns) => cronbachAlpha(lists(columns)),
  },
  omega: {
    inR: 'psych::omega, defaults, no plot',
    data: (rows) => answers(rows, 0),
    compute: (columns) => omegaHierarchical(pairwiseCorrelations(lists(columns)), 3),
  },
  'omega-gaps': {
    inR: 'psych::omega, defaults, no plot',
    data: (rows) => answers(rows, 0.02),
    compute: (columns) => omegaHierarchical(pairwiseCorrelations(lists(columns)), 3),
  },
  icc: {
    inR: 'mean squares by rowsum',
    data: people,
    compute: (columns) => groupReliability(groupMoments(named(columns, 'a'), numberGroups(named(columns, 'group')))),
  },
  rwg: {
    inR: 'rwg(j) by rowsum',
    data: people,
    compute: (columns) => rwgOfGroups(peopleItems(columns), named(columns, 'group'), { range: [1, 5] }),
  },
  // With average deviations from means and medians, for which the values of each group are put in order.
  agreement: {
    data: people,
    compute: (columns) => groupAgreement(peopleItems(columns), named(columns, 'group'), { range: [1, 5] }),
  },
  'two-level': {
    inR: 'lme4::lmer',
    data: trial,
    compute: (columns) =>
      mixedModel(named(columns, 'outcome'), fixed(columns), [{ name: 'school', groups: named(columns, 'school') }]),
  },
  'three-level': {
    inR: 'lme4::lmer',
    data: trial,
    compute: (columns) =>
      mixedModel(named(columns, 'outcome'), fixed(columns), [
        { name: 'cluster', groups: named(columns, 'cluster') },
        { name: 'school', groups: named(columns, 'school') },
      ]),
  },
  matching: {
    inR: 'MatchIt::matchit',
    data: schools,
    sizes: [16_000],
    compute: (columns) =>
      matchNearest(named(columns, 'treat'), {
        x: named(columns, 'x'),
        y: named(columns, 'y'),
        z: named(columns, 'z'),
      }),
  },
};
