/** zod schemas of administrations that several routes share. */
import { z } from 'zod';
import { languageTag } from '../../instruments/languages.ts';
import { defaultQuestions } from '../../instruments/self-code.ts';
import { administrationStates, roles } from '../../instruments/study.ts';

/** What things of a study are called in addresses and files. */
export const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40 characters');

export const studyParams = z.object({ study: idSchema });
export const administrationParams = z.object({ study: idSchema, administration: idSchema });

/** ISO date of a calendar day. */
const day = z.iso.date();

const selfCodeSchema = z.strictObject({
  questions: z
    .array(z.strictObject({ text: z.string().min(1).max(300), hint: z.string().max(300) }))
    .length(3)
    .default([...defaultQuestions]),
});

export const informationTextSchema = z.strictObject({
  asker: z.string().trim().min(1).max(500),
  paragraphs: z.array(z.string().trim().min(1).max(2000)).min(1).max(20),
  consent: z.string().trim().min(1).max(1000),
  contact: z.string().trim().min(1).max(300),
});
export const languageSchema = z.string().regex(languageTag, 'must be a language like en-GB or de');
export const textsSchema = z.record(languageSchema, informationTextSchema);

const audience = z.strictObject({ arms: z.array(z.string()).min(1), roles: z.array(z.enum(roles)).min(1) });
const languages = z
  .array(languageSchema)
  .min(1)
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'must name each language once');

/** What somebody plans; the wave, the days and the audience are checked against the study besides. */
const planned = {
  title: z.string().trim().min(1).max(200),
  instrument: z.string().min(1).max(40),
  version: z.number().int().positive(),
  wave: z.string().min(1).max(40),
  audience,
  mode: z.enum(['confidential', 'anonymous']),
  opens: day,
  closes: day,
  selfCode: selfCodeSchema.nullish(),
  pilot: z.boolean().optional().describe('A trial of the instrument: its answers never count among those of the study'),
  repeats: z
    .boolean()
    .optional()
    .describe('For logs and observations in confidential administrations: a link takes any number of entries'),
};

/** As a study file has it: with the text before consent inside. */
export const administrationSchema = z.strictObject({
  id: idSchema,
  study: idSchema,
  ...planned,
  title: z.string().min(1).max(200),
  state: z.enum(administrationStates),
  information: informationTextSchema.extend({
    version: z.number().int().positive(),
    translations: textsSchema.optional(),
  }),
  languages: languages.optional(),
  paperEntry: z.enum(['single', 'double']).optional().describe('How often each paper form is typed; twice if not said'),
});

const sheetChoice = z.strictObject({ sheet: idSchema, version: z.number().int().positive() });
export const planSchema = z.strictObject({ id: idSchema, ...planned, languages, information: sheetChoice });

/** Why somebody departs from the plan. */
export const reasonSchema = z.string().trim().min(3).max(1000);
export const changeSchema = planSchema
  // Who gave a code and who could not cannot be told apart afterwards: it is planned, or not. Nor does a pilot become data, or a log a survey.
  .omit({ id: true, selfCode: true, pilot: true, repeats: true })
  .partial()
  .extend({
    reason: reasonSchema.optional(),
    revision: z.number().int().min(0).optional(),
  });

/** With counts of people, null where they must not be shown. */
export const administrationSummary = administrationSchema.extend({
  information: administrationSchema.shape.information.extend({ sheet: idSchema.optional() }),
  history: z
    .array(
      z.strictObject({ state: z.enum(administrationStates), at: z.iso.datetime(), by: z.string(), why: z.string() }),
    )
    .optional(),
  revision: z.number().optional(),
  invited: z.number().nullable(),
  responded: z.number().nullable(),
});

export const estimate = z.object({
  value: z.number().nullable(),
  n: z.number(),
  interval: z.object({ lower: z.number(), upper: z.number(), level: z.number() }).nullable(),
  method: z.string(),
  notes: z.array(z.object({ code: z.string(), text: z.string() })),
});
