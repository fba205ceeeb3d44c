/** Published instruments over HTTP. */
import { z } from 'zod';
import { codebookOf } from '../../instruments/codebook.ts';
import { languageTag } from '../../instruments/languages.ts';
import { paperOf } from '../../instruments/paper.ts';
import { accountNames } from '../accounts/store.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { pagePdf } from '../invitations/print-pdf.ts';
import { Problem } from '../problems.ts';
import { languageAnswer, languagesAnswer } from './drafts/language-answers.ts';
import { instrumentFileOf } from './instrument-file.ts';
import { findInstrumentVersion, listInstruments, type PublishedInstrument } from './store.ts';
import { changeVersionState, retiredVersions, versionStateOf, versionStates } from './version-states.ts';

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
  state: z.enum(versionStates),
});

export const instrumentRoutes = [
  route({
    method: 'GET',
    path: '/api/instruments',
    summary: 'All published instrument versions',
    answer: z.object({ instruments: z.array(summary) }),
    async handle(_input, { context }) {
      const [published, retired] = await Promise.all([listInstruments(context.db), retiredVersions(context.db)]);
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
          state: retired.has(`${instrument.id}@${instrument.version}`) ? ('retired' as const) : ('in-use' as const),
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
      languages: z.array(languageAnswer),
      state: z.enum(versionStates),
    }),
    async handle({ params }, { context }) {
      const found = await published(context, params);
      const state = await versionStateOf(context.db, params.instrument, params.version);
      return {
        ...found,
        languages: await languagesAnswer(context.db, found.languages),
        publishedAt: found.publishedAt.toISOString(),
        state,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/instruments/:instrument/versions/:version/file.json',
    summary: 'A published version as one file with its hash, which another installation can read',
    params: versionParams,
    answer: 'application/json',
    async handle({ params }, { context, response }) {
      const file = instrumentFileOf(await published(context, params));
      const name = `${params.instrument}.v${params.version}.fidelis.json`;
      response.set('Content-Disposition', `attachment; filename="${name}"`).json(file);
    },
  }),
  route({
    method: 'GET',
    path: '/api/instruments/:instrument/versions/:version/paper.pdf',
    summary:
      'The blank instrument on paper, variables and codes in the margin, as a tagged PDF in one of its languages; 503 where this ' +
      'server has no Chromium to print with',
    params: versionParams,
    query: z.object({ language: z.string().regex(languageTag).optional().describe('The first one, unless named') }),
    answer: 'application/pdf',
    async handle({ params, query: { language } }, { context, response }) {
      const { instrument } = await published(context, params);
      if (language !== undefined && !instrument.languages.includes(language)) {
        const detail = `This version has no ${language}; it has ${instrument.languages.join(', ')}.`;
        throw new Problem('not-found', { detail });
      }
      const pdf = await pagePdf(context, paperOf(instrument, language).html);
      const name = [instrument.id, `v${instrument.version}`, 'paper', ...(language === undefined ? [] : [language])];
      response
        .type('application/pdf')
        .attachment(`${name.join('-')}.pdf`)
        .send(pdf);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/instruments/:instrument/versions/:version/state',
    summary: 'Retires a version, so that no new administration can choose it, or takes it back into use',
    params: versionParams,
    body: z.strictObject({ state: z.enum(versionStates), why: z.string().trim().min(1).max(1000) }),
    async handle({ params, body }, { context, account }) {
      const change = { ...body, at: context.clock(), by: account?.id ?? '' };
      await changeVersionState(context.db, params, change);
    },
  }),
  route({
    method: 'GET',
    path: '/api/instruments/:instrument/versions/:version/codebook',
    summary: 'The codebook of a published version: its variables in order',
    params: versionParams,
    answer: z.looseObject({ instrument: z.string(), version: z.number(), variables: z.array(z.looseObject({})) }),
    handle: async ({ params }, { context }) => codebookOf((await published(context, params)).instrument),
  }),
];

/** Throws `not-found`. Who published it is told by name, where an account did that is still there. */
async function published(
  { db }: Context,
  { instrument, version }: z.output<typeof versionParams>,
): Promise<PublishedInstrument> {
  const found = await findInstrumentVersion(db, instrument, version);
  if (!found) throw new Problem('not-found', { detail: 'There is no such instrument version.' });
  const names = await accountNames(db, [found.publishedBy]);
  return { ...found, publishedBy: names.get(found.publishedBy) ?? found.publishedBy };
}
