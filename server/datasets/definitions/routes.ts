/** Dataset definitions over HTTP: kept, looked at before anything is taken, and pulled in every format. */
import type { Response } from 'express';
import { z } from 'zod';
import { idSchema, studyParams } from '../../administrations/schemas.ts';
import type { Context } from '../../context.ts';
import { type Call, route } from '../../http.ts';
import { Problem } from '../../problems.ts';
import { getStudy } from '../../studies/store.ts';
import { objectOf } from '../formats/jsonl.ts';
import type { BuiltDataset } from './build.ts';
import { checkDefinition } from './check.ts';
import { type DatasetDefinition, definitionSchema } from './definition.ts';
import { builtFileName, builtFormats, fileTypes } from './file-types.ts';
import { type BuiltFormat, mainOf, requireSheets, writeBuilt } from './files.ts';
import { previewOf } from './preview.ts';
import { getDefinition, insertDefinition, listDefinitions, removeDefinition, replaceDefinition } from './store.ts';
import { isKnown, requireLevel, withDataset } from './use.ts';

const datasetParams = z.object({ study: idSchema, dataset: idSchema });
const path = '/api/studies/:study/datasets' as const;

const stored = z.object({ name: z.string(), definition: definitionSchema, by: z.string(), at: z.date() });

const previewAnswer = z.object({
  sha256: z.string(),
  counts: z.object({
    responses: z.number(),
    partial: z.number(),
    withdrawn: z.number(),
    simulated: z.number(),
  }),
  notes: z.array(z.string()),
  rules: z.array(z.looseObject({ column: z.string(), rule: z.string() })),
  anonymity: z.looseObject({ k: z.number(), schools: z.number() }).nullable(),
  tables: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      rows: z.number(),
      variables: z.number(),
      missing: z.number(),
    }),
  ),
  header: z.array(z.string()),
  first: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
});

const page = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000),
});

export const definitionRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The datasets that are defined in a study',
    params: studyParams,
    answer: z.object({ datasets: z.array(stored) }),
    async handle({ params }, { context }) {
      await getStudy(context.db, params.study);
      const found = await listDefinitions(context.db, params.study);
      return { datasets: found.map(({ name, definition, by, at }) => ({ name, definition, by, at })) };
    },
  }),
  route({
    method: 'POST',
    path,
    summary: 'Keeps a new definition, after checking that it can be built',
    params: studyParams,
    body: definitionSchema,
    answer: stored,
    status: 201,
    async handle({ params, body }, call) {
      const kept = await checked(call, params.study, body);
      await insertDefinition(call.context.db, { study: params.study, ...kept });
      return kept;
    },
  }),
  route({
    method: 'POST',
    path: `${path}/preview`,
    summary: 'What a dataset would be: tables, rows, variables, gaps, what is pooled and left out, and its first rows',
    params: studyParams,
    body: definitionSchema,
    answer: previewAnswer,
    handle: ({ params, body }, call) => withDataset(call, params.study, body, (built) => previewOf(built, 10)),
  }),
  // Before the bare name, which would take the ending for a part of it.
  ...builtFormats.map((format) =>
    route({
      method: 'GET',
      path: `${path}/:dataset.${format}`,
      summary: `A dataset ${fileTypes[format].what}; with If-None-Match only when it has changed`,
      params: datasetParams,
      answer: fileTypes[format].type,
      async handle({ params }, call) {
        const { definition } = await getDefinition(call.context.db, params.study, params.dataset);
        await withDataset(call, params.study, definition, async (built) => {
          if (isKnown(call, built)) return;
          if (format === 'xlsx') requireSheets(built);
          await writeBuilt(opened(call.response, built, format), built, format);
        });
      },
    }),
  ),
  route({
    method: 'GET',
    path: `${path}/:dataset.json`,
    summary:
      'A page of the rows of a dataset as objects, with the address of the next; with If-None-Match when changed',
    params: datasetParams,
    query: page,
    answer: z.object({
      dataset: z.string(),
      sha256: z.string(),
      rows: z.number(),
      offset: z.number(),
      next: z.string().nullable(),
      data: z.array(z.record(z.string(), z.unknown())),
    }),
    async handle({ params, query }, call) {
      const { definition } = await getDefinition(call.context.db, params.study, params.dataset);
      return withDataset(call, params.study, definition, async (built) => {
        if (isKnown(call, built)) return undefined;
        const { rows } = mainOf(built);
        const end = query.offset + query.limit;
        const more = `/api/studies/${params.study}/datasets/${params.dataset}.json?offset=${end}&limit=${query.limit}`;
        call.response.set('ETag', `"${built.sha256}"`).set('Cache-Control', 'private, no-cache');
        return {
          dataset: definition.name,
          sha256: built.sha256,
          rows,
          offset: query.offset,
          next: end < rows ? more : null,
          data: await rowsOf(built, query.offset, end),
        };
      });
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:dataset`,
    summary: 'The definition of a dataset',
    params: datasetParams,
    answer: stored,
    async handle({ params }, { context }) {
      const { name, definition, by, at } = await getDefinition(context.db, params.study, params.dataset);
      return { name, definition, by, at };
    },
  }),
  route({
    method: 'PUT',
    path: `${path}/:dataset`,
    summary: 'Changes a definition, after checking that it can be built',
    params: datasetParams,
    body: definitionSchema,
    answer: stored,
    async handle({ params, body }, call) {
      if (body.name !== params.dataset) {
        const message = `The dataset is called "${params.dataset}": a name stays. Define another dataset for another name.`;
        throw new Problem('invalid-request', { issues: [{ code: 'name-differs', path: 'body.name', message }] });
      }
      requireLevel(call, (await getDefinition(call.context.db, params.study, params.dataset)).definition);
      const kept = await checked(call, params.study, body);
      await replaceDefinition(call.context.db, { study: params.study, ...kept });
      return kept;
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/:dataset`,
    summary: 'Deletes a definition; releases that were made with it stay',
    params: datasetParams,
    async handle({ params }, call) {
      const { db } = call.context;
      requireLevel(call, (await getDefinition(db, params.study, params.dataset)).definition);
      await removeDefinition(db, params.study, params.dataset);
    },
  }),
];

/** Two controlled datasets that count people in different places would tell, side by side, what each withholds. */
async function requireSamePlaces(db: Context['db'], study: string, definition: DatasetDefinition): Promise<void> {
  const { name, level, places, administrations } = definition;
  if (level !== 'controlled') return;
  const other = (await listDefinitions(db, study)).find(
    ({ definition: one }) =>
      one.name !== name &&
      one.level === 'controlled' &&
      one.places !== places &&
      one.administrations.some((id) => administrations.includes(id)),
  );
  if (!other) return;
  const message =
    `"${other.name}" is disclosure-controlled, too, and has the places of the same answers as ${other.definition.places}: ` +
    'side by side they would tell what is withheld. Choose the same places.';
  throw new Problem('invalid-dataset', { issues: [{ code: 'places-differ', path: 'places', message }] });
}

async function checked(call: Call, study: string, definition: z.output<typeof definitionSchema>) {
  const { context, account } = call;
  requireLevel(call, definition);
  await checkDefinition(context, await getStudy(context.db, study), definition);
  await requireSamePlaces(context.db, study, definition);
  return { name: definition.name, definition, by: account?.id ?? '', at: context.clock() };
}

function opened(response: Response, { study, definition, sha256 }: BuiltDataset, format: BuiltFormat): Response {
  const { type } = fileTypes[format];
  return response
    .status(200)
    .set('Content-Type', type)
    .set('Content-Disposition', `attachment; filename="${builtFileName(study.id, definition, format)}"`)
    .set('ETag', `"${sha256}"`)
    .set('Cache-Control', 'private, no-cache');
}

async function rowsOf(built: BuiltDataset, from: number, to: number): Promise<Record<string, unknown>[]> {
  const { variables, read } = mainOf(built);
  const found: Record<string, unknown>[] = [];
  let at = 0;
  for await (const batch of read()) {
    for (const row of batch) {
      if (at >= from && at < to) found.push(objectOf(variables, row));
      at += 1;
    }
    if (at >= to) break;
  }
  return found;
}
