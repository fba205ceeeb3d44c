/** zod schemas of drafts, for their routes. */
import { z } from 'zod';
import { instrumentKinds, subjects } from '../../../instruments/instrument.ts';
import { decisionSchema } from '../../../instruments/versions/item-map.ts';
import { idSchema, languageSchema } from '../../administrations/schemas.ts';
import { draftStates } from './draft.ts';

export const draftParams = z.object({ draft: z.uuid() });

export const draftLanguageParams = z.object({ draft: z.uuid(), language: languageSchema });

/** Any instrument as JSON, right or wrong: what is wrong with it keeps it from being published, not from being kept. */
const anyInstrument = z.record(z.string(), z.unknown());

export const newDraftSchema = z.discriminatedUnion('from', [
  z.strictObject({
    from: z.literal('blank'),
    id: idSchema,
    title: z.string().trim().min(1).max(500),
    kind: z.enum(instrumentKinds),
    subject: z.enum(subjects),
    language: languageSchema,
  }),
  z.strictObject({
    from: z.literal('version'),
    instrument: z.string().max(40),
    version: z.int().positive(),
    /** The id of a new instrument that begins as a copy; left out for the next version of the same one. */
    as: idSchema.optional(),
  }),
  z.strictObject({ from: z.literal('file'), name: z.string().trim().min(1).max(200), file: anyInstrument }),
]);
export type NewDraft = z.output<typeof newDraftSchema>;

export const saveSchema = z.strictObject({ revision: z.int().min(1), instrument: anyInstrument });

/** `hash`: of the texts that the second reader has read. */
export const signOffSchema = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** What of another program's file could not be carried over. */
export const leftOutSchema = z.object({ item: z.string().nullable(), what: z.string(), why: z.string() });

export const publishSchema = z.strictObject({
  revision: z.int().min(1),
  /** The version that the changes were told against, as the draft named it; null for the first. */
  latest: z.int().min(1).nullable(),
  /** Why there is this version; stands with it for good. */
  why: z.string().trim().min(1).max(1000),
  /** Grades that count instead of those of the comparison, each with a note. */
  decisions: z.array(decisionSchema).max(2000).default([]),
});

const originSchema = z.discriminatedUnion('from', [
  z.object({ from: z.literal('blank') }),
  z.object({ from: z.literal('version'), instrument: z.string(), version: z.number() }),
  z.object({ from: z.literal('file'), name: z.string() }),
]);

export const draftSummary = z.object({
  id: z.uuid(),
  instrument: z.string(),
  title: z.string(),
  revision: z.number(),
  state: z.enum(draftStates),
  origin: originSchema,
  version: z.number().nullable(),
  createdAt: z.date(),
  savedAt: z.date(),
  /** Name of the account; null when it has gone. */
  savedBy: z.string().nullable(),
});

/** The draft with the whole instrument, as it was saved last. */
export const draftAnswer = z.object({
  ...draftSummary.shape,
  json: anyInstrument,
  /** The version that its changes are told against; null where none is published. */
  latest: z.number().nullable(),
});
