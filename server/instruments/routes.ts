/** Published instruments over HTTP. */
import { z } from 'zod';
import { codebookOf } from '../../instruments/codebook.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { findInstrumentVersion, listInstruments } from './store.ts';

const versionParams = z.object({ instrument: z.string().max(64), version: z.coerce.number().int().positive() });

const summary = z.object({
  id: z.string(),
  version: z.number(),
  title: z.string(),
  description: z.string(),
  kind: z.string(),
  subject: z.string(),
  items: z.number(),
  scales: z.number(),
  permission: z.object({ holder: z.string(), status: z.string(), note: z.string() }),
  hash: z.string(),
  publishedAt: z.iso.datetime(),
});

export const instrumentRoutes = [
  route({
    method: 'GET',
    path: '/api/instruments',
    summary: 'All published instrument versions',
    answer: z.object({ instruments: z.array(summary) }),
    async handle(_input, { context }) {
      const published = await listInstruments(context.db);
      return {
        instruments: published.map(({ instrument, hash, publishedAt }) => ({
          id: instrument.id,
          version: instrument.version,
          title: instrument.title,
          description: instrument.description,
          kind: instrument.kind,
          subject: instrument.subject,
          items: codebookOf(instrument).variables.length,
          scales: instrument.scales.length,
          permission: instrument.permission,
          hash,
          publishedAt: publishedAt.toISOString(),
        })),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/instruments/:instrument/versions/:version',
    summary: 'One published version with its SurveyJS JSON, scales, sources and hash',
    params: versionParams,
    answer: z.object({
      instrument: z.looseObject({ id: z.string(), version: z.number(), title: z.string() }),
      hash: z.string(),
      publishedAt: z.iso.datetime(),
      publishedBy: z.string(),
      why: z.string(),
    }),
    async handle({ params }, { context }) {
      const found = await findInstrumentVersion(context.db, params.instrument, params.version);
      if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
      return { ...found, publishedAt: found.publishedAt.toISOString() };
    },
  }),
  route({
    method: 'GET',
    path: '/api/instruments/:instrument/versions/:version/codebook',
    summary: 'The codebook of a published version: its variables in order',
    params: versionParams,
    answer: z.looseObject({ instrument: z.string(), version: z.number(), variables: z.array(z.looseObject({})) }),
    async handle({ params }, { context }) {
      const found = await findInstrumentVersion(context.db, params.instrument, params.version);
      if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
      return codebookOf(found.instrument);
    },
  }),
];
