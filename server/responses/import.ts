/**
 * Imports responses from a flat file: every cell is checked first, in one pass over the file, and only when nothing is
 * wrong are the responses written, in a second. The same file again writes nothing new; a sorted copy cannot be told
 * from another school's answers, so rows like those of another file are counted. Called by `fidelis responses import`.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Issue } from '../../instruments/instrument.ts';
import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { loadDataset } from '../datasets/dataset.ts';
import { Problem } from '../problems.ts';
import type { ImportChoices } from './import-columns.ts';
import { NotUtf8, readRecords } from './import-file.ts';
import { type Read, type ReadResponse, type RowReader, rowReader } from './import-row.ts';
import { findImportedElsewhere, findStanding, insertResponsesBulk, type Likeness } from './store.ts';

export interface ImportOptions extends ImportChoices {
  readonly study: string;
  readonly administration: string;
  /** Takes a file of which every row equals a row of another file. */
  readonly again?: boolean | undefined;
  /** Opens the file from its beginning; called once for each pass. */
  readonly open: () => Readable;
  readonly onProgress?: (progress: { phase: 'check' | 'write'; rows: number }) => void;
}

export interface ImportResult {
  readonly rows: number;
  readonly created: number;
  readonly unchanged: number;
  /** New rows that name no response and equal, in answers and place, responses that another file brought. */
  readonly alike: number;
  /** What is wrong, at most a hundred and a line that counts the rest; nothing was written then. */
  readonly problems: readonly Issue[];
}

const listed = 100;
const batchSize = 1000;

/**
 * Throws `not-found`, and `already-imported` when all rows are new and alike, unless `again` is set; what is wrong with
 * the file comes back as problems.
 */
export async function importResponses(context: Context, options: ImportOptions): Promise<ImportResult> {
  const dataset = await loadDataset(context, options.study, options.administration);
  const importFile = await hashOf(options.open());
  const reader = await rowReader(context, dataset, { ...options, importFile });
  const checked = await check(context, reader, { ...options, importFile });
  const { alike } = checked;
  if (checked.problems.length > 0)
    return { rows: checked.rows, created: 0, unchanged: 0, alike, problems: checked.problems };
  if (alike > 0 && alike === checked.rows && !options.again) {
    throw new Problem('already-imported', {
      detail:
        'If these are other people who answered alike, import it with --again, or give it a column response that ' +
        'names each row.',
    });
  }
  let [rows, created] = [0, 0];
  for await (const batch of batches(reader, options)) {
    const read = await recognise(context, batch);
    const responses = read.flatMap((one) => ('response' in one && !one.stored ? [one.response] : []));
    // Idempotent by id, so a restart of the engine in the middle is survived.
    created += await retryWhileUnavailable(() => insertResponsesBulk(context.db, responses), { forMs: 30_000 });
    rows += batch.length;
    options.onProgress?.({ phase: 'write', rows });
  }
  return { rows, created, unchanged: rows - created, alike, problems: [] };
}

async function hashOf(file: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of file as AsyncIterable<Buffer>) hash.update(bytes);
  return hash.digest('hex');
}

async function check(
  context: Context,
  reader: RowReader,
  options: ImportOptions & { readonly importFile: string },
): Promise<{ rows: number; alike: number; problems: Issue[] }> {
  const problems: Issue[] = [];
  const seen = new Set<string>();
  let [rows, found, alike] = [0, 0, 0];
  const note = (issues: readonly Issue[]) => {
    found += issues.length;
    problems.push(...issues.slice(0, listed - problems.length));
  };
  try {
    for await (const batch of batches(reader, options)) {
      const recognised = await recognise(context, batch);
      alike += await countAlike(context, options, recognised);
      for (const read of recognised) {
        if ('problems' in read) note(read.problems);
        else if (read.own === '') continue;
        else if (!seen.has(read.own)) seen.add(read.own);
        else
          note([
            {
              code: 'repeated-response',
              path: `row ${read.row}, column response`,
              message: 'This response stands in an earlier row.',
            },
          ]);
      }
      rows += batch.length;
      options.onProgress?.({ phase: 'check', rows });
    }
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    note([{ code: 'not-utf-8', path: 'file', message: error.message }]);
  }
  if (found === 0 && rows === 0)
    note([{ code: 'no-rows', path: 'row 2', message: 'The file has no row below its header.' }]);
  if (found > listed) {
    problems.push({
      code: 'too-many-problems',
      path: 'file',
      message: `There are ${found - listed} more; mend these first.`,
    });
  }
  return { rows, alike, problems };
}

/** Rows read, in batches; when the header is wrong its problems are all that comes. */
async function* batches(reader: RowReader, options: ImportOptions): AsyncGenerator<Read[], void, undefined> {
  let batch: Read[] = [];
  let headed = false;
  for await (const records of readRecords(options.open())) {
    for (const record of records) {
      if (headed) batch.push(reader.row(record));
      else {
        const problems = reader.header(record);
        if (problems.length > 0) return yield [{ problems }];
        headed = true;
      }
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  }
  if (!headed)
    yield [
      {
        problems: [
          { code: 'no-header', path: 'row 1', message: 'The file is empty; its first row names the columns.' },
        ],
      },
    ];
  if (batch.length > 0) yield batch;
}

type Recognised = (ReadResponse & { stored: boolean }) | Exclude<Read, ReadResponse>;

/**
 * Which rows are stored already. A row that an export of this administration wrote names its response by its id; other
 * names are names within the administration. With other answers, or of somebody else, a row is refused, for a stored
 * response is never rewritten, and a row that shares its name with another would be lost.
 */
async function recognise(context: Context, batch: readonly Read[]): Promise<Recognised[]> {
  const ids = batch.flatMap((read) =>
    'problems' in read ? [] : [read.response._id, ...(read.own === '' ? [] : [read.own])],
  );
  const standing = await findStanding(context.db, ids);
  return batch.map((read) => {
    if ('problems' in read) return read;
    const { own, response, row } = read;
    const refused = (message: string) => ({
      problems: [{ code: 'answers-differ', path: `row ${row}, column response`, message }],
    });
    const exported = own === '' ? undefined : standing.get(own);
    const ofHere = exported?.study === response.study && exported.administration === response.administration;
    const known = ofHere ? exported : standing.get(response._id);
    if (!known) return { ...read, stored: false };
    // Withdrawn answers stay withdrawn, whichever file still holds them.
    if (known.withdrawn && known.study === response.study) return { ...read, stored: true };
    if (own !== '' && known.answersHash !== response.answersHash)
      return refused('A response with this id is stored with other answers, and is never rewritten.');
    if (own !== '' && !ofHere && (known.school !== response.school || known.person !== response.person))
      return refused('A response with this id is stored for another school or person; give each row an id of its own.');
    return { ...read, stored: true };
  });
}

/** Rows without a name that are not stored yet, and equal one that another file brought. */
async function countAlike(
  context: Context,
  { study, administration, importFile }: { study: string; administration: string; importFile: string },
  batch: readonly Recognised[],
): Promise<number> {
  const fresh = batch.flatMap((one) => ('problems' in one || one.stored || one.own !== '' ? [] : [one.response]));
  if (fresh.length === 0) return 0;
  const hashes = new Set(fresh.map(({ answersHash }) => answersHash));
  const elsewhere = await findImportedElsewhere(context.db, { study, administration, importFile }, [...hashes]);
  const keys = new Set(elsewhere.map(likenessOf));
  return fresh.filter((response) => keys.has(likenessOf(response))).length;
}

function likenessOf({ answersHash, arm, cluster, school, role, person }: Likeness): string {
  return JSON.stringify([answersHash, arm, cluster, school, role, person]);
}
