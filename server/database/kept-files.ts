/**
 * Files in GridFS: written through with their size and hash, read as streams, removed with every piece of them. Used by the
 * stores of releases and exports; a file is offered only by a document that was written after it.
 */
import { createHash } from 'node:crypto';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Connection, mongo } from 'mongoose';

export function bucketOf({ db }: Connection, bucketName: string): mongo.GridFSBucket {
  if (!db) throw new Error('the database is not connected');
  return new mongo.GridFSBucket(db, { bucketName, writeConcern: { w: 1, journal: true } });
}

/** Writes what `write` gives through into `into`: bytes and SHA-256 in hexadecimal. A failure of either side ends the other. */
export async function writeHashed(
  into: Writable,
  write: (out: Writable) => Promise<void>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const out = new PassThrough();
  const kept = pipeline(
    out,
    async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    into,
  );
  const [written, stored] = await Promise.allSettled([
    write(out).catch((error: unknown) => {
      out.destroy(error as Error);
      throw error;
    }),
    kept,
  ]);
  // The reason of the writer says more than that its stream broke off.
  if (written.status === 'rejected') throw written.reason;
  if (stored.status === 'rejected') throw stored.reason;
  return { bytes, sha256: hash.digest('hex') };
}

/** Removes a file, also one whose upload never came to its end. */
export async function removeKept(db: Connection, bucketName: string, id: mongo.ObjectId): Promise<void> {
  if (!db.db) throw new Error('the database is not connected');
  await db.db.collection(`${bucketName}.files`).deleteOne({ _id: id });
  await db.db.collection(`${bucketName}.chunks`).deleteMany({ files_id: id });
}

/** Removes pieces of uploads that were begun before then and never came to their end: their server died. */
export async function removeBrokenUploads(db: Connection, bucketName: string, before: Date): Promise<number> {
  if (!db.db) throw new Error('the database is not connected');
  const files = db.db.collection(`${bucketName}.files`);
  const chunks = db.db.collection(`${bucketName}.chunks`);
  const newest = mongo.ObjectId.createFromTime(Math.floor(before.getTime() / 1000));
  let removed = 0;
  // The first piece of each upload, by the index that GridFS makes.
  const begun = chunks.find({ n: 0, files_id: { $lt: newest } }, { projection: { files_id: 1 } });
  for await (const { files_id: id } of begun) {
    if (await files.findOne({ _id: id }, { projection: { _id: 1 } })) continue;
    removed += (await chunks.deleteMany({ files_id: id })).deletedCount;
  }
  return removed;
}
