/**
 * The figures behind the reports of a study: dear to compute, so kept in the process until the data have changed. Read on
 * the main thread one instrument after another, computed in worker threads. Called by `study-report.ts`.
 */
import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { gateOf } from '../../analysis/evaluation/gate.ts';
import type { AdministrationCount } from '../../analysis/evaluation/input.ts';
import type { ScaleFigures } from '../../analysis/evaluation/study-figures.ts';
import { partOf, untold } from '../../analysis/progress.ts';
import type { AdministrationReportInput } from '../../analysis/report.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { ReaderGone } from '../datasets/formats/body.ts';
import { listItemMaps } from '../instruments/item-maps.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { keeper } from '../kept.ts';
import { countCells } from '../rates/cells.ts';
import { usualDay } from '../rates/tables.ts';
import { replacedIds } from '../responses/store.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { sharer } from '../shared-work.ts';
import { gatherAnswers, type ReportTask } from './gather.ts';
import { runFigures } from './pool.ts';

export interface StudyFigures {
  readonly scales: readonly ScaleFigures[];
  readonly administrations: readonly AdministrationCount[];
}

/** Counting is dear, too: the same people's next click is answered by the count of a moment ago. */
const keepVersion = keeper<string>();
/** Of each database the studies that were asked for last, by the state of their data. */
const kept = new WeakMap<Connection, Map<string, { readonly version: string; readonly figures: StudyFigures }>>();
const mostKept = 4;
/** Two who ask before the first answer is there wait for one computation. */
const share = sharer<StudyFigures>();
/** Reading and coding takes about this share of the time. */
const readingShare = 0.5;

/** Throws `ReaderGone` or an AbortError once the signal is given. */
export async function loadStudyFigures(context: Context, study: Study, task: ReportTask = {}): Promise<StudyFigures> {
  // Counting what there is takes its time, too.
  task.onShare?.(0);
  const surveys = await surveysOf(context, study);
  const version = await keepVersion(context.db, JSON.stringify(study), () => versionOf(context, study, surveys));
  const known = kept.get(context.db) ?? new Map();
  kept.set(context.db, known);
  const before = known.get(study.id);
  if (before?.version === version) return before.figures;
  return share(context.db, `${study.id} ${version}`, task, async (shared) => {
    const figures = await compute(context, study, surveys, shared);
    known.delete(study.id);
    known.set(study.id, { version, figures });
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - mostKept))) known.delete(oldest);
    return figures;
  });
}

/** Surveys of people, in the order of the waves: logs and observations tell of the programme, not of people; pilots of neither. */
async function surveysOf({ db }: Context, study: Study): Promise<Administration[]> {
  const order = new Map(study.waves.map(({ id }, at) => [id, at]));
  const found: Administration[] = [];
  for (const administration of await listAdministrations(db, study.id)) {
    if (administration.pilot) continue;
    const { instrument } = await compiledInstrument(db, administration.instrument, administration.version);
    if (instrument.kind === 'survey' && instrument.subject === 'person') found.push(administration);
  }
  return found.sort((a, b) => (order.get(a.wave) ?? 0) - (order.get(b.wave) ?? 0));
}

async function compute(
  context: Context,
  study: Study,
  surveys: readonly Administration[],
  { signal, onShare = untold }: ReportTask,
): Promise<StudyFigures> {
  const instruments = [...new Set(surveys.map(({ instrument }) => instrument))];
  const scales: ScaleFigures[] = [];
  const counts = new Map<string, AdministrationCount>();
  for (const [turn, instrument] of instruments.entries()) {
    const told = partOf(onShare, turn / instruments.length, (turn + 1) / instruments.length);
    const own = surveys.filter((survey) => survey.instrument === instrument);
    const inputs: AdministrationReportInput[] = [];
    for (const [at, { id }] of own.entries()) {
      const part = partOf(told, (readingShare * at) / own.length, (readingShare * (at + 1)) / own.length);
      const { input } = await gatherAnswers(context, study, id, { signal, onShare: part });
      const { title, wave } = input.administration;
      counts.set(id, { id, title, wave, instrument, rates: input.rates });
      inputs.push(input);
    }
    if (signal?.aborted) throw new ReaderGone();
    const maps = await listItemMaps(context.db, instrument);
    const task = { administrations: inputs, maps, gate: gateOf(study) };
    scales.push(...(await runFigures(task, { signal, onProgress: partOf(told, readingShare, 1) })));
  }
  const administrations = surveys.flatMap(({ id }) => counts.get(id) ?? []);
  return { scales, administrations };
}

/** Changes whenever anything changes that the figures are made from: the study, the roster, who was asked, what came. */
async function versionOf({ db, clock }: Context, study: Study, surveys: readonly Administration[]): Promise<string> {
  const lists: unknown[] = [
    await listClusters(db, study.id),
    await listSchools(db, study.id),
    (await replacedIds(db, study.id)).sort(),
  ];
  for (const instrument of new Set(surveys.map((survey) => survey.instrument))) {
    lists.push(await listItemMaps(db, instrument));
  }
  const hash = createHash('sha256').update(JSON.stringify([study, lists]));
  for (const survey of surveys) {
    const { id, title, wave, instrument, version } = survey;
    const asAt = usualDay(survey, dayIn(study.timeZone, clock()));
    const cells = (await countCells(db, survey, asAt, 'all')).map((cell) => JSON.stringify(cell));
    // Counts come in no order of their own.
    hash.update(JSON.stringify([id, title, wave, instrument, version, cells.sort()]));
  }
  return hash.digest('hex');
}
