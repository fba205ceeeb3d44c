/** Which administrations of a dataset tell of events, not of answers. Used by `check.ts`, `build.ts` and `panel-tables.ts`. */
import type { Dataset } from '../dataset.ts';
import type { DatasetDefinition } from './definition.ts';

/** Which administrations, by their place in the definition, go into the table of events. */
export function eventSources(
  { tables }: Pick<DatasetDefinition, 'tables'>,
  datasets: readonly Pick<Dataset, 'instrument'>[],
): ReadonlySet<number> {
  if (!tables.includes('events')) return new Set();
  return new Set(datasets.flatMap(({ instrument }, at) => (instrument.kind === 'survey' ? [] : [at])));
}
