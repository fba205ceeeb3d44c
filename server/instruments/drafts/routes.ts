/** Drafts of instruments over HTTP: begun, saved, shared, discarded, and published as the next version. */
import { z } from 'zod';
import { accountNames } from '../../accounts/store.ts';
import { type Call, route } from '../../http.ts';
import { Problem } from '../../problems.ts';
import { receiveFile } from '../../rosters/uploads.ts';
import { importFormats } from '../read-file.ts';
import { latestVersionOf } from '../store.ts';
import { createDraft, importDraft } from './create.ts';
import type { Draft } from './draft.ts';
import { noteEditor } from './editors.ts';
import { languageAnswer, languagesAnswer } from './language-answers.ts';
import { publishDraft } from './publish.ts';
import { discardDraft, restoreDraft, saveDraft } from './save.ts';
import {
  draftAnswer,
  draftLanguageParams,
  draftParams,
  draftSummary,
  leftOutSchema,
  newDraftSchema,
  publishSchema,
  saveSchema,
  signOffSchema,
} from './schemas.ts';
import { recordsOf, signOffLanguage, undoSignOff } from './sign-off.ts';
import { type DraftSummary, getDraft, listDrafts, revisionOf } from './store.ts';

const path = '/api/instrument-drafts' as const;

export const draftRoutes = [
  route({
    method: 'GET',
    path: '/api/instrument-designer',
    summary: 'With what instruments are designed on this installation, and the licence key of SurveyJS Creator',
    answer: z.object({ designer: z.enum(['creator', 'json']), licenseKey: z.string().nullable() }),
    handle: (_input, { context: { config } }) => ({
      designer: config.designer,
      licenseKey: config.designer === 'creator' ? (config.surveyjsLicenseKey ?? null) : null,
    }),
  }),
  route({
    method: 'GET',
    path,
    summary: 'The drafts of instruments that are being worked on',
    answer: z.object({ drafts: z.array(draftSummary) }),
    async handle(_input, call) {
      return { drafts: await named(call, await listDrafts(call.context.db)) };
    },
  }),
  route({
    method: 'POST',
    path,
    summary: 'Begins a draft: blank, from a published version, or from a file',
    body: newDraftSchema,
    answer: draftAnswer,
    status: 201,
    handle: async ({ body }, call) => whole(call, await createDraft(call.context, accountOf(call).id, body)),
  }),
  route({
    method: 'POST',
    path: `${path}/files/:from`,
    summary:
      'Begins a draft with the file of another program (SurveyJS JSON, XLSForm, REDCap), and tells what was left out',
    params: z.object({ from: z.enum(importFormats) }),
    upload: true,
    answer: z.object({ draft: draftAnswer, leftOut: z.array(leftOutSchema) }),
    status: 201,
    async handle({ params }, call) {
      const file = await receiveFile(call.request, call.response);
      try {
        const from = { path: file.path, name: file.name, format: params.from };
        const { draft, leftOut } = await importDraft(call.context, accountOf(call).id, from);
        return { draft: await whole(call, draft), leftOut };
      } finally {
        await file.remove();
      }
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:draft`,
    summary: 'One draft with its whole instrument and the revision to name when it is saved',
    params: draftParams,
    answer: draftAnswer,
    handle: async ({ params }, call) => whole(call, await getDraft(call.context.db, params.draft)),
  }),
  route({
    method: 'PUT',
    path: `${path}/:draft`,
    summary: 'Saves a draft over the revision that is named; a newer one is never overwritten (409 with both texts)',
    params: draftParams,
    body: saveSchema,
    answer: z.object({ revision: z.number(), savedAt: z.date() }),
    async handle({ params, body }, call) {
      const save = { id: params.draft, revision: body.revision, content: body.instrument };
      const { revision, savedAt } = await saveDraft(call.context, accountOf(call).id, save);
      return { revision, savedAt };
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/:draft`,
    summary: 'Discards a draft; it can be restored',
    params: draftParams,
    handle: ({ params }, { context }) => discardDraft(context, params.draft),
  }),
  route({
    method: 'POST',
    path: `${path}/:draft/restore`,
    summary: 'Takes back that a draft was discarded',
    params: draftParams,
    answer: draftAnswer,
    handle: async ({ params }, call) => whole(call, await restoreDraft(call.context, params.draft)),
  }),
  route({
    method: 'POST',
    path: `${path}/:draft/editors`,
    summary: 'Says that somebody has the draft open, and answers who else has, and its newest revision',
    params: draftParams,
    answer: z.object({ revision: z.number(), others: z.array(z.object({ name: z.string(), seenAt: z.date() })) }),
    async handle({ params }, call) {
      const { db, clock } = call.context;
      const revision = await revisionOf(db, params.draft);
      return { revision, others: await noteEditor(db, params.draft, accountOf(call), clock()) };
    },
  }),
  route({
    method: 'GET',
    path: `${path}/:draft/languages`,
    summary: 'How complete each language of a draft is, who changed its texts last, and who signed them off',
    params: draftParams,
    answer: z.object({ revision: z.number(), languages: z.array(languageAnswer) }),
    async handle({ params }, { context: { db } }) {
      const draft = await getDraft(db, params.draft);
      return { revision: draft.revision, languages: await languagesAnswer(db, recordsOf(draft)) };
    },
  }),
  route({
    method: 'PUT',
    path: `${path}/:draft/languages/:language/sign-off`,
    summary: 'Signs the texts of a language off, as a second reader of exactly these',
    params: draftLanguageParams,
    body: signOffSchema,
    handle: ({ params, body }, call) =>
      signOffLanguage(call.context, { id: params.draft, language: params.language, ...body, by: accountOf(call).id }),
  }),
  route({
    method: 'DELETE',
    path: `${path}/:draft/languages/:language/sign-off`,
    summary: 'Takes back that a language was signed off',
    params: draftLanguageParams,
    handle: ({ params }, { context }) => undoSignOff(context, { id: params.draft, language: params.language }),
  }),
  route({
    method: 'POST',
    path: `${path}/:draft/publish`,
    summary: 'Publishes a draft as the next version of its instrument, which never changes from then on',
    params: draftParams,
    body: publishSchema,
    answer: z.object({ instrument: z.string(), version: z.number(), hash: z.string() }),
    handle: ({ params, body }, call) => publishDraft(call.context, params.draft, { ...body, by: accountOf(call).id }),
  }),
];

function accountOf({ account }: Call) {
  if (!account) throw new Problem('not-signed-in');
  return account;
}

/** With the names of those who saved them last, where their accounts are still there. */
async function named<D extends DraftSummary>({ context }: Call, drafts: readonly D[]) {
  const names = await accountNames(
    context.db,
    drafts.map(({ savedBy }) => savedBy),
  );
  return drafts.map((draft) => ({ ...draft, savedBy: names.get(draft.savedBy) ?? null }));
}

async function whole(call: Call, { publication: _p, writers: _w, signOffs: _s, ...draft }: Draft) {
  const [first] = await named(call, [draft]);
  const latest = await latestVersionOf(call.context.db, draft.instrument);
  return { ...first, json: JSON.parse(draft.json) as Record<string, unknown>, latest };
}
