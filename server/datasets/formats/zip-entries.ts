/**
 * Zip files, entry by entry: each is made when its turn comes and waits for the reader, so memory stays flat. The only
 * importer of yazl. Called by what makes the entries.
 */
import { PassThrough, Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';
import { ReaderGone, sendBody } from './body.ts';

export type Lines = () => AsyncIterable<string> | Iterable<string>;

/** A file of the zip: texts that are made as they are wanted, or what writes it into a stream and ends that. */
export type ZipEntry = { readonly name: string; readonly at: Date } & (
  | { readonly lines: Lines }
  | { readonly write: (out: Writable) => Promise<void> }
);

/** Writes the zip into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeEntries(out: Writable, entries: readonly ZipEntry[]): Promise<void> {
  const zip = new ZipFile();
  await sendBody(out, async (body) => {
    const underWay = new Set<Readable>();
    const written = new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      body.on('error', reject);
      body.on('close', resolve);
    });
    const fail = (error: unknown) => zip.emit('error', error);
    for (const entry of entries) {
      zip.addReadStreamLazy(entry.name, { mtime: entry.at }, (give) => {
        if (body.destroyed) return give(new ReaderGone(), Readable.from([]));
        const stream = streamOf(entry, fail);
        underWay.add(stream);
        stream.once('close', () => underWay.delete(stream));
        give(null, stream);
      });
    }
    zip.end();
    zip.outputStream.pipe(body);
    try {
      await written;
    } finally {
      for (const stream of underWay) stream.destroy();
    }
  });
}

function streamOf(entry: ZipEntry, fail: (error: unknown) => void): Readable {
  if ('lines' in entry) {
    const stream = Readable.from(entry.lines(), { objectMode: false, highWaterMark: 1 << 17 });
    stream.on('error', fail);
    return stream;
  }
  const stream = new PassThrough({ highWaterMark: 1 << 17 });
  entry.write(stream).catch(fail);
  return stream;
}
