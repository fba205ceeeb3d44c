/**
 * Takes one file of evidence from a request straight into GridFS: memory stays flat, and a file that is too large or of no kind
 * that is taken is cut off as soon as that is known. Called by `upload.ts`.
 */
import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Connection, mongo } from 'mongoose';
import { Problem } from '../problems.ts';
import { type EvidenceKind, headBytes, kindOfArchive, kindOfHead, tailBytes } from './kinds.ts';
import { openUpload, removeFile } from './store.ts';

export const largestEvidence = 10_000_000;
/** Sent on by a client that has not seen its answer yet; whoever sends more than this is hung up on. */
const patienceBytes = 1_000_000;

/**
 * Says no while the body may still be coming: the answer goes out first, a little more is read and thrown away so that the client
 * gets to see it, and then the line is cut.
 */
export function refuseBody(request: Request, response: Response): void {
  let drained = 0;
  request.on('data', (chunk: Buffer) => {
    if (!response.writableFinished) request.pause();
    drained += chunk.length;
    if (response.writableFinished && drained > patienceBytes) request.destroy();
  });
  response.once('finish', () => request.resume());
  request.on('error', () => undefined);
}

/** Throws `evidence-too-large` where the request says itself how much it is. */
export function requireSize(request: Request): void {
  if (Number(request.get('content-length') ?? 0) > largestEvidence) throw new Problem('evidence-too-large');
}

/** The chunks of a body; stopping early leaves the request open, so that it can be answered. */
async function* chunksOf(request: Request): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > largestEvidence) throw new Problem('evidence-too-large');
      yield chunk as Buffer;
    }
  } catch (error) {
    // The line broke; there is nobody left to answer.
    if (!(error instanceof Problem)) throw new Problem('request-aborted', { cause: error });
    throw error;
  }
}

/** SHA-256 of a body that is not kept. */
export async function hashBody(request: Request): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(request)) hash.update(chunk);
  return hash.digest('hex');
}

/** Waits until a piece is taken; rejects when it cannot be. */
function write(into: mongo.GridFSBucketWriteStream, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => into.write(piece, (error) => (error ? reject(error) : resolve())));
}

export interface ReceivedFile {
  readonly file: mongo.ObjectId;
  readonly kind: EvidenceKind;
  readonly bytes: number;
  readonly sha256: string;
}

/** Throws `evidence-too-large`, `evidence-type`, `request-aborted`; then nothing of the file is kept. */
export async function receiveEvidence(db: Connection, study: string, request: Request): Promise<ReceivedFile> {
  const hash = createHash('sha256');
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let into: mongo.GridFSBucketWriteStream | null = null;
  const open = (): mongo.GridFSBucketWriteStream => {
    if (kindOfHead(head) === null) throw new Problem('evidence-type');
    const stream = openUpload(db, study);
    // A failure between two pieces is told by the next one.
    stream.on('error', () => undefined);
    return stream;
  };
  try {
    let waiting: Buffer[] = [];
    for await (const chunk of chunksOf(request)) {
      bytes += chunk.length;
      hash.update(chunk);
      if (head.length < headBytes) head = Buffer.concat([head, chunk]).subarray(0, headBytes);
      tail = Buffer.concat([tail, chunk]);
      // Copied, or a slice would hold all that it was cut from.
      if (tail.length > 2 * tailBytes) tail = Buffer.from(tail.subarray(-tailBytes));
      waiting.push(chunk);
      if (into === null && head.length < 8) continue;
      into ??= open();
      for (const one of waiting) await write(into, one);
      waiting = [];
    }
    const begun = kindOfHead(head);
    const end = tail.subarray(-tailBytes);
    const kind = begun === 'zip' ? kindOfArchive(head, end, bytes) : begun;
    if (kind === null || into === null) throw new Problem('evidence-type');
    into.end();
    await finished(into);
    return { file: into.id, kind, bytes, sha256: hash.digest('hex') };
  } catch (error) {
    if (into) {
      into.destroy();
      await removeFile(db, into.id);
    }
    throw error;
  }
}
