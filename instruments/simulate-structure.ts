/**
 * Respondents with a chosen structure: how strongly items go with their scale, how scales go together, how alike people of one
 * school or cluster are, and how much is left blank. Called by the trial of a draft, with `simulateAnswers`.
 */
import type { CompiledInstrument } from './compile.ts';
import type { Random } from './random.ts';
import type { Place, SimulationOptions } from './simulate.ts';

export interface SimulationStructure {
  /** Correlation of items with the standing on their scale: one for all, or by item (0.75 for those not named). */
  readonly loadings?: number | Readonly<Record<string, number>>;
  /** Correlation of any two scales, from 0 to 1; 0.5. */
  readonly factorCorrelation?: number;
  /** Share of the variance of a scale that lies between schools (or clusters, of people without a school); 0.1. */
  readonly icc?: number;
  /** Chance that an item that may be left blank is left blank; 0.02. */
  readonly missing?: number;
}

function requireShare(name: string, value: number, least = 0): number {
  if (!(value >= least && value <= 1)) throw new RangeError(`${name} must be from ${least} to 1, not ${value}`);
  return value;
}

/**
 * What `simulateAnswers` needs for one respondent of a structure: standings with mean 0 and variance 1 of which `icc` lies
 * between places, any two correlated by `factorCorrelation`, at both levels. The same place and person always stand alike.
 *
 * @param random shared by all respondents; the answers need a stream of each respondent's own
 */
export function structured(
  random: Random,
  { loadings = 0.75, factorCorrelation = 0.5, icc = 0.1, missing = 0.02 }: SimulationStructure,
  place: Place,
  { instrument }: Pick<CompiledInstrument, 'instrument'>,
): Required<Pick<SimulationOptions, 'traits' | 'loadings' | 'missing'>> {
  requireShare('factorCorrelation', factorCorrelation);
  requireShare('icc', icc);
  for (const loading of typeof loadings === 'number' ? [loadings] : Object.values(loadings))
    requireShare('a loading', loading, -1);
  const where = place.school ?? place.cluster;
  const level = (name: string, id: string, share: number, scale: string): number => {
    if (share <= 0) return 0;
    // A part that all scales have in common makes them correlate; the rest is the scale's own.
    const common = random.fork(`structure ${name} ${id}`).normal();
    const own = random.fork(`structure ${name} ${id} ${scale}`).normal();
    return Math.sqrt(share) * (Math.sqrt(factorCorrelation) * common + Math.sqrt(1 - factorCorrelation) * own);
  };
  const between = where === null ? 0 : icc;
  const traits = Object.fromEntries(
    instrument.scales.map(({ id }) => [
      id,
      level('place', where ?? '', between, id) + level('person', place.person, 1 - between, id),
    ]),
  );
  return { traits, loadings, missing: requireShare('missing', missing) };
}
