/** Studies over HTTP. */
import { z } from 'zod';
import type { Study } from '../../instruments/study.ts';
import { makeOwner } from '../accounts/members.ts';
import { signedIn } from '../accounts/session-answer.ts';
import { administrationSummary, studyParams } from '../administrations/schemas.ts';
import { listAdministrations, listPilots } from '../administrations/store.ts';
import { noScope, readableStudies } from '../authority.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { countByAdministration, shownCounts, shownTotal } from '../rates/summaries.ts';
import { countResponsesByStudy } from '../responses/store.ts';
import { countPeopleByRole, countRosters, countRosterWithin, listClusters, listSchools } from '../rosters/store.ts';
import { createStudy } from './create.ts';
import { deleteStudy } from './delete.ts';
import { editStudy } from './edit.ts';
import { clusterSchema, schoolSchema, studySchema } from './schemas.ts';
import { getStudy, listStudies } from './store.ts';

/** What is wrong with a study file, said of the body that was sent: it is the study of that file. */
function namedByBody(error: unknown): never {
  if (!(error instanceof Problem) || !error.issues) throw error;
  const issues = error.issues.map((issue) => ({ ...issue, path: issue.path.replace(/^file\.study\b/, 'body') }));
  throw new Problem(error.code, { issues });
}

export const studyRoutes = [
  route({
    method: 'GET',
    path: '/api/studies',
    summary: 'The studies that the signed-in person may read, with the sizes of what is seen of each',
    answer: z.object({
      studies: z.array(
        z.object({
          study: studySchema,
          clusters: z.number(),
          schools: z.number(),
          people: z.number(),
          administrations: z.number(),
          /** Null for whoever sees named clusters and schools only, and where it would tell a count that is hidden. */
          responses: z.number().nullable(),
        }),
      ),
    }),
    async handle(_input, call) {
      const { db } = call.context;
      const readable = await readableStudies(db, signedIn(call), call.request.token);
      const [studies, rosters, responses] = await Promise.all([
        listStudies(db, readable === 'all' ? undefined : [...readable.keys()]),
        countRosters(db),
        listPilots(db).then((pilots) => countResponsesByStudy(db, pilots)),
      ]);
      const sizesOf = async (whole: Study) => {
        const { id: study } = whole;
        const scope = readable === 'all' ? 'all' : (readable.get(study) ?? noScope);
        if (scope !== 'all') return { ...(await countRosterWithin(db, study, scope)), responses: null };
        const roster = rosters.get(study) ?? { clusters: 0, schools: 0, people: 0 };
        return { ...roster, responses: shownTotal(responses.get(study) ?? [], whole, call.may('dataset.export')) };
      };
      return {
        studies: await Promise.all(
          studies.map(async (study) => ({
            study,
            ...(await sizesOf(study)),
            administrations: (await listAdministrations(db, study.id)).length,
          })),
        ),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study',
    summary: 'One study: arms, waves, clusters, schools and administrations',
    params: studyParams,
    answer: z.object({
      study: studySchema,
      clusters: z.array(clusterSchema),
      schools: z.array(schoolSchema),
      people: z.number(),
      peopleByRole: z.record(z.string(), z.number()),
      administrations: z.array(administrationSummary),
    }),
    async handle({ params }, { context, may, scope }) {
      const { db } = context;
      const study = await getStudy(db, params.study);
      const administrations = await listAdministrations(db, study.id);
      const [clusters, schools, peopleByRole, counts] = await Promise.all([
        listClusters(db, study.id, scope),
        listSchools(db, study.id, scope),
        countPeopleByRole(db, study.id, scope),
        countByAdministration(context, study, administrations, scope),
      ]);
      const shown = shownCounts(study, may('dataset.export'));
      return {
        study,
        clusters,
        schools,
        people: Object.values(peopleByRole).reduce((sum, n) => sum + n, 0),
        peopleByRole,
        administrations: administrations.map((administration) => ({
          ...administration,
          ...shown(counts.get(administration.id)),
        })),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies',
    summary: 'Makes a study of which the signed-in person is the owner, without members and administrations yet',
    body: studySchema.omit({ simulated: true }),
    answer: z.object({ study: z.string() }),
    status: 201,
    async handle({ body }, call) {
      const { study } = await createStudy(call.context, { study: { ...body, simulated: false } }).catch(namedByBody);
      await makeOwner(call.context.db, study, signedIn(call).id);
      return { study };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study',
    summary: 'Changes what a study says of itself; arms and waves in use stay',
    params: studyParams,
    body: studySchema.omit({ id: true, simulated: true }),
    answer: studySchema,
    handle: ({ params, body }, { context }) => editStudy(context, params.study, body),
  }),
  route({
    method: 'DELETE',
    path: '/api/studies/:study',
    summary: 'Deletes a simulated study with everything in it',
    params: studyParams,
    async handle({ params }, { context }) {
      const study = await getStudy(context.db, params.study);
      if (!study.simulated) {
        throw new Problem('state-not-allowed', { detail: 'Only simulated studies can be deleted.' });
      }
      await deleteStudy(context, study.id);
    },
  }),
];
