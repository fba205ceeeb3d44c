/** The tables of dynamic panels and matrices, pooled over the versions of their instruments. Called by `build.ts`. */
import type { Dataset } from '../dataset.ts';
import type { Line } from './column-groups.ts';
import type { DatasetDefinition } from './definition.ts';
import { eventSources } from './event-sources.ts';
import { type LinkedSource, panelTable } from './linked-tables.ts';
import { poolVariables } from './pool.ts';

const otherFiles = new Set([
  ...['data', 'codebook', 'scales', 'rules', 'administrations'],
  ...['clusters', 'schools', 'people', 'events'],
]);

export function panelTables(
  definition: Pick<DatasetDefinition, 'texts' | 'tables'>,
  datasets: readonly Dataset[],
  lines: () => AsyncIterable<readonly Line[]>,
): LinkedSource[] {
  const { texts } = definition;
  const events = eventSources(definition, datasets);
  const found: LinkedSource[] = [];
  const names = new Set<string>(otherFiles);
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
      const { variables } = poolVariables(sources, [], new Set());
      const title = datasets.map(of).find((one) => one !== undefined)?.label ?? table;
      let name = names.has(table) ? `${table}_rows` : table;
      if (names.has(name)) name = `${instrument.replaceAll('-', '_')}_${table}`;
      names.add(name);
      const shown = variables.filter(({ isText }) => texts || !isText);
      const ofEvents = tableAt.some((at, source) => at !== null && events.has(source));
      found.push(panelTable({ name, title, of: ofEvents ? 'events' : 'data' }, shown, tableAt, lines));
    }
  }
  return found;
}
