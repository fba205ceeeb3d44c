/** Response rates over HTTP, while a wave runs, and the schools that need a call. */
import { z } from 'zod';
import { administrationParams, estimate } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { callList, recordCall } from './calls.ts';
import { keptRates } from './kept.ts';
import { ratesBy } from './tables.ts';

const count = z.number().nullable();

const rateRow = z.object({
  id: z.string(),
  title: z.string(),
  arm: z.string().nullable(),
  cluster: z.string().nullable(),
  invited: count,
  eligible: count,
  opened: count,
  started: count,
  responded: count,
  partial: count,
  declined: count,
  withdrawn: count,
  silent: count,
  notReached: count,
  bounced: count,
  ineligible: count,
  rates: z.object({ rr1: estimate, rr2: estimate, coop1: estimate, ref1: estimate, con1: estimate }),
});

const dayRow = z.object({
  day: z.iso.date(),
  opened: count,
  finished: count,
  openedSoFar: count,
  finishedSoFar: count,
});

const days = (usual: number) => z.coerce.number().int().min(0).max(366).default(usual);
const callRule = z.object({
  below: z.coerce.number().int().min(1).max(100).default(50),
  after: days(5),
  unopened: days(3),
});

const written = z.object({
  on: z.iso.date(),
  by: z.string().trim().min(1).max(100),
  said: z.string().trim().min(1).max(1000),
  hideUntil: z.iso.date().nullable(),
});

const noDay = {
  code: 'as-invited-only',
  path: 'query.asAt',
  message:
    'You see these rates as people were invited. As at a day they are for those who may see identified rows: from two ' +
    'tables anybody who moved in between could be worked out. Leave out asAt.',
};

export const rateRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/rates',
    summary:
      'Who was asked, opened, began, responded or declined, with response rates, by arm, cluster, school, role or day; ' +
      'with asAt people count where the roster has them on that day, else where their links were made for; ' +
      'null where a cell must not be shown or is not known; with If-None-Match only what has changed is told; ' +
      'asAt is refused (400) to readers who may not see identified rows: of two days, each with its table, the difference ' +
      'is what those people did who moved in between',
    params: administrationParams,
    query: z.object({ by: z.enum(ratesBy).default('cluster'), asAt: z.iso.date().optional() }),
    answer: z.object({
      by: z.enum(ratesBy),
      asAt: z.iso.date().nullable(),
      staffOn: z.iso.date(),
      total: rateRow,
      arms: z.array(rateRow),
      rows: z.array(rateRow),
      days: z.array(dayRow),
      withheld: z.boolean(),
    }),
    async handle({ params, query }, { context, may, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      const suppress = !may('dataset.export');
      if (suppress && query.asAt !== undefined) throw new Problem('invalid-request', { issues: [noDay] });
      return keptRates(context, administration, { by: query.by, asAt: query.asAt ?? null, scope, suppress });
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/calls',
    summary: 'The schools that need a call by a rule, most to gain first, with the calls that were made',
    params: administrationParams,
    query: callRule,
    answer: z.object({
      today: z.iso.date(),
      day: z.number(),
      rule: callRule,
      rows: z.array(
        z.object({
          school: z.string(),
          title: z.string(),
          cluster: z.string().nullable(),
          arm: z.string(),
          eligible: z.number(),
          opened: z.number(),
          responded: z.number(),
          gain: z.number(),
          bounced: z.number(),
          reasons: z.array(z.enum(['low', 'unopened', 'bounced'])),
          calls: z.array(written),
          hiddenUntil: z.iso.date().nullable(),
        }),
      ),
    }),
    async handle({ params, query }, { context, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      return callList(context, administration, query, scope);
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/administrations/:administration/calls',
    summary: 'Writes down a call to a school; the same key again is a success',
    params: administrationParams,
    body: z.strictObject({ key: z.uuid(), school: z.string().min(1).max(60), ...written.shape }),
    async handle({ params, body }, { context, account, scope }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      await recordCall(context, administration, body, { account: account?.id ?? '', scope });
    },
  }),
];
