/** Reads a CSV file record by record, a block at a time, without holding it. Called by the imports and `analyse-data.ts`. */
import { PassThrough, Readable } from 'node:stream';
import Papa from 'papaparse';

export interface CsvRecord {
  /** As a spreadsheet numbers rows: the header is 1, a cell with line breaks is still one row. */
  readonly row: number;
  readonly cells: readonly string[];
  /** What is wrong with the quotes of this record; null if nothing. */
  readonly broken: string | null;
}

/** Thrown when the bytes are no UTF-8: guessing the encoding would change answers. */
export class NotUtf8 extends Error {}

/** The records in order, in blocks; lines without any character are left out but counted. */
export async function* readRecords(
  source: Readable,
  delimiter: ',' | ';' | '\t' = ',',
): AsyncGenerator<CsvRecord[], void, undefined> {
  const blocks = new PassThrough({ objectMode: true, highWaterMark: 2 });
  const text = Readable.from(decoded(source), { objectMode: false });
  text.once('error', (error) => blocks.destroy(error));
  Papa.parse<string[]>(text, {
    delimiter,
    skipEmptyLines: false,
    chunk(results, parser) {
      if (blocks.destroyed) return parser.abort();
      if (blocks.write(results)) return;
      // The reader is slower: no more is read until it has caught up.
      parser.pause();
      blocks.once('drain', () => parser.resume());
    },
    complete: () => blocks.end(),
    error: (error) => blocks.destroy(error),
  });
  try {
    let before = 0;
    for await (const { data, errors } of blocks as AsyncIterable<Papa.ParseResult<string[]>>) {
      const broken = new Map(errors.map((error) => [error.row ?? 0, error.message]));
      yield data
        .map((cells, at) => ({ row: before + at + 1, cells, broken: broken.get(at) ?? null }))
        .filter(({ cells, broken: wrong }) => wrong !== null || cells.length > 1 || cells[0] !== '');
      before += data.length;
    }
  } finally {
    blocks.destroy();
    text.destroy();
    source.destroy();
  }
}

/** What to do when a header of one column holds all names, as in a file with other separators; null if it does not. */
export function otherSeparator(header: readonly string[]): string | null {
  const [only = ''] = header;
  const separator = header.length === 1 ? /[;\t]/.exec(only)?.[0] : undefined;
  if (separator === undefined) return null;
  const used = separator === ';' ? 'semicolons' : 'tabs';
  return `The columns are separated by ${used}. Save the file with commas between them and try again.`;
}

/** Text of the bytes; a byte order mark at the beginning is dropped. */
async function* decoded(source: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const bytes of source as AsyncIterable<Buffer>) {
      const text = decoder.decode(bytes, { stream: true });
      if (text !== '') yield text;
    }
    decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw new NotUtf8('The file is not UTF-8. Save it as "CSV UTF-8" and try again.');
    throw error;
  }
}
