/** Reports over HTTP: the report as one JSON value, or as lines that tell how far it is before it comes. */
import type { Response } from 'express';
import { z } from 'zod';
import { administrationParams } from '../administrations/schemas.ts';
import { whileAwaited } from '../hang-up.ts';
import { type Call, route } from '../http.ts';
import { loadAdministrationReport, type ReportTask } from './administration-report.ts';

const path = '/api/studies/:study/administrations/:administration/report' as const;

/** At least this much more must be done before another line is worth sending. */
const leastShare = 0.01;

export const reportRoutes = [
  route({
    method: 'GET',
    path,
    summary: 'The report of an administration: response, items, scales, reliability; tables and chart specifications',
    params: administrationParams,
    answer: z.looseObject({
      title: z.string(),
      subtitle: z.string(),
      simulated: z.boolean(),
      sections: z.array(z.unknown()),
    }),
    async handle({ params }, call) {
      return whileAwaited(call.response, (signal) => reportFor(call, params, { signal }));
    },
  }),
  route({
    method: 'GET',
    path: `${path}.ndjson`,
    summary:
      'The same report as lines of JSON: how much is done while it is computed, any number of times, and last the report',
    params: administrationParams,
    answer: 'application/x-ndjson',
    async handle({ params }, call) {
      const { response } = call;
      await whileAwaited(response, async (signal) => {
        const report = await reportFor(call, params, { signal, onShare: shareLines(response) });
        line(response, { report });
        response.end();
      });
    },
  }),
];

function reportFor({ context, may }: Call, params: z.output<typeof administrationParams>, task: ReportTask) {
  const suppress = !may('dataset.export');
  return loadAdministrationReport(context, params.study, params.administration, suppress, task);
}

function shareLines(response: Response): (share: number) => void {
  let told = Number.NEGATIVE_INFINITY;
  return (share) => {
    if (share - told < leastShare) return;
    told = share;
    line(response, { share: Math.round(1000 * share) / 1000 });
  };
}

/** The first line sends the headers: what is refused before it is an ordinary problem, what fails after it cuts the answer. */
function line(response: Response, value: unknown): void {
  if (response.destroyed) return;
  if (!response.headersSent) response.type('application/x-ndjson').set('Cache-Control', 'no-store');
  response.write(`${JSON.stringify(value)}\n`);
  // Compressed lines would wait for others to come.
  response.flush();
}
