/** Versions of a study's fidelity model over HTTP: drafts, publishing, locking, and what differs between two. */
import { z } from 'zod';
import { differencesOf } from '../../instruments/fidelity/diff.ts';
import { fidelityModelSchema } from '../../instruments/fidelity-model.ts';
import { accountNames } from '../accounts/store.ts';
import { studyParams } from '../administrations/schemas.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { createDraft, discardDraft, getModel, modelIssues, saveDraft, stepModel } from './edit-model.ts';
import { listModels, modelStates, type StoredModel } from './models.ts';

const base = '/api/studies/:study/fidelity/models' as const;
const version = z.coerce.number().int().min(1).max(9_999);
const versionParams = studyParams.extend({ version });
const revision = z.int().min(0);

const told = z.object({
  version: z.number(),
  state: z.enum(modelStates),
  revision: z.number(),
  title: z.string(),
  hash: z.string(),
  history: z.array(z.object({ state: z.enum(modelStates), at: z.iso.datetime(), by: z.string(), why: z.string() })),
});
const whole = told.extend({
  model: fidelityModelSchema,
  issues: z.array(z.object({ code: z.string(), path: z.string(), message: z.string() })),
});

async function toldOf({ db }: Pick<Context, 'db'>, models: readonly StoredModel[]): Promise<z.output<typeof told>[]> {
  const names = await accountNames(db);
  const nameOf = (by: string) =>
    names.get(by) ?? (by === 'command' ? 'Fidelis' : 'An account that is not there any more');
  return models.map(({ version: number, state, revision: changes, model: { title }, hash, history }) => ({
    ...{ version: number, state, revision: changes, title, hash },
    history: history.map(({ at, by, ...step }) => ({ ...step, at: at.toISOString(), by: nameOf(by) })),
  }));
}

export const fidelityModelRoutes = [
  route({
    method: 'GET',
    path: base,
    summary: 'The versions of the fidelity model of a study, the first one first',
    params: studyParams,
    answer: z.object({ models: z.array(told) }),
    async handle({ params }, { context }) {
      const study = await getStudy(context.db, params.study);
      return { models: await toldOf(context, await listModels(context.db, study.id)) };
    },
  }),
  route({
    method: 'POST',
    path: base,
    summary: 'Begins a draft: of the model given, else of the newest version, else of the model that ships',
    params: studyParams,
    body: z.strictObject({ model: fidelityModelSchema.nullable().default(null) }),
    status: 201,
    answer: z.object({ version: z.number() }),
    async handle({ params, body }, { context, account }) {
      const study = await getStudy(context.db, params.study);
      const draft = await createDraft(context, study, body.model, account?.id ?? '');
      return { version: draft.version };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/:version`,
    summary: 'One version as the file that it is, with what keeps it from being published',
    params: versionParams,
    answer: whole,
    async handle({ params }, { context }) {
      const study = await getStudy(context.db, params.study);
      const stored = await getModel(context, study.id, params.version);
      const [about] = await toldOf(context, [stored]);
      return { ...about, model: stored.model, issues: await modelIssues(context, study, stored.model) };
    },
  }),
  route({
    method: 'PUT',
    path: `${base}/:version`,
    summary: 'Changes a draft; it may have issues until it is published',
    params: versionParams,
    body: z.strictObject({ revision, model: fidelityModelSchema }),
    answer: z.object({ revision: z.number() }),
    async handle({ params, body }, { context }) {
      const study = await getStudy(context.db, params.study);
      const saved = await saveDraft(context, study.id, { version: params.version, ...body });
      return { revision: saved.revision };
    },
  }),
  route({
    method: 'DELETE',
    path: `${base}/:version`,
    summary: 'Discards a draft',
    params: versionParams,
    query: z.object({ revision: z.coerce.number().int().min(0) }),
    async handle({ params, query }, { context }) {
      const study = await getStudy(context.db, params.study);
      await discardDraft(context, study.id, { version: params.version, revision: query.revision });
    },
  }),
  route({
    method: 'PUT',
    path: `${base}/:version/state`,
    summary:
      'Publishes or locks a version; a version that is published after a lock is locked at once, wants a reason and stands ' +
      'in the log of amendments with all that it changes',
    params: versionParams,
    body: z.strictObject({
      revision,
      state: z.enum(['published', 'locked']),
      why: z.string().trim().max(1000).default(''),
    }),
    answer: told,
    async handle({ params, body }, { context, account }) {
      const study = await getStudy(context.db, params.study);
      const stepped = await stepModel(context, study, { version: params.version, ...body }, account?.id ?? '');
      const [about] = await toldOf(context, [stepped]);
      return about;
    },
  }),
  route({
    method: 'GET',
    path: `${base}/:version/differences`,
    summary: 'What differs between another version, by default the one before, and this one',
    params: versionParams,
    query: z.object({ from: version.optional() }),
    answer: z.object({
      from: z.number().nullable(),
      differences: z.array(z.object({ what: z.string(), old: z.string(), new: z.string() })),
    }),
    async handle({ params, query }, { context }) {
      const study = await getStudy(context.db, params.study);
      const next = await getModel(context, study.id, params.version);
      const from = query.from ?? (params.version > 1 ? params.version - 1 : null);
      if (from === null) return { from, differences: [] };
      const old = await getModel(context, study.id, from);
      return { from, differences: differencesOf(old.model, next.model) };
    },
  }),
];
