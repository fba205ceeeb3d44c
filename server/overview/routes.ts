/** The overview of a study over HTTP. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { actionKinds } from './actions.ts';
import { changeKinds } from './changes.ts';
import { overviewOf } from './overview.ts';

const level = z.enum(['cluster', 'school']);
const count = z.number().nullable();
const day = z.iso.date();
const slow = z.object({
  ...{ level, id: z.string(), title: z.string(), administration: z.string() },
  ...{ eligible: z.number(), responded: z.number(), rate: z.number() },
});
const low = z.object({ level, id: z.string(), name: z.string(), index: z.number(), late: z.number() });

export const overviewRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/overview',
    summary:
      'A study while it runs: administrations in the field against the even pace of their days and a week ago, clusters and ' +
      'schools with the smallest share of answers and the lowest fidelity, what has changed since last week, and what to do ' +
      'next; each part for whoever may read the thing itself; null and left out where a cell must not be shown',
    params: studyParams,
    answer: z.object({
      today: day,
      since: day,
      response: z
        .object({
          administrations: z.array(
            z.object({
              ...{ id: z.string(), title: z.string(), wave: z.string(), closes: day, paused: z.boolean() },
              ...{ day: z.number(), days: z.number(), pace: z.number() },
              ...{ eligible: count, responded: count, rate: count, weekAgo: count },
            }),
          ),
          clusters: z.array(slow),
          schools: z.array(slow),
          withheld: z.boolean(),
        })
        .nullable(),
      fidelity: z
        .object({
          model: z.object({ version: z.number(), state: z.string() }),
          clusters: z.array(low),
          schools: z.array(low),
          late: z.number(),
          withheld: z.boolean(),
        })
        .nullable(),
      changes: z.array(z.object({ kind: z.enum(changeKinds), n: count, told: z.array(z.string()) })),
      actions: z.array(
        z.object({
          kind: z.enum(actionKinds),
          n: count,
          about: z.object({ id: z.string(), title: z.string() }).nullable(),
          day: day.nullable(),
        }),
      ),
    }),
    async handle({ params }, { context, may, scope }) {
      const study = await getStudy(context.db, params.study);
      return overviewOf(context, study, { may, scope, suppress: !may('dataset.export') });
    },
  }),
];
