/**
 * Two-factor sign-in by an authenticator app (TOTP, RFC 6238), with recovery codes. Called by sign-in and by the routes of
 * one's own account. The only importer of otpauth and uqr.
 */
import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { recordEvent } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { limiter } from '../rate-limits.ts';
import type { Account } from './account.ts';
import { verifyPassword } from './passwords.ts';
import {
  confirmFactor,
  findFactor,
  removeFactor,
  replaceRecoveryCodes,
  savePending,
  spendRecoveryCode,
  spendStep,
} from './second-factor-store.ts';
import { findAccount } from './store.ts';

const quarterOfAnHour = 15 * 60;
const tries = (context: Context) => limiter(context, 'second-factor', { points: 10, seconds: quarterOfAnHour });

/** What an app is set up with. */
export interface Enrolment {
  readonly secret: string;
  readonly uri: string;
  /** The address as a QR code, a whole SVG document. */
  readonly svg: string;
}

/** A new secret, which counts once a code made with it has been given. The password is asked for, where there is one. */
export async function beginFactor(context: Context, request: Request, account: Account, password: string | null) {
  await tries(context).consume(account.id);
  const stored = await findAccount(context.db, account.id);
  if (!stored) throw new Problem('not-signed-in');
  if (stored.passwordHash !== null && !(await verifyPassword(stored.passwordHash, password ?? ''))) {
    await recordEvent(context, request, 'second-factor.begin', { by: account.id, refused: 'password-wrong' });
    throw wrong('password-wrong', 'body.password', 'This is not your present password.');
  }
  const secret = new Secret({ size: 20 }).base32;
  if (!(await savePending(context, account.id, secret))) {
    throw new Problem('state-not-allowed', { detail: 'Two-factor sign-in is on already.' });
  }
  await tries(context).reset(account.id);
  const uri = totpOf(secret, account).toString();
  return { secret, uri, svg: renderSVG(uri, { border: 4 }) } satisfies Enrolment;
}

/** Turns two-factor sign-in on by a first code; answers the recovery codes, which are shown this once. */
export async function turnOn(context: Context, request: Request, account: Account, code: string): Promise<string[]> {
  await tries(context).consume(account.id);
  const factor = await findFactor(context, account.id);
  if (factor?.state !== 'pending') {
    throw new Problem('state-not-allowed', { detail: 'Begin again to see a code for your app.' });
  }
  if (!(await usesCode(context, account, factor.secret, code))) throw wrongCode();
  const codes = newRecoveryCodes();
  if (!(await confirmFactor(context, account.id, codes.map(bare)))) throw new Problem('conflict');
  await tries(context).reset(account.id);
  await recordEvent(context, request, 'second-factor.turn-on', { by: account.id });
  return codes;
}

/** Turns it off for somebody who can still give a code. */
export async function turnOff(context: Context, request: Request, account: Account, code: string): Promise<void> {
  const thing = { code: await requireCode(context, account, code) };
  await recordEvent(context, request, 'second-factor.turn-off', { by: account.id, thing });
  await removeFactor(context.db, account.id);
}

/** New recovery codes in place of the former. */
export async function renewRecoveryCodes(context: Context, request: Request, account: Account, code: string) {
  const thing = { code: await requireCode(context, account, code) };
  await recordEvent(context, request, 'second-factor.recovery-codes', { by: account.id, thing });
  const codes = newRecoveryCodes();
  await replaceRecoveryCodes(context, account.id, codes.map(bare));
  return codes;
}

/** Whether the account signs in with a code besides. */
export async function hasSecondFactor(context: Context, account: string): Promise<boolean> {
  return (await findFactor(context, account))?.state === 'on';
}

/** What a code came from, as the audit names it. */
type CodeFrom = 'authenticator' | 'recovery-code';

/**
 * Throws `invalid-request` unless the code is one of the app, or a recovery code, and was not used before; answers which of
 * them it was.
 */
export async function requireCode(context: Context, account: Account, code: string): Promise<CodeFrom> {
  await tries(context).consume(account.id);
  const factor = await findFactor(context, account.id);
  if (factor?.state !== 'on') {
    throw new Problem('state-not-allowed', { detail: 'Two-factor sign-in is not on.' });
  }
  const digits = code.replaceAll(/\s/g, '');
  const from: CodeFrom = /^\d{6}$/.test(digits) ? 'authenticator' : 'recovery-code';
  const right =
    from === 'authenticator'
      ? await usesCode(context, account, factor.secret, digits)
      : await spendRecoveryCode(context, account.id, bare(code));
  if (!right) throw wrongCode();
  await tries(context).reset(account.id);
  return from;
}

/** True for a code of this time step or of one beside it, the first time that it is given. */
async function usesCode(context: Context, account: Account, secret: string, code: string): Promise<boolean> {
  const timestamp = context.clock().getTime();
  const delta = totpOf(secret, account).validate({ token: code.replaceAll(/\s/g, ''), timestamp, window: 1 });
  return delta !== null && (await spendStep(context.db, account.id, TOTP.counter({ timestamp }) + delta));
}

function totpOf(secret: string, { email }: Pick<Account, 'email'>): TOTP {
  return new TOTP({ issuer: 'Fidelis', label: email, secret: Secret.fromBase32(secret) });
}

/** 80 random bits each, in letters that are not mistaken for others. */
function newRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => {
    const text = new Secret({ buffer: Uint8Array.from(randomBytes(10)).buffer }).base32;
    return (text.match(/.{4}/g) ?? []).join('-');
  });
}

function bare(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '');
}

function wrong(code: string, path: string, message: string): Problem {
  return new Problem('invalid-request', { issues: [{ code, path, message }] });
}

const wrongCode = () =>
  wrong('code-wrong', 'body.code', 'This code is not right, or was used before. Take the next one.');
