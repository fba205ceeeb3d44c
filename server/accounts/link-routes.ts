/** Links that work once, over HTTP: accepting an invitation, and choosing a new password. Open to whoever holds one. */
import { z } from 'zod';
import { recordEvent } from '../audit/events.ts';
import { route } from '../http.ts';
import { acceptInvitation, requireInvitation } from './invite.ts';
import { requestReset, requireReset, resetPassword } from './password-reset.ts';
import { newAccountSchema, newPassword } from './schemas.ts';
import { sessionAnswer, sessionSchema } from './session-answer.ts';
import { openSession } from './sessions.ts';
import { countLinkTry } from './sign-in.ts';

const params = z.object({ token: z.string().max(200) });

export const linkRoutes = [
  route({
    method: 'GET',
    path: '/api/account-invitations/:token',
    summary: 'Who is invited by a link, as long as it may be used',
    params,
    answer: z.object({ name: z.string(), email: z.string() }),
    async handle({ params: { token } }, { context, request }) {
      await countLinkTry(context, request);
      const { name, email } = (await requireInvitation(context, token)).account;
      return { name, email };
    },
  }),
  route({
    method: 'POST',
    path: '/api/account-invitations/:token',
    summary: 'Accepts an invitation, once: sets name and password and signs in',
    params,
    body: newAccountSchema.pick({ name: true, password: true }),
    answer: sessionSchema,
    status: 201,
    async handle({ params: { token }, body }, call) {
      const { context, request } = call;
      await countLinkTry(context, request);
      const account = await acceptInvitation(context, token, body);
      await recordEvent(context, request, 'account.accept-invitation', { by: account.id });
      await openSession(context, request, account);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'POST',
    path: '/api/password-resets',
    summary: 'Sends a link for a new password, if an account has the address; the answer is the same if none has',
    body: z.strictObject({ email: z.email().max(254) }),
    handle: ({ body }, { context, request }) => requestReset(context, request, body.email),
  }),
  route({
    method: 'GET',
    path: '/api/password-resets/:token',
    summary: 'Whether a link for a new password may still be used',
    params,
    answer: z.object({ valid: z.literal(true), email: z.string() }),
    async handle({ params: { token } }, { context, request }) {
      await countLinkTry(context, request);
      return { valid: true, email: (await requireReset(context, token)).account.email };
    },
  }),
  route({
    method: 'POST',
    path: '/api/password-resets/:token',
    summary: 'Sets a new password, once, and ends every session of the account',
    params,
    body: z.strictObject({ password: newPassword }),
    async handle({ params: { token }, body }, { context, request }) {
      await countLinkTry(context, request);
      await resetPassword(context, request, token, body.password);
    },
  }),
];
