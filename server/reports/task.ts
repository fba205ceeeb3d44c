/** What a function in a worker thread is given, and how it tells how far it is. Used by the pool and the threads' functions. */
import type { MessagePort } from 'node:worker_threads';

/** A function in a thread takes one of these; `port` leads to whoever asked. */
export interface Task<Input> {
  readonly input: Input;
  readonly port: MessagePort;
}

/** Told more often, progress would take time from the work and from the event loop that hears it. */
const leastMilliseconds = 50;

/** Passes on what is told, but not twice within a moment. */
export function teller<Progress>(port: MessagePort): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < leastMilliseconds) return;
    last = now;
    port.postMessage(progress);
  };
}
