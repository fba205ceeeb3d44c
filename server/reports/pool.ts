/** The worker threads that compute reports; started with the first report, shared by all. */
import { Piscina } from 'piscina';
import type { AdministrationReportInput } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';

let pool: Piscina<AdministrationReportInput, Report> | undefined;

/** Computes a report in a worker thread. What goes wrong there rejects the promise and leaves the server running. */
export async function runInWorker(input: AdministrationReportInput): Promise<Report> {
  pool ??= new Piscina<AdministrationReportInput, Report>({
    filename: new URL('./worker.mjs', import.meta.url).href,
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: 30_000,
  }).on('error', () => undefined);
  return pool.run(input, { name: 'computeReport' });
}
