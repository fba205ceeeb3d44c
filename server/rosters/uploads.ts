/**
 * Takes one uploaded file into a private temporary file, with limits on its size and on everything else in the request.
 * The only importer of multer. Called by the import's routes, which remove the file.
 */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import multer from 'multer';
import { Problem } from '../problems.ts';

export const largestUpload = 25_000_000;

const folder = join(tmpdir(), `fidelis-uploads-${process.pid}`);
const upload = multer({
  storage: multer.diskStorage({
    destination: (_request, _file, done) => {
      mkdir(folder, { recursive: true, mode: 0o700 }).then(
        () => done(null, folder),
        (error: Error) => done(error, folder),
      );
    },
  }),
  limits: { files: 1, fileSize: largestUpload, fields: 5, fieldSize: 1000, parts: 6, headerPairs: 50 },
}).single('file');

export interface Upload {
  readonly path: string;
  /** As the person's machine names it, without folders. */
  readonly name: string;
  remove(): Promise<void>;
}

/** Throws `invalid-request` without a file, `body-too-large` above the limit. */
export async function receiveFile(request: Request, response: Response): Promise<Upload> {
  await new Promise<void>((resolve, reject) => {
    upload(request, response, (error: unknown) => {
      if (!error) resolve();
      else reject(problemOfUpload(error));
    });
  });
  const { file } = request;
  if (!file) {
    const detail = 'Send the file as multipart/form-data, in a part named file.';
    throw new Problem('invalid-request', { detail });
  }
  // Browsers send the name in UTF-8, multer reads it as Latin-1.
  const name = Buffer.from(file.originalname, 'latin1')
    .toString('utf8')
    .replace(/^.*[/\\]/, '');
  return { path: file.path, name, remove: () => rm(file.path, { force: true }) };
}

function problemOfUpload(error: unknown): unknown {
  if (!(error instanceof multer.MulterError)) {
    const broken = error instanceof Error && /Unexpected end of form|Multipart|boundary|Malformed/i.test(error.message);
    return broken ? new Problem('request-aborted', { cause: error }) : error;
  }
  if (error.code === 'LIMIT_FILE_SIZE') {
    return new Problem('body-too-large', { detail: 'A roster file may have 25 MB. Send it in parts.', cause: error });
  }
  return new Problem('invalid-request', { detail: 'Send one file, in a part named file.', cause: error });
}
