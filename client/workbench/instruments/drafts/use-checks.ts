/** What the checks say of a draft as it stands, asked of a worker shortly after each change. Used by the page of a draft. */
import { useEffect, useRef, useState } from 'react';
import type { Instrument } from '../../../../instruments/instrument.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';
import type { CheckAnswer, CheckQuestion } from './checks-worker.ts';

/** How long after the last change the worker is asked, in milliseconds. */
const pause = 200;

export interface Checked extends Omit<CheckAnswer, 'number'> {
  /** True while the answer is about an earlier text. */
  readonly pending: boolean;
}

/** Null until the first answer is there; the codebook of the last text that could be read stays meanwhile. */
export function useChecks(content: DraftContent, previous: Instrument | null): Checked | null {
  const worker = useRef<Worker | null>(null);
  const asked = useRef(0);
  const [answer, setAnswer] = useState<CheckAnswer | null>(null);
  const [latest, setLatest] = useState(0);

  useEffect(() => {
    const started = new Worker(new URL('./checks-worker.ts', import.meta.url), { type: 'module' });
    started.addEventListener('message', ({ data }: MessageEvent<CheckAnswer>) => setAnswer(data));
    worker.current = started;
    return () => started.terminate();
  }, []);

  useEffect(() => {
    asked.current += 1;
    const question: CheckQuestion = { number: asked.current, content, previous };
    setLatest(question.number);
    const timer = setTimeout(() => worker.current?.postMessage(question), question.number === 1 ? 0 : pause);
    return () => clearTimeout(timer);
  }, [content, previous]);

  return answer ? { ...answer, pending: answer.number !== latest } : null;
}
