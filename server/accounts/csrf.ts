/**
 * Keeps other sites from acting in the name of a signed-in person: where an unsafe request comes from is checked for
 * all of them (`sameOriginOnly`), and the workbench's carry a synchroniser token besides (`csrfProtection`). Mounted by
 * app.ts. The only importer of csrf-sync.
 */
import { csrfSync } from 'csrf-sync';
import type { Request, RequestHandler } from 'express';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

const { generateToken, isRequestValid } = csrfSync({ size: 32 });

/** The token that pages of this session send with every unsafe request; made at the first call. */
export function csrfTokenOf(request: Request): string {
  return generateToken(request);
}

/**
 * Refuses unsafe requests that a browser sent from another site. Browsers say so in Sec-Fetch-Site (on https and on
 * this machine) or in Origin; a program that is no browser sends neither and carries no cookie of somebody else.
 */
export function sameOriginOnly(config: Pick<Config, 'publicUrl'>): RequestHandler {
  return (request, _response, next) => {
    if (!safeMethods.has(request.method) && !isFromHere(request, config.publicUrl)) {
      throw new Problem('cross-site-request');
    }
    next();
  };
}

/** Refuses unsafe requests without the session's token in `x-csrf-token`. Mounted after the session. */
export function csrfProtection({ config }: Pick<Context, 'config'>): RequestHandler {
  const httpsOnly = config.publicUrl.startsWith('https:');
  return (request, _response, next) => {
    if (!safeMethods.has(request.method)) {
      // The session's cookie is for https alone, so without it there is no session and no token to compare.
      if (httpsOnly && !request.secure) throw new Problem('https-needed');
      if (!isRequestValid(request)) throw new Problem('cross-site-request');
    }
    next();
  };
}

function isFromHere(request: Request, publicUrl: string): boolean {
  const site = request.get('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const origin = request.get('origin');
  if (origin === undefined) return true;
  return origin === publicUrl || origin === `${request.protocol}://${request.host}`;
}
