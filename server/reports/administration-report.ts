/** Gathers what the administration report needs and has it computed in a worker thread, off the event loop. */

import { partOf, untold } from '../../analysis/progress.ts';
import type { Report } from '../../analysis/result.ts';
import { citedAmendments } from '../amendments/cite.ts';
import type { Context } from '../context.ts';
import { pilotNote } from '../datasets/about.ts';
import { ReaderGone } from '../datasets/formats/body.ts';
import { countBySource } from '../responses/by-source.ts';
import { getStudy } from '../studies/store.ts';
import { gatherAnswers, type ReportTask } from './gather.ts';
import { runInWorker } from './pool.ts';

/** Reading and coding the responses takes about this share of the whole; a thread does the rest. */
const readingShare = 0.6;

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
  const found = await getStudy(context.db, study);
  const reading = { signal, onShare: partOf(onShare, 0, readingShare) };
  const { input, withheldSchools } = await gatherAnswers(context, found, administrationId, reading);
  const { pilot } = input.administration;
  const [report, amendments, made] = await Promise.all([
    runInWorker({ ...input, suppress }, { signal, onProgress: partOf(onShare, readingShare, 1) }),
    citedAmendments(context, found, input.administration),
    pilot ? countBySource(context.db, study, administrationId) : null,
  ]);
  if (signal?.aborted) throw new ReaderGone();
  const notes = [
    ...report.notes,
    ...(pilot ? [{ code: 'pilot', text: pilotNote }] : []),
    ...(made && made.simulated > 0 ? [{ code: 'simulated-answers', text: simulatedNote(made) }] : []),
    ...(withheldSchools > 0 ? [{ code: 'school-withheld', text: untoldNote }] : []),
    ...amendments.map((text) => ({ code: 'amendment', text })),
  ];
  return { ...report, notes };
}

const simulatedNote = ({ people, simulated }: { readonly people: number; readonly simulated: number }): string =>
  `${simulated} of ${people + simulated} answers are of simulated people, whom a program made up.`;

const untoldNote =
  'Some anonymous answers do not tell their school, because too few people of it were asked. In tables of means by school they ' +
  'stand under “no school”.';
