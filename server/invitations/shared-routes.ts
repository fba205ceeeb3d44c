/** Staffroom links and their printed sheets over HTTP. */
import { z } from 'zod';
import { roles } from '../../instruments/study.ts';
import { administrationParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { pagePdf } from './print-pdf.ts';
import { makeSharedLinks } from './shared.ts';
import { type SheetFilter, sheetsHtml, sheetsOf, sheetsPolicy } from './sheets.ts';

const which = {
  cluster: z.string().max(60).optional(),
  school: z.string().max(60).optional(),
  role: z.enum(roles).optional(),
};
const base = '/api/studies/:study/administrations/:administration';

export const sharedLinkRoutes = [
  route({
    method: 'POST',
    path: `${base}/shared-links`,
    summary:
      'Makes the links that staffrooms share, one for a school and a role; those that are there stay as they are',
    params: administrationParams,
    body: z.strictObject(which),
    answer: z.object({ made: z.number() }),
    async handle({ params, body }, { context, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      return { made: await makeSharedLinks(context, administration, body, scope) };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/qr-sheets.html`,
    summary: 'A page for each staffroom link, with its QR code and instructions, to be printed from the browser',
    params: administrationParams,
    query: z.object(which),
    answer: 'text/html',
    async handle({ params, query }, { context, response, scope }) {
      const page = await pageOf(context, params, query, scope);
      response.set('Content-Security-Policy', sheetsPolicy).type('html').send(page);
    },
  }),
  route({
    method: 'GET',
    path: `${base}/qr-sheets.pdf`,
    summary: 'The same pages as a tagged PDF; 503 where this server has no Chromium to print with',
    params: administrationParams,
    query: z.object(which),
    answer: 'application/pdf',
    async handle({ params, query }, { context, response, scope }) {
      const pdf = await pagePdf(context, await pageOf(context, params, query, scope));
      const parts = [params.study, params.administration, 'qr', query.cluster, query.school, query.role].filter(
        Boolean,
      );
      response
        .type('application/pdf')
        .attachment(`${parts.join('-').replace(/[^\w.-]+/g, '-')}.pdf`)
        .send(pdf);
    },
  }),
];

async function pageOf(
  context: Context,
  params: { study: string; administration: string },
  filter: SheetFilter,
  scope: Scope,
): Promise<string> {
  const administration = await getAdministration(context.db, params.study, params.administration);
  return sheetsHtml(administration, await sheetsOf(context, administration, filter, scope));
}
