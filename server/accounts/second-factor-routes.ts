/** Two-factor sign-in over HTTP: giving the code, and turning it on and off for one's own account. */
import { z } from 'zod';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { givenPassword } from './schemas.ts';
import { beginFactor, renewRecoveryCodes, turnOff, turnOn } from './second-factor.ts';
import { findFactor, removeFactor } from './second-factor-store.ts';
import { sessionAnswer, sessionSchema, signedIn } from './session-answer.ts';
import { finishSignIn } from './sign-in.ts';

const codeBody = z.strictObject({ code: z.string().trim().min(6).max(40) });
const recoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });

export const secondFactorRoutes = [
  route({
    method: 'POST',
    path: '/api/session/second-factor',
    summary: 'Ends a sign-in that waits for a code of the app, or for a recovery code',
    body: codeBody,
    answer: sessionSchema,
    async handle({ body }, call) {
      await finishSignIn(call.context, call.request, body.code);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'GET',
    path: '/api/session/second-factor',
    summary: 'Whether the account signs in with a code besides, and how many recovery codes are left',
    answer: z.object({ on: z.boolean(), since: z.iso.datetime().nullable(), recoveryCodes: z.number() }),
    async handle(_input, call) {
      const factor = await findFactor(call.context, signedIn(call).id);
      if (factor?.state !== 'on') return { on: false, since: null, recoveryCodes: 0 };
      return { on: true, since: factor.since.toISOString(), recoveryCodes: factor.recoveryCodes };
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/second-factor/secret',
    summary: 'A new secret for an authenticator app, to be confirmed by a first code',
    body: z.strictObject({ password: givenPassword.nullable() }),
    answer: z.object({ secret: z.string(), uri: z.string(), svg: z.string() }),
    handle: ({ body }, call) => beginFactor(call.context, call.request, signedIn(call), body.password),
  }),
  route({
    method: 'PUT',
    path: '/api/session/second-factor',
    summary: 'Turns two-factor sign-in on by a first code of the app; answers the recovery codes, once',
    body: codeBody,
    answer: recoveryCodes,
    async handle({ body }, call) {
      return { recoveryCodes: await turnOn(call.context, call.request, signedIn(call), body.code) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/second-factor/off',
    summary: 'Turns two-factor sign-in off, with a last code',
    body: codeBody,
    handle: ({ body }, call) => turnOff(call.context, call.request, signedIn(call), body.code),
  }),
  route({
    method: 'POST',
    path: '/api/session/second-factor/recovery-codes',
    summary: 'New recovery codes in place of the former',
    body: codeBody,
    answer: recoveryCodes,
    async handle({ body }, call) {
      return { recoveryCodes: await renewRecoveryCodes(call.context, call.request, signedIn(call), body.code) };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:account/second-factor',
    summary: 'Takes the second factor of somebody away who has lost app and recovery codes',
    params: z.object({ account: z.string().max(100) }),
    async handle({ params }, call) {
      if (!(await removeFactor(call.context.db, params.account))) {
        throw new Problem('not-found', { detail: 'This account has no two-factor sign-in.' });
      }
    },
  }),
];
