/** The worker threads that compute reports; started with the first report, shared by all. */
import { Piscina } from 'piscina';
import type { AdministrationReportInput } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';

let pool: Piscina<AdministrationReportInput, Report> | undefined;

/** Computes a report in a worker thread. */
export async function runInWorker(input: AdministrationReportInput): Promise<Report> {
  pool ??= new Piscina<AdministrationReportInput, Report>({
    filename: new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url).href,
    // From source (in tests) the thread needs the same loader as its parent.
    execArgv: import.meta.url.endsWith('.ts') ? ['--import', 'tsx'] : [],
    minThreads: 0,
    maxThreads: 2,
    idleTimeout: 30_000,
  });
  return pool.run(input, { name: 'computeReport' });
}
