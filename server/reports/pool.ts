/** The worker threads that compute reports and analyses; started with the first task, shared by all. */
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { AdministrationReportInput } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';

let pool: Piscina<unknown, unknown> | undefined;

/** Computes a report in a worker thread. What goes wrong there rejects the promise and leaves the server running. */
export async function runInWorker(input: AdministrationReportInput): Promise<Report> {
  return (await runTask(new URL('./worker.mjs', import.meta.url), 'computeReport', input)) as Report;
}

export interface TaskOptions {
  /** Ends the thread in the middle of its work; the promise is rejected with an AbortError. */
  readonly signal?: AbortSignal;
  /** Ports of the input that go over to the thread. */
  readonly ports?: readonly MessagePort[];
}

/** Runs a function that a module exports in a worker thread. Input and result are copied as messages are. */
export async function runTask(module: URL, name: string, input: unknown, options: TaskOptions = {}): Promise<unknown> {
  pool ??= new Piscina<unknown, unknown>({ minThreads: 0, maxThreads: 2, idleTimeout: 30_000 }).on(
    'error',
    () => undefined,
  );
  const { signal = null, ports = [] } = options;
  return pool.run(input, { filename: module.href, name, signal, transferList: [...ports] });
}
