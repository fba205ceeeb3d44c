/** Mailings and the log of messages of an administration over HTTP. */
import { z } from 'zod';
import { roles } from '../../instruments/study.ts';
import { administrationParams, studyParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { route } from '../http.ts';
import { type MessageState, messageKinds, messageStates } from '../outbox/message.ts';
import {
  countMessages,
  findMessage,
  listMessages,
  moveMessage,
  retryFailed,
  type StoredMessage,
} from '../outbox/store.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { markBouncesIn } from './bounces.ts';
import { faultInWords } from './fault-words.ts';
import { cancelMailing, listMailings, type Mailing, mailingStates } from './mailings.ts';
import { messageIdOf } from './message-id.ts';
import { planMailing, reachOf } from './plan-mailing.ts';
import { templateKinds } from './words.ts';

const memberId = z.string().min(1).max(60).optional();
const whomSchema = z.strictObject({
  arm: memberId,
  cluster: memberId,
  school: memberId,
  role: z.enum(roles).optional(),
});
const localTimeSchema = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'must be a time like 2026-03-29T09:30');

const mailingRow = z.object({
  id: z.string(),
  kind: z.enum(templateKinds),
  whom: whomSchema,
  sendAt: z.iso.datetime(),
  state: z.enum(mailingStates),
  queued: z.number().nullable(),
});
const mailingRowOf = ({ _id, kind, whom, sendAt, state, queued }: Mailing) => ({
  id: _id,
  kind,
  whom,
  sendAt: sendAt.toISOString(),
  state,
  queued,
});

const messageRow = z.object({
  id: z.string(),
  kind: z.enum(messageKinds),
  state: z.enum(messageStates),
  person: z.string().nullable(),
  school: z.string().nullable(),
  createdAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  tries: z.number(),
  why: z.string().meta({ description: 'Why it did not go out, or not yet; empty when all is well' }),
  messageId: z.string().meta({ description: 'Its Message-ID, as a mail server logs it' }),
});

function messageRowOf(context: Context, message: StoredMessage) {
  const { _id, kind, state, to, about, createdAt, dueAt, sentAt, tries, fault } = message;
  return {
    id: _id,
    kind,
    state,
    person: to.kind === 'person' ? to.person : null,
    school: typeof about.school === 'string' ? about.school : null,
    createdAt: createdAt.toISOString(),
    dueAt: dueAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
    tries,
    why: faultInWords(fault),
    messageId: messageIdOf(context, _id, context.config.mail?.domain ?? 'localhost'),
  };
}

const filterSchema = z.object({
  state: z.enum(messageStates).optional(),
  kind: z.enum(messageKinds).optional(),
  school: z.string().max(60).optional(),
});
const pageSize = 50;
const messageParams = administrationParams.extend({ message: z.string().min(1).max(200) });

/** What a person can do with a message, and between which states that moves it. */
const steps = {
  again: { from: ['failed', 'bounced', 'uncertain'], to: 'waiting' },
  arrived: { from: ['uncertain'], to: 'sent' },
  cancel: { from: ['waiting'], to: 'cancelled' },
} as const satisfies Record<string, { from: readonly MessageState[]; to: MessageState }>;

const base = '/api/studies/:study/administrations/:administration';

export const messageRoutes = [
  route({
    method: 'GET',
    path: `${base}/messages`,
    summary: 'The messages of an administration, 50 a page, the newest first, with how many are in each state',
    params: administrationParams,
    query: filterSchema.extend({ page: z.coerce.number().int().min(1).default(1) }),
    answer: z.object({
      messages: z.array(messageRow),
      counts: z.partialRecord(z.enum(messageStates), z.number()),
      page: z.number(),
      pages: z.number(),
      total: z.number(),
      mailServer: z.boolean().meta({ description: 'Whether this installation can send; else messages wait' }),
    }),
    async handle({ params, query }, { context }) {
      await getAdministration(context.db, params.study, params.administration);
      const { page, ...filter } = query;
      const [{ messages, total }, counts] = await Promise.all([
        listMessages(context.db, { ...params, ...filter }, { skip: (page - 1) * pageSize, limit: pageSize }),
        countMessages(context.db, params.study, params.administration),
      ]);
      return {
        messages: messages.map((message) => messageRowOf(context, message)),
        counts,
        page,
        pages: Math.max(1, Math.ceil(total / pageSize)),
        total,
        mailServer: context.config.mail !== null,
      };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/messages.csv`,
    summary: 'The log of messages, or what fits a filter of it, as CSV; without names and addresses',
    params: administrationParams,
    query: filterSchema,
    answer: 'text/csv',
    async handle({ params, query }, { context, response }) {
      await getAdministration(context.db, params.study, params.administration);
      const { messages } = await listMessages(context.db, { ...params, ...query }, { skip: 0, limit: 0 });
      response.type('text/csv').attachment(`${params.study}-${params.administration}-messages.csv`);
      response.write(
        csvLine(['kind', 'state', 'person', 'school', 'created', 'due', 'sent', 'tries', 'why', 'message_id']),
      );
      for (const message of messages) {
        const row = messageRowOf(context, message);
        response.write(
          csvLine([
            row.kind,
            row.state,
            row.person,
            row.school,
            row.createdAt,
            row.dueAt,
            row.sentAt,
            row.tries,
            row.why,
            row.messageId,
          ]),
        );
      }
      response.end();
    },
  }),
  route({
    method: 'POST',
    path: `${base}/messages/:message/step`,
    summary: 'Sends a message once more, cancels one that waits, or notes that an uncertain one has arrived',
    params: messageParams,
    body: z.strictObject({ step: z.enum(['again', 'arrived', 'cancel']) }),
    answer: messageRow,
    async handle({ params, body }, { context }) {
      const message = await findMessage(context.db, params.message);
      const here = message?.study === params.study && message.about.administration === params.administration;
      if (!message || !here) throw new Problem('not-found', { detail: 'There is no such message.' });
      const { from, to } = steps[body.step];
      const possible: readonly MessageState[] = from;
      if (!possible.includes(message.state)) {
        throw new Problem('state-not-allowed', { detail: `A message that is ${message.state} cannot become ${to}.` });
      }
      const now = context.clock();
      const change = to === 'waiting' ? { dueAt: now, tries: 0 } : to === 'sent' ? { sentAt: now, fault: null } : {};
      if (!(await moveMessage(context, message._id, message.state, to, change))) throw new Problem('conflict');
      const changed = await findMessage(context.db, params.message);
      if (!changed) throw new Problem('conflict');
      return messageRowOf(context, changed);
    },
  }),
  route({
    method: 'POST',
    path: `${base}/messages/again`,
    summary: 'Sends all messages that failed once more',
    params: administrationParams,
    answer: z.object({ waiting: z.number() }),
    async handle({ params }, { context }) {
      await getAdministration(context.db, params.study, params.administration);
      return { waiting: await retryFailed(context, params.study, params.administration) };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/mailings`,
    summary: 'What was sent to whom by filter, and what is planned',
    params: administrationParams,
    answer: z.object({ mailings: z.array(mailingRow) }),
    async handle({ params }, { context }) {
      await getAdministration(context.db, params.study, params.administration);
      const mailings = await listMailings(context.db, params.study, params.administration);
      return { mailings: mailings.map(mailingRowOf) };
    },
  }),
  route({
    method: 'POST',
    path: `${base}/mailings/reach`,
    summary: 'Whom a mailing would reach if it went out now, in numbers',
    params: administrationParams,
    body: z.strictObject({ whom: whomSchema }),
    answer: z.object({
      links: z.number(),
      responded: z.number(),
      withoutAddress: z.number(),
      optedOut: z.number(),
      bounced: z.number(),
      declined: z.number(),
      ineligible: z.number(),
      reached: z.number().describe('Who can be written to'),
      invitedBefore: z.number().describe('Of those reached, who have an invitation already and get no second one'),
    }),
    async handle({ params, body }, { context }) {
      const administration = await getAdministration(context.db, params.study, params.administration);
      return reachOf(context, administration, body.whom);
    },
  }),
  route({
    method: 'POST',
    path: `${base}/mailings`,
    summary:
      'Sends invitations or reminders, now or at a time in the time zone of the study, and plans reminders after',
    params: administrationParams,
    body: z.strictObject({
      kind: z.enum(templateKinds),
      whom: whomSchema,
      at: localTimeSchema.nullable(),
      remindAfter: z.array(z.number().int().min(1).max(365)).max(10).default([]),
    }),
    answer: z.object({ mailings: z.array(mailingRow) }),
    status: 201,
    async handle({ params, body }, { context, account }) {
      const [study, administration] = await Promise.all([
        getStudy(context.db, params.study),
        getAdministration(context.db, params.study, params.administration),
      ]);
      const planned = await planMailing(context, study, administration, body, account?.id ?? '');
      return { mailings: planned.map(mailingRowOf) };
    },
  }),
  route({
    method: 'POST',
    path: `${base}/mailings/:mailing/cancel`,
    summary: 'Cancels a mailing that has not begun',
    params: administrationParams.extend({ mailing: z.string().min(1).max(64) }),
    answer: mailingRow,
    async handle({ params }, { context }) {
      const cancelled = await cancelMailing(context.db, params.study, params.administration, params.mailing);
      if (!cancelled) {
        throw new Problem('state-not-allowed', { detail: 'Only a mailing that has not begun can be cancelled.' });
      }
      return mailingRowOf(cancelled);
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/bounces',
    summary: 'Marks addresses whose messages came back, from a list of them or from the text of what came back',
    params: studyParams,
    body: z.strictObject({ text: z.string().min(1).max(500_000) }),
    answer: z.object({ addresses: z.number(), people: z.number(), marked: z.number() }),
    async handle({ params, body }, { context }) {
      await getStudy(context.db, params.study);
      return markBouncesIn(context, params.study, body.text);
    },
  }),
];
