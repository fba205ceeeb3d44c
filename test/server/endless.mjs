/** What a worker thread is given in report-computing.test.ts: work that never ends by itself, and work that ends at once. */
/** @param {{ port: import('node:worker_threads').MessagePort }} task */
export function endless({ port }) {
  port.postMessage('begun');
  for (;;);
}

/** @param {{ input: number }} task */
export function double({ input }) {
  return 2 * input;
}
