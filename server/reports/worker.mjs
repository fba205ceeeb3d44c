/**
 * What a worker thread of `pool.ts` loads: the built module, or, when running from source as the tests do, the source
 * through the loader. A thread does not take over its parent's loader, so this file is plain JavaScript.
 */
const fromSource = !import.meta.url.includes('/dist/');
if (fromSource) {
  const { register } = await import('tsx/esm/api');
  register();
}
/** @typedef {(task: unknown) => unknown} Run */
/** @type {{ computeReport: Run, computeFigures: Run, computeSensitivity: Run }} */
const { computeReport, computeFigures, computeSensitivity } = await import(fromSource ? './worker.ts' : './worker.js');

export { computeFigures, computeReport, computeSensitivity };
