/** Administrations over HTTP: what they are, their state, their response rates. */
import { z } from 'zod';
import { administrationStates } from '../../instruments/study.ts';
import { route } from '../http.ts';
import { findInstrumentVersion } from '../instruments/store.ts';
import { collectPartials } from '../responses/partials.ts';
import { countByAdministration, responseRates } from './rates.ts';
import { administrationParams, administrationSummary, estimate } from './schemas.ts';
import { changeState, getAdministration } from './store.ts';

const rateRow = z.object({
  id: z.string(),
  title: z.string(),
  arm: z.string().nullable(),
  cluster: z.string().nullable(),
  invited: z.number(),
  opened: z.number(),
  responded: z.number(),
  rate: estimate,
});

export const administrationRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration',
    summary: 'One administration with its instrument version and the state of its responses',
    params: administrationParams,
    answer: z.object({
      administration: administrationSummary,
      instrument: z.object({ id: z.string(), version: z.number(), title: z.string(), hash: z.string() }),
    }),
    async handle({ params }, { context }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      const [counts, published] = await Promise.all([
        countByAdministration(context.db, params.study),
        findInstrumentVersion(context.db, administration.instrument, administration.version),
      ]);
      return {
        administration: { ...administration, ...(counts.get(administration.id) ?? { invited: 0, responded: 0 }) },
        instrument: {
          id: administration.instrument,
          version: administration.version,
          title: published?.instrument.title ?? administration.instrument,
          hash: published?.hash ?? '',
        },
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration/state',
    summary: 'Open, pause, close or reopen an administration',
    params: administrationParams,
    body: z.strictObject({ state: z.enum(administrationStates) }),
    answer: z.object({ administration: administrationSummary }),
    async handle({ params, body }, { context }) {
      const administration = await changeState(context.db, params.study, params.administration, body.state);
      if (administration.state === 'closed') await collectPartials(context, administration);
      const counts = await countByAdministration(context.db, params.study);
      return {
        administration: { ...administration, ...(counts.get(administration.id) ?? { invited: 0, responded: 0 }) },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/rates',
    summary: 'Response rates against the number invited, by arm, cluster and school',
    params: administrationParams,
    answer: z.object({
      total: rateRow,
      byArm: z.array(rateRow),
      byCluster: z.array(rateRow),
      bySchool: z.array(rateRow),
    }),
    async handle({ params }, { context }) {
      return responseRates(context.db, await getAdministration(context.db, params.study, params.administration));
    },
  }),
];
