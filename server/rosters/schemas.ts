/** zod schemas of the roster's routes. */
import { z } from 'zod';
import { changeKinds } from '../../instruments/membership.ts';
import { roles } from '../../instruments/study.ts';
import { studyParams } from '../administrations/schemas.ts';
import { memberId } from '../studies/schemas.ts';
import { importStates } from './imports-store.ts';
import { memberKinds } from './models.ts';

const text = (longest: number) => z.string().trim().max(longest);
const reason = z.string().trim().min(1, 'Say why, in a few words.').max(500);

export const asAtSchema = z
  .union([z.literal('allocated'), z.iso.date()])
  .default('allocated')
  .describe('`allocated`, or a day');

export const kindParams = studyParams.extend({ kind: z.enum(memberKinds) });
export const memberParams = kindParams.extend({ member: memberId });
export const importParams = studyParams.extend({ import: z.uuid() });

export const rosterQuery = z.object({
  asAt: asAtSchema,
  search: z.string().max(100).optional(),
  cluster: z.string().max(60).optional(),
  school: z.string().max(60).optional(),
  arm: z.string().max(40).optional(),
  role: z
    .union([z.enum(roles), z.literal('')])
    .optional()
    .transform((role) => role || undefined),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});

const share = z.number().min(0).max(1).nullable();

/** What can be given to a new member, and corrected later; which of it belongs to which kind is the use case's to say. */
export const memberFields = z.strictObject({
  name: text(200).optional(),
  number: text(40).nullable().optional(),
  phase: text(60).optional(),
  pupils: z.number().int().nonnegative().max(1_000_000).nullable().optional(),
  disadvantaged: share.optional(),
  extra: z.record(z.string().max(40), text(500)).optional(),
  arm: text(40).optional(),
  cluster: memberId.nullable().optional(),
  school: memberId.nullable().optional(),
  role: z.enum(roles).optional(),
});
export type MemberFields = z.output<typeof memberFields>;

export const identityFields = z.strictObject({
  name: text(200).nullable(),
  email: z.union([z.email(), z.literal('')]).nullable(),
  language: z
    .union([z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be the tag of a language'), z.literal('')])
    .nullable(),
});

export const newMemberBody = z.strictObject({
  id: memberId,
  fields: memberFields,
  from: z.iso.date().nullable().default(null),
  identity: identityFields.nullable().default(null),
});

export const editMemberBody = z.strictObject({
  revision: z.number().int().nonnegative(),
  fields: memberFields,
  reason,
  identity: identityFields.nullable().default(null),
});

export const changeBody = z.strictObject({
  revision: z.number().int().nonnegative(),
  kind: z.enum(changeKinds),
  on: z.iso.date(),
  reason,
  place: z
    .strictObject({
      cluster: memberId.nullable().optional(),
      school: memberId.nullable().optional(),
      role: z.enum(roles).optional(),
    })
    .default({}),
});

export const undoBody = z.strictObject({ revision: z.number().int().nonnegative(), entry: z.string().max(200) });

const issue = z.object({
  sheet: z.string().nullable(),
  row: z.number().nullable(),
  column: z.string().nullable(),
  code: z.string(),
  message: z.string(),
});

export const importAnswer = z.object({
  id: z.string(),
  state: z.enum(importStates),
  file: z.string(),
  by: z.string(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  rows: z.number(),
  counts: z.record(z.string(), z.object({ created: z.number(), changed: z.number(), unchanged: z.number() })),
  problems: z.array(issue),
  notices: z.array(issue),
  newColumns: z.array(z.string()),
  done: z.number(),
  total: z.number(),
});
