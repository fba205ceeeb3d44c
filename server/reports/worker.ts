/** Runs in a worker thread of `pool.ts`: plain data in, a report out. */
import { type AdministrationReportInput, administrationReport } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';
import { type Task, teller } from './task.ts';

export function computeReport({ input, port }: Task<AdministrationReportInput>): Report {
  return administrationReport(input, teller<number>(port));
}
