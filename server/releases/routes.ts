/** Releases over HTTP: made, listed, taken away as they were frozen, and checked against the data of today. */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { idSchema, studyParams } from '../administrations/schemas.ts';
import { getDefinition } from '../datasets/definitions/store.ts';
import { requireLevel } from '../datasets/definitions/use.ts';
import { whileAwaited } from '../hang-up.ts';
import { route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { createRelease } from './create.ts';
import { getRelease, listReleases, openReleased } from './store.ts';
import { verifyRelease } from './verify.ts';

const path = '/api/studies/:study/releases' as const;
const releaseParams = z.object({
  study: idSchema,
  release: z.coerce.number().int().min(1).max(1_000_000),
});
const fileParams = releaseParams.extend({ file: z.string().min(1).max(120) });
const release = z.looseObject({
  study: z.string(),
  number: z.number(),
  purpose: z.string(),
  sha256: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  responses: z.number(),
  software: z.string(),
  by: z.string(),
  at: z.date(),
});

export const releaseRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The releases of a study, the latest first',
    params: studyParams,
    answer: z.object({ releases: z.array(release) }),
    async handle({ params }, { context }) {
      await getStudy(context.db, params.study);
      return { releases: await listReleases(context.db, params.study) };
    },
  }),
  route({
    method: 'POST',
    path,
    summary: 'Freezes a dataset as the next release',
    params: studyParams,
    body: z.strictObject({ dataset: idSchema, purpose: z.string().trim().min(1).max(500) }),
    answer: release,
    status: 201,
    async handle({ params, body }, call) {
      const { definition } = await getDefinition(call.context.db, params.study, body.dataset);
      requireLevel(call, definition);
      const wanted = { definition, purpose: body.purpose, by: call.account?.id ?? '' };
      return whileAwaited(call.response, (signal) => createRelease(call.context, params.study, wanted, { signal }));
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:release`,
    summary: 'A release: what it is, its files and their hashes',
    params: releaseParams,
    answer: release,
    handle: ({ params }, { context }) => getRelease(context.db, params.study, params.release),
  }),
  route({
    method: 'GET',
    path: `${path}/:release/verdict`,
    summary: 'Whether the data of today still give the release, and where they do not',
    params: releaseParams,
    answer: z.looseObject({ verdict: z.enum(['unchanged', 'changed', 'cannot-recompute']) }),
    async handle({ params }, call) {
      requireLevel(call, (await getRelease(call.context.db, params.study, params.release)).definition);
      return whileAwaited(call.response, (signal) => verifyRelease(call.context, params.study, params.release, signal));
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:release/files/:file`,
    summary: 'A file of a release, byte for byte as it was frozen',
    params: fileParams,
    answer: 'application/octet-stream',
    async handle({ params }, call) {
      const { context, response } = call;
      const found = await getRelease(context.db, params.study, params.release);
      requireLevel(call, found.definition);
      const file = await openReleased(context.db, params.study, params.release, params.file);
      const { bytes, sha256 } = found.files.find(({ name }) => name === params.file) ?? { bytes: 0, sha256: '' };
      const name = `${params.study}-release-${params.release}-${params.file}`;
      response
        .status(200)
        .type('application/octet-stream')
        .set('Content-Length', String(bytes))
        .set('Content-Disposition', `attachment; filename="${name}"`)
        .set('ETag', `"${sha256}"`)
        .set('Cache-Control', 'private, max-age=31536000, immutable');
      await pipeline(file, response);
    },
  }),
];
