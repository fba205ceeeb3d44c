/** The way to the identity provider and back; both are pages that a browser opens, so refusals lead to the sign-in page. */
import { z } from 'zod';
import { type Call, route } from '../http.ts';
import { beginOidc, finishOidc, NotLetIn } from './oidc.ts';

/** A path of this site, and nothing that a browser would read as another host. */
const backPath = z.string().regex(/^\/(?![/\\])[^\\\s]*$/);

export const oidcRoutes = [
  route({
    method: 'GET',
    path: '/api/session/oidc',
    summary: 'Leads the browser to the identity provider',
    query: z.object({ back: backPath.default('/') }),
    answer: 'text/html',
    handle: ({ query }, call) => leadOn(call, () => beginOidc(call.context, call.request, query.back)),
  }),
  route({
    method: 'GET',
    path: '/api/session/oidc/callback',
    summary: 'Takes over from the identity provider and signs in',
    query: z.looseObject({}),
    answer: 'text/html',
    handle: (_input, call) => leadOn(call, () => finishOidc(call.context, call.request)),
  }),
];

async function leadOn({ response }: Call, where: () => Promise<string>): Promise<void> {
  try {
    response.redirect(303, await where());
  } catch (error) {
    if (!(error instanceof NotLetIn)) throw error;
    response.redirect(303, `/sign-in?refused=${error.fault}`);
  }
}
