/**
 * The address that ends the messages of a study to one person: the invitation's id with 128 bits by HMAC, so that nobody
 * can end somebody else's and nothing has to be stored. It opens no survey. Used by letters and by the page (routes).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from '../context.ts';

export function unsubscribeToken({ secret }: Pick<Context, 'secret'>, invitation: string): string {
  return `${Buffer.from(invitation, 'utf8').toString('base64url')}.${macOf(secret, invitation).toString('base64url')}`;
}

/** The invitation that a token names; null for any other text. */
export function invitationOfToken({ secret }: Pick<Context, 'secret'>, token: string): string | null {
  const [id, mac, ...rest] = token.split('.');
  if (id === undefined || mac === undefined || rest.length > 0 || token.length > 300) return null;
  const invitation = Buffer.from(id, 'base64url').toString('utf8');
  const given = Buffer.from(mac, 'base64url');
  const expected = macOf(secret, invitation);
  return given.length === expected.length && timingSafeEqual(given, expected) ? invitation : null;
}

export function unsubscribeUrl(context: Pick<Context, 'secret' | 'config'>, invitation: string): string {
  return `${context.config.publicUrl}/unsubscribe/${unsubscribeToken(context, invitation)}`;
}

function macOf(secret: Context['secret'], invitation: string): Buffer {
  return createHmac('sha256', secret.derive('unsubscribe')).update(invitation).digest().subarray(0, 16);
}
