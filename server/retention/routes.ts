/** How long a study keeps what, over HTTP: the dates, what will go and when, and the log of what went. */
import { z } from 'zod';
import { dayIn } from '../administrations/availability.ts';
import { studyParams } from '../administrations/schemas.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { getStudy, setWithdrawUntil } from '../studies/store.ts';
import { retentionKinds } from './rules.ts';
import { findRetention, listRemovals, setRetention } from './store.ts';
import { retentionPreview } from './sweep.ts';

const day = z.iso.date().nullable();
const dates = z.strictObject({ identities: day, links: day, messages: day, paradata: day, answers: day });
const kind = z.enum(retentionKinds);
const answer = z.object({
  withdrawUntil: day,
  timeZone: z.string(),
  kinds: z.array(z.object({ kind, until: day, held: z.number() })),
  removals: z.array(
    z.object({
      kind,
      until: z.iso.date(),
      at: z.iso.datetime(),
      state: z.enum(['begun', 'done']),
      removed: z.number(),
    }),
  ),
});

async function answerOf(context: Context, id: string) {
  const study = await getStudy(context.db, id);
  const [set, removals] = await Promise.all([findRetention(context.db, id), listRemovals(context.db, id)]);
  return {
    withdrawUntil: study.withdrawUntil ?? null,
    timeZone: study.timeZone,
    kinds: await retentionPreview(context, id, set),
    removals: removals.map(({ kind: what, until, at, state, removed }) => ({
      kind: what,
      until,
      at: at.toISOString(),
      state,
      removed,
    })),
  };
}

/** A day that has passed would take effect at once and in silence; one that stands already may stay. */
async function refusePastDays(
  context: Context,
  id: string,
  wanted: { withdrawUntil: string | null; dates: z.output<typeof dates> },
): Promise<void> {
  const study = await getStudy(context.db, id);
  const today = dayIn(study.timeZone, context.clock());
  const set = await findRetention(context.db, id);
  const fields = [
    ['withdrawUntil', wanted.withdrawUntil, study.withdrawUntil ?? null] as const,
    ...retentionKinds.map((name) => [`dates.${name}`, wanted.dates[name], set?.[name] ?? null] as const),
  ];
  const issues = fields.flatMap(([field, day, before]) =>
    day !== null && day < today && day !== before
      ? [{ code: 'past', path: `body.${field}`, message: `This day has passed. Give today, ${today}, or a later one.` }]
      : [],
  );
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
}

export const retentionRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/retention',
    summary: 'Until when the study keeps what, how much of it there is, and what was removed',
    params: studyParams,
    answer,
    async handle({ params }, { context }) {
      return answerOf(context, params.study);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/retention',
    summary: 'Sets the last days; null keeps for good, and lets people withdraw at any time',
    params: studyParams,
    body: z.strictObject({ withdrawUntil: day, dates }),
    answer,
    async handle({ params, body }, { context }) {
      await refusePastDays(context, params.study, body);
      await setRetention(context.db, params.study, body.dates);
      await setWithdrawUntil(context.db, params.study, body.withdrawUntil);
      return answerOf(context, params.study);
    },
  }),
];
