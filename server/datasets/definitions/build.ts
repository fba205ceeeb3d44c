/**
 * Builds a dataset from its definition: reads the responses once, puts them on disk, and gives the tables as every format
 * takes them, with what was pooled, left out and withheld. Called by the routes of datasets, releases and `fidelis export`.
 */
import { createHash } from 'node:crypto';
import type { Study } from '../../../instruments/study.ts';
import type { Context } from '../../context.ts';
import { listMembersAt } from '../../rosters/as-at.ts';
import { getStudy } from '../../studies/store.ts';
import type { Dataset } from '../dataset.ts';
import { type FileTable, newMeasures } from '../file-table.ts';
import { loadPart, type Part, watched } from '../part.ts';
import type { ScoreRule } from '../syntax/scores.ts';
import { type CheckedDefinition, checkDefinition } from './check.ts';
import { complianceNotes, complianceOfDataset } from './compliance.ts';
import { newCoder } from './controlled.ts';
import { canonicalDefinition, type DatasetDefinition } from './definition.ts';
import { eventSources } from './event-sources.ts';
import { eventTable, linesFrom, ofSources } from './event-table.ts';
import { type AnonymityReport, anonymityReport } from './k-anonymity.ts';
import { byCode } from './line-store.ts';
import { at, firstPass, linesOf, type Pass, paradataOf } from './lines.ts';
import { type LinkedSource, placeReferences, rosterTables } from './linked-tables.ts';
import { mainTable } from './main-table.ts';
import { panelTables } from './panel-tables.ts';
import type { PoolRule } from './pool.ts';

export interface BuiltDataset {
  readonly study: Study;
  readonly definition: DatasetDefinition;
  readonly datasets: readonly Dataset[];
  /** The main one, `data`, first. */
  readonly tables: readonly FileTable[];
  readonly rules: readonly PoolRule[];
  /** How the scores of the main table are made; none in wide rows. */
  readonly scores: readonly ScoreRule[];
  /** What was resolved, left out and withheld: a sentence each. */
  readonly notes: readonly string[];
  readonly counts: {
    /** Responses in the dataset. */
    readonly responses: number;
    readonly partial: number;
    readonly withdrawn: number;
    readonly simulated: number;
  };
  readonly anonymity: AnonymityReport | null;
  /** Day of the latest answer in it: the date that its files carry, so that they are the same whenever they are made. */
  readonly at: Date;
  /** SHA-256 of the definition and everything in the tables. */
  readonly sha256: string;
  close(): Promise<void>;
}

interface Closing {
  close(): Promise<void>;
}

/** How whoever waits follows the building, and ends it. */
export interface Watch {
  readonly signal?: AbortSignal;
  /** Told how many responses have been read from the database since it was told last. */
  readonly onRead?: (responses: number) => void;
}

/** The caller closes it. Throws `not-found`, `invalid-dataset`; `ReaderGone` when the signal is given meanwhile. */
export async function buildDataset(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  studyId: string,
  definition: DatasetDefinition,
  watch: Watch = {},
): Promise<BuiltDataset> {
  const study = await getStudy(context.db, studyId);
  const checked = await checkDefinition(context, study, definition);
  const parts: Part[] = [];
  const sources: Closing[] = [];
  const close = async () => {
    for (const { spool } of parts) await spool.close();
    for (const source of sources) await source.close();
  };
  try {
    const asAt = definition.places === 'answered' ? null : definition.places;
    for (const id of definition.administrations) {
      const part = await loadPart(context, study.id, id, { signal: watch.signal, onRows: watch.onRead, asAt });
      parts.push({
        ...part,
        spool: { ...part.spool, read: () => watched(part.spool.read(), { signal: watch.signal }) },
      });
    }
    return { ...(await build(context, study, definition, checked, { parts, sources })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  study: Study,
  definition: DatasetDefinition,
  checked: CheckedDefinition,
  { parts, sources }: { parts: readonly Part[]; sources: Closing[] },
): Promise<Omit<BuiltDataset, 'close'>> {
  const { datasets } = checked;
  const coder = newCoder(context, study.id, definition.name);
  const pass = await firstPass(parts, definition, study.minimumCell);
  const paradata = definition.paradata ? await paradataOf(context, study.id, definition.administrations) : null;
  const inOrder = () => linesOf(parts, definition, { pass, coder, paradata });
  const shuffled = definition.level === 'controlled' ? await byCode(inOrder()) : null;
  if (shuffled) sources.push(shuffled);
  const lines = shuffled ? () => shuffled.read() : inOrder;
  const events = eventSources(definition, datasets);
  const isAnswers = (source: number) => !events.has(source);
  const answers = () => linesFrom(lines(), isAnswers);
  const main = await mainTable(definition, ofSources(checked, isAnswers), answers, at.person, isAnswers);
  sources.push(main.table);
  const compliance = await complianceOfDataset(context, study, definition);
  const linked: LinkedSource[] = [
    ...(events.size === 0 ? [] : [await eventTable(definition, checked, lines, events)]),
    ...(definition.tables.includes('panels') ? panelTables(definition, datasets, lines) : []),
    ...(await rosterTables(context, study, definition, { coder, compliance })),
  ];
  const hash = createHash('sha256').update(canonicalDefinition(definition));
  const title = `${study.title}: ${definition.title}`;
  const key = main.table.variables[0]?.name ?? 'response';
  const references = placeReferences(definition, main.table.variables);
  const tables = [await measured({ ...main.table, name: 'data', title, key: [key], references }, pass.at, hash)];
  for (const source of linked) tables.push(await measured(source, pass.at, hash));
  const withdrawn = datasets.reduce((sum, dataset) => sum + dataset.withdrawn, 0);
  const anonymity = definition.tables.includes('schools')
    ? anonymityReport(
        (await listMembersAt(context.db, study.id, 'allocated')).schools,
        definition.k,
        definition.level === 'controlled',
      )
    : null;
  return {
    study,
    definition,
    datasets,
    tables,
    rules: checked.pooled.rules.filter(({ column }) => checked.chosen.some((one) => one.column.name === column)),
    scores: main.scores,
    notes: [
      ...main.notes,
      ...linked.flatMap(({ notes = [] }) => notes),
      ...complianceNotes(compliance, datasets),
      ...renamedNotes(checked),
      ...emptyNotes(definition, pass),
      ...leftOut(definition, checked, pass.partial, withdrawn),
      ...(definition.level === 'controlled' ? [withheldNote(pass.withheld), ...unlinkedNote(pass.unlinked.size)] : []),
    ],
    counts: {
      responses: pass.responses,
      partial: pass.partial,
      withdrawn,
      simulated: study.simulated ? pass.responses : 0,
    },
    anonymity,
    at: pass.at,
    sha256: hash.digest('hex'),
  };
}

const people = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** An administration that adds no row: nobody should have to find that out from the rows. */
/** Variables of another instrument whose name a column had already. */
function renamedNotes({ pooled, chosen }: CheckedDefinition): string[] {
  const kept = new Set(chosen.map(({ column }) => column.name));
  return pooled.rules.flatMap(({ column, instrument, variable, rule, detail }) =>
    rule === 'other column name' && kept.has(column)
      ? [`${variable} of ${instrument} stands in ${column}: ${detail}.`]
      : [],
  );
}

function emptyNotes({ administrations }: DatasetDefinition, { ofEach }: Pass): string[] {
  return administrations.flatMap((id, source) =>
    ofEach[source] === 0 ? [`"${id}" has no response in this dataset.`] : [],
  );
}

function leftOut(
  { partial: kept }: DatasetDefinition,
  { withoutTexts, tooTelling }: CheckedDefinition,
  partial: number,
  withdrawn: number,
): string[] {
  return [
    ...(withdrawn > 0 ? [`${people(withdrawn, 'withdrawn response is', 'withdrawn responses are')} left out.`] : []),
    ...(!kept && partial > 0 ? [`${people(partial, 'partial response is', 'partial responses are')} left out.`] : []),
    ...(withoutTexts.length > 0
      ? [`${people(withoutTexts.length, 'open text is', 'open texts are')} left out: ${withoutTexts.join(', ')}.`]
      : []),
    ...(tooTelling.length > 0 ? [`Left out because they tell a role, a day or a time: ${tooTelling.join(', ')}.`] : []),
  ];
}

function withheldNote({ roles, schools, clusters }: Pass['withheld']): string {
  return (
    `Withheld because too few people share them: the role of ${people(roles, 'response', 'responses')}, ` +
    `the school of ${schools}, the cluster of ${clusters}.`
  );
}

function unlinkedNote(n: number): string[] {
  if (n === 0) return [];
  return [
    `${people(n, 'person has', 'people have')} another code in each administration: their places, side by side, would tell ` +
      'what is withheld of one of them.',
  ];
}

/** Reads all rows once, for how many there are, how wide they get, and what they hold. */
async function measured(source: LinkedSource, day: Date, hash: ReturnType<typeof createHash>): Promise<FileTable> {
  const { name, title, key, references, variables } = source;
  const measures = newMeasures(variables);
  hash.update(JSON.stringify([name, variables]));
  for await (const batch of source.read()) {
    for (const row of batch) {
      measures.add(row);
      hash.update(JSON.stringify(row));
    }
  }
  return { name, title, key, references, variables, at: day, ...measures.found(), read: () => source.read() };
}
