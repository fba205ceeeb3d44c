/** Studies over HTTP. */
import { z } from 'zod';
import { countByAdministration } from '../administrations/rates.ts';
import { administrationSummary, studyParams } from '../administrations/schemas.ts';
import { listAdministrations } from '../administrations/store.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { countResponsesByStudy } from '../responses/store.ts';
import { countPeopleByRole, countRosters, listClusters, listSchools } from '../rosters/store.ts';
import { deleteStudy } from './delete.ts';
import { clusterSchema, schoolSchema, studySchema } from './schemas.ts';
import { getStudy, listStudies } from './store.ts';

export const studyRoutes = [
  route({
    method: 'GET',
    path: '/api/studies',
    summary: 'All studies with their sizes',
    answer: z.object({
      studies: z.array(
        z.object({
          study: studySchema,
          clusters: z.number(),
          schools: z.number(),
          people: z.number(),
          administrations: z.number(),
          responses: z.number(),
        }),
      ),
    }),
    async handle(_input, { context: { db } }) {
      const [studies, rosters, responses] = await Promise.all([
        listStudies(db),
        countRosters(db),
        countResponsesByStudy(db),
      ]);
      return {
        studies: await Promise.all(
          studies.map(async (study) => ({
            study,
            ...(rosters.get(study.id) ?? { clusters: 0, schools: 0, people: 0 }),
            administrations: (await listAdministrations(db, study.id)).length,
            responses: responses.get(study.id) ?? 0,
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
    async handle({ params }, { context: { db } }) {
      const study = await getStudy(db, params.study);
      const [clusters, schools, peopleByRole, administrations, counts] = await Promise.all([
        listClusters(db, study.id),
        listSchools(db, study.id),
        countPeopleByRole(db, study.id),
        listAdministrations(db, study.id),
        countByAdministration(db, study.id),
      ]);
      return {
        study,
        clusters,
        schools,
        people: Object.values(peopleByRole).reduce((sum, n) => sum + n, 0),
        peopleByRole,
        administrations: administrations.map((administration) => ({
          ...administration,
          ...(counts.get(administration.id) ?? { invited: 0, responded: 0 }),
        })),
      };
    },
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
