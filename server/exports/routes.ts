/** Exports over HTTP: asked for, followed, cancelled, and taken away when they are ready. */
import { randomUUID } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { signedIn } from '../accounts/session-answer.ts';
import { idSchema, studyParams } from '../administrations/schemas.ts';
import { recordRead } from '../audit/request.ts';
import { builtFormats, fileTypes } from '../datasets/definitions/file-types.ts';
import { getDefinition } from '../datasets/definitions/store.ts';
import { mayHave, requireLevel } from '../datasets/definitions/use.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { type Export, exportStates, exportSteps } from './export.ts';
import { cancelExport, countUnfinished, getExport, insertExport, listExports, openFile } from './store.ts';

const path = '/api/studies/:study/exports' as const;
const exportParams = z.object({ study: idSchema, export: z.string().min(1).max(60) });
/** Each takes minutes of the server; nobody needs more at once. */
const mostUnfinished = 10;

const answer = z.object({
  id: z.string(),
  dataset: z.string(),
  title: z.string(),
  level: z.string(),
  format: z.string(),
  state: z.enum(exportStates),
  by: z.string(),
  at: z.date(),
  mail: z.boolean(),
  progress: z.object({ step: z.enum(exportSteps), done: z.number(), total: z.number().nullable() }).nullable(),
  file: z.object({ name: z.string(), bytes: z.number(), sha256: z.string() }).nullable(),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
  endedAt: z.date().nullable(),
  until: z.date().nullable(),
  freezes: z.object({ purpose: z.string(), number: z.number().nullable() }).nullable(),
});

function answerOf({ definition, study: _, ...rest }: Export): z.input<typeof answer> {
  const { name, title, level } = definition;
  return { ...rest, dataset: name, title, level };
}

export const exportRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The exports of a study, the latest first, each with its state and how far it is',
    params: studyParams,
    answer: z.object({ exports: z.array(answer) }),
    async handle({ params }, call) {
      const { db } = call.context;
      await getStudy(db, params.study);
      const all = await listExports(db, params.study);
      return { exports: all.filter(({ definition }) => mayHave(call, definition)).map(answerOf) };
    },
  }),
  route({
    method: 'POST',
    path,
    summary:
      'Asks for a file of a dataset, or with `release` for the dataset to be frozen, while nobody waits; with `mail` a message says when it is there',
    params: studyParams,
    body: z.strictObject({
      dataset: idSchema,
      format: z.enum(builtFormats).default('zip'),
      mail: z.boolean().default(false),
      /** What a release is for: freezes one. */
      release: z.strictObject({ purpose: z.string().trim().min(1).max(500) }).optional(),
    }),
    answer,
    status: 202,
    async handle({ params, body }, call) {
      const { context } = call;
      const { definition } = await getDefinition(context.db, params.study, body.dataset);
      requireLevel(call, definition);
      if (body.release && !call.may('dataset.release')) {
        throw new Problem('not-permitted', { detail: 'Your account may take datasets away, but not freeze them.' });
      }
      if ((await countUnfinished(context.db, params.study)) >= mostUnfinished) throw new Problem('too-many-exports');
      const { name, level } = definition;
      const purpose = body.release?.purpose ?? definition.purpose;
      await recordRead(call, 'dataset.export', { dataset: name, level, purpose, format: body.format });
      const made: Export = {
        id: randomUUID(),
        study: params.study,
        definition,
        format: body.format,
        state: 'waiting',
        by: signedIn(call).id,
        at: context.clock(),
        mail: body.mail,
        progress: null,
        file: null,
        problem: null,
        endedAt: null,
        until: null,
        freezes: body.release ? { purpose: body.release.purpose, number: null } : null,
      };
      await insertExport(context.db, made);
      return answerOf(made);
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:export`,
    summary: 'An export: its state, how far it is, and its file when it is ready',
    params: exportParams,
    answer,
    async handle({ params }, call) {
      const found = await getExport(call.context.db, params.study, params.export);
      requireLevel(call, found.definition);
      return answerOf(found);
    },
  }),
  route({
    method: 'POST',
    path: `${path}/:export/cancel`,
    summary: 'Cancels an export that waits or runs',
    params: exportParams,
    answer,
    async handle({ params }, call) {
      const { db, clock } = call.context;
      requireLevel(call, (await getExport(db, params.study, params.export)).definition);
      if (!(await cancelExport(db, params.study, params.export, clock()))) throw new Problem('export-ended');
      return answerOf(await getExport(db, params.study, params.export));
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:export/file`,
    summary: 'The file of an export that is ready',
    params: exportParams,
    answer: 'application/octet-stream',
    async handle({ params }, call) {
      const { context, response } = call;
      const { export: found, read } = await openFile(context.db, params.study, params.export);
      requireLevel(call, found.definition);
      const { name, level, purpose } = found.definition;
      await recordRead(call, 'dataset.export', { dataset: name, level, purpose, format: found.format });
      const file = found.file ?? { name: '', bytes: 0, sha256: '' };
      response
        .status(200)
        .type(fileTypes[found.format].type)
        .set('Content-Length', String(file.bytes))
        .set('Content-Disposition', `attachment; filename="${file.name}"`)
        .set('ETag', `"${file.sha256}"`)
        .set('Cache-Control', 'private, no-cache');
      await pipeline(read(), response);
    },
  }),
];
