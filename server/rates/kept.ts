/**
 * Rate tables kept for a moment: what took 40 ms to count is kept for 0.4 s, what took half a second for five. Called by the
 * routes.
 */
import type { Administration } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { keeper } from '../kept.ts';
import { loadRates, type Rates, type RatesAsked } from './tables.ts';

const tables = keeper<Rates>();

export async function keptRates(context: Context, administration: Administration, asked: RatesAsked): Promise<Rates> {
  const name = JSON.stringify([administration.study, administration.id, asked]);
  return tables(context.db, name, () => loadRates(context.db, administration, context.clock(), asked));
}
