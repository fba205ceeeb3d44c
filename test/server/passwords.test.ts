/** Passwords: what is refused, how they are stored, and that an unknown address takes as long as a known one. */
import { describe, expect, test } from 'vitest';
import { checkPassword, hashPassword, verifyPassword } from '../../server/accounts/passwords.ts';

const owner = { email: 'rosalind.north@example.org', name: 'Rosalind North' };
const codeOf = (password: string) => checkPassword(password, owner)[0]?.code ?? null;

describe('a new password', () => {
  test.each([
    'a brass teapot sings',
    'correct horse battery staple',
    'Xk4!vv02-tRq',
    '\u6f22\u5b57\u3068\u304b\u306a\u6df7\u3058\u308a\u306e\u79d8\u5bc6\u306e\u8a00\u8449',
    '839274650182',
  ])('may be %s', (password) => {
    expect(codeOf(password)).toBeNull();
  });

  test('has 12 to 200 characters, counted as people count them', () => {
    expect(codeOf('eleven char')).toBe('password-too-short');
    expect(codeOf('\u{1f600}\u{1f601}\u{1f602}\u{1f603}\u{1f604}\u{1f605}')).toBe('password-too-short');
    expect(codeOf('twelve chars')).toBeNull();
    expect(codeOf('a brass teapot '.repeat(20))).toBe('password-too-long');
  });

  test.each([
    'password1234',
    'Password2026!',
    'p@ssw0rd2026!!',
    'passwordpassword',
    'administrator',
    'Welcome12345678',
    'letmeinletmein',
    'fidelis-fidelis',
    'aaaaaaaaaaaa',
    'abababababab',
    '123456789012',
    '210987654321',
    'abcdefghijkl',
    'qwertyuiop12',
    'rosalind.north@example.org',
    'Rosalind.North.1984',
    'RosalindNorthRosalindNorth',
  ])('is not %s', (password) => {
    expect(codeOf(password)).toBe('password-too-common');
  });

  test('is refused with a sentence that says what to do and does not repeat it', () => {
    const [issue] = checkPassword('password1234', owner);
    expect(issue).toMatchObject({ path: 'body.password' });
    expect(issue?.message).toMatch(/\.$/);
    expect(issue?.message).not.toContain('password1234');
  });
});

describe('a stored password', () => {
  test('is an argon2id text with its own salt', async () => {
    const [one, two] = await Promise.all([hashPassword('a brass teapot sings'), hashPassword('a brass teapot sings')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await verifyPassword(one, 'a brass teapot sings')).toBe(true);
    expect(await verifyPassword(one, 'a brass teapot sing')).toBe(false);
  });

  test('of nobody takes as long to check as that of somebody and is never right', async () => {
    const stored = await hashPassword('a brass teapot sings');
    await verifyPassword(null, 'warm-up');
    const time = async (hash: string | null) => {
      const started = process.hrtime.bigint();
      for (let i = 0; i < 10; i++) expect(await verifyPassword(hash, 'a guess at it')).toBe(false);
      return Number(process.hrtime.bigint() - started);
    };
    // Interleaved and summed, so that another program on this machine disturbs both alike.
    let [known, unknown] = [0, 0];
    for (let round = 0; round < 3; round++) {
      known += await time(stored);
      unknown += await time(null);
    }
    expect(unknown).toBeGreaterThan(known / 3);
  });
});
