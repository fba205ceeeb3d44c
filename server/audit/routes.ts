/** The audit over HTTP: a page of what fits a search, and all of it as CSV; of the installation, or of one study. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import { type Call, route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { auditCsv } from './csv.ts';
import { searchAudit } from './search.ts';
import { listAuditVerbs } from './store.ts';

const filter = z.object({
  /** Part of a name or e-mail address, or what is no person: `command`, `system`, `stranger`. */
  who: z.string().trim().max(200).optional(),
  verb: z.string().max(60).optional(),
  study: z.string().max(40).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  before: z.iso.datetime({ offset: true }).optional(),
  outcome: z.enum(['done', 'refused']).optional(),
});
const ofStudy = filter.omit({ study: true });
const page = z.coerce.number().int().min(1).max(100_000).default(1);

const answer = z.object({
  entries: z.array(
    z.object({
      number: z.number(),
      at: z.iso.datetime(),
      verb: z.string(),
      actor: z.object({
        kind: z.enum(['account', 'token', 'command', 'system', 'stranger']),
        id: z.string().nullable(),
        /** Of an account that is still there. */
        name: z.string().nullable(),
      }),
      study: z.string().nullable(),
      thing: z.record(z.string(), z.string()),
      outcome: z.enum(['done', 'refused']),
      detail: z.string().nullable(),
      from: z.string().nullable(),
      request: z.string().nullable(),
      hash: z.string(),
    }),
  ),
  /** Those that occur, to choose from. */
  verbs: z.array(z.string()),
  page: z.number(),
  pages: z.number(),
  total: z.number(),
});

export const auditRoutes = [
  route({
    method: 'GET',
    path: '/api/audit',
    summary: 'Who did what to which thing, newest first, 50 a page',
    query: filter.extend({ page }),
    answer,
    async handle({ query }, { context }) {
      return { ...(await searchAudit(context, query)), verbs: await listAuditVerbs(context.db) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/audit.csv',
    summary: 'What fits a search of the audit, oldest first, as CSV',
    query: filter,
    answer: 'text/csv',
    handle: ({ query }, { context, response }) => auditCsv(context, query, response, 'audit.csv'),
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/audit',
    summary: 'Who did what in one study, newest first, 50 a page',
    params: studyParams,
    query: ofStudy.extend({ page }),
    answer,
    async handle({ params: { study }, query }, { context }: Call) {
      await getStudy(context.db, study);
      return { ...(await searchAudit(context, { ...query, study })), verbs: await listAuditVerbs(context.db, study) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/audit.csv',
    summary: 'What fits a search of the audit of one study, oldest first, as CSV',
    params: studyParams,
    query: ofStudy,
    answer: 'text/csv',
    async handle({ params: { study }, query }, { context, response }) {
      await getStudy(context.db, study);
      await auditCsv(context, { ...query, study }, response, `${study}-audit.csv`);
    },
  }),
];
