/**
 * Reads JSON bodies. What is wrong with one is said by the route of the request (`http.ts`), behind who may ask there, so that
 * the audit can name who sent it. Mounted by app.ts.
 */
import express, { type RequestHandler } from 'express';

declare global {
  namespace Express {
    interface Request {
      /** Why the body could not be read. */
      bodyFault?: unknown;
    }
  }
}

/** @param limit largest body, in bytes */
export function jsonBody(limit: number): RequestHandler {
  const parse = express.json({ limit, strict: true });
  return (request, response, next) =>
    parse(request, response, (fault?: unknown) => {
      if (fault !== undefined) request.bodyFault = fault;
      next();
    });
}
