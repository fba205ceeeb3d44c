/** Gathers what the administration report needs and has it computed in a worker thread, off the event loop. */
import type { AdministrationReportInput, ReportRow } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';
import { codeRow } from '../../instruments/coding.ts';
import { scoreRow } from '../../instruments/scoring.ts';
import { dayIn } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import { citedAmendments } from '../amendments/cite.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { countCells } from '../rates/cells.ts';
import { reportCount } from '../rates/suppressed.ts';
import { usualDay } from '../rates/tables.ts';
import { countWithdrawn } from '../responses/counts.ts';
import { streamResponses } from '../responses/store.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { runInWorker } from './pool.ts';

/**
 * The report of one administration.
 * @param suppress hide cells below the study's minimum, for readers who may not see identified rows
 */
export async function loadAdministrationReport(
  context: Context,
  study: string,
  administrationId: string,
  suppress: boolean,
): Promise<Report> {
  const { db } = context;
  const found = await getStudy(db, study);
  const administration = await getAdministration(db, study, administrationId);
  const compiled = await compiledInstrument(db, administration.instrument, administration.version);
  const rows: ReportRow[] = [];
  for await (const response of streamResponses(db, study, administrationId)) {
    const row = codeRow(compiled, response);
    rows.push({
      school: response.school,
      cluster: response.cluster,
      arm: response.arm,
      values: row.values.map((value) => (typeof value === 'number' ? value : null)),
      scores: scoreRow(compiled, row).map((score) => score.value),
    });
  }
  const asAt = usualDay(administration, dayIn(found.timeZone, context.clock()));
  const input: AdministrationReportInput = {
    study: found,
    administration,
    instrument: { id: compiled.instrument.id, version: compiled.instrument.version, title: compiled.instrument.title },
    codebook: compiled.codebook,
    scales: compiled.instrument.scales,
    clusters: await listClusters(db, study),
    schools: await listSchools(db, study),
    rates: (await countCells(db, administration, asAt, 'all')).map(reportCount),
    withdrawn: await countWithdrawn(db, study, administrationId),
    rows,
    suppress,
  };
  const [report, amendments] = await Promise.all([runInWorker(input), citedAmendments(context, found, administration)]);
  return { ...report, notes: [...report.notes, ...amendments.map((text) => ({ code: 'amendment', text }))] };
}
