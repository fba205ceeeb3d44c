/** Reports of a study over HTTP: the evaluation report, and each school's feedback report with its release. */
import { z } from 'zod';
import { signedIn } from '../accounts/session-answer.ts';
import { idSchema, studyParams } from '../administrations/schemas.ts';
import { whileAwaited } from '../hang-up.ts';
import { type Call, route } from '../http.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { memberId } from '../studies/schemas.ts';
import { getStudy } from '../studies/store.ts';
import { reportLine, shareLines } from './lines.ts';
import { mayReadReleased, releaseStates } from './release.ts';
import { readSchoolReport, releaseSchoolReport } from './release-report.ts';
import { listSchoolReleases } from './release-store.ts';
import { reportPolicy } from './render/html.ts';
import { type ReportFormat, renderReport, reportFormats, reportTypes } from './render/render.ts';
import { loadEvaluationReport } from './study-report.ts';

const base = '/api/studies/:study/reports' as const;
const schoolParams = z.object({ study: idSchema, school: memberId });
const format = z.enum(reportFormats);

const reportAnswer = z.looseObject({
  title: z.string(),
  subtitle: z.string(),
  simulated: z.boolean(),
  sections: z.array(z.unknown()),
});
const step = z.object({ state: z.enum(releaseStates), at: z.date(), by: z.string(), why: z.string() });

/** Readers without the right to coded data see no small cells. */
const suppressedFor = ({ may }: Call) => !may('dataset.export');

export const studyReportRoutes = [
  route({
    method: 'GET',
    path: `${base}/evaluation`,
    summary: 'The evaluation report of a study: flow, response, measures, outcomes; tables and chart specifications',
    params: studyParams,
    answer: reportAnswer,
    handle: ({ params }, call) =>
      whileAwaited(call.response, (signal) =>
        loadEvaluationReport(call.context, params.study, suppressedFor(call), { signal }),
      ),
  }),
  route({
    method: 'GET',
    path: `${base}/evaluation.ndjson`,
    summary: 'The same report as lines of JSON: how much is done while it is computed, and last the report',
    params: studyParams,
    answer: 'application/x-ndjson',
    async handle({ params }, call) {
      const { context, response } = call;
      await whileAwaited(response, async (signal) => {
        const task = { signal, onShare: shareLines(response) };
        const report = await loadEvaluationReport(context, params.study, suppressedFor(call), task);
        reportLine(response, { report });
        response.end();
      });
    },
  }),
  route({
    method: 'GET',
    path: `${base}/evaluation/:format`,
    summary: 'The evaluation report as a file: html, pdf (503 where this server has no Chromium), docx, or xlsx',
    params: z.object({ study: idSchema, format }),
    answer: 'application/octet-stream',
    async handle({ params }, call) {
      await whileAwaited(call.response, async (signal) => {
        const report = await loadEvaluationReport(call.context, params.study, suppressedFor(call), { signal });
        const file = await renderReport(call.context, report, params.format);
        sendFile(call, file, `${params.study}-evaluation`, params.format);
      });
    },
  }),
  route({
    method: 'GET',
    path: `${base}/schools`,
    summary: 'The schools whose feedback reports the caller may read, with the state of their release',
    params: studyParams,
    answer: z.object({
      schools: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          cluster: z.string().nullable(),
          clusterName: z.string().nullable(),
          arm: z.string(),
          state: z.enum(releaseStates),
          history: z.array(step),
        }),
      ),
    }),
    async handle({ params }, { context, scope }) {
      await getStudy(context.db, params.study);
      const schools = await listSchools(context.db, params.study, scope);
      const within = scope === 'all' ? 'all' : schools.map(({ id }) => id);
      const releases = await listSchoolReleases(context.db, params.study, within);
      const clusters = await listClusters(context.db, params.study, scope);
      const names = new Map(clusters.map(({ id, name }) => [id, name]));
      return {
        schools: schools
          .map(({ id, name, cluster, arm }) => {
            const { state = 'withheld' as const, history = [] } = releases.get(id) ?? {};
            // Who released it and why is for the evaluation team.
            const told = scope === 'all' ? [...history] : [];
            return { id, name, cluster, clusterName: names.get(cluster ?? '') ?? null, arm, state, history: told };
          })
          .filter((school) => scope === 'all' || mayReadReleased(school.state, school, scope)),
      };
    },
  }),
  route({
    method: 'GET',
    path: `${base}/schools/:school`,
    summary: 'The feedback report of a school: as it was released, or as it would be for readers of all reports',
    params: schoolParams,
    answer: z.object({ state: z.enum(releaseStates), report: reportAnswer }),
    handle: ({ params }, call) => whileAwaited(call.response, (signal) => readFor(call, params, signal)),
  }),
  route({
    method: 'GET',
    path: `${base}/schools/:school/:format`,
    summary: 'The same report as a file: html, pdf (503 where this server has no Chromium), docx, or xlsx',
    params: schoolParams.extend({ format }),
    answer: 'application/octet-stream',
    async handle({ params }, call) {
      await whileAwaited(call.response, async (signal) => {
        const { report } = await readFor(call, params, signal);
        const file = await renderReport(call.context, report, params.format);
        sendFile(call, file, `${params.study}-school-${params.school}`, params.format);
      });
    },
  }),
  route({
    method: 'PUT',
    path: `${base}/schools/:school/release`,
    summary: 'Releases a school’s feedback report a step further (head, cluster-lead, staff), or withholds it again',
    params: schoolParams,
    body: z.strictObject({ state: z.enum(releaseStates), why: z.string().trim().min(1).max(500) }),
    answer: z.object({ state: z.enum(releaseStates), history: z.array(step) }),
    async handle({ params, body }, call) {
      const wish = { ...body, by: signedIn(call).id };
      const { state, history } = await releaseSchoolReport(call.context, params.study, params.school, wish);
      return { state, history: [...history] };
    },
  }),
];

function readFor(call: Call, { study, school }: { study: string; school: string }, signal: AbortSignal) {
  const { context, scope, may } = call;
  return readSchoolReport(context, study, school, { scope, draft: may('report.read') }, { signal });
}

function sendFile({ response }: Call, file: Buffer, stem: string, as: ReportFormat): void {
  response.set('Cache-Control', 'private, no-store').type(reportTypes[as]);
  // A page is read where it is; everything else is taken away.
  if (as === 'html') response.set('Content-Security-Policy', reportPolicy);
  else response.attachment(`${stem.replace(/[^\w-]+/g, '-')}.${as}`);
  response.send(file);
}
