/** Evidence over HTTP: brought by respondents through their link, and taken away by those who may see identified rows. */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { idSchema } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { addressOf } from '../rate-limits.ts';
import { unlogged } from '../responses/anonymous.ts';
import { findLink, requireAvailable, requireUnused } from '../responses/offers.ts';
import { refuseBody } from './receive.ts';
import { findEvidence, openEvidence } from './store.ts';
import { takeEvidence } from './upload.ts';

export const evidenceUploadRoutes = [
  route({
    method: 'PUT',
    path: '/api/s/:token/evidence/:key',
    summary:
      'Brings one file of evidence, as the bare body, before the answers are sent; the same file under the same key again is a ' +
      'success (200); PDF, JPEG, PNG, Word, Excel, PowerPoint and OpenDocument, at most 10 MB',
    params: z.object({ token: z.string(), key: z.uuid() }),
    query: z.object({ question: z.string().min(1).max(40), name: z.string().min(1).max(500) }),
    upload: 'bare',
    answer: z.object({ name: z.string(), bytes: z.number() }),
    status: 201,
    async handle({ params, query }, { context, request, response }) {
      try {
        const link = await findLink(context, params.token, addressOf(request));
        unlogged(response, link);
        if (link.invitation.state !== 'revoked') await requireUnused(context, link);
        requireAvailable(context, link);
        const asked = { key: params.key.toLowerCase(), ...query };
        const { evidence, created } = await takeEvidence(context, link, asked, request);
        response.status(created ? 201 : 200).json({ name: evidence.name, bytes: evidence.bytes });
      } catch (error) {
        refuseBody(request, response);
        throw error;
      }
    },
  }),
];

export const evidenceRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/evidence/:evidence',
    summary: 'A file of evidence that came with a log; always to be saved, never shown',
    params: z.object({ study: idSchema, evidence: z.string().regex(/^[0-9a-f]{64}$/, 'must be the id of a file') }),
    answer: 'application/octet-stream',
    async handle({ params }, { context, response }) {
      const found = await findEvidence(context.db, params.study, params.evidence);
      if (found?.state !== 'attached') {
        throw new Problem('not-found', { detail: 'There is no such file, or not any more.' });
      }
      response
        .status(200)
        // Quoted and encoded by Express; the name was made harmless when the file came.
        .attachment(found.name)
        // Not even a picture has a way to be drawn, or a document to run, at this site's address.
        .type('application/octet-stream')
        .set('Content-Length', String(found.bytes))
        .set('X-Content-Type-Options', 'nosniff')
        .set('Content-Security-Policy', "sandbox; default-src 'none'")
        .set('Cache-Control', 'private, no-store');
      await pipeline(openEvidence(context.db, found), response);
    },
  }),
];
