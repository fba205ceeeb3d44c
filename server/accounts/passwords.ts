/**
 * Passwords: which are good enough, how they are stored, how one is checked. Called by the verb files of this folder.
 * The only importer of argon2.
 */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Issue } from '../../instruments/instrument.ts';

export const passwordLength = { least: 12, most: 200 } as const;

/** argon2id (the library's default variant) with 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Words that are no secret, however often they are repeated and whatever digits and signs are around them. */
const obviousWords = new Set(
  (
    'password passwort passphrase passwd pass secret admin administrator root user login letmein welcome changeme ' +
    'qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm iloveyou dragon monkey sunshine princess football ' +
    'fidelis school teacher survey study research evaluator analyst test testing example default demo'
  ).split(' '),
);

const sequences = ['01234567890123456789', 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'];

/**
 * What is wrong with a new password, for the person who chose it; empty when it may be used.
 *
 * @example
 * checkPassword('a brass teapot sings', { email: 'a@example.org', name: 'A' }) // => []
 */
export function checkPassword(password: string, owner: { email: string; name: string }): Issue[] {
  const issue = (code: string, message: string): Issue[] => [{ code, path: 'body.password', message }];
  const characters = [...password.normalize('NFKC')];
  if (characters.length < passwordLength.least) {
    return issue('password-too-short', `Use at least ${passwordLength.least} characters.`);
  }
  if (characters.length > passwordLength.most) {
    return issue('password-too-long', `Use at most ${passwordLength.most} characters.`);
  }
  if (isObvious(password.normalize('NFKC').toLowerCase(), owner)) {
    return issue('password-too-common', 'This is among the first that anybody would try. Use a few unrelated words.');
  }
  return [];
}

/** The text that is stored for a password: parameters, salt and hash in one. */
export function hashPassword(password: string): Promise<string> {
  // The same password typed on two devices may differ in how accents are composed; the compatibility form is one.
  return hash(password.normalize('NFKC'), cost);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password belongs to the stored hash. Without a hash (no such account) it takes as long and says no, so
 * that the time of the answer does not tell which addresses have an account.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'));
  const other = await decoy;
  const fits = await verify(stored ?? other, password.normalize('NFKC'));
  return fits && stored !== null;
}

function isObvious(password: string, { email, name }: { email: string; name: string }): boolean {
  if (new Set(password).size < 5) return true;
  const letters = lettersOf(password);
  if (letters === '') return isRun(password.replaceAll(/\D/g, ''));
  if (isRun(letters) || madeOf(letters, obviousWords) || madeOf(unmasked(password), obviousWords)) return true;
  const own = [email, email.split('@')[0] ?? '', name].map((text) => lettersOf(text.toLowerCase()));
  return own.some((text) => text.length >= 4 && letters.replaceAll(text, '') === '');
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}]/gu, '');
}

/** The word behind the usual disguise: `p@ssw0rd2026!` is `password`. */
function unmasked(password: string): string {
  const core = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const plain = core.replaceAll(/[@01345$!7]/g, (sign) => letterBehind[sign] ?? sign);
  return lettersOf(plain);
}

const letterBehind: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '1': 'i',
  '!': 'i',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};

/** Part of the digits or the alphabet, forwards or backwards. */
function isRun(text: string): boolean {
  const backwards = [...text].reverse().join('');
  return text.length >= 4 && sequences.some((sequence) => sequence.includes(text) || sequence.includes(backwards));
}

/** One or more words of the list after each other. */
function madeOf(text: string, words: ReadonlySet<string>): boolean {
  const reachable = [true, ...Array<boolean>(text.length).fill(false)];
  for (let end = 1; end <= text.length; end++) {
    for (let start = 0; start < end && !reachable[end]; start++) {
      if (reachable[start] && words.has(text.slice(start, end))) reachable[end] = true;
    }
  }
  return reachable[text.length] === true;
}
