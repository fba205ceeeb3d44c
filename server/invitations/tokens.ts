/**
 * Survey links. A token is 128 bits made by HMAC from the installation's secret, so that an evaluator can be shown the
 * link again although the database holds only its hash: whoever reads the database alone cannot make a link.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Context } from '../context.ts';

/** The token of an invitation; `serial` counts re-issues, so that a re-issued link makes the former one unknown. */
export function tokenFor(context: Pick<Context, 'secret'>, invitation: string, serial: number): string {
  return createHmac('sha256', context.secret.derive('survey-links'))
    .update(`${invitation}#${serial}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

/** What the database keeps of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(`survey-link:${token}`).digest('base64url');
}

/** The address that a respondent opens. */
export function surveyLink(context: Pick<Context, 'config'>, token: string): string {
  return `${context.config.publicUrl}/s/${token}`;
}
