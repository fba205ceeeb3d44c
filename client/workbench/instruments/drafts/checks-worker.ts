/**
 * Off the main thread, so that typing stays fluid: reads a draft, checks it, and derives its codebook and its changes. Started
 * by use-checks.ts; one question at a time, each answered by its number.
 */
import { checkInstrument, type InstrumentFinding } from '../../../../instruments/checks/check-instrument.ts';
import { type Codebook, codebookOf } from '../../../../instruments/codebook.ts';
import type { Instrument } from '../../../../instruments/instrument.ts';
import { parseInstrument } from '../../../../instruments/parse.ts';
import { diffInstruments, type InstrumentChange } from '../../../../instruments/versions/diff.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';

export interface CheckQuestion {
  readonly number: number;
  readonly content: DraftContent;
  /** The version that it follows, if there is one. */
  readonly previous: Instrument | null;
}

export interface CheckAnswer {
  readonly number: number;
  readonly findings: readonly InstrumentFinding[];
  /** Null while the draft cannot be read. */
  readonly read: { readonly instrument: Instrument; readonly codebook: Codebook } | null;
  readonly changes: readonly InstrumentChange[];
}

function answerTo({ number, content, previous }: CheckQuestion): CheckAnswer {
  const numbered = { ...content, version: (previous?.version ?? 0) + 1, changes: [] };
  const findings = checkInstrument(numbered, previous ? { previous } : {});
  const parsed = parseInstrument(numbered);
  if (!parsed.ok) return { number, findings, read: null, changes: [] };
  const changes = previous ? diffInstruments(previous, parsed.value) : [];
  return { number, findings, read: { instrument: parsed.value, codebook: codebookOf(parsed.value) }, changes };
}

self.addEventListener('message', ({ data }: MessageEvent<CheckQuestion>) => self.postMessage(answerTo(data)));
