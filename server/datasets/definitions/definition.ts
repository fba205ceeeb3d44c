/**
 * What a dataset is made of, as it is stored, sent and read from a file: administrations, variables, how rows stand, where
 * people are counted, what is left out. The same definition on the same data gives the same bytes.
 */
import { z } from 'zod';
import { missingCodes } from '../../../instruments/missing.ts';
import { idSchema } from '../../administrations/schemas.ts';

const id = idSchema;
const columnName = z.string().min(1).max(64);

/** `events`: logs and observations, which stand among the answers otherwise. */
export const linkedTables = ['clusters', 'schools', 'people', 'panels', 'events'] as const;
export type LinkedTableKind = (typeof linkedTables)[number];

/**
 * How much a dataset tells of people. `identified` has their names; `pseudonymous` has the pseudonyms of the roster;
 * `controlled` has neither those nor the places' own ids, days or texts.
 */
export const disclosureLevels = ['identified', 'pseudonymous', 'controlled'] as const;

const distinct = (list: readonly string[]) => new Set(list).size === list.length;

const gapCodes: ReadonlySet<number> = new Set(Object.values(missingCodes));
const isNoGap = (code: number) => !gapCodes.has(code);

/** Variables of an instrument version that stand for one of another version, with its codes. */
const mapSchema = z.strictObject({
  instrument: id,
  version: z.number().int().min(1),
  variable: columnName,
  /** The variable that it stands for. */
  to: z.string().regex(/^[a-z][a-z0-9_]{0,31}$/i, 'must be a name: a letter, then letters, digits and _, at most 32'),
  /** Codes of this version and the codes that they become; codes that are not named stay. */
  codes: z
    .record(
      z.string().regex(/^-?\d+$/, 'must be a code'),
      z.number().int().refine(isNoGap, 'stands for a missing answer'),
    )
    .default({}),
});
export type VariableMap = z.output<typeof mapSchema>;

export const definitionSchema = z.strictObject({
  name: id,
  title: z.string().trim().min(1).max(200),
  /** What it is for: stands in the audit beside each time that it is taken away. */
  purpose: z.string().trim().min(1).max(500),
  administrations: z.array(id).min(1).max(60).refine(distinct, 'must name each administration once'),
  /** `long`: a row for each response. `wide`: a row for each person, with columns for each administration. */
  rows: z.enum(['long', 'wide']).default('long'),
  /** Whose places: as each response was given, as allocated, or as at a day. */
  places: z
    .union([
      z.enum(['answered', 'allocated']),
      z.iso.date().refine((day) => day >= '1900', 'must be a day from 1900 on'),
    ])
    .default('answered'),
  /** Names of variables and of scores, or all; where no score is named, `scores` says whether there are any. */
  variables: z
    .union([z.literal('all'), z.array(columnName).min(1).max(5000).refine(distinct, 'must name each variable once')])
    .default('all'),
  scores: z.boolean().default(true),
  /** Answers in people's own words. */
  texts: z.boolean().default(false),
  /** Device and time taken, where a response is tied to them. */
  paradata: z.boolean().default(false),
  /** Longest run of equal answers, variability and share of missing answers of each response. */
  flags: z.boolean().default(false),
  /** Responses of people who broke off. */
  partial: z.boolean().default(true),
  tables: z.array(z.enum(linkedTables)).max(5).refine(distinct, 'must name each table once').default(['panels']),
  level: z.enum(disclosureLevels).default('pseudonymous'),
  map: z.array(mapSchema).max(500).default([]),
  /** Fewest schools that may share one combination of school-level columns without being flagged. */
  k: z.number().int().min(2).max(50).default(3),
  /**
   * Compliance in the tables of schools and clusters: as at the last day of the programme, or as at a day. No default: a
   * definition from before keeps its SHA-256.
   */
  compliance: z.union([z.boolean(), z.iso.date()]).optional(),
});

/** @example definitionSchema.parse({ name: 'waves', title: 'All waves', purpose: 'Report', administrations: ['first', 'second'] }) */
export type DatasetDefinition = z.output<typeof definitionSchema>;

/** The definition with its keys in the order of the schema: what is hashed, stored and put into releases. */
export function canonicalDefinition(definition: DatasetDefinition): string {
  const { compliance, ...rest } = definitionSchema.parse(definition);
  return JSON.stringify(compliance ? { ...rest, compliance } : rest);
}
