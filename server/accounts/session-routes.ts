/** One's own session over HTTP: signing in and out, password, name, and where else one is signed in. */
import { z } from 'zod';
import { recordEvent } from '../audit/events.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { givenPassword, newAccountSchema, newPassword } from './schemas.ts';
import { sessionAnswer, sessionSchema, signedIn } from './session-answer.ts';
import { listSessions } from './session-list.ts';
import { closeSession, endSessions, ownSession } from './sessions.ts';
import { changePassword, signIn } from './sign-in.ts';
import { renameAccount } from './store.ts';

export const sessionRoutes = [
  route({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in, and the token for unsafe requests',
    answer: sessionSchema,
    handle: (_input, call) => sessionAnswer(call),
  }),
  route({
    method: 'POST',
    path: '/api/session',
    summary: 'Signs in',
    body: z.strictObject({
      email: z.string().min(1).max(254),
      password: givenPassword,
    }),
    answer: sessionSchema,
    async handle({ body }, call) {
      await signIn(call.context, call.request, body);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    summary: 'Signs out',
    async handle(_input, call) {
      const { context, request, response } = call;
      await recordEvent(context, request, 'account.sign-out', { by: signedIn(call).id });
      await closeSession(request, response, context.config);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/session/password',
    summary: 'Changes the password of the signed-in account and ends its other sessions',
    body: z.strictObject({ current: givenPassword, next: newPassword }),
    answer: sessionSchema,
    async handle({ body }, call) {
      await changePassword(call.context, call.request, signedIn(call), body);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/session/name',
    summary: 'Changes the name that others see',
    body: z.strictObject({ name: newAccountSchema.shape.name }),
    answer: sessionSchema,
    async handle({ body: { name } }, call) {
      const account = signedIn(call);
      await recordEvent(call.context, call.request, 'account.rename', { by: account.id });
      await renameAccount(call.context.db, account.id, name);
      call.request.account = { ...account, name };
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'GET',
    path: '/api/session/sessions',
    summary: 'Where the account is signed in',
    answer: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          device: z.string(),
          address: z.string().nullable(),
          openedAt: z.iso.datetime().nullable(),
          lastUsedAt: z.iso.datetime().nullable(),
          current: z.boolean(),
        }),
      ),
    }),
    async handle(_input, call) {
      const { context, request } = call;
      const own = { current: ownSession(request), now: context.clock() };
      return { sessions: await listSessions(context.db, signedIn(call).id, own) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/sessions',
    summary: 'Ends all other sessions of the account',
    answer: z.object({ ended: z.number() }),
    async handle(_input, call) {
      const { context, request } = call;
      const { id } = signedIn(call);
      await recordEvent(context, request, 'session.end', { by: id, thing: { session: 'all others' } });
      return { ended: await endSessions(context.db, id, { allBut: ownSession(request) }) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/sessions/:session',
    summary: 'Ends one session of the account',
    params: z.object({ session: z.string().max(100) }),
    async handle({ params }, call) {
      const { context, request } = call;
      const { id } = signedIn(call);
      await recordEvent(context, request, 'session.end', { by: id, thing: { session: params.session.slice(0, 8) } });
      const ended = await endSessions(context.db, id, { only: params.session });
      if (ended === 0)
        throw new Problem('not-found', { detail: 'There is no such session; it may have ended already.' });
    },
  }),
];
