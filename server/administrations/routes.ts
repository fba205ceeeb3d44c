/** Administrations over HTTP: what they are, and their state. */
import { z } from 'zod';
import { type Administration, administrationStates, roles } from '../../instruments/study.ts';
import { type Call, route } from '../http.ts';
import { findInstrumentVersion } from '../instruments/store.ts';
import { audienceDay, audienceEffect } from '../invitations/audience.ts';
import { Problem } from '../problems.ts';
import { countByAdministration, shownCounts } from '../rates/summaries.ts';
import { collectPartials } from '../responses/partials.ts';
import { getStudy } from '../studies/store.ts';
import { dayIn } from './availability.ts';
import { changeAdministration } from './change.ts';
import { planAdministration, removePlanned } from './plan.ts';
import {
  administrationParams,
  administrationSummary,
  changeSchema,
  planSchema,
  reasonSchema,
  studyParams,
} from './schemas.ts';
import { takeStep } from './state.ts';
import { findAdministration, getAdministration } from './store.ts';

const administrationAnswer = z.object({
  administration: administrationSummary,
  instrument: z.object({ id: z.string(), version: z.number(), title: z.string(), hash: z.string() }),
});

/** An administration as every answer about one tells it: with its counts and its instrument version. */
async function answerOf({ context, scope, may }: Call, administration: Administration) {
  const { db } = context;
  const { study, id, instrument, version } = administration;
  const whole = await getStudy(db, study);
  const [counts, published] = await Promise.all([
    countByAdministration(context, whole, [administration], scope),
    findInstrumentVersion(db, instrument, version),
  ]);
  const shown = shownCounts(whole, may('dataset.export'));
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

/** Lists with commas: `?arms=programme&roles=teacher,headteacher`. */
const list = z.string().transform((text) => text.split(',').filter(Boolean));
const audienceQuery = z.object({
  arms: list.pipe(z.array(z.string().max(40))),
  roles: list.pipe(z.array(z.enum(roles))),
  administration: z.string().max(40).optional(),
  opens: z.iso.date().optional().describe('First day, where it is not the one of the administration'),
});

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
    method: 'POST',
    path: '/api/studies/:study/administrations',
    summary: 'Plans an administration, with a link for everybody in its audience; it opens and closes by its days',
    params: studyParams,
    body: planSchema,
    answer: administrationAnswer,
    status: 201,
    async handle({ params, body }, call) {
      const { context, account } = call;
      return answerOf(call, await planAdministration(context, account?.id ?? '', params.study, body));
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration',
    summary: 'Changes an administration; after the start as an amendment, with its reason',
    params: administrationParams,
    body: changeSchema,
    answer: administrationAnswer,
    async handle({ params: { study, administration }, body }, call) {
      const { context, account } = call;
      return answerOf(call, await changeAdministration(context, account?.id ?? '', study, administration, body));
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/studies/:study/administrations/:administration',
    summary: 'Deletes an administration that is planned and has no response, with its links',
    params: administrationParams,
    async handle({ params: { study, administration } }, { context }) {
      await removePlanned(context, study, administration);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/administrations/:administration/state',
    summary: 'Open, pause, close or reopen an administration; closing early and reopening are amendments with a reason',
    params: administrationParams,
    body: z.strictObject({ state: z.enum(administrationStates), reason: reasonSchema.optional() }),
    answer: administrationAnswer,
    async handle({ params, body }, call) {
      const { context, account } = call;
      const { study, administration: id } = params;
      const administration = await takeStep(context, account?.id ?? '', study, id, body.state, body.reason ?? null);
      if (administration.state === 'closed') await collectPartials(context, administration);
      return answerOf(call, administration);
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/audience',
    summary:
      'How many people an audience is on its first day, or today, and what changing an administration to it does to its links',
    params: studyParams,
    query: audienceQuery,
    answer: z.object({
      people: z.number(),
      byRole: z.record(z.string(), z.number()),
      withoutSchool: z.number(),
      withoutCluster: z.number(),
      newLinks: z.number(),
      withdrawn: z.number(),
      answered: z.number(),
      left: z.number(),
      withheld: z.object({ role: z.number(), school: z.number(), cluster: z.number(), tooFew: z.number() }),
    }),
    async handle({ params: { study }, query: { arms, roles, administration, opens } }, { context }) {
      const whole = await getStudy(context.db, study);
      const of = administration === undefined ? null : await findAdministration(context.db, study, administration);
      if (administration !== undefined && !of) throw new Problem('not-found');
      const today = dayIn(whole.timeZone, context.clock());
      const first = opens ?? of?.opens ?? today;
      const day = audienceDay({ opens: first, closes: of?.closes ?? today }, today);
      return audienceEffect(context, whole, { arms, roles }, of, day);
    },
  }),
];
