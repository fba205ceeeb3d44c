/** Simulates respondents off the main thread. Started by the panel that shows what they give. */
import type { Instrument } from '../../../../instruments/instrument.ts';
import { type SimulatedTables, type SimulationWish, simulatedTables } from './simulated-tables.ts';

export interface SimulationQuestion {
  readonly instrument: Instrument;
  readonly wish: SimulationWish;
}

/** The tables, or in words why there are none. */
export type SimulationAnswer = { readonly tables: SimulatedTables } | { readonly refused: string };

function answerTo({ instrument, wish }: SimulationQuestion): SimulationAnswer {
  try {
    return { tables: simulatedTables(instrument, wish) };
  } catch (error) {
    if (error instanceof RangeError) return { refused: error.message };
    throw error;
  }
}

self.addEventListener('message', ({ data }: MessageEvent<SimulationQuestion>) => self.postMessage(answerTo(data)));
