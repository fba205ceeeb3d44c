/** A small study with responses of every kind, and readers of the exported files, independent of what wrote them. */
import { PassThrough, type Writable } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import Papa from 'papaparse';
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import type { Context } from '../../server/context.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { exportCsv, exportParts } from '../../server/datasets/export.ts';
import { everyType } from '../instruments/every-type.ts';
import { type SmallStudy, smallStudy, storeResponses } from './small-study.ts';

/** Texts that spreadsheets, CSV or XML might take for something else. */
export const nasty = [
  '=1+1',
  '+44 1632 960001',
  '-5',
  '@sum',
  '  =1+1',
  '\u00A0\u200B@sum',
  '\u0007+1',
  '\ttab',
  "'=quoted",
  "'plain apostrophe",
  'a "quote", a comma',
  'two\nlines',
  'return\r\nline',
  '  spaces at both ends  ',
  'Zoë 😀 Ω',
  '<b>&amp; &lt;',
  '_x0041_',
  '-993',
  'bell \u0007',
] as const;

/**
 * The study `exports`: a response for each nasty text, then one whole, one partial, 300 simulated; and one that was
 * withdrawn, whose id is not among `ids`.
 */
export async function exportsStudy(context: Context): Promise<{ small: SmallStudy; ids: string[] }> {
  const small = await smallStudy(context, everyType, 'exports');
  const random = randomOf('exports');
  const ids = await storeResponses(context, small, [
    ...nasty.map((words) => ({ answers: { colour: 1, tags: [1], words } })),
    {
      // A whole response, for which every cell is written out below.
      answers: {
        colour: 2,
        shade: 98,
        stars: 3,
        likes: true,
        coded: 2,
        pets: [1, 3],
        tags: [3],
        order: [2, 1, 3],
        moods: { mood_good: 3, mood_bad: 99 },
        level: 4,
        band: [5, 60],
        decimal: 0.1 + 0.2,
        count: 12,
        on_day: '2026-01-31',
        boxes: { box_words: 'in a box' },
        grid: { north: { share: 1, why: 'because' }, south: { kinds: [2] } },
        visits: [{ visit_day: '2026-02-02', visit_kind: 3 }, { visit_day: '2026-02-03' }],
      },
      school: 'n2',
      person: 'p2',
      receivedAt: new Date('2026-06-30T23:30:00Z'),
    },
    {
      answers: { colour: 3, tags: [2] },
      completion: 'partial' as const,
      lastPage: 0,
      cluster: null,
      school: 'c1',
      arm: 'comparison',
    },
    ...Array.from({ length: 300 }, () => {
      const { answers, completion, lastPage } = simulateAnswers(small.compiled, {
        random,
        missing: 0.1,
        declined: 0.1,
        dropOut: 0.1,
      });
      return { answers, completion, lastPage };
    }),
    { answers: {}, withdrawn: true },
  ]);
  return { small, ids: ids.slice(0, -1) };
}

/** Collects everything that is written. */
export function collector(): { out: Writable; bytes: () => Buffer } {
  const chunks: Buffer[] = [];
  const out = new PassThrough();
  out.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return { out, bytes: () => Buffer.concat(chunks) };
}

/** The data of the study `exports` as CSV, parsed. */
export async function csvRows(context: Context): Promise<string[][]> {
  const { out, bytes } = collector();
  await exportCsv(context, await loadDataset(context, 'exports', 'survey'), out);
  return parsed(bytes().toString('utf8'));
}

export function parsed(text: string): string[][] {
  return Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
}

/** The workbook of the study `exports`, read back. */
export async function workbook(context: Context): Promise<ExcelJS.Workbook> {
  const { out, bytes } = collector();
  await exportParts(context, 'exports', ['survey'], 'xlsx', () => out);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes().buffer.slice(bytes().byteOffset) as ArrayBuffer);
  return book;
}

/** All cells of a sheet as they were read, without the empty ones at the ends of rows. */
export function cellsOf(book: ExcelJS.Workbook, name: string): unknown[][] {
  const sheet = book.getWorksheet(name);
  if (!sheet) throw new Error(`no sheet ${name}`);
  const rows: unknown[][] = [];
  sheet.eachRow((row) => {
    rows.push((row.values as unknown[]).slice(1));
  });
  return rows;
}

/** Texts of a zip, by name. */
export function unzipped(zip: Buffer): Map<string, string> {
  return new Map([...unzippedBytes(zip)].map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

/** Files of a zip, read from its central directory: independent of what wrote it. */
export function unzippedBytes(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let at = zip.readUInt32LE(zip.lastIndexOf('PK\u0005\u0006') + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [
      zip.readUInt32LE(at + 20),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(name, inflateRawSync(zip.subarray(start, start + size)));
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
