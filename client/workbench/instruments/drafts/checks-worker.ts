/**
 * Off the main thread, so that typing stays fluid: reads a draft, checks it, and derives its codebook and its changes. Started
 * by use-checks.ts; one question at a time, each answered by its number.
 */
import { type Inspected, inspectInstrument } from '../../../../instruments/checks/check-instrument.ts';
import type { Instrument } from '../../../../instruments/instrument.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';

export interface CheckQuestion {
  readonly number: number;
  readonly content: DraftContent;
  /** The version that it follows, if there is one. */
  readonly previous: Instrument | null;
}

export interface CheckAnswer extends Inspected {
  readonly number: number;
  /** The version that its changes are told against; null where there is none. */
  readonly against: number | null;
}

function answerTo({ number, content, previous }: CheckQuestion): CheckAnswer {
  const numbered = { ...content, version: (previous?.version ?? 0) + 1, changes: [] };
  return { number, against: previous?.version ?? null, ...inspectInstrument(numbered, previous ? { previous } : {}) };
}

self.addEventListener('message', ({ data }: MessageEvent<CheckQuestion>) => self.postMessage(answerTo(data)));
