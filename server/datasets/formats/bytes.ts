/** Little-endian bytes in growing blocks, for the binary formats. */

export interface ByteWriter {
  uint8(value: number): void;
  uint16(value: number): void;
  int32(value: number): void;
  uint32(value: number): void;
  uint64(value: number | bigint): void;
  double(value: number): void;
  /** UTF-8 padded to `width` bytes with spaces or zeros; cut at a whole character where it is longer. */
  text(value: string, width: number, padding?: number): void;
  bytes(value: Uint8Array): void;
  /** Number of bytes since the start. */
  readonly length: number;
  /** What has been written since the last call. */
  take(): Buffer;
}

/** An empty writer. */
export function byteWriter(size = 1 << 16): ByteWriter {
  let block = Buffer.allocUnsafe(size);
  let at = 0;
  let before = 0;
  const room = (bytes: number): number => {
    if (at + bytes > block.length) {
      const larger = Buffer.allocUnsafe(Math.max(block.length * 2, at + bytes));
      block.copy(larger, 0, 0, at);
      block = larger;
    }
    const from = at;
    at += bytes;
    return from;
  };
  // The block is looked up after room was made, which may have put a larger one in its place.
  return {
    uint8(value) {
      const from = room(1);
      block.writeUInt8(value, from);
    },
    uint16(value) {
      const from = room(2);
      block.writeUInt16LE(value, from);
    },
    int32(value) {
      const from = room(4);
      block.writeInt32LE(value, from);
    },
    uint32(value) {
      const from = room(4);
      block.writeUInt32LE(value, from);
    },
    uint64(value) {
      const from = room(8);
      block.writeBigUInt64LE(BigInt(value), from);
    },
    double(value) {
      const from = room(8);
      block.writeDoubleLE(value, from);
    },
    text(value, width, padding = 0x20) {
      const from = room(width);
      // A plain short text fits at once; `write` itself never splits a character.
      const written = block.write(value, from, width, 'utf8');
      block.fill(padding, from + written, from + width);
    },
    bytes(value) {
      const from = room(value.length);
      block.set(value, from);
    },
    get length() {
      return before + at;
    },
    take() {
      const taken = Buffer.from(block.subarray(0, at));
      before += at;
      at = 0;
      return taken;
    },
  };
}

/** The text cut to at most so many bytes of UTF-8, between two characters as people see them. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = '';
  let length = 0;
  for (const { segment } of graphemes.segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > bytes) break;
    cut += segment;
  }
  return cut;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
