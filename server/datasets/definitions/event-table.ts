/**
 * Logs and observations in a table of their own: what was delivered and seen, beside what people answered. Called by
 * `build.ts` where the definition asks for the table `events`.
 */
import type { CheckedDefinition } from './check.ts';
import type { Line } from './column-groups.ts';
import type { DatasetDefinition } from './definition.ts';
import { at } from './lines.ts';
import { type LinkedSource, placeReferences } from './linked-tables.ts';
import { mainTable } from './main-table.ts';
import type { PooledVariable } from './pool.ts';

export async function eventTable(
  definition: DatasetDefinition,
  checked: CheckedDefinition,
  lines: () => AsyncIterable<readonly Line[]>,
  events: ReadonlySet<number>,
): Promise<LinkedSource> {
  const isEvent = (source: number) => events.has(source);
  // A log is no questionnaire: nobody answers it carelessly, and each event has a row.
  const long: DatasetDefinition = { ...definition, rows: 'long', flags: false, paradata: false };
  const { table, notes } = await mainTable(
    long,
    ofSources(checked, isEvent),
    () => linesFrom(lines(), isEvent),
    at.person,
    isEvent,
  );
  const [key] = table.variables;
  return {
    ...table,
    name: 'events',
    notes: notes.map((note) => `In events: ${note}`),
    title: 'Logs and observations',
    key: [key?.name ?? 'response'],
    references: placeReferences(definition, table.variables),
  };
}

/** The definition as one of its two tables sees it: the variables that its administrations ask. */
export function ofSources(checked: CheckedDefinition, isIn: (source: number) => boolean): CheckedDefinition {
  const asked = ({ from }: PooledVariable) => from.some((found, source) => found !== null && isIn(source));
  return { ...checked, chosen: checked.chosen.filter(asked) };
}

/** The lines of these administrations alone. */
export async function* linesFrom(
  lines: AsyncIterable<readonly Line[]>,
  isIn: (source: number) => boolean,
): AsyncGenerator<Line[]> {
  for await (const batch of lines) {
    const own = batch.filter(({ source }) => isIn(source));
    if (own.length > 0) yield own;
  }
}
