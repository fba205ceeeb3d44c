/**
 * The self-generated code: answers to three stable questions, by which waves are linked without identity. Nothing of the
 * answers is stored, only keyed digests: of all three, and of each two, so that a code with one error still meets its
 * like in one pair. The key is derived from the installation's secret and bound to the study: whoever holds the database
 * alone can try no answers, however few there are. Called by the submission.
 */
import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';

/** What a response keeps. */
export interface CodeDigests {
  readonly whole: string;
  /** Of the first and second answer, the first and third, the second and third. */
  readonly pairs: readonly [string, string, string];
}

const longest = 20;

/**
 * An answer as it is compared: without case, accents, blanks, marks and leading zeros.
 *
 * @example
 * plainAnswer(' É. ') // => 'e'
 */
export function plainAnswer(answer: string): string {
  const plain = answer
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .slice(0, longest);
  return /^\d+$/.test(plain) ? plain.replace(/^0+(?=\d)/, '') : plain;
}

/** Null when an answer says nothing: a code of two answers would meet too many others. */
export function codeDigests(
  { secret }: Pick<Context, 'secret'>,
  study: string,
  answers: readonly string[],
): CodeDigests | null {
  const [one = '', two = '', three = ''] = answers.map(plainAnswer);
  if (one === '' || two === '' || three === '') return null;
  const key = secret.derive('self-generated-code');
  const digest = (kind: string, ...parts: readonly string[]) =>
    createHmac('sha256', key)
      .update(JSON.stringify([study, kind, ...parts]))
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  return {
    whole: digest('whole', one, two, three),
    pairs: [digest('first-second', one, two), digest('first-third', one, three), digest('second-third', two, three)],
  };
}
