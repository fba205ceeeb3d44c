/** zod schemas of administrations that several routes share. */
import { z } from 'zod';
import { administrationStates, roles } from '../../instruments/study.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40 characters');

export const studyParams = z.object({ study: id });
export const administrationParams = z.object({ study: id, administration: id });

/** ISO date of a calendar day. */
const day = z.iso.date();

export const administrationSchema = z.strictObject({
  id,
  study: id,
  title: z.string().min(1).max(200),
  instrument: z.string().min(1),
  version: z.number().int().positive(),
  wave: z.string().min(1),
  audience: z.strictObject({ arms: z.array(z.string()).min(1), roles: z.array(z.enum(roles)).min(1) }),
  mode: z.enum(['confidential', 'anonymous']),
  opens: day,
  closes: day,
  state: z.enum(administrationStates),
  information: z.strictObject({
    version: z.number().int().positive(),
    asker: z.string().min(1).max(500),
    paragraphs: z.array(z.string().min(1).max(2000)).min(1).max(20),
    consent: z.string().min(1).max(1000),
    contact: z.string().min(1).max(300),
  }),
});

/** Counts are null where they must not be shown: too few people within the clusters and schools that the reader sees. */
export const administrationSummary = administrationSchema.extend({
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
