/** The tables of dynamic panels and matrices, pooled over the versions of their instruments. Called by `build.ts` and `check.ts`. */
import type { Dataset } from '../dataset.ts';
import type { Line } from './column-groups.ts';
import type { DatasetDefinition } from './definition.ts';
import { eventSources } from './event-sources.ts';
import { type LinkedSource, panelTable } from './linked-tables.ts';
import { type Pooled, type PooledVariable, poolVariables } from './pool.ts';
import { tellsTooMuch } from './tells-too-much.ts';

/** A panel of an instrument, and what its versions ask in it. */
export interface PooledPanel {
  readonly instrument: string;
  readonly table: string;
  readonly title: string;
  /** Aligned with the administrations: which of their panels it is, or null. */
  readonly tableAt: readonly (number | null)[];
  readonly pooled: Pooled;
}

export function pooledPanels(datasets: readonly Dataset[]): PooledPanel[] {
  const found: PooledPanel[] = [];
  for (const instrument of new Set(datasets.map((dataset) => dataset.instrument.id))) {
    const tablesOf = (dataset: Dataset) => (dataset.instrument.id === instrument ? dataset.columns.tables : []);
    for (const table of new Set(datasets.flatMap((dataset) => tablesOf(dataset).map(({ name }) => name)))) {
      const tableAt = datasets.map((dataset) => {
        const at = tablesOf(dataset).findIndex(({ name }) => name === table);
        return at === -1 ? null : at;
      });
      const of = (dataset: Dataset, index: number) => dataset.columns.tables[tableAt[index] ?? -1];
      const sources = datasets.map((dataset, index) => ({
        instrument: dataset.instrument.id,
        version: dataset.instrument.version,
        variables: of(dataset, index)?.variables ?? [],
      }));
      const title = datasets.map(of).find((one) => one !== undefined)?.label ?? table;
      found.push({ instrument, table, title, tableAt, pooled: poolVariables(sources, [], new Set()) });
    }
  }
  return found;
}

const otherFiles = new Set([
  ...['data', 'codebook', 'scales', 'rules', 'administrations'],
  ...['clusters', 'schools', 'people', 'events'],
]);

export function panelTables(
  definition: Pick<DatasetDefinition, 'texts' | 'tables' | 'level'>,
  datasets: readonly Dataset[],
  lines: () => AsyncIterable<readonly Line[]>,
): LinkedSource[] {
  const { texts } = definition;
  const events = eventSources(definition, datasets);
  const names = new Set<string>(otherFiles);
  const isShown = (one: PooledVariable) =>
    one.variable.isPerson
      ? definition.level !== 'controlled'
      : (texts || !one.isText) && !tellsTooMuch(definition, one);
  // Who was ticked is all that a list of people has to say: without the pseudonyms nothing is left of it.
  const told = pooledPanels(datasets).filter(
    ({ pooled }) => definition.level !== 'controlled' || !pooled.variables.some(({ variable }) => variable.isPerson),
  );
  return told.map(({ instrument, table, title, tableAt, pooled }) => {
    let name = names.has(table) ? `${table}_rows` : table;
    if (names.has(name)) name = `${instrument.replaceAll('-', '_')}_${table}`;
    names.add(name);
    const shown = pooled.variables.filter(isShown);
    const ofEvents = tableAt.some((at, source) => at !== null && events.has(source));
    const made = panelTable({ name, title, of: ofEvents ? 'events' : 'data' }, shown, tableAt, lines);
    if (name === table) return made;
    const note = `The entries of "${table}" of ${instrument} stand in ${name}: another file is called ${table}.`;
    return { ...made, notes: [...(made.notes ?? []), note] };
  });
}
