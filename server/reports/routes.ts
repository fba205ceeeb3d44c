/** Reports over HTTP. */
import { z } from 'zod';
import { administrationParams } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { loadAdministrationReport } from './administration-report.ts';

export const reportRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/report',
    summary: 'The report of an administration: response, items, scales, reliability; tables and chart specifications',
    params: administrationParams,
    answer: z.looseObject({
      title: z.string(),
      subtitle: z.string(),
      simulated: z.boolean(),
      sections: z.array(z.unknown()),
    }),
    async handle({ params }, { context, may }) {
      const suppress = !may('dataset.export');
      return loadAdministrationReport(context, params.study, params.administration, suppress);
    },
  }),
];
