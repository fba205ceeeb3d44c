/** What the reports of a study are made from: figures of the worker, and what the server knows of the study beside them. */
import { groupBy } from '../../instruments/group-by.ts';
import type { AggregationGate, Cluster, School, Study } from '../../instruments/study.ts';
import type { RateInput } from '../report/input.ts';
import type { Section } from '../result.ts';
import type { ScaleFigures } from './study-figures.ts';

/** One administration as it came out: who was asked, who answered. */
export interface AdministrationCount {
  readonly id: string;
  readonly title: string;
  readonly wave: string;
  readonly instrument: string;
  readonly rates: readonly RateInput[];
}

/** People of the roster as allocated, by arm, with those who left. */
export interface ArmRoster {
  readonly arm: string;
  readonly clusters: number;
  readonly schools: number;
  readonly people: number;
  readonly clustersLeft: number;
  readonly schoolsLeft: number;
  readonly peopleLeft: number;
}

export interface StudyReportInput {
  readonly study: Study;
  readonly gate: AggregationGate;
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly scales: readonly ScaleFigures[];
  readonly administrations: readonly AdministrationCount[];
  readonly roster: readonly ArmRoster[];
  /** In the words in which reports cite them, in order. */
  readonly amendments: readonly string[];
  /** ISO date of the day on which the figures were made. */
  readonly day: string;
  /** Hide cells below the study's minimum. */
  readonly suppress: boolean;
  /** Sections of other parts of the study, like fidelity, that stand before the amendments. */
  readonly further: readonly Section[];
  /** Administrations that are pilots: none of their answers is in here. */
  readonly pilots?: number | undefined;
}

/**
 * Administrations as they may be told of. Those of one instrument in one wave have their figures together, from which the
 * answers to one of them could be taken away: in a suppressed report they are told together, too.
 */
export function toldAdministrations({
  administrations,
  suppress,
}: Pick<StudyReportInput, 'administrations' | 'suppress'>): AdministrationCount[] {
  if (!suppress) return [...administrations];
  return [...groupBy(administrations, ({ instrument, wave }) => `${instrument} ${wave}`).values()].flatMap(
    (together) => {
      const [first] = together;
      if (!first) return [];
      const title = together.map((one) => one.title).join(', ');
      return [{ ...first, title, rates: together.flatMap(({ rates }) => rates) }];
    },
  );
}

/** Title of a wave, or its id. */
export function waveTitle(study: Pick<Study, 'waves'>, id: string): string {
  return study.waves.find((wave) => wave.id === id)?.title ?? id;
}

/** Title of an arm, or its id. */
export function armTitle(study: Pick<Study, 'arms'>, id: string): string {
  return study.arms.find((arm) => arm.id === id)?.title ?? id;
}
