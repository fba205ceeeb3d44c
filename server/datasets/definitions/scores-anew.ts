/**
 * Scores of versions whose items an item map moves to other codes or another range: computed anew from the moved items, by the
 * rule of the newest version, so that one column holds one kind of score. Called by `main-table.ts`.
 */
import type { Scale } from '../../../instruments/instrument.ts';
import { scoreItems } from '../../../instruments/scoring.ts';
import { mappedValue } from '../../../instruments/versions/mapped-value.ts';
import type { Dataset } from '../dataset.ts';
import type { DataRow } from '../rows.ts';
import type { PooledFrom, PooledVariable } from './pool.ts';

export interface AnewScore {
  readonly scale: Scale;
  /** Aligned with the items of the scale; null where the version does not ask one. */
  readonly items: readonly (PooledFrom | null)[];
}

/** Aligned with the datasets; null where scores are those that were computed with the answers. */
export function scoresAnew(
  datasets: readonly Dataset[],
  instrument: string,
  id: string,
  variables: readonly PooledVariable[],
): (AnewScore | null)[] {
  const own = datasets.filter((dataset) => dataset.instrument.id === instrument);
  const newest = [...own].sort((one, other) => other.instrument.version - one.instrument.version)[0];
  const scale = newest?.instrument.scales.find((one) => one.id === id);
  return datasets.map((dataset, source) => {
    if (!scale || dataset.instrument.id !== instrument || !dataset.instrument.scales.some((one) => one.id === id))
      return null;
    const items = scale.items.map(
      ({ name }) =>
        variables.find((one) => one.instrument === instrument && one.variable.name === name)?.from[source] ?? null,
    );
    const moved = items.some((one) => one?.source === 'item map' && one.step !== null);
    return moved ? { scale, items } : null;
  });
}

export function scoreAnew({ scale, items }: AnewScore, { coded }: DataRow): { value: number | null; answered: number } {
  const values = items.map((from) => {
    const value = from && coded.reasons[from.at] === null ? coded.values[from.at] : null;
    if (!from || typeof value !== 'number') return null;
    return from.step ? mappedValue(from.step, value) : value;
  });
  return { value: scoreItems(scale, values), answered: values.filter((value) => value !== null).length };
}
