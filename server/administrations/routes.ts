/** Administrations over HTTP: what they are, their state, their response rates. */
import { z } from 'zod';
import { type Administration, administrationStates } from '../../instruments/study.ts';
import { type Call, route } from '../http.ts';
import { findInstrumentVersion } from '../instruments/store.ts';
import { countByAdministration, responseRates, shownCounts } from '../rates/tables.ts';
import { collectPartials } from '../responses/partials.ts';
import { getStudy } from '../studies/store.ts';
import { administrationParams, administrationSummary, estimate } from './schemas.ts';
import { changeState, getAdministration } from './store.ts';

const rateRow = z.object({
  id: z.string(),
  title: z.string(),
  arm: z.string().nullable(),
  cluster: z.string().nullable(),
  invited: z.number().nullable(),
  opened: z.number().nullable(),
  responded: z.number().nullable(),
  rate: estimate,
});

const administrationAnswer = z.object({
  administration: administrationSummary,
  instrument: z.object({ id: z.string(), version: z.number(), title: z.string(), hash: z.string() }),
});

/** An administration as every answer about one tells it: with its counts and its instrument version. */
async function answerOf({ context: { db }, scope, may }: Call, administration: Administration) {
  const { study, id, instrument, version } = administration;
  const [counts, published, whole] = await Promise.all([
    countByAdministration(db, study, { administration: id, scope }),
    findInstrumentVersion(db, instrument, version),
    getStudy(db, study),
  ]);
  const shown = shownCounts(whole, scope, may('dataset.export'));
  return {
    administration: { ...administration, ...shown(counts.get(id)) },
    instrument: {
      id: instrument,
      version,
      title: published?.instrument.title ?? instrument,
      hash: published?.hash ?? '',
    },
  };
}

export const administrationRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration',
    summary: 'One administration with its instrument version and the state of its responses',
    params: administrationParams,
    answer: administrationAnswer,
    async handle({ params }, call) {
      return answerOf(call, await getAdministration(call.context.db, params.study, params.administration));
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration/state',
    summary: 'Open, pause, close or reopen an administration',
    params: administrationParams,
    body: z.strictObject({ state: z.enum(administrationStates) }),
    answer: administrationAnswer,
    async handle({ params, body }, call) {
      const { context } = call;
      const administration = await changeState(context.db, params.study, params.administration, body.state);
      if (administration.state === 'closed') await collectPartials(context, administration);
      return answerOf(call, administration);
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/administrations/:administration/rates',
    summary:
      'Response rates against the number invited, by arm, cluster and school; null where a cell must not be shown',
    params: administrationParams,
    answer: z.object({
      total: rateRow,
      byArm: z.array(rateRow),
      byCluster: z.array(rateRow),
      bySchool: z.array(rateRow),
    }),
    async handle({ params }, { context, may }) {
      const suppress = !may('dataset.export');
      const administration = await getAdministration(context.db, params.study, params.administration);
      return responseRates(context.db, administration, suppress);
    },
  }),
];
