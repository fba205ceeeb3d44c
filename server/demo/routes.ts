/** The demonstration study over HTTP: load it in the background, ask how far that is. */
import { z } from 'zod';
import { route } from '../http.ts';
import { loadDemo, requireFreeName } from './load.ts';
import { demoProgress } from './progress.ts';

export const demoRoutes = [
  route({
    method: 'POST',
    path: '/api/studies/demo',
    summary: 'Loads the demonstration study (simulated data) in the background',
    status: 202,
    answer: z.object({ started: z.literal(true) }),
    async handle(_input, { context }) {
      await requireFreeName(context.db);
      // A load that is under way already serves this request as well.
      const { state } = await demoProgress(context.db, context.clock());
      if (state === 'absent' || state === 'failed') {
        loadDemo(context).catch((error: unknown) => {
          context.log.error({ err: error }, 'the demonstration study could not be loaded');
        });
      }
      return { started: true as const };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/demo/progress',
    summary: 'How far the loading of the demonstration study is',
    answer: z.object({
      state: z.enum(['absent', 'loading', 'loaded', 'failed']),
      done: z.number(),
      total: z.number(),
    }),
    handle(_input, { context }) {
      return demoProgress(context.db, context.clock());
    },
  }),
];
