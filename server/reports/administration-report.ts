/** Gathers what the administration report needs and has it computed in a worker thread, off the event loop. */

import { sum } from '../../analysis/numeric/sums.ts';
import { partOf, type ShareDone, untold } from '../../analysis/progress.ts';
import type { AdministrationReportInput, ReportRow } from '../../analysis/report.ts';
import type { Report } from '../../analysis/result.ts';
import { codeRow } from '../../instruments/coding.ts';
import { scoreRow } from '../../instruments/scoring.ts';
import { dayIn } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import { citedAmendments } from '../amendments/cite.ts';
import type { Context } from '../context.ts';
import { ReaderGone } from '../datasets/formats/body.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { countCells } from '../rates/cells.ts';
import { reportCounts } from '../rates/suppressed.ts';
import { usualDay } from '../rates/tables.ts';
import { countWithdrawn } from '../responses/counts.ts';
import { streamResponses } from '../responses/store.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { runInWorker } from './pool.ts';

/** Reading and coding the responses takes about this share of the whole; a thread does the rest. */
const readingShare = 0.6;

export interface ReportTask {
  /** Ends the reading, or the thread in the middle of its work. */
  readonly signal?: AbortSignal;
  readonly onShare?: ShareDone;
}

/**
 * The report of one administration. Throws `ReaderGone` or an AbortError once the signal is given.
 * @param suppress hide cells below the study's minimum, for readers who may not see identified rows
 */
export async function loadAdministrationReport(
  context: Context,
  study: string,
  administrationId: string,
  suppress: boolean,
  { signal, onShare = untold }: ReportTask = {},
): Promise<Report> {
  const { db } = context;
  const found = await getStudy(db, study);
  const administration = await getAdministration(db, study, administrationId);
  const compiled = await compiledInstrument(db, administration.instrument, administration.version);
  const asAt = usualDay(administration, dayIn(found.timeZone, context.clock()));
  const rates = reportCounts(await countCells(db, administration, asAt, 'all'));
  const expected = sum(rates.map(({ responded }) => responded));
  const rows: ReportRow[] = [];
  let untold = 0;
  for await (const response of streamResponses(db, study, administrationId)) {
    if (signal?.aborted) throw new ReaderGone();
    if (rows.length % 500 === 0) onShare(readingShare * Math.min(1, rows.length / Math.max(1, expected)));
    if (response.withheld?.includes('school')) untold += 1;
    const row = codeRow(compiled, response);
    rows.push({
      school: response.school,
      cluster: response.cluster,
      arm: response.arm,
      values: row.values.map((value) => (typeof value === 'number' ? value : null)),
      scores: scoreRow(compiled, row).map((score) => score.value),
    });
  }
  const input: AdministrationReportInput = {
    study: found,
    administration,
    instrument: { id: compiled.instrument.id, version: compiled.instrument.version, title: compiled.instrument.title },
    codebook: compiled.codebook,
    scales: compiled.instrument.scales,
    clusters: await listClusters(db, study),
    schools: await listSchools(db, study),
    rates,
    withdrawn: await countWithdrawn(db, study, administrationId),
    rows,
    suppress,
  };
  const [report, amendments] = await Promise.all([
    runInWorker(input, { signal, onProgress: partOf(onShare, readingShare, 1) }),
    citedAmendments(context, found, administration),
  ]);
  if (signal?.aborted) throw new ReaderGone();
  const notes = [
    ...report.notes,
    ...(untold > 0 ? [{ code: 'school-withheld', text: untoldNote }] : []),
    ...amendments.map((text) => ({ code: 'amendment', text })),
  ];
  return { ...report, notes };
}

const untoldNote =
  'Some anonymous answers do not tell their school, because too few people of it were asked. In tables of means by school they ' +
  'stand under “no school”.';
