/**
 * Which schools could be told by what the school-level columns say together, although no name stands there: combinations of
 * arm, phase, pupils and share of disadvantaged pupils (in bands) that fewer schools share than the definition's k. Called
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

export interface AnonymityReport {
  readonly k: number;
  readonly schools: number;
  readonly combinations: number;
  readonly rare: readonly RareCombination[];
}

/** @param k fewest schools that may share a combination */
export function anonymityReport(
  schools: readonly Pick<School, 'arm' | 'phase' | 'pupils' | 'disadvantaged'>[],
  k: number,
): AnonymityReport {
  const found = new Map<string, RareCombination>();
  for (const { arm, phase, ...school } of schools) {
    const pupils = bandOf(school.pupils, pupilBands);
    const disadvantaged = bandOf(school.disadvantaged, shareBands);
    const key = JSON.stringify([arm, phase, pupils, disadvantaged]);
    found.set(key, { arm, phase, pupils, disadvantaged, schools: (found.get(key)?.schools ?? 0) + 1 });
  }
  const rare = [...found.entries()]
    .filter(([, { schools: n }]) => n < k)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, combination]) => combination);
  return { k, schools: schools.length, combinations: found.size, rare };
}
