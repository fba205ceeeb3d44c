/** The answers of an administration with all that reports of them need, read and coded. Called by the reports. */

import { sum } from '../../analysis/numeric/sums.ts';
import { type ShareDone, untold } from '../../analysis/progress.ts';
import type { AdministrationReportInput, ReportRow } from '../../analysis/report.ts';
import { codeRow } from '../../instruments/coding.ts';
import { scoreRow } from '../../instruments/scoring.ts';
import type { Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { ReaderGone } from '../datasets/formats/body.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { countCells } from '../rates/cells.ts';
import { reportCounts } from '../rates/suppressed.ts';
import { usualDay } from '../rates/tables.ts';
import { countWithdrawn } from '../responses/counts.ts';
import { streamResponses } from '../responses/store.ts';
import { listClusters, listSchools } from '../rosters/store.ts';

export interface ReportTask {
  /** Ends the reading, or the thread in the middle of its work. */
  readonly signal?: AbortSignal | undefined;
  readonly onShare?: ShareDone | undefined;
}

/** The input of a report, unsuppressed, and how many answers do not tell their school. Throws `ReaderGone` once the signal is given. */
export async function gatherAnswers(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: Study,
  administrationId: string,
  { signal, onShare = untold }: ReportTask = {},
): Promise<{ readonly input: AdministrationReportInput; readonly withheldSchools: number }> {
  const administration = await getAdministration(db, study.id, administrationId);
  const compiled = await compiledInstrument(db, administration.instrument, administration.version);
  const asAt = usualDay(administration, dayIn(study.timeZone, clock()));
  const rates = reportCounts(await countCells(db, administration, asAt, 'all'));
  const expected = sum(rates.map(({ responded }) => responded));
  const rows: ReportRow[] = [];
  let withheldSchools = 0;
  for await (const response of streamResponses(db, study.id, administrationId)) {
    if (signal?.aborted) throw new ReaderGone();
    if (rows.length % 500 === 0) onShare(Math.min(1, rows.length / Math.max(1, expected)));
    if (response.withheld?.includes('school')) withheldSchools += 1;
    const row = codeRow(compiled, response);
    rows.push({
      school: response.school,
      cluster: response.cluster,
      arm: response.arm,
      person: response.person,
      values: row.values.map((value) => (typeof value === 'number' ? value : null)),
      scores: scoreRow(compiled, row).map((score) => score.value),
    });
  }
  const input: AdministrationReportInput = {
    study,
    administration,
    instrument: { id: compiled.instrument.id, version: compiled.instrument.version, title: compiled.instrument.title },
    codebook: compiled.codebook,
    scales: compiled.instrument.scales,
    clusters: await listClusters(db, study.id),
    schools: await listSchools(db, study.id),
    rates,
    withdrawn: await countWithdrawn(db, study.id, administrationId),
    rows,
    suppress: false,
  };
  return { input, withheldSchools };
}
