/**
 * Reads entries of a zip file that somebody else made, so that no archive can harm: the directory at its end says what
 * there is, limits on entries and on bytes are held before and while they are unpacked, and nothing is written to disk.
 * Called by xlsx-reader.ts alone. No library in the house unpacks with a limit: exceljs reads a workbook whole.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';

/** A file that is not what it says, or too large to be read safely. The message says what to do. */
export class BrokenFile extends Error {
  readonly code: 'broken-file' | 'file-too-large';

  constructor(code: BrokenFile['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface ZipLimits {
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
}

interface Entry {
  readonly packed: number;
  readonly size: number;
  readonly deflated: boolean;
  readonly at: number;
}

export interface ZipReader {
  readonly names: readonly string[];
  /** The unpacked bytes of an entry; throws BrokenFile when there are more than its directory says. */
  read(name: string): AsyncGenerator<Buffer, void, undefined>;
}

const endSize = 22;
const longestComment = 65_535;
const damaged = () =>
  new BrokenFile('broken-file', 'The workbook is damaged or protected. Open it in a spreadsheet and save it anew.');

/** Reads the directory. Throws BrokenFile when it is no sound zip or exceeds the limits. */
export async function openZip(path: string, limits: ZipLimits): Promise<ZipReader> {
  const file = await open(path, 'r');
  try {
    const entries = await directoryOf(file, limits);
    return {
      names: [...entries.keys()],
      read(name) {
        const entry = entries.get(name);
        if (!entry) throw damaged();
        return unpacked(path, entry);
      },
    };
  } finally {
    await file.close();
  }
}

async function directoryOf(file: FileHandle, limits: ZipLimits): Promise<Map<string, Entry>> {
  const { size } = await file.stat();
  const tail = await bytesAt(
    file,
    Math.max(0, size - endSize - longestComment),
    Math.min(size, endSize + longestComment),
  );
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + endSize > tail.length) throw damaged();
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count > limits.entries || length > limits.entries * 512) throw tooLarge();
  if (start + length > size) throw damaged();
  const directory = await bytesAt(file, start, length);
  const entries = new Map<string, Entry>();
  let [at, total] = [0, 0];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02014b50) throw damaged();
    const method = directory.readUInt16LE(at + 10);
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const header = directory.readUInt32LE(at + 42);
    const entry = { packed: directory.readUInt32LE(at + 20), size: directory.readUInt32LE(at + 24) };
    // Bit 0: encrypted. 0xffffffff: the figures stand elsewhere, as only in archives over 4 GB.
    const odd = (directory.readUInt16LE(at + 8) & 1) === 1 || (method !== 0 && method !== 8);
    if (odd || header === 0xffffffff || entry.packed === 0xffffffff) throw damaged();
    total += entry.size;
    if (total > limits.bytes) throw tooLarge();
    const name = directory.toString('utf8', at + 46, nameEnd);
    entries.set(name, { ...entry, deflated: method === 8, at: await dataStart(file, header) });
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** The data follow the entry's own header, whose name and extra field may be longer than those of the directory. */
async function dataStart(file: FileHandle, header: number): Promise<number> {
  const local = await bytesAt(file, header, 30);
  if (local.length < 30 || local.readUInt32LE(0) !== 0x04034b50) throw damaged();
  return header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function* unpacked(path: string, { at, packed, size, deflated }: Entry): AsyncGenerator<Buffer, void, undefined> {
  if (packed === 0) return;
  const source = createReadStream(path, { start: at, end: at + packed - 1 });
  const stream = deflated ? pipeline(source, createInflateRaw(), () => {}) : source;
  let given = 0;
  try {
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      given += bytes.length;
      if (given > size) throw damaged();
      yield bytes;
    }
  } catch (error) {
    if (error instanceof BrokenFile) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE' ? damaged() : error;
  } finally {
    source.destroy();
  }
  if (given < size) throw damaged();
}

function tooLarge(): BrokenFile {
  const message = 'The workbook unpacks to more than can be read safely. Save the sheet as CSV (UTF-8) and try again.';
  return new BrokenFile('file-too-large', message);
}
