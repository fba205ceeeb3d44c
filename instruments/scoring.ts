/** Scale scores of a coded row. Called by exports and reports, and by whatever shows one person's result. */
import type { CodedEntry } from './coding.ts';
import type { CompiledInstrument } from './compile.ts';
import type { Scale } from './instrument.ts';
import { type MissingReason, missingReasons } from './missing.ts';

export interface ScaleScore {
  /** Id of the scale. */
  readonly scale: string;
  readonly value: number | null;
  /** Items that were answered, of how many. */
  readonly answered: number;
  readonly of: number;
  /** Why there is no score; null where there is one. */
  readonly reason: MissingReason | null;
}

/** The reason that most of the missing items have; of two as frequent, the first in the list of reasons. */
function commonReason(reasons: readonly (MissingReason | null)[]): MissingReason {
  let common: MissingReason = 'skipped';
  let most = 0;
  for (const reason of missingReasons) {
    const count = reasons.filter((one) => one === reason).length;
    if (count > most) [common, most] = [reason, count];
  }
  return common;
}

/**
 * The score of one scale from the values of its items, in the order of `scale.items`.
 *
 * A reversed item counts as `range.min + range.max - x` with the declared range. A mean is the mean of the answered
 * items; a sum is that mean times the number of items, so that a skipped item counts like the average of the others
 * (with no item missing it is the plain sum). With fewer than `minimumAnswered` answers there is no score.
 *
 * @example
 * scoreItems({ items: [{ name: 'a', reversed: false }, { name: 'b', reversed: true }], range: { min: 1, max: 6 }, score: 'mean', minimumAnswered: 1 }, [5, 2]) // => 5
 * scoreItems({ items: [{ name: 'a', reversed: false }, { name: 'b', reversed: true }], range: { min: 1, max: 6 }, score: 'sum', minimumAnswered: 2 }, [5, null]) // => null
 */
export function scoreItems(
  scale: Pick<Scale, 'items' | 'range' | 'score' | 'minimumAnswered'>,
  values: readonly (number | null)[],
): number | null {
  const { items, range } = scale;
  let sum = 0;
  let answered = 0;
  for (const [position, item] of items.entries()) {
    const value = values[position] ?? null;
    if (value === null) continue;
    sum += item.reversed ? range.min + range.max - value : value;
    answered += 1;
  }
  if (answered === 0 || answered < scale.minimumAnswered) return null;
  if (scale.score === 'mean') return sum / answered;
  return answered === items.length ? sum : (sum / answered) * items.length;
}

/** The scores of all scales of an instrument for one coded row, in the order of `instrument.scales`. */
export function scoreRow(compiled: CompiledInstrument, row: CodedEntry): ScaleScore[] {
  return compiled.instrument.scales.map((scale) => {
    const positions = scale.items.map((item) => compiled.positions.get(item.name) ?? -1);
    const values = positions.map((at) => {
      const value = row.values[at];
      return typeof value === 'number' ? value : null;
    });
    const answered = values.filter((value) => value !== null).length;
    const value = scoreItems(scale, values);
    const reason = value === null ? commonReason(positions.map((at) => row.reasons[at] ?? null)) : null;
    return { scale: scale.id, value, answered, of: scale.items.length, reason };
  });
}
