/**
 * The fidelity of every cluster and school: scores by component and cycle, dose, index and compliance. The one value that
 * screens, the command line, datasets and reports draw. Called by `server/fidelity/`.
 */

import { groupBy } from '../../instruments/group-by.ts';
import { type DoseRow, doseOf } from './dose.ts';
import { type Compliance, complianceOf, coreIndexOf, type IndexScore, indexOf } from './index-score.ts';
import type { ProcessInput } from './input.ts';
import { armsOf } from './places.ts';
import { type Cell, scoredPlaces } from './scores.ts';
import { suppressedScores } from './suppress.ts';

export interface PlaceFidelity {
  readonly level: 'school' | 'cluster';
  readonly id: string;
  readonly name: string;
  readonly arm: string;
  /** The cluster of a school; null for clusters and for schools in none. */
  readonly cluster: string | null;
  readonly programme: boolean;
  /** In the order of the model's components and their cycles. */
  readonly cells: readonly Cell[];
  readonly byCycle: readonly {
    readonly cycle: string;
    readonly index: number | null;
    readonly coreIndex: number | null;
  }[];
  readonly index: number | null;
  readonly coreIndex: number | null;
  /** Share of the weight that is due and has a score. */
  readonly share: number;
  /** Events, and days, that were due before today, and what was received of them. */
  readonly dose: Dose;
  readonly compliance: Compliance;
}

export interface Dose {
  readonly planned: number;
  readonly received: number;
  readonly plannedDays: number;
  readonly receivedDays: number;
  readonly late: number;
}

export interface Picture {
  readonly clusters: readonly PlaceFidelity[];
  readonly schools: readonly PlaceFidelity[];
  readonly dose: readonly DoseRow[];
}

/**
 * @param only the cycles that are wanted; null: all
 * @param minimumCell fewest people that a score may stand for; null: no score is withheld
 */
export function pictureOf(input: ProcessInput, only: readonly string[] | null, minimumCell: number | null): Picture {
  const whole = scoredPlaces(input, only);
  const scores = minimumCell === null ? whole : suppressedScores(input.model, whole, minimumCell);
  const dose = doseOf(input, only);
  const rowsOf = groupBy(dose, (row) => `${row.level} ${row.place}`);
  const members = groupBy([...scores.clusterOf], ([, cluster]) => cluster);
  // What a school has is its own and its cluster's; what a cluster has is its own and its schools'.
  const doseRows = ({ level, id, cluster }: Pick<PlaceFidelity, 'level' | 'id' | 'cluster'>) => {
    const own = rowsOf.get(`${level} ${id}`) ?? [];
    if (level === 'school') return [...own, ...(cluster === null ? [] : (rowsOf.get(`cluster ${cluster}`) ?? []))];
    return [...own, ...(members.get(id) ?? []).flatMap(([school]) => rowsOf.get(`school ${school}`) ?? [])];
  };
  const arms = armsOf(input);
  const place = (
    about: Pick<PlaceFidelity, 'level' | 'id' | 'name' | 'arm' | 'cluster'>,
    cells: readonly Cell[],
  ): PlaceFidelity => {
    const isIn = arms.isIn(about.arm);
    const cycles = [...new Set(cells.map(({ cycle }) => cycle))];
    const index: IndexScore = indexOf(input.model, cells);
    return {
      ...about,
      programme: isIn,
      cells,
      byCycle: cycles.map((cycle) => {
        const own = cells.filter((cell) => cell.cycle === cycle);
        return { cycle, index: indexOf(input.model, own).value, coreIndex: coreIndexOf(input.model, own).value };
      }),
      index: index.value,
      coreIndex: coreIndexOf(input.model, cells).value,
      share: index.share,
      dose: totalDose(doseRows(about), input.today),
      compliance: complianceOf(input.model, cells, isIn),
    };
  };
  return {
    dose,
    clusters: input.clusters.map(({ id, name, arm }) =>
      place({ level: 'cluster', id, name, arm, cluster: null }, scores.clusters.get(id) ?? []),
    ),
    schools: input.schools.map(({ id, name, arm: allocated }) => {
      const cluster = scores.clusterOf.get(id) ?? null;
      const arm = arms.ofSchool(id, cluster) ?? allocated;
      return place({ level: 'school', id, name, arm, cluster }, scores.schools.get(id) ?? []);
    }),
  };
}

/** What is still to come is no part of what was planned so far, and what came of it already none of what was received. */
function totalDose(all: readonly DoseRow[], today: string): Dose {
  const rows = all.filter(({ due }) => due < today);
  const sum = (of: (row: DoseRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    planned: sum((row) => row.planned),
    // More than is planned of one thing is not another thing that took place.
    received: sum((row) => Math.min(row.planned, row.received)),
    plannedDays: sum((row) => row.plannedDays ?? 0),
    receivedDays: sum((row) => row.receivedDays ?? 0),
    late: sum((row) => row.late),
  };
}
