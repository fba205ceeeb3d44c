/** Roster files over HTTP: templates, upload and check, what a file would do, importing it, how far it is. */
import { z } from 'zod';
import { studyParams } from '../administrations/schemas.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { csvTemplate, writeTemplateWorkbook } from './files/templates.ts';
import {
  discardImport,
  runCheck,
  runImport,
  type Started,
  settleRoster,
  startImport,
  takeUpImport,
} from './import-roster.ts';
import { countStaged, findImport, listImports, type RosterImport, readStaged } from './imports-store.ts';
import { memberKinds } from './models.ts';
import { importAnswer, importParams } from './schemas.ts';
import { openIdentity } from './staged-identity.ts';
import { receiveFile } from './uploads.ts';

const base = '/api/studies/:study/roster-imports' as const;
const files = ['roster.xlsx', 'clusters.csv', 'schools.csv', 'people.csv'] as const;
const rowsShown = 20;

export const importRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/roster-templates/:file',
    summary: 'A template of a roster file, as a workbook or as CSV for one kind of member',
    params: studyParams.extend({ file: z.enum(files) }),
    answer: 'application/octet-stream',
    async handle({ params }, { context, response }) {
      const study = await getStudy(context.db, params.study);
      const [arm = '', extras] = [study.arms[0]?.id, study.schoolColumns ?? []];
      const kind = memberKinds.find((one) => params.file === `${one}.csv`);
      response
        .type(kind ? 'text/csv; charset=utf-8' : 'xlsx')
        .set('Content-Disposition', `attachment; filename="${study.id}-${params.file}"`);
      if (kind) response.send(csvTemplate(kind, arm, extras));
      else await writeTemplateWorkbook(response, arm, extras);
    },
  }),
  route({
    method: 'GET',
    path: base,
    summary: 'The latest imports into this roster',
    params: studyParams,
    answer: z.object({ imports: z.array(importAnswer) }),
    async handle({ params }, { context }) {
      return { imports: (await listImports(context.db, params.study)).map(answerOf) };
    },
  }),
  route({
    method: 'POST',
    path: base,
    summary: 'Uploads a roster file and begins to check it; nothing is imported yet',
    params: studyParams,
    upload: true,
    answer: importAnswer,
    status: 202,
    async handle({ params }, { context, account, request, response }) {
      const { id: study } = await getStudy(context.db, params.study);
      const file = await receiveFile(request, response);
      let started: Started;
      try {
        started = await startImport(context, { study, file: file.name, by: account?.name ?? '' });
      } catch (error) {
        await file.remove();
        throw error;
      }
      inBackground(context, runCheck(context, started, file.path).finally(file.remove));
      return answerOf(await getImport(context, study, started.id));
    },
  }),
  route({
    method: 'GET',
    path: `${base}/:import`,
    summary: 'An import: its state, what it would do or has done, problems and hints',
    params: importParams,
    answer: importAnswer,
    async handle({ params }, { context }) {
      const found = await getImport(context, params.study, params.import);
      settleAbandoned(context, found);
      return answerOf(found);
    },
  }),
  route({
    method: 'GET',
    path: `${base}/:import/rows`,
    summary: 'The first rows of a checked file, by what they would do, with who the people are',
    params: importParams,
    answer: z.object({
      rows: z.array(
        z.object({
          kind: z.enum(memberKinds),
          row: z.number(),
          action: z.enum(['created', 'changed', 'unchanged']),
          id: z.string(),
          wanted: z.record(z.string(), z.unknown()),
          before: z.record(z.string(), z.unknown()).nullable(),
          after: z.record(z.string(), z.unknown()).nullable(),
          identity: z.record(z.string(), z.unknown()),
        }),
      ),
      more: z.number(),
    }),
    async handle({ params }, { context }) {
      const { db } = context;
      const plan = await getImport(context, params.study, params.import);
      const rows = [];
      let more = 0;
      for (const kind of memberKinds) {
        for (const action of ['changed', 'created', 'unchanged'] as const) {
          const found = await readStaged(db, plan._id, kind, { after: 0, limit: rowsShown, action });
          more += (await countStaged(db, plan._id, kind, action)) - found.length;
          rows.push(...found);
        }
      }
      return {
        more,
        rows: rows.map((staged) => {
          const { kind, row, action, key, wanted, before, after } = staged;
          const { fields, place, arm, from, to } = wanted;
          const identity = openIdentity(context, plan.study, staged);
          return {
            kind,
            row,
            action,
            id: key,
            wanted: { ...fields, ...place, arm, from, to },
            before,
            after,
            identity,
          };
        }),
      };
    },
  }),
  route({
    method: 'POST',
    path: `${base}/:import/apply`,
    summary: 'Imports a checked file: all of it; once begun it is finished, also after a restart',
    params: importParams,
    answer: importAnswer,
    status: 202,
    async handle({ params }, { context }) {
      const plan = await getImport(context, params.study, params.import);
      // Asked for twice: it is being done, or is done.
      if (plan.state === 'applying' || plan.state === 'done') return answerOf(plan);
      const taken = await takeUpImport(context, plan);
      inBackground(context, runImport(context, taken));
      return answerOf(await getImport(context, params.study, params.import));
    },
  }),
  route({
    method: 'POST',
    path: `${base}/:import/discard`,
    summary: 'Gives up a checked file; its rows are removed',
    params: importParams,
    async handle({ params }, { context }) {
      await discardImport(context, await getImport(context, params.study, params.import));
    },
  }),
];

/** An import whose server died in the middle is finished by whoever looks at it. */
function settleAbandoned(context: Context, { study, state, heldUntil }: RosterImport): void {
  const held = heldUntil !== null && heldUntil > context.clock();
  if (state === 'applying' && !held) inBackground(context, settleRoster(context, study));
}

/** Work that outlives its request; the import's own state tells how it ends, and whoever comes next finishes it. */
function inBackground(context: Context, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    // Another server was quicker to take it up.
    if (error instanceof Problem && error.code === 'roster-busy') return;
    context.log.error({ err: error }, 'a roster import stopped');
  });
}

async function getImport({ db }: Context, study: string, id: string): Promise<RosterImport> {
  const found = await findImport(db, study, id);
  if (!found) throw new Problem('not-found', { detail: 'There is no such import in this study.' });
  return found;
}

function answerOf({ _id, createdAt, endedAt, ...rest }: RosterImport) {
  const { state, file, by, rows, counts, problems, notices, newColumns, done, total } = rest;
  return {
    ...{ id: _id, state, file, by, createdAt: createdAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
    ...{ rows, counts, problems, notices, newColumns, done, total },
  };
}
