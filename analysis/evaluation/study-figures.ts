/**
 * All figures of one instrument over the waves of a study: what the reports of the study are made from. Called in a worker
 * thread, once for each instrument, so that a thread holds one instrument's answers at a time.
 */
import type { AggregationGate } from '../../instruments/study.ts';
import type { ItemMap } from '../../instruments/versions/item-map.ts';
import { partOf, type ShareDone, untold } from '../progress.ts';
import { type ScoreRange, scoreRange } from '../report/doubts.ts';
import type { AdministrationReportInput } from '../report/input.ts';
import type { Note } from '../result.ts';
import { type ArmOutcomes, armOutcomes, type OutcomeRow } from './arm-outcomes.ts';
import { type Band, bandsOf } from './bands.ts';
import { type GroupFigure, groupFigures } from './group-figures.ts';
import { type Measure, measureOf } from './measure.ts';
import { pooledScales } from './pooled-scales.ts';

export interface InstrumentInput {
  /** Of one instrument, in the order of their waves; versions may differ. */
  readonly administrations: readonly AdministrationReportInput[];
  /** All item maps of the instrument, by which older versions are read as the newest. */
  readonly maps: readonly ItemMap[];
  readonly gate: AggregationGate;
}

export interface WaveFigures {
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
  /** What the reader must know of the scale as a whole: waves that are not laid beside these. */
  readonly notes: readonly Note[];
}

/**
 * The scales of an instrument, each with its waves, as far as these can be laid side by side (`pooled-scales.ts`).
 *
 * @example
 * instrumentFigures({ administrations: [], maps: [], gate: { icc1: 0, icc2: 0, rwgJ: 0, minimumGroup: 1 } }) // => []
 */
export function instrumentFigures(
  { administrations, maps, gate }: InstrumentInput,
  onShare: ShareDone = untold,
): ScaleFigures[] {
  const scales = pooledScales(administrations, maps);
  const study = administrations[0]?.study;
  const order = (study?.waves ?? []).map(({ id }) => id);
  return scales.map(({ scale, title, notes, waves: pooled }, turn) => {
    const told = partOf(onShare, turn / scales.length, (turn + 1) / scales.length);
    const outcomeRows: OutcomeRow[] = [];
    const waves = pooled.map(({ wave, input }, at): WaveFigures => {
      for (const { arm, cluster, school, scores } of input.rows) {
        const score = scores[0] ?? null;
        if (score !== null) outcomeRows.push({ wave, arm, cluster, school, score });
      }
      const measure = measureOf(input, 0, gate);
      told((at + 0.5) / (pooled.length + 1));
      return { wave, measure, groups: groupFigures(input, 0, measure, gate) };
    });
    return {
      instrument: administrations[0]?.instrument.title ?? '',
      id: scale.id,
      title,
      construct: scale.construct,
      range: scoreRange(scale),
      score: scale.score,
      bands: bandsOf(scale),
      waves,
      outcomes: armOutcomes(outcomeRows, study?.arms ?? [], order),
      notes,
    };
  });
}
