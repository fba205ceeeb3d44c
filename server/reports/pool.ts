/** The worker threads that compute reports and analyses; started with the first task, shared by all. */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { InstrumentInput, ScaleFigures } from '../../analysis/evaluation/study-figures.ts';
import type { Sensitivity, SensitivityInput } from '../../analysis/process/sensitivity.ts';
import type { AdministrationReportInput } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';
import type { Task } from './task.ts';

let pool: Piscina<unknown, unknown> | undefined;

export interface TaskOptions<Progress> {
  /** Ends the thread in the middle of its work; the promise is rejected with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** Hears what the function tells by its port. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Computes a report in a worker thread. What goes wrong there rejects the promise and leaves the server running. */
export async function runInWorker(
  input: AdministrationReportInput,
  options: TaskOptions<number> = {},
): Promise<Report> {
  return (await runTask(new URL('./worker.mjs', import.meta.url), 'computeReport', input, options)) as Report;
}

/** Computes the figures of one instrument over the waves of a study in a worker thread. */
export async function runFigures(input: InstrumentInput, options: TaskOptions<number> = {}): Promise<ScaleFigures[]> {
  return (await runTask(new URL('./worker.mjs', import.meta.url), 'computeFigures', input, options)) as ScaleFigures[];
}

/** Draws weights in a worker thread: with a thousand schools the server would stand still for it. */
export async function runSensitivity(input: SensitivityInput): Promise<Sensitivity> {
  return (await runTask(new URL('./worker.mjs', import.meta.url), 'computeSensitivity', input)) as Sensitivity;
}

/**
 * Runs a function that a module exports in a worker thread; it is given a `Task`. Input and result are copied as messages
 * are. Who aborts while the task waits for a thread takes it out of the queue.
 */
export async function runTask<Progress>(
  module: URL,
  name: string,
  input: unknown,
  { signal, onProgress }: TaskOptions<Progress> = {},
): Promise<unknown> {
  pool ??= new Piscina<unknown, unknown>({ minThreads: 0, maxThreads: 2, idleTimeout: 30_000 }).on(
    'error',
    () => undefined,
  );
  const { port1, port2 } = new MessageChannel();
  if (onProgress) port1.on('message', onProgress);
  const task: Task<unknown> = { input, port: port2 };
  try {
    return await pool.run(task, { filename: module.href, name, signal: signal ?? null, transferList: [port2] });
  } finally {
    port1.close();
  }
}
