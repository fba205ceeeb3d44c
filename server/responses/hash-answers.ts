/** What answers are recognised by when they come again. Called wherever responses are stored or compared. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../instruments/canonical.ts';

/** SHA-256 of answers in canonical form: the order of keys makes no difference. */
export function hashAnswers(answers: unknown): string {
  return createHash('sha256').update(canonicalJson(answers)).digest('hex');
}
