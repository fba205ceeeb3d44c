/** The log of amendments over HTTP, on screen and as a file. */
import { z } from 'zod';
import { listAccounts } from '../accounts/store.ts';
import { dayIn } from '../administrations/availability.ts';
import { studyParams } from '../administrations/schemas.ts';
import type { Context } from '../context.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { route } from '../http.ts';
import { getStudy } from '../studies/store.ts';
import { amendedKinds } from './amendment.ts';
import { settleChanges } from './settle.ts';
import { listAmendments } from './store.ts';

const amendment = z.object({
  number: z.number(),
  at: z.iso.datetime(),
  day: z.iso.date().describe("In the study's time zone"),
  by: z.string().describe('Name of the account'),
  why: z.string(),
  thing: z.object({ kind: z.enum(amendedKinds), id: z.string(), title: z.string() }),
  changes: z.array(z.object({ what: z.string(), old: z.string(), new: z.string() })),
});

async function logOf(context: Context, studyId: string): Promise<z.output<typeof amendment>[]> {
  const study = await getStudy(context.db, studyId);
  await settleChanges(context, studyId);
  const [amendments, accounts] = await Promise.all([listAmendments(context.db, studyId), listAccounts(context.db)]);
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  return amendments.map(({ number, at, by, why, thing, changes }) => ({
    number,
    at: at.toISOString(),
    day: dayIn(study.timeZone, at),
    by: names.get(by) ?? 'An account that is not there any more',
    why,
    thing,
    changes: [...changes],
  }));
}

export const amendmentRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/amendments',
    summary: 'What was changed after the start: who, when, why, old and new',
    params: studyParams,
    answer: z.object({ amendments: z.array(amendment) }),
    async handle({ params }, { context }) {
      return { amendments: await logOf(context, params.study) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/amendments.csv',
    summary: 'The log of amendments as CSV, one row for each thing that was changed',
    params: studyParams,
    answer: 'text/csv',
    async handle({ params }, { context, response }) {
      const amendments = await logOf(context, params.study);
      response.type('text/csv').attachment(`${params.study}-amendments.csv`);
      response.write(csvLine(['number', 'day', 'at', 'by', 'why', 'kind', 'id', 'title', 'what', 'old', 'new']));
      for (const { number, day, at, by, why, thing, changes } of amendments) {
        for (const change of changes) {
          response.write(
            csvLine([number, day, at, by, why, thing.kind, thing.id, thing.title, change.what, change.old, change.new]),
          );
        }
      }
      response.end();
    },
  }),
];
