/** Runs in a worker thread of `pool.ts`: plain data in, a report, figures of a study or what weights do to an index out. */
import { type InstrumentInput, instrumentFigures, type ScaleFigures } from '../../analysis/evaluation/study-figures.ts';
import { type Sensitivity, type SensitivityInput, seededSensitivity } from '../../analysis/process/sensitivity.ts';
import { type AdministrationReportInput, administrationReport } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';
import { type Task, teller } from './task.ts';

export function computeReport({ input, port }: Task<AdministrationReportInput>): Report {
  return administrationReport(input, teller<number>(port));
}

export function computeFigures({ input, port }: Task<InstrumentInput>): ScaleFigures[] {
  return instrumentFigures(input, teller<number>(port));
}

export function computeSensitivity({ input }: Task<SensitivityInput>): Sensitivity {
  return seededSensitivity(input);
}
