/**
 * Takes a file of evidence through a link, before the answers are sent: once for each key that the device chooses, and no more
 * than a link may have. Called by the routes.
 */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { linkedQuestions } from '../../instruments/linked-answers.ts';
import { isPersonal } from '../attendance/scope.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { limiter } from '../rate-limits.ts';
import type { Link } from '../responses/offers.ts';
import { harmlessName } from './file-name.ts';
import { hashBody, largestEvidence, receiveEvidence, requireSize } from './receive.ts';
import { type Evidence, findEvidence, insertEvidence, listEvidenceOf, removeFile } from './store.ts';

/** What one link may have beside answers that are not sent yet, and, as a log may be sent again and again, in all. */
export const quota = { files: 30, bytes: 100_000_000 };
const inAll = { files: 500, bytes: 1_000_000_000 };
/** Also what is thrown away again costs work. */
const uploads = { points: 100, seconds: 3600 };

export interface UploadAsked {
  readonly key: string;
  readonly question: string;
  readonly name: string;
}

/** The id of a file: no other link finds it under the same key. */
export function evidenceId(
  { administration, invitation }: Pick<Link, 'administration' | 'invitation'>,
  key: string,
): string {
  return createHash('sha256')
    .update(`evidence|${administration.study}|${administration.id}|${invitation._id}|${key}`)
    .digest('hex');
}

/**
 * Throws `state-not-allowed` through a link that takes none, `invalid-request`, `evidence-too-large`, `evidence-type`,
 * `evidence-full`, and `conflict` when another file came under the key.
 */
export async function takeEvidence(
  context: Context,
  link: Link,
  { key, question, name }: UploadAsked,
  request: Request,
): Promise<{ readonly evidence: Evidence; readonly created: boolean }> {
  const { db } = context;
  if (!isPersonal(link)) {
    throw new Problem('state-not-allowed', {
      detail: 'Files cannot be attached through this link. Send without them.',
    });
  }
  if (!linkedQuestions(link.compiled, 'files').some((one) => one.question === question)) {
    const message = `"${question.slice(0, 40)}" takes no files in this version.`;
    throw new Problem('invalid-request', { issues: [{ code: 'unknown-item', path: 'query.question', message }] });
  }
  requireSize(request);
  const _id = evidenceId(link, key);
  const { study, id: administration } = link.administration;
  const known = await findEvidence(db, study, _id);
  if (known) return same(known, await hashBody(request));
  await limiter(context, 'evidence', uploads).consume(link.invitation._id);
  const standing = await listEvidenceOf(db, { study, administration, invitation: link.invitation._id });
  const size = Number(request.get('content-length') ?? largestEvidence);
  const waiting = standing.filter(({ state }) => state === 'uploaded');
  if (!hasRoom(waiting, size, quota) || !hasRoom(standing, size, inAll)) throw new Problem('evidence-full');
  const { file, kind, bytes, sha256 } = await receiveEvidence(db, study, request);
  const evidence: Evidence = {
    ...{ _id, study, administration, invitation: link.invitation._id, key, question },
    ...{ name: harmlessName(name, kind), kind, bytes, sha256, file },
    ...{ state: 'uploaded', response: null, entry: null, at: context.clock() },
  };
  if (await insertEvidence(db, evidence)) return { evidence, created: true };
  // The same upload twice at once: the other one stands.
  await removeFile(db, file);
  const other = await findEvidence(db, study, _id);
  if (!other) throw new Problem('conflict');
  return same(other, sha256);
}

function same(evidence: Evidence, sha256: string): { evidence: Evidence; created: boolean } {
  if (evidence.sha256 !== sha256)
    throw new Problem('conflict', { detail: 'Another file came under this key. Choose a new one.' });
  return { evidence, created: false };
}

function hasRoom(files: readonly Evidence[], size: number, limit: typeof quota): boolean {
  const held = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return files.length < limit.files && held + size <= limit.bytes;
}
