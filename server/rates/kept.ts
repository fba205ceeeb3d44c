/**
 * Rate tables kept for a moment, so that any number of people who watch a wave cost one count, and counting takes a tenth
 * of the time at most: what took 40 ms to count is kept for 0.4 s, what took half a second for five. Called by the routes.
 */
import type { Connection } from 'mongoose';
import type { Administration } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { loadRates, type Rates, type RatesAsked } from './tables.ts';

interface Kept {
  until: number;
  readonly rates: Promise<Rates>;
}

const keptTables = new WeakMap<Connection, Map<string, Kept>>();
const share = 10;
const mostKept = 500;

export async function keptRates(context: Context, administration: Administration, asked: RatesAsked): Promise<Rates> {
  const tables = keptTables.get(context.db) ?? new Map<string, Kept>();
  keptTables.set(context.db, tables);
  const name = JSON.stringify([administration.study, administration.id, asked]);
  const started = performance.now();
  const known = tables.get(name);
  if (known && started < known.until) return known.rates;
  forgetOld(tables, started);
  const kept: Kept = {
    until: Number.POSITIVE_INFINITY,
    rates: loadRates(context.db, administration, context.clock(), asked),
  };
  tables.set(name, kept);
  try {
    const rates = await kept.rates;
    const now = performance.now();
    kept.until = now + share * (now - started);
    return rates;
  } catch (error) {
    // A failure is not kept: the next request asks again.
    tables.delete(name);
    throw error;
  }
}

function forgetOld(tables: Map<string, Kept>, now: number): void {
  if (tables.size < mostKept) return;
  for (const [name, { until }] of tables) if (until <= now) tables.delete(name);
}
