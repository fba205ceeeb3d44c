/** Fidelity over HTTP: the picture, the events behind it, what all places tell together, decisions on findings. */
import { z } from 'zod';
import { decisions } from '../../analysis/process/quality.ts';
import { accountNames } from '../accounts/store.ts';
import { studyParams } from '../administrations/schemas.ts';
import { whileAwaited } from '../hang-up.ts';
import { type Call, route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { fidelityAnalysis } from './analysis.ts';
import { listEvents } from './events.ts';
import { type FidelityReader, fidelityOf } from './fidelity.ts';
import { fidelityRelations } from './relations.ts';
import { resolveFlag } from './resolve.ts';

const id = z.string().min(1).max(60);
const base = '/api/studies/:study/fidelity' as const;

/** Scores of too few people are withheld from whoever may not see rows. */
const readerOf = ({ may, scope }: Call): FidelityReader => ({ scope, suppress: !may('dataset.export') });

const place = z.looseObject({
  level: z.enum(['school', 'cluster']),
  id,
  name: z.string(),
  index: z.number().nullable(),
  cells: z.array(
    z.looseObject({
      component: id,
      cycle: id,
      value: z.number().nullable(),
      reason: z.string().nullable(),
      n: z.number(),
    }),
  ),
});

export const fidelityRoutes = [
  route({
    method: 'GET',
    path: base,
    summary:
      'Fidelity of the programme: per cluster and school component scores with a reason where there is none, dose, index, ' +
      'compliance; late events, and findings about the data with what was decided; null without a published model; ' +
      'scores of fewer people than the minimum cell are withheld from readers who may not see identified rows',
    params: studyParams,
    query: z.object({ cycle: id.optional() }),
    answer: z.object({
      fidelity: z
        .looseObject({ clusters: z.array(place), schools: z.array(place), flags: z.array(z.unknown()) })
        .nullable(),
    }),
    async handle({ params, query }, call) {
      const study = await getStudy(call.context.db, params.study);
      const found = await fidelityOf(call.context, study, { cycle: query.cycle ?? null, reader: readerOf(call) });
      return { fidelity: found && { ...found, flags: await withAuthors(call, found.flags) } };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/events`,
    summary: 'The logged and observed events behind the scores, with findings about each and whether it counts',
    params: studyParams,
    query: z.object({ component: id.optional(), cycle: id.optional(), cluster: id.optional(), school: id.optional() }),
    answer: z.object({ events: z.array(z.looseObject({ id: z.string(), day: z.iso.date() })), more: z.number() }),
    async handle({ params, query }, call) {
      return listEvents(call.context, await getStudy(call.context.db, params.study), query, readerOf(call));
    },
  }),
  route({
    method: 'GET',
    path: `${base}/analysis`,
    summary:
      'How far the index hangs on its weights, agreement of self, facilitator and observer, adaptations by code, and usual ' +
      'practice by arm; null without a published model',
    params: studyParams,
    answer: z.object({
      analysis: z.looseObject({ sensitivity: z.unknown(), comparisons: z.array(z.unknown()) }).nullable(),
    }),
    async handle({ params }, { context, may }) {
      const study = await getStudy(context.db, params.study);
      return { analysis: await fidelityAnalysis(context, study, !may('dataset.export')) };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/relations`,
    summary:
      'Fidelity and the change of each scale between two waves, every school of the programme as a point, with slopes and ' +
      'differences by disadvantage: an association; null without a published model; schools without a mean that may be ' +
      'shown are left out, and so told',
    params: studyParams,
    query: z.object({ from: id.optional(), to: id.optional() }),
    answer: z.object({ relations: z.object({ sections: z.array(z.looseObject({ id: z.string() })) }).nullable() }),
    async handle({ params, query }, { context, may, response }) {
      const study = await getStudy(context.db, params.study);
      const asked = { from: query.from ?? null, to: query.to ?? null };
      return whileAwaited(response, async (signal) => {
        const relations = await fidelityRelations(context, study, asked, !may('dataset.export'), { signal });
        return { relations: relations && { sections: relations.sections.map((section) => ({ ...section })) } };
      });
    },
  }),
  route({
    method: 'POST',
    path: `${base}/resolutions`,
    summary: 'Decides on a finding about the data; the same key again is a success',
    params: studyParams,
    body: z.strictObject({
      key: z.uuid(),
      flag: z.string().min(1).max(300),
      decision: z.enum(decisions),
      why: z.string().trim().min(1).max(1000),
      seen: z.int().min(0),
    }),
    async handle({ params, body }, { context, account }) {
      await resolveFlag(context, await getStudy(context.db, params.study), body, account?.id ?? '');
    },
  }),
];

/** Names in the place of account ids. */
async function withAuthors<F extends { readonly resolutions: readonly { readonly by: string }[] }>(
  { context }: Call,
  flags: readonly F[],
) {
  if (flags.every(({ resolutions }) => resolutions.length === 0)) return flags;
  const names = await accountNames(context.db);
  const nameOf = (by: string) => names.get(by) ?? 'An account that is not there any more';
  return flags.map((flag) => ({
    ...flag,
    resolutions: flag.resolutions.map((one) => ({ ...one, by: nameOf(one.by) })),
  }));
}
