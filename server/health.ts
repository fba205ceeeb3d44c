/** Whether the process lives (`/healthz`) and whether it can serve (`/readyz`): for load balancers and container hosts. */
import type { Connection } from 'mongoose';
import { z } from 'zod';
import { route } from './http.ts';
import { Problem } from './problems.ts';

/** A database that needs longer to say hello is not ready. */
const patienceMs = 2000;

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/healthz',
    summary: 'The server process is alive',
    answer: z.object({ status: z.literal('alive') }),
    handle(_input, { response }) {
      response.set('Cache-Control', 'no-store');
      return { status: 'alive' };
    },
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'The database answers; 503 when it does not',
    answer: z.object({ status: z.literal('ready') }),
    async handle(_input, { context, response }) {
      response.set('Cache-Control', 'no-store');
      await ping(context.db);
      return { status: 'ready' };
    },
  }),
];

async function ping(db: Connection): Promise<void> {
  try {
    await db.getClient().db(db.name).command({ ping: 1 }, { timeoutMS: patienceMs });
  } catch (error) {
    throw new Problem('database-unavailable', {
      retryAfterSeconds: 2,
      cause: error,
    });
  }
}
