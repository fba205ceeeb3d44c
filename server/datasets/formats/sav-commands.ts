/**
 * The compressed values of a .sav file: eight commands of a byte, then the eight bytes of each value that no command holds.
 * Called by `sav.ts`.
 */

/** A whole number from 1 - bias to 251 - bias is its command less the bias. */
export const bias = 100;
const command = { raw: 253, blanks: 254, absent: 255 } as const;
/** Eight commands with the values of all of them. */
const wholeGroup = 8 + 8 * 8;
const fourBlanks = 0x20_20_20_20;

export interface SavCommands {
  number(value: number | null): void;
  /** A text of at most so many values of eight bytes, padded with blanks to as many. */
  text(text: string, slots: number): void;
  /** The same of bytes of UTF-8. */
  bytes(text: Uint8Array, slots: number): void;
  /** What is whole so far, since the last call. */
  take(): Buffer;
  /** The rest: commands that are missing in the last eight do nothing. */
  end(): Buffer;
}

export function savCommands(size = 1 << 16): SavCommands {
  let block = Buffer.allocUnsafe(size);
  /** Where the present eight commands stand; behind them to `end` the values of those that were given. */
  let group = 0;
  let count = 0;
  let end = 8;
  let scratch = Buffer.alloc(256);
  const put = (code: number): void => {
    block[group + count] = code;
    count += 1;
    if (count < 8) return;
    count = 0;
    group = end;
    end += 8;
    if (end + wholeGroup <= block.length) return;
    const larger = Buffer.allocUnsafe(2 * block.length);
    block.copy(larger, 0, 0, end);
    block = larger;
  };
  const putScratch = (slots: number): void => {
    for (let from = 0; from < 8 * slots; from += 8) {
      if (scratch.readInt32LE(from) === fourBlanks && scratch.readInt32LE(from + 4) === fourBlanks) {
        put(command.blanks);
        continue;
      }
      for (let byte = 0; byte < 8; byte += 1) block[end + byte] = scratch[from + byte] ?? 0;
      end += 8;
      put(command.raw);
    }
  };
  const reserve = (slots: number): void => {
    if (scratch.length < 8 * slots) scratch = Buffer.alloc(8 * slots);
  };
  return {
    number(value) {
      if (value === null) put(command.absent);
      else if (Number.isInteger(value) && value > -bias && value <= 251 - bias) put(value + bias);
      else {
        end = block.writeDoubleLE(value, end);
        put(command.raw);
      }
    },
    text(text, slots) {
      reserve(slots);
      scratch.fill(0x20, scratch.write(text, 0, 8 * slots, 'utf8'), 8 * slots);
      putScratch(slots);
    },
    bytes(text, slots) {
      reserve(slots);
      scratch.set(text);
      scratch.fill(0x20, text.length, 8 * slots);
      putScratch(slots);
    },
    take() {
      const taken = Buffer.from(block.subarray(0, group));
      block.copyWithin(0, group, end);
      end -= group;
      group = 0;
      return taken;
    },
    end() {
      if (count === 0) return Buffer.from(block.subarray(0, group));
      block.fill(0, group + count, group + 8);
      return Buffer.from(block.subarray(0, end));
    },
  };
}
