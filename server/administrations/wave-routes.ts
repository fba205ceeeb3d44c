/** Waves and languages of a study over HTTP. */
import { z } from 'zod';
import { route } from '../http.ts';
import { languagesSchema, waveSchema } from '../studies/schemas.ts';
import { getStudy, saveLanguages } from '../studies/store.ts';
import { reasonSchema, studyParams } from './schemas.ts';
import { changeWave, createWave } from './waves.ts';

const waveParams = studyParams.extend({ wave: waveSchema.shape.id });

export const waveRoutes = [
  route({
    method: 'POST',
    path: '/api/studies/:study/waves',
    summary: 'Adds a wave to a study',
    params: studyParams,
    body: waveSchema,
    answer: z.object({ wave: waveSchema }),
    status: 201,
    async handle({ params, body }, { context }) {
      return { wave: await createWave(context, params.study, body) };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/waves/:wave',
    summary: 'Gives a wave another title or other days; once it has begun, other days are an amendment',
    params: waveParams,
    body: waveSchema.omit({ id: true }).extend({ reason: reasonSchema.optional() }),
    answer: z.object({ wave: waveSchema }),
    async handle({ params, body }, { context, account }) {
      const wave = { id: params.wave, ...body };
      return { wave: await changeWave(context, account?.id ?? '', params.study, wave) };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/languages',
    summary: 'Sets the languages that information sheets and administrations of a study may speak',
    params: studyParams,
    body: z.strictObject({ languages: languagesSchema }),
    answer: z.object({ languages: languagesSchema }),
    async handle({ params, body }, { context }) {
      await getStudy(context.db, params.study);
      await saveLanguages(context.db, params.study, body.languages);
      return body;
    },
  }),
];
