/** zod schemas of a study and its roster, for routes and for files that the command line reads. */
import { z } from 'zod';
import { roles } from '../../instruments/study.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, at most 40 characters');
const memberId = z.string().min(1).max(60);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const studySchema = z.strictObject({
  id,
  title: z.string().min(1).max(200),
  description: z.string().max(5000),
  simulated: z.boolean(),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone name like Europe/London'),
  minimumCell: z.number().int().min(1).max(50),
  withdrawUntil: z.iso.date().nullish(),
  arms: z.array(z.strictObject({ id, title: z.string().min(1), kind: z.enum(['intervention', 'comparison']) })).min(1),
  waves: z.array(z.strictObject({ id, title: z.string().min(1), opens: z.iso.date(), closes: z.iso.date() })).min(1),
});

export const clusterSchema = z.strictObject({ id: memberId, name: z.string().min(1), arm: id });

export const schoolSchema = z.strictObject({
  id: memberId,
  name: z.string().min(1),
  arm: id,
  cluster: memberId.nullable(),
  phase: z.string(),
  pupils: z.number().int().nonnegative().nullable(),
  disadvantaged: z.number().min(0).max(1).nullable(),
});

export const personSchema = z.strictObject({
  id: memberId,
  school: memberId.nullable(),
  cluster: memberId.nullable(),
  arm: id,
  role: z.enum(roles),
});
