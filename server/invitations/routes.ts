/** The link list of an administration over HTTP. */
import { z } from 'zod';
import { roles } from '../../instruments/study.ts';
import { administrationParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { route } from '../http.ts';
import { invitationStates, linkRows, reissueLink, revokeLink } from './links.ts';
import { countLinksToRefresh, refreshLinks } from './refresh.ts';
import { setIneligible } from './standing.ts';
import { ineligibleReasons } from './store.ts';

const invitationRow = z.object({
  id: z.string(),
  person: z.string().nullable(),
  shared: z.boolean(),
  school: z.string().nullable(),
  schoolName: z.string().nullable(),
  cluster: z.string().nullable(),
  role: z.enum(roles),
  state: z.enum(invitationStates),
  reason: z.enum(ineligibleReasons).nullable(),
  url: z.string().nullable(),
});

const filter = z.object({
  school: z.string().max(60).optional(),
  cluster: z.string().max(60).optional(),
  role: z.enum(roles).optional(),
  state: z.enum(invitationStates).optional(),
});
const pageOfFilter = filter.extend({
  page: z.coerce.number().int().min(1).default(1),
});

const refreshed = z.object({ newLinks: z.number(), left: z.number(), moved: z.number(), returned: z.number() });
const linkParams = administrationParams.extend({ invitation: z.string().min(1).max(64) });
const pageSize = 50;

/** The file is named after what it holds: `demo-trust-end-links-alder-teacher-open.csv`. */
function fileName(study: string, administration: string, { cluster, school, role, state }: z.infer<typeof filter>) {
  const parts = [study, administration, 'links', cluster, school, role, state].filter(Boolean);
  return `${parts.join('-').replace(/[^\w.-]+/g, '-')}.csv`;
}

export const invitationRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/invitations',
    summary: 'The survey links of an administration, 50 a page, with what has become of each',
    params: administrationParams,
    query: pageOfFilter,
    answer: z.object({
      invitations: z.array(invitationRow),
      page: z.number(),
      pages: z.number(),
      total: z.number(),
    }),
    async handle({ params, query }, { context, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      const { page, ...where } = query;
      const window = { skip: (page - 1) * pageSize, limit: pageSize };
      const { rows, total } = await linkRows(context, administration, where, window, scope);
      return { invitations: rows, page, pages: Math.max(1, Math.ceil(total / pageSize)), total };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/invitations.csv',
    summary: 'The link list, or what fits a filter of it, as CSV for a mail merge',
    params: administrationParams,
    query: filter,
    answer: 'text/csv',
    async handle({ params, query }, { context, response, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      const { rows } = await linkRows(context, administration, query, { skip: 0, limit: 0 }, scope);
      response.type('text/csv').attachment(fileName(params.study, params.administration, query));
      response.write(csvLine(['invitation', 'person', 'school', 'school_name', 'cluster', 'role', 'state', 'link']));
      for (const row of rows) {
        response.write(
          csvLine([row.id, row.person, row.school, row.schoolName, row.cluster, row.role, row.state, row.url]),
        );
      }
      response.end();
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/links/refresh',
    summary:
      'How many people of the audience have no link, how many with an unanswered one have left or stand outside it now, ' +
      'and how many are back',
    params: administrationParams,
    answer: refreshed,
    async handle({ params }, { context, scope }) {
      return countLinksToRefresh(context, params.study, params.administration, scope);
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/administrations/:administration/links/refresh',
    summary:
      'Gives links to people of the audience who have none, marks those who have left or stand outside it as ' +
      'ineligible, and asks those again who are back',
    params: administrationParams,
    answer: refreshed,
    async handle({ params }, { context, scope }) {
      return refreshLinks(context, params.study, params.administration, scope);
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/administrations/:administration/invitations/:invitation/revoke',
    summary: 'Withdraws a link; whoever opens it is told so',
    params: linkParams,
    answer: invitationRow,
    async handle({ params }, { context, scope }) {
      return revokeLink(context, params, scope);
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/administrations/:administration/invitations/:invitation/reissue',
    summary: 'Gives an invitation a new link; whoever opens the former one is told that it was withdrawn',
    params: linkParams,
    answer: invitationRow,
    async handle({ params }, { context, scope }) {
      return reissueLink(context, params, scope);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration/invitations/:invitation/ineligible',
    summary: 'Marks a person as ineligible, with the reason; the link takes no answers then',
    params: linkParams,
    body: z.strictObject({ reason: z.enum(ineligibleReasons) }),
    answer: invitationRow,
    async handle({ params, body }, { context, scope }) {
      return setIneligible(context, params, scope, body.reason);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/studies/:study/administrations/:administration/invitations/:invitation/ineligible',
    summary: 'Takes the mark back: the person is asked again',
    params: linkParams,
    answer: invitationRow,
    async handle({ params }, { context, scope }) {
      return setIneligible(context, params, scope, null);
    },
  }),
];
