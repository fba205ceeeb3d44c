/** What a dataset is made from: one administration with its study, its instrument version and its columns. */
import type { CompiledInstrument } from '../../instruments/compile.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import type { AsAt } from '../../instruments/membership.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import { citedAmendments } from '../amendments/cite.ts';
import type { Context } from '../context.ts';
import { compiledInstrument, findInstrumentVersion } from '../instruments/store.ts';
import { Problem } from '../problems.ts';
import type { PlacePart } from '../responses/coarse-places.ts';
import { countUntold, countWithdrawn } from '../responses/counts.ts';
import { getStudy } from '../studies/store.ts';
import { type DatasetColumns, datasetColumns } from './columns.ts';

export interface Dataset {
  readonly study: Study;
  readonly administration: Administration;
  readonly instrument: Instrument;
  /** SHA-256 of the instrument version. */
  readonly hash: string;
  readonly compiled: CompiledInstrument;
  readonly columns: DatasetColumns;
  /** Responses that their people took back: left out of the rows. */
  readonly withdrawn: number;
  /** Anonymous responses that do not tell their role, school or cluster, since too few people share them. */
  readonly untold: Readonly<Record<PlacePart, number>>;
  /** What was changed after the start, one sentence each. */
  readonly amendments: readonly string[];
  /** The day whose places stand in the rows, or `allocated`; null: those that each response was given with. */
  readonly asAt: AsAt | null;
  /** The moment of the export. */
  readonly at: Date;
}

const nothingUntold = { role: 0, school: 0, cluster: 0 } as const;

/** Everything but the rows. Throws `not-found`. */
export async function loadDataset(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  studyId: string,
  administrationId: string,
  asAt: AsAt | null = null,
): Promise<Dataset> {
  const study = await getStudy(context.db, studyId);
  const administration = await getAdministration(context.db, studyId, administrationId);
  const { instrument: id, version } = administration;
  const published = await findInstrumentVersion(context.db, id, version);
  if (!published) throw new Problem('not-found', { detail: `There is no published version ${version} of "${id}".` });
  const compiled = await compiledInstrument(context.db, id, version);
  return {
    study,
    administration,
    instrument: published.instrument,
    hash: published.hash,
    compiled,
    columns: datasetColumns(compiled.codebook, published.instrument.scales),
    withdrawn: await countWithdrawn(context.db, studyId, administrationId),
    untold:
      administration.mode === 'anonymous' ? await countUntold(context.db, studyId, administrationId) : nothingUntold,
    amendments: await citedAmendments(context, study, administration),
    asAt,
    at: context.clock(),
  };
}

/** Stem of the file name: `<study>-<administration>-<day>`. */
export function fileStem(dataset: Dataset): string {
  const { study, administration, at } = dataset;
  return `${study.id}-${administration.id}-${dayIn(study.timeZone, at)}`;
}
