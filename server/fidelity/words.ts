/** What a variable is called and what a code means, in the words of the instruments. Called by the events and the analysis. */
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { readAdministrations } from './gather.ts';

export interface Told {
  readonly what: string;
  /** Null: nothing was said. */
  readonly said: string | null;
}

/** For an administration: a name and its value in words; the name itself where nobody has asked for it. */
export async function wordsOf(
  { db }: Pick<Context, 'db'>,
  study: Pick<Study, 'id'>,
  model: FidelityModel,
): Promise<(administration: string | null) => (name: string, value: number | string | null | undefined) => Told> {
  const administrations = await readAdministrations({ db }, study.id, model);
  const asked = await Promise.all(
    administrations.map(async ({ id, instrument, version }) => {
      const { codebook, instrument: whole } = await compiledInstrument(db, instrument, version);
      const variables = [...codebook.tables.flatMap((table) => table.variables), ...codebook.variables];
      return { id, variables, scales: whole.scales };
    }),
  );
  return (administration) => {
    const known = asked.filter(({ id }) => administration === null || id === administration);
    const variables = known.flatMap((one) => one.variables);
    const scales = known.flatMap((one) => one.scales);
    return (name, value) => {
      const variable = variables.find((one) => one.name === name);
      const scale = scales.find(({ id }) => id === name);
      const label = variable?.values.find(({ code }) => code === value)?.label;
      const said = typeof value === 'number' ? String(Number(value.toFixed(2))) : (value ?? null);
      return { what: scale?.title ?? variable?.label ?? name, said: label ?? said };
    };
  };
}
