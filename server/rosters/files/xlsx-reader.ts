/**
 * The sheets of an XLSX workbook as rows of texts, read in one pass each. A formula gives the value that it had when the
 * workbook was saved and is never computed. Texts stay as they are, so 0123 typed as a text keeps its zero; a number
 * formatted as 0000 gets the zeros that the person saw; a date becomes an ISO date. Called by roster-file.ts.
 */
import type { CsvRecord } from '../../responses/import-file.ts';
import { attribute, type XmlToken, xmlTokens } from './xml-reader.ts';
import { BrokenFile, openZip, type ZipReader } from './zip-reader.ts';

const limits = { entries: 500, bytes: 200_000_000 };
const longestTexts = 50_000_000;
const columnLimit = 1000;
const rowsPerBlock = 500;

export interface Workbook {
  readonly sheets: readonly { readonly name: string; rows(): AsyncGenerator<CsvRecord[], void, undefined> }[];
}

/** Opens a workbook. Throws BrokenFile when it cannot be read safely. */
export async function openWorkbook(path: string): Promise<Workbook> {
  const zip = await openZip(path, limits);
  if (!zip.names.includes('xl/workbook.xml')) {
    throw new BrokenFile('broken-file', 'This is a zip file, not a workbook. Send a .xlsx or a .csv file.');
  }
  const { sheets, from1904 } = await contentsOf(zip);
  const formats = await formatsOf(zip);
  const texts = await sharedTexts(zip);
  return {
    sheets: sheets.map(({ name, file }) => ({ name, rows: () => rowsOf(zip, file, { texts, formats, from1904 }) })),
  };
}

async function contentsOf(zip: ZipReader) {
  const targets = new Map<string, string>();
  for await (const token of opened(zip, 'xl/_rels/workbook.xml.rels')) {
    if (token.value !== 'Relationship') continue;
    const target = attribute(token, 'Target') ?? '';
    targets.set(attribute(token, 'Id') ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
  }
  const sheets: { name: string; file: string }[] = [];
  let from1904 = false;
  for await (const token of opened(zip, 'xl/workbook.xml')) {
    if (token.value === 'workbookPr') from1904 = /^(1|true)$/.test(attribute(token, 'date1904') ?? '');
    if (token.value !== 'sheet' || (attribute(token, 'state') ?? 'visible') !== 'visible') continue;
    // The sheet's own attribute `id` has the prefix of relationships; `sheetId` is another.
    const file = targets.get(attribute(token, 'id') ?? '');
    if (file !== undefined && zip.names.includes(file)) sheets.push({ name: attribute(token, 'name') ?? '', file });
  }
  return { sheets, from1904 };
}

/** Opening tags of a small part; nothing when the part is not there. */
async function* opened(zip: ZipReader, name: string): AsyncGenerator<XmlToken> {
  if (!zip.names.includes(name)) return;
  for await (const tokens of xmlTokens(zip.read(name))) {
    for (const token of tokens) if (token.kind === 'open') yield token;
  }
}

/** How numbers look, by style: `date`, or how many digits are always shown (0000). */
type Format = 'date' | number | null;

async function formatsOf(zip: ZipReader): Promise<Format[]> {
  const codes = new Map<string, string>();
  const formats: Format[] = [];
  let within = false;
  if (!zip.names.includes('xl/styles.xml')) return formats;
  for await (const tokens of xmlTokens(zip.read('xl/styles.xml'))) {
    for (const token of tokens) {
      if (token.value === 'cellXfs') within = token.kind === 'open';
      if (token.kind !== 'open') continue;
      if (token.value === 'numFmt') codes.set(attribute(token, 'numFmtId') ?? '', attribute(token, 'formatCode') ?? '');
      if (token.value === 'xf' && within) formats.push(formatOf(attribute(token, 'numFmtId') ?? '0', codes));
    }
  }
  return formats;
}

function formatOf(id: string, codes: ReadonlyMap<string, string>): Format {
  const code = codes.get(id);
  if (code === undefined) {
    const number = Number(id);
    return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) || (number >= 50 && number <= 58)
      ? 'date'
      : null;
  }
  if (/^0{2,}$/.test(code)) return code.length;
  const bare = code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, '');
  return /[dy]/i.test(bare) ? 'date' : null;
}

async function sharedTexts(zip: ZipReader): Promise<string[]> {
  const texts: string[] = [];
  const file = zip.names.find((name) => name.toLowerCase() === 'xl/sharedstrings.xml');
  if (file === undefined) return texts;
  const reader = textReader();
  let length = 0;
  for await (const tokens of xmlTokens(zip.read(file))) {
    for (const token of tokens) {
      if (token.kind === 'open' && token.value === 'si') reader.start();
      reader.take(token);
      if (token.value !== 'si' || (token.kind === 'open' && !token.empty) || token.kind === 'text') continue;
      texts.push(reader.text());
      length += reader.text().length;
      if (length > longestTexts)
        throw new BrokenFile(
          'file-too-large',
          'The workbook holds too much text. Save the sheet as CSV and try again.',
        );
    }
  }
  return texts;
}

/** Puts a text together from its pieces, without the reading aids that East Asian texts may carry. */
function textReader() {
  let [text, within, aside] = ['', false, false];
  return {
    start() {
      [text, within, aside] = ['', false, false];
    },
    take({ kind, value, empty }: XmlToken) {
      if (kind === 'text') {
        if (within && !aside) text += value;
      } else if (value === 't') within = kind === 'open' && !empty;
      else if (value === 'rPh') aside = kind === 'open' && !empty;
    },
    /** With the format's own escapes for characters that XML cannot hold undone. */
    text: () =>
      text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  };
}

interface Sheet {
  readonly texts: readonly string[];
  readonly formats: readonly Format[];
  readonly from1904: boolean;
}

async function* rowsOf(zip: ZipReader, file: string, sheet: Sheet): AsyncGenerator<CsvRecord[], void, undefined> {
  let block: CsvRecord[] = [];
  let [row, column] = [0, 0];
  let cells: string[] = [];
  let cell: XmlToken | null = null;
  let [value, inValue] = ['', false];
  const inline = textReader();
  const endCell = () => {
    if (!cell) return;
    cells[column] = cellText(cell, value, inline.text(), sheet);
    cell = null;
  };
  for await (const tokens of xmlTokens(zip.read(file))) {
    for (const token of tokens) {
      const { kind, value: name } = token;
      if (kind === 'text') {
        if (inValue) value += name;
      } else if (kind === 'open' && name === 'row') {
        row = Number(attribute(token, 'r') ?? row + 1);
        [cells, column] = [[], -1];
      } else if (kind === 'open' && name === 'c') {
        column = columnOf(attribute(token, 'r')) ?? column + 1;
        if (column >= columnLimit) throw new BrokenFile('file-too-large', 'The sheet has too many columns.');
        [cell, value] = [token, ''];
        inline.start();
        if (token.empty) endCell();
      } else if (name === 'v') inValue = kind === 'open' && !token.empty;
      else if (kind === 'close' && name === 'c') endCell();
      else if (kind === 'close' && name === 'row' && cells.some((text) => text !== undefined && text !== '')) {
        block.push({ row, cells: Array.from(cells, (text) => text ?? ''), broken: null });
      }
      if (cell) inline.take(token);
    }
    if (block.length < rowsPerBlock) continue;
    yield block;
    block = [];
  }
  if (block.length > 0) yield block;
}

/** A is 0. Null without a reference. */
function columnOf(reference: string | null): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return null;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

function cellText(cell: XmlToken, value: string, inline: string, { texts, formats, from1904 }: Sheet): string {
  const type = attribute(cell, 't') ?? 'n';
  if (type === 's') return texts[Number(value)] ?? '';
  if (type === 'inlineStr') return inline;
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n' || value === '') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  const format = formats[Number(attribute(cell, 's') ?? -1)] ?? null;
  if (format === 'date') return dayOf(number, from1904) ?? String(number);
  const text = String(number);
  return format !== null && /^\d+$/.test(text) ? text.padStart(format, '0') : text;
}

/** The calendar day of a serial number; Excel believes that 1900 was a leap year. */
function dayOf(serial: number, from1904: boolean): string | null {
  const days = Math.floor(serial) + (from1904 ? 1462 : serial < 60 ? 1 : 0);
  if (days < 1 || days > 2_958_465) return null;
  return new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10);
}
