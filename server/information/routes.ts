/** Information sheets of a study over HTTP: their versions, and how a respondent would see one. */
import { z } from 'zod';
import { languageSchema, studyParams, textsSchema } from '../administrations/schemas.ts';
import { listAdministrations } from '../administrations/store.ts';
import { entryFiles } from '../client-files.ts';
import { route } from '../http.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { previewPage } from './preview.ts';
import { deleteDraft, getSheetVersion, replaceDraft, type SheetVersion } from './store.ts';
import { draftSheet, sheetsOf } from './write.ts';

const sheetId = studyParams.shape.study;
const version = z.coerce.number().int().min(1).max(9999);
const versionParams = studyParams.extend({ sheet: sheetId, version });

const sheetVersion = z.object({
  sheet: z.string(),
  title: z.string(),
  version: z.number(),
  state: z.enum(['draft', 'frozen']),
  texts: textsSchema,
  createdAt: z.iso.datetime(),
  frozenAt: z.iso.datetime().nullable(),
  usedBy: z.array(z.string()).describe('Ids of the administrations that show it'),
});

const answerOf = ({ createdAt, frozenAt, study: _, createdBy: __, ...rest }: SheetVersion, usedBy: string[]) => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  frozenAt: frozenAt?.toISOString() ?? null,
  usedBy,
});

const texts = textsSchema.refine((given) => Object.keys(given).length > 0, 'must have a text in one language at least');
const sheetBody = z.strictObject({ title: z.string().trim().min(1).max(200), texts });

export const informationRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/information',
    summary: 'The information sheets of a study with their versions, and texts that came with its file',
    params: studyParams,
    answer: z.object({
      versions: z.array(sheetVersion),
      embedded: z.array(
        z.object({ administration: z.string(), title: z.string(), language: z.string(), texts: textsSchema }),
      ),
    }),
    async handle({ params }, { context: { db } }) {
      const study = await getStudy(db, params.study);
      const [versions, administrations] = await Promise.all([
        sheetsOf(db, study.id),
        listAdministrations(db, study.id),
      ]);
      return {
        versions: versions.map((one) =>
          answerOf(
            one,
            administrations
              .filter(({ information: { sheet, version: used } }) => sheet === one.sheet && used === one.version)
              .map(({ id }) => id),
          ),
        ),
        embedded: administrations
          .filter(({ information }) => information.sheet === undefined)
          .map(({ id, title, languages, information: { asker, paragraphs, consent, contact, translations } }) => {
            const language = languages?.[0] ?? study.languages?.[0] ?? 'en-GB';
            const text = { asker, paragraphs: [...paragraphs], consent, contact };
            return { administration: id, title, language, texts: { [language]: text, ...translations } };
          }),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/studies/:study/information',
    summary: 'Drafts an information sheet: a new one, or the next version of one that is there',
    params: studyParams,
    body: sheetBody.extend({ sheet: sheetId }),
    answer: sheetVersion,
    status: 201,
    async handle({ params, body }, { context, account }) {
      return answerOf(await draftSheet(context, account?.id ?? '', params.study, body), []);
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/information/:sheet/versions/:version',
    summary: 'Edits a draft; a version that an administration uses never changes',
    params: versionParams,
    body: sheetBody,
    answer: sheetVersion,
    async handle({ params, body }, { context: { db } }) {
      await getSheetVersion(db, params.study, params.sheet, params.version);
      const draft = await replaceDraft(db, params, body);
      if (!draft) throw new Problem('state-not-allowed', { detail: frozen });
      return answerOf(draft, []);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/studies/:study/information/:sheet/versions/:version',
    summary: 'Deletes a draft',
    params: versionParams,
    async handle({ params: { study, sheet, version: number } }, { context: { db } }) {
      await getSheetVersion(db, study, sheet, number);
      if (!(await deleteDraft(db, study, sheet, number))) throw new Problem('state-not-allowed', { detail: frozen });
    },
  }),
  route({
    method: 'GET',
    path: '/api/studies/:study/information/:sheet/versions/:version/page',
    summary: 'A version as a respondent sees it before consent; nothing can be sent from there',
    params: versionParams,
    query: z.object({
      language: languageSchema.optional(),
      mode: z.enum(['confidential', 'anonymous']).default('confidential'),
    }),
    answer: 'text/html',
    async handle({ params: { study: id, sheet, version: number }, query }, { context, response }) {
      const study = await getStudy(context.db, id);
      const found = await getSheetVersion(context.db, id, sheet, number);
      response.set('Cache-Control', 'no-store').type('html');
      response.send(previewPage(study, found, query, entryFiles('respondent/main.ts')));
    },
  }),
];

const frozen = 'This version is used by an administration and does not change any more. Make a new version.';
