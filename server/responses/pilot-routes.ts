/** Simulated answers to a pilot, over HTTP. */
import { z } from 'zod';
import { administrationParams } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { simulatePilot } from './simulate-pilot.ts';

const share = (most: number, usual: number) => z.number().min(0).max(most).default(usual);

export const pilotRoutes = [
  route({
    method: 'POST',
    path: '/api/studies/:study/administrations/:administration/simulation',
    summary: 'Answers a pilot with simulated people, through its staffroom links; the same wish again adds nobody',
    params: administrationParams,
    body: z.strictObject({
      people: z.int().min(1).max(500),
      seed: z.string().min(1).max(40),
      loading: share(1, 0.75).describe('Correlation of items with the standing on their scale'),
      factorCorrelation: share(1, 0.5).describe('Correlation of any two scales'),
      icc: share(0.9, 0.1).describe('Share of the variance that lies between schools'),
      missing: share(0.9, 0.05).describe('Chance that an item is left blank'),
    }),
    answer: z.object({ created: z.number(), unchanged: z.number() }),
    handle: ({ params, body }, { context }) => simulatePilot(context, params, body),
  }),
];
