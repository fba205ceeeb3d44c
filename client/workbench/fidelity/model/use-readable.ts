/** What can be read of an instrument by a rule: its lists of entries, variables and scales. Used by the fields of a source. */
import { useQuery } from '@tanstack/react-query';
import { getCodebook, listInstruments } from '../../../shared/instruments-api.ts';
import { codebookKey, instrumentsKey } from '../../keys.ts';

export interface Named {
  readonly name: string;
  readonly label: string;
}

export interface Readable {
  readonly tables: readonly Named[];
  /** Of the list of entries, or of the response. */
  readonly entries: readonly Named[];
  /** Of the response, for day and school, which entries need not have. */
  readonly responses: readonly Named[];
  readonly scales: readonly Named[];
}

const nothing: Readable = { tables: [], entries: [], responses: [], scales: [] };

export function useInstruments() {
  return useQuery({ queryKey: instrumentsKey, queryFn: listInstruments, staleTime: 60_000 }).data?.instruments ?? [];
}

/** Of the newest version of an instrument; empty until it is there, and for one that is not published. */
export function useReadable(instrument: string, table: string): Readable {
  const newest = useInstruments()
    .filter(({ id }) => id === instrument)
    .reduce((highest, { version }) => Math.max(highest, version), 0);
  const { data } = useQuery({
    queryKey: codebookKey(instrument, newest),
    queryFn: () => getCodebook(instrument, newest),
    enabled: newest > 0,
    staleTime: 60_000,
  });
  if (!data) return nothing;
  const responses = data.variables.map(({ name, label }) => ({ name, label }));
  const own = data.tables.find(({ name }) => name === table);
  const scales = new Set(data.variables.flatMap((variable) => variable.scales.map(({ scale }) => scale)));
  return {
    tables: data.tables.map(({ name, label }) => ({ name, label })),
    entries: own ? own.variables.map(({ name, label }) => ({ name, label })) : responses,
    responses: own ? [...own.variables, ...data.variables].map(({ name, label }) => ({ name, label })) : responses,
    scales: [...[...scales].map((name) => ({ name, label: 'Scale' })), ...responses],
  };
}
