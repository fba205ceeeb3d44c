/** Reports over HTTP: the report as one JSON value, or as lines that tell how far it is before it comes. */
import { z } from 'zod';
import { administrationParams } from '../administrations/schemas.ts';
import { whileAwaited } from '../hang-up.ts';
import { type Call, route } from '../http.ts';
import { loadAdministrationReport } from './administration-report.ts';
import type { ReportTask } from './gather.ts';
import { reportLine, shareLines } from './lines.ts';

const path = '/api/studies/:study/administrations/:administration/report' as const;

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
        reportLine(response, { report });
        response.end();
      });
    },
  }),
];

function reportFor({ context, may }: Call, params: z.output<typeof administrationParams>, task: ReportTask) {
  const suppress = !may('dataset.export');
  return loadAdministrationReport(context, params.study, params.administration, suppress, task);
}
