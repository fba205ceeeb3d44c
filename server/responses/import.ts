/**
 * Imports responses from a flat file: every cell is checked first, in one pass over the file, and only when nothing is
 * wrong are the responses written, in a second. The same file again writes nothing new. Called by
 * `fidelis responses import`.
 */
import type { Readable } from 'node:stream';
import type { Issue } from '../../instruments/instrument.ts';
import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { loadDataset } from '../datasets/dataset.ts';
import type { ImportChoices } from './import-columns.ts';
import { NotUtf8, readRecords } from './import-file.ts';
import { type Read, type ReadResponse, type RowReader, rowReader } from './import-row.ts';
import { findResponse, insertResponsesBulk } from './store.ts';

export interface ImportOptions extends ImportChoices {
  readonly study: string;
  readonly administration: string;
  /** Opens the file from its beginning; called once for each pass. */
  readonly open: () => Readable;
  readonly onProgress?: (progress: { phase: 'check' | 'write'; rows: number }) => void;
}

export interface ImportResult {
  readonly rows: number;
  readonly created: number;
  readonly unchanged: number;
  /** What is wrong, at most a hundred and a line that counts the rest; nothing was written then. */
  readonly problems: readonly Issue[];
}

const listed = 100;
const batchSize = 1000;

/** Throws `not-found`; what is wrong with the file comes back as problems. */
export async function importResponses(context: Context, options: ImportOptions): Promise<ImportResult> {
  const dataset = await loadDataset(context, options.study, options.administration);
  const reader = await rowReader(context, dataset, options);
  const checked = await check(context, reader, options);
  if (checked.problems.length > 0) return { rows: checked.rows, created: 0, unchanged: 0, problems: checked.problems };
  let [rows, created] = [0, 0];
  for await (const batch of batches(reader, options)) {
    const read = await Promise.all(batch.map((one) => recognise(context, one)));
    const responses = read.flatMap((one) => ('response' in one && !one.stored ? [one.response] : []));
    // Idempotent by id, so a restart of the engine in the middle is survived.
    created += await retryWhileUnavailable(() => insertResponsesBulk(context.db, responses), { forMs: 30_000 });
    rows += batch.length;
    options.onProgress?.({ phase: 'write', rows });
  }
  return { rows, created, unchanged: rows - created, problems: [] };
}

async function check(
  context: Context,
  reader: RowReader,
  options: ImportOptions,
): Promise<{ rows: number; problems: Issue[] }> {
  const problems: Issue[] = [];
  const seen = new Set<string>();
  let [rows, found] = [0, 0];
  const note = (issues: readonly Issue[]) => {
    found += issues.length;
    problems.push(...issues.slice(0, listed - problems.length));
  };
  try {
    for await (const batch of batches(reader, options)) {
      for (const read of await Promise.all(batch.map((one) => recognise(context, one)))) {
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
  return { rows, problems };
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

/**
 * A row that an export of this administration wrote names its response: when that is stored, the row is no new one.
 * With other answers it is refused, for a stored response is never rewritten.
 */
async function recognise(
  context: Context,
  read: Read,
): Promise<(ReadResponse & { stored: boolean }) | Exclude<Read, ReadResponse>> {
  if ('problems' in read) return read;
  const { own, response, row } = read;
  const standing = own === '' ? null : await findResponse(context.db, own);
  if (!standing || standing.study !== response.study || standing.administration !== response.administration)
    return { ...read, stored: false };
  if (standing.answersHash === response.answersHash) return { ...read, stored: true };
  const message = 'A response with this id is stored with other answers, and is never rewritten.';
  return { problems: [{ code: 'answers-differ', path: `row ${row}, column response`, message }] };
}
