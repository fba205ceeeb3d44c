/** The texts of invitations and reminders over HTTP: reading, saving, showing, testing. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bestOf } from '../../instruments/languages.ts';
import { administrationParams, studyParams } from '../administrations/schemas.ts';
import { getAdministration } from '../administrations/store.ts';
import { route } from '../http.ts';
import { enqueue } from '../outbox/store.ts';
import { Problem } from '../problems.ts';
import { limiter } from '../rate-limits.ts';
import { getStudy } from '../studies/store.ts';
import { letterOf, sampleOf } from './study-letters.ts';
import { checkTemplate, placeholders } from './template.ts';
import { findTemplate, listTemplates, saveTemplate, type TemplateVersion } from './template-store.ts';
import { templateKinds } from './words.ts';

const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'must be a language like en or de');
const templateParams = studyParams.extend({ kind: z.enum(templateKinds), language });
const templateText = z.object({ subject: z.string().min(1).max(300), body: z.string().min(1).max(10_000) });
const templateRow = templateText.extend({
  kind: z.enum(templateKinds),
  language: z.string(),
  version: z.number().meta({ description: '0: the text that ships with Fidelis' }),
  savedAt: z.iso.datetime().nullable(),
});
const rowOf = ({ kind, language, version, savedAt, subject, body }: TemplateVersion) => ({
  kind,
  language,
  version,
  savedAt: savedAt?.toISOString() ?? null,
  subject,
  body,
});
/** Tests are for looking at, not for writing to anybody. */
const tests = { points: 20, seconds: 3600 };
const base = '/api/studies/:study/administrations/:administration/message-templates';

/** Throws `invalid-request` for a language in which nobody of the study is written to; a study may name none. */
function requireSpoken(tag: string, spoken: readonly string[] | undefined): void {
  if (spoken === undefined || bestOf([tag], spoken) !== null) return;
  const message = `${tag} is not one of the study's languages: ${spoken.join(', ')}.`;
  throw new Problem('invalid-request', { issues: [{ code: 'language-not-of-study', path: 'body.language', message }] });
}

export const templateRoutes = [
  route({
    method: 'GET',
    path: '/api/studies/:study/message-templates',
    summary: 'The newest text of each kind of message and language, and what placeholders stand for',
    params: studyParams,
    answer: z.object({
      templates: z.array(templateRow),
      placeholders: z.array(z.object({ name: z.string(), meaning: z.string() })),
    }),
    async handle({ params }, { context }) {
      await getStudy(context.db, params.study);
      const found = await listTemplates(context.db, params.study);
      return {
        templates: found.map(rowOf),
        placeholders: Object.entries(placeholders).map(([name, meaning]) => ({ name, meaning })),
      };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/studies/:study/message-templates/:kind/:language',
    summary: 'Stores the next version of a text; `after` is the version that it was made from',
    params: templateParams,
    body: templateText.extend({ after: z.number().int().min(0) }),
    answer: templateRow,
    async handle({ params, body }, { context, account }) {
      await getStudy(context.db, params.study);
      const { after, ...template } = body;
      const issues = checkTemplate(template);
      if (issues.length > 0) {
        throw new Problem('invalid-request', {
          issues: issues.map((issue) => ({ ...issue, path: `body.${issue.path}` })),
        });
      }
      const { kind, language: tag } = params;
      const made = { kind, language: tag, savedAt: context.clock(), savedBy: account?.id ?? null };
      return rowOf(await saveTemplate(context.db, params.study, after, { ...made, ...template }));
    },
  }),
  route({
    method: 'POST',
    path: `${base}/preview`,
    summary: 'A text as a made-up person would get it, with what is wrong with it',
    params: administrationParams,
    body: z.strictObject({ language, subject: z.string().max(300), body: z.string().max(10_000) }),
    answer: z.object({
      subject: z.string(),
      text: z.string(),
      issues: z.array(z.object({ code: z.string(), path: z.string(), message: z.string() })),
    }),
    async handle({ params, body }, { context }) {
      const study = await getStudy(context.db, params.study);
      const administration = await getAdministration(context.db, params.study, params.administration);
      const { language: tag, ...template } = body;
      const sample = sampleOf(context, { study, administration, language: tag });
      const { subject, text } = letterOf({ ...sample, template, address: '' });
      return { subject, text, issues: checkTemplate(template) };
    },
  }),
  route({
    method: 'POST',
    path: `${base}/test`,
    summary: 'Sends the saved text, with made-up values, to the address of whoever asks',
    params: administrationParams,
    body: z.strictObject({ kind: z.enum(templateKinds), language }),
    answer: z.object({ message: z.string() }),
    status: 202,
    async handle({ params, body }, { context, account }) {
      if (!account) throw new Problem('not-signed-in');
      if (context.config.mail === null) {
        throw new Problem('state-not-allowed', {
          detail: 'This installation has no mail server yet: whoever runs it sets SMTP_URL and MAIL_FROM.',
        });
      }
      const [study, administration] = await Promise.all([
        getStudy(context.db, params.study),
        getAdministration(context.db, params.study, params.administration),
      ]);
      requireSpoken(body.language, study.languages ?? administration.languages);
      await findTemplate(context.db, params.study, body.kind, body.language);
      await limiter(context, 'test-messages', tests).consume(account.id);
      const key = `test:${randomUUID()}`;
      await enqueue(context, [
        {
          key,
          kind: 'test',
          to: { kind: 'account', account: account.id },
          study: params.study,
          about: { administration: params.administration, template: body.kind, language: body.language },
          sendAfter: null,
        },
      ]);
      return { message: key };
    },
  }),
];
