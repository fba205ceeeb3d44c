/** People's rights in the workbench: what is held on a person, their copy of it, withdrawal and erasure. */
import { z } from 'zod';
import { roles } from '../../instruments/study.ts';
import { mayWithdraw } from '../administrations/availability.ts';
import { studyParams } from '../administrations/schemas.ts';
import { route } from '../http.ts';
import { findIdentity } from '../identities/read.ts';
import { hasIdentity } from '../identities/store.ts';
import { invitationsOfPerson } from '../invitations/endings.ts';
import { listMessagesTo } from '../outbox/store.ts';
import { Problem } from '../problems.ts';
import { listResponsesOfPerson } from '../responses/store.ts';
import { findPerson } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { erasePerson } from './erase.ts';
import { loadPersonRecord } from './record.ts';
import { recordPage } from './record-page.ts';
import { listWithdrawals, withdrawalScopes, withdrawalStates } from './store.ts';
import { withdrawPerson, withdrawReceipt } from './withdraw.ts';

const personParams = studyParams.extend({ person: z.string().min(1).max(60) });

const withdrawalSchema = z.object({
  scope: z.enum(withdrawalScopes),
  person: z.string().nullable(),
  administration: z.string().nullable(),
  by: z.enum(['respondent', 'evaluator', 'command']),
  confirmation: z.string(),
  on: z.iso.date(),
  state: z.enum(withdrawalStates),
  responses: z.number(),
});

const attached = (name: string) => name.replace(/[^\w.-]+/g, '-');

export const rightsRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/people/:person/rights',
    summary: 'What is held on a person, counted, without saying who it is',
    params: personParams,
    answer: z.object({
      person: z.string(),
      role: z.enum(roles),
      school: z.string().nullable(),
      cluster: z.string().nullable(),
      arm: z.string(),
      held: z.object({ identity: z.boolean(), invitations: z.number(), responses: z.number(), messages: z.number() }),
      withdrawUntil: z.iso.date().nullable(),
      mayWithdraw: z.boolean(),
      withdrawals: z.array(withdrawalSchema),
    }),
    async handle({ params }, { context }) {
      const { db } = context;
      const [study, found] = await Promise.all([
        getStudy(db, params.study),
        findPerson(db, params.study, params.person),
      ]);
      if (!found) throw new Problem('not-found', { detail: `The study has no person "${params.person}".` });
      const [identity, invitations, responses, messages, withdrawals] = await Promise.all([
        hasIdentity(db, study.id, found.id),
        invitationsOfPerson(db, study.id, found.id),
        listResponsesOfPerson(db, study.id, found.id),
        listMessagesTo(db, study.id, found.id),
        listWithdrawals(db, study.id, found.id),
      ]);
      const { role, school, cluster, arm } = found;
      return {
        person: found.id,
        role,
        school,
        cluster,
        arm,
        held: {
          identity,
          invitations: invitations.length,
          responses: responses.length,
          messages: messages.length,
        },
        withdrawUntil: study.withdrawUntil ?? null,
        mayWithdraw: mayWithdraw(study, context.clock()),
        withdrawals: withdrawals.map(shown),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/people/:person/identity',
    summary: 'Who one person is; each reading is in the audit',
    params: personParams,
    answer: z.object({
      identity: z
        .object({ name: z.string().nullable(), email: z.string().nullable(), language: z.string().nullable() })
        .nullable(),
    }),
    async handle({ params }, { context }) {
      await getStudy(context.db, params.study);
      const identity = await findIdentity(context, params.study, params.person);
      return { identity: identity && { name: identity.name, email: identity.email, language: identity.language } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/people/:person/record.json',
    summary: 'Everything that is held on a person, as JSON',
    params: personParams,
    answer: 'application/json',
    async handle({ params }, { context, response }) {
      const record = await loadPersonRecord(context, params.study, params.person);
      response.attachment(attached(`${params.study}-${params.person}.json`)).type('application/json');
      response.send(JSON.stringify(record, null, 2));
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/people/:person/record.html',
    summary: 'Everything that is held on a person, as a page to read and hand over',
    params: personParams,
    answer: 'text/html',
    async handle({ params }, { context, response }) {
      const record = await loadPersonRecord(context, params.study, params.person);
      response.attachment(attached(`${params.study}-${params.person}.html`)).type('text/html');
      response.send(recordPage(record));
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/people/:person/withdrawal',
    summary: 'Withdraws all that a person gave to the study; nobody asks them again',
    params: personParams,
    body: z.strictObject({}),
    answer: withdrawalSchema,
    async handle({ params }, { context }) {
      return shown(await withdrawPerson(context, params.study, params.person, 'evaluator'));
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/people/:person/erasure',
    summary: 'Erases who a person is, with the messages to them, and if wanted withdraws their answers',
    params: personParams,
    body: z.strictObject({ withdraw: z.boolean() }),
    answer: z.object({ identities: z.number(), messages: z.number(), withdrawal: withdrawalSchema.nullable() }),
    async handle({ params, body }, { context }) {
      const options = { withdraw: body.withdraw, by: 'evaluator' } as const;
      const erasure = await erasePerson(context, params.study, params.person, options);
      return { ...erasure, withdrawal: erasure.withdrawal && shown(erasure.withdrawal) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/withdrawals',
    summary: 'Withdrawals of a study, the latest first',
    params: studyParams,
    answer: z.object({ withdrawals: z.array(withdrawalSchema) }),
    async handle({ params }, { context }) {
      await getStudy(context.db, params.study);
      return { withdrawals: (await listWithdrawals(context.db, params.study)).map(shown) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/withdrawals',
    summary: 'Withdraws the answers of a receipt code that somebody has given to the evaluation team',
    params: studyParams,
    body: z.strictObject({ code: z.string().min(1).max(100) }),
    answer: withdrawalSchema,
    async handle({ params, body }, { context }) {
      await getStudy(context.db, params.study);
      return shown(await withdrawReceipt(context, body.code, 'evaluator', params.study));
    },
  }),
];

function shown({
  scope,
  person,
  administration,
  by,
  confirmation,
  on,
  state,
  responses,
}: z.infer<typeof withdrawalSchema>) {
  return { scope, person, administration, by, confirmation, on, state, responses };
}
