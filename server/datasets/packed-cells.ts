/**
 * Cells as bytes, for rows that wait on disk between two passes: a small integer, nothing, or the reason of a gap takes one
 * byte, any other number nine, a text its bytes and its length. Read back five times as fast as JSON. Called by `spool.ts`.
 */
import { type MissingReason, missingReasons } from '../../instruments/missing.ts';
import type { Cell } from './cells.ts';

/** First byte of a cell. Reasons are 1 to 7, and integers from `smallest` on what is left above. */
const tags = { nothing: 0, double: 8, shortAscii: 9, shortText: 10, longText: 11, smallest: 12 } as const;
/** The integers of one byte. */
const least = -16;
const most = 255 - tags.smallest + least;

const codeOf = new Map<MissingReason, number>(missingReasons.map((reason, at) => [reason, at + 1]));
const reasonAt: readonly (MissingReason | null)[] = [null, ...missingReasons];

export interface CellPacker {
  /** A value, or why there is none. */
  put(value: Cell, reason: MissingReason | null): void;
  /** A whole number from 0 to 2^32 - 1 that is no cell: of rows, of bytes. */
  count(value: number): void;
  /** What has been put since the last call. */
  take(): Buffer;
}

export function cellPacker(size = 1 << 16): CellPacker {
  let block = Buffer.allocUnsafe(size);
  let end = 0;
  const room = (bytes: number) => {
    if (end + bytes <= block.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * block.length, end + bytes));
    block.copy(larger, 0, 0, end);
    block = larger;
  };
  const putText = (text: string) => {
    // UTF-8 takes three bytes at most for each unit of a text.
    room(5 + 3 * text.length);
    if (text.length > 85) {
      const bytes = block.write(text, end + 5, 'utf8');
      block[end] = tags.longText;
      block.writeUInt32LE(bytes, end + 1);
      end += 5 + bytes;
      return;
    }
    const bytes = block.write(text, end + 2, 'utf8');
    block[end] = bytes === text.length ? tags.shortAscii : tags.shortText;
    block[end + 1] = bytes;
    end += 2 + bytes;
  };
  return {
    put(value, reason) {
      if (typeof value === 'string' && reason === null) return putText(value);
      room(9);
      if (reason !== null || value === null) {
        block[end] = reason === null ? tags.nothing : (codeOf.get(reason) ?? tags.nothing);
        end += 1;
      } else if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) {
        block[end] = Number(value) - least + tags.smallest;
        end += 1;
      } else {
        block[end] = tags.double;
        block.writeDoubleLE(Number(value), end + 1);
        end += 9;
      }
    },
    count(value) {
      room(4);
      end = block.writeUInt32LE(value, end);
    },
    take() {
      const taken = Buffer.from(block.subarray(0, end));
      end = 0;
      return taken;
    },
  };
}

export interface CellReader {
  /** The next `n` cells: the value or null, and the reason or null. */
  cells(n: number): { values: Cell[]; reasons: (MissingReason | null)[] };
  count(): number;
  /** True behind the last byte. */
  readonly ended: boolean;
}

/** Reads what a packer has put, in the same order. */
export function cellReader(block: Buffer): CellReader {
  let at = 0;
  const text = (bytes: number, encoding: 'latin1' | 'utf8') => {
    const from = at;
    at += bytes;
    return block.toString(encoding, from, at);
  };
  const valueBehind = (tag: number): Cell => {
    switch (tag) {
      case tags.double:
        at += 8;
        return block.readDoubleLE(at - 8);
      case tags.shortAscii:
        at += 1;
        return text(block[at - 1] ?? 0, 'latin1');
      case tags.shortText:
        at += 1;
        return text(block[at - 1] ?? 0, 'utf8');
      default:
        at += 4;
        return text(block.readUInt32LE(at - 4), 'utf8');
    }
  };
  return {
    cells(n) {
      // As long as they get: growing lists are most of the work otherwise.
      const values = new Array<Cell>(n).fill(null);
      const reasons = new Array<MissingReason | null>(n).fill(null);
      for (let cell = 0; cell < n; cell += 1) {
        const tag = block[at] ?? 0;
        at += 1;
        if (tag >= tags.smallest) values[cell] = tag - tags.smallest + least;
        else if (tag < tags.double) reasons[cell] = reasonAt[tag] ?? null;
        else values[cell] = valueBehind(tag);
      }
      return { values, reasons };
    },
    count() {
      at += 4;
      return block.readUInt32LE(at - 4);
    },
    get ended() {
      return at >= block.length;
    },
  };
}
