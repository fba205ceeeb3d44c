/** zod schemas of a study and its roster, for routes and for files that the command line reads. */
import { z } from 'zod';
import { languageTag } from '../../instruments/languages.ts';
import { roles } from '../../instruments/study.ts';
import { idSchema } from '../administrations/schemas.ts';

const id = idSchema;
export const memberId = z.string().min(1).max(60);
const day = z.iso.date().nullable();

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const waveSchema = z.strictObject({
  id,
  title: z.string().min(1).max(200),
  opens: z.iso.date(),
  closes: z.iso.date(),
});

export const languagesSchema = z
  .array(z.string().regex(languageTag, 'must be a language like en-GB or de'))
  .min(1)
  .max(20)
  .refine((languages) => new Set(languages).size === languages.length, 'must name each language once');

export const studySchema = z.strictObject({
  id,
  title: z.string().min(1).max(200),
  description: z.string().max(5000),
  simulated: z.boolean(),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone name like Europe/London'),
  minimumCell: z.number().int().min(1).max(50),
  withdrawUntil: z.iso.date().nullish(),
  arms: z.array(z.strictObject({ id, title: z.string().min(1), kind: z.enum(['intervention', 'comparison']) })).min(1),
  waves: z.array(waveSchema).min(1),
  /** The first is the study's own; none named: British English. */
  languages: languagesSchema.optional(),
  clusterSize: z
    .strictObject({ least: z.number().int().min(1).max(100), most: z.number().int().min(1).max(100) })
    .optional(),
  schoolColumns: z.array(z.string().min(1).max(40)).max(50).optional(),
  /** None named: the usual gate. An ICC may be negative; -1 asks for nothing. */
  gate: z
    .strictObject({
      icc1: z.number().min(-1).max(1),
      icc2: z.number().min(-100).max(1),
      rwgJ: z.number().min(0).max(1),
      minimumGroup: z.number().int().min(1).max(100),
    })
    .optional(),
});

export const clusterSchema = z.strictObject({
  id: memberId,
  name: z.string().min(1),
  arm: id,
  spells: z.array(z.strictObject({ from: day, to: day })).optional(),
});

/** A school may stand in no arm yet; that is told as a flaw of the design. */
const armOrNone = z.union([id, z.literal('')]);

export const schoolSchema = z.strictObject({
  id: memberId,
  name: z.string().min(1),
  number: z.string().min(1).max(40).nullable().optional(),
  arm: armOrNone,
  cluster: memberId.nullable(),
  phase: z.string(),
  pupils: z.number().int().nonnegative().nullable(),
  disadvantaged: z.number().min(0).max(1).nullable(),
  extra: z.record(z.string().max(40), z.string().max(500)).optional(),
  spells: z.array(z.strictObject({ from: day, to: day, cluster: memberId.nullable() })).optional(),
});

export const personSchema = z.strictObject({
  id: memberId,
  school: memberId.nullable(),
  cluster: memberId.nullable(),
  arm: armOrNone,
  role: z.enum(roles),
  spells: z
    .array(
      z.strictObject({
        from: day,
        to: day,
        school: memberId.nullable(),
        cluster: memberId.nullable(),
        role: z.enum(roles),
      }),
    )
    .optional(),
});
