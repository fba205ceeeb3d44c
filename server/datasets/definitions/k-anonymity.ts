/**
 * Which schools could be told by what the school-level columns say together, although no name stands there: combinations of
 * arm, phase, pupils and share of disadvantaged pupils that fewer schools share than the definition's k, as the dataset has
 * them: in bands where it is disclosure-controlled, else exact. Called
 * by `build.ts`; shown before a release and kept with it.
 */
import type { School } from '../../../instruments/study.ts';
import { bandOf, pupilBands, shareBands } from './bands.ts';

export interface RareCombination {
  readonly arm: string;
  readonly phase: string;
  readonly pupils: string | null;
  readonly disadvantaged: string | null;
  /** How many schools share it. */
  readonly schools: number;
}

/** Clusters whose arm and number of schools few share: whoever knows the groups of an area may know them. */
export interface RareCluster {
  readonly arm: string;
  /** Number of its schools. */
  readonly schools: number;
  /** How many clusters are so. */
  readonly clusters: number;
}

export interface AnonymityReport {
  readonly k: number;
  readonly schools: number;
  readonly combinations: number;
  readonly rare: readonly RareCombination[];
  readonly clusters: number;
  readonly rareClusters: readonly RareCluster[];
}

/**
 * @param k fewest schools that may share a combination
 * @param banded whether the dataset has the figures in bands
 */
export function anonymityReport(
  schools: readonly Pick<School, 'arm' | 'phase' | 'pupils' | 'disadvantaged' | 'cluster'>[],
  k: number,
  banded: boolean,
): AnonymityReport {
  const found = new Map<string, RareCombination>();
  for (const { arm, phase, ...school } of schools) {
    const pupils = banded ? bandOf(school.pupils, pupilBands) : exact(school.pupils);
    const disadvantaged = banded ? bandOf(school.disadvantaged, shareBands) : exact(school.disadvantaged);
    const key = JSON.stringify([arm, phase, pupils, disadvantaged]);
    found.set(key, { arm, phase, pupils, disadvantaged, schools: (found.get(key)?.schools ?? 0) + 1 });
  }
  const rare = [...found.entries()]
    .filter(([, { schools: n }]) => n < k)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, combination]) => combination);
  return { k, schools: schools.length, combinations: found.size, rare, ...clusterReport(schools, k) };
}

function clusterReport(
  schools: readonly Pick<School, 'arm' | 'cluster'>[],
  k: number,
): Pick<AnonymityReport, 'clusters' | 'rareClusters'> {
  const sizes = new Map<string, { arm: string; schools: number }>();
  for (const { arm, cluster } of schools) {
    if (cluster === null) continue;
    sizes.set(cluster, { arm, schools: (sizes.get(cluster)?.schools ?? 0) + 1 });
  }
  const found = new Map<string, RareCluster>();
  for (const { arm, schools: size } of sizes.values()) {
    const key = `${arm} ${String(size).padStart(6, '0')}`;
    found.set(key, { arm, schools: size, clusters: (found.get(key)?.clusters ?? 0) + 1 });
  }
  const rareClusters = [...found.entries()]
    .filter(([, { clusters }]) => clusters < k)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
  return { clusters: sizes.size, rareClusters };
}

const exact = (figure: number | null | undefined) => (figure === null || figure === undefined ? null : String(figure));
