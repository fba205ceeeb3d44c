/**
 * All figures of one instrument over the waves of a study: what the reports of the study are made from. Called in a worker
 * thread, once for each instrument, so that a thread holds one instrument's answers at a time.
 */
import type { AggregationGate } from '../../instruments/study.ts';
import { partOf, type ShareDone, untold } from '../progress.ts';
import { type ScoreRange, scoreRange } from '../report/doubts.ts';
import type { AdministrationReportInput } from '../report/input.ts';
import { type ArmOutcomes, armOutcomes, type OutcomeRow } from './arm-outcomes.ts';
import { type Band, bandsOf } from './bands.ts';
import { type GroupFigure, groupFigures } from './group-figures.ts';
import { type Measure, measureOf } from './measure.ts';

export interface InstrumentInput {
  /** Of one instrument, in the order of their waves; versions may differ. */
  readonly administrations: readonly AdministrationReportInput[];
  readonly gate: AggregationGate;
}

export interface WaveFigures {
  readonly administration: string;
  readonly wave: string;
  readonly measure: Measure;
  readonly groups: readonly GroupFigure[];
}

export interface ScaleFigures {
  readonly instrument: string;
  readonly id: string;
  readonly title: string;
  readonly construct: string;
  readonly range: ScoreRange;
  readonly score: 'mean' | 'sum';
  readonly bands: readonly Band[];
  readonly waves: readonly WaveFigures[];
  readonly outcomes: ArmOutcomes;
}

/**
 * The scales of an instrument, each with its waves. Scales are known again over versions by their ids.
 *
 * @example
 * instrumentFigures({ administrations: [], gate: { icc1: 0, icc2: 0, rwgJ: 0, minimumGroup: 1 } }) // => []
 */
export function instrumentFigures(
  { administrations, gate }: InstrumentInput,
  onShare: ShareDone = untold,
): ScaleFigures[] {
  const scales = new Map(administrations.flatMap(({ scales: own }) => own.map((scale) => [scale.id, scale] as const)));
  return [...scales.values()].map((scale, turn) => {
    const told = partOf(onShare, turn / scales.size, (turn + 1) / scales.size);
    const outcomeRows: OutcomeRow[] = [];
    const waves = administrations.flatMap((input, at): WaveFigures[] => {
      const place = input.scales.findIndex(({ id }) => id === scale.id);
      if (place < 0) return [];
      const { wave, id } = input.administration;
      for (const { arm, cluster, school, scores } of input.rows) {
        const score = scores[place] ?? null;
        if (score !== null) outcomeRows.push({ wave, arm, cluster, school, score });
      }
      const measure = measureOf(input, place, gate);
      told((at + 0.5) / (administrations.length + 1));
      return [{ administration: id, wave, measure, groups: groupFigures(input, place, measure, gate) }];
    });
    const study = administrations[0]?.study;
    const order = (study?.waves ?? []).map(({ id }) => id);
    return {
      instrument: administrations[0]?.instrument.title ?? '',
      id: scale.id,
      title: scale.title,
      construct: scale.construct,
      range: scoreRange(scale),
      score: scale.score,
      bands: bandsOf(scale),
      waves,
      outcomes: armOutcomes(outcomeRows, study?.arms ?? [], order),
    };
  });
}
