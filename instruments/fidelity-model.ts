/**
 * What a fidelity model is: a programme as components in order, each with the rule that turns what was logged, observed and
 * answered into a score from 0 to 1; how scores make an index; and when a place counts as having complied. One versioned file,
 * like an instrument. `parseFidelityModel` (fidelity/parse.ts) is the only way from foreign JSON to a model.
 */
import { z } from 'zod';
import { dimensions, fidelityLevels } from './fidelity-names.ts';
import { namePattern } from './names.ts';
import { roles } from './study.ts';
import { plainWords } from './zod-words.ts';

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a lower-case letter or digit, then letters, digits or -, at most 40 characters');
const line = z.string().trim().min(1).max(200);
const prose = z.string().max(5_000);
const variable = z.string().regex(namePattern, 'the name of a variable of the codebook');
const share = z.number().min(0).max(1);
const days = z.int().min(-3_660).max(3_660);

/** A day of the calendar, or one told from a date of the study or of the cycle. */
const when = z.union([
  z.iso.date(),
  z.strictObject({ wave: id, at: z.enum(['opens', 'closes']), days }),
  z.strictObject({ cycle: z.enum(['begins', 'ends']), days }),
]);

const condition = z.union([
  z.strictObject({ variable, is: z.array(z.number()).min(1).max(50) }),
  z.strictObject({ variable, atLeast: z.number(), atMost: z.number() }),
]);

const source = z.strictObject({
  instrument: id,
  /** A dynamic panel or matrix of the instrument whose entries are counted; null: one entry a response. */
  table: variable.nullable().default(null),
  /** Which entries: all conditions hold. */
  where: z.array(condition).max(20).default([]),
  /** The variable that tells the day, of the table or of the response; null: the day on which the response came. */
  day: variable.nullable().default(null),
  /** The variable that names the school; null: the place of the response. */
  school: variable.nullable().default(null),
});

const range = z.strictObject({ min: z.number(), max: z.number() });

/** From the entries of a place to a score. */
const rule = z.discriminatedUnion('kind', [
  /** Entries against the number expected; one that took less than the expected duration counts in part. */
  z.strictObject({ kind: z.literal('count'), duration: variable.nullable().default(null) }),
  /**
   * What a variable says, out of a number or of the schools of the cluster: the mean of the entries expected. Out of the people:
   * of those on the roster at the day, in these roles or all, how many are ticked in the list that `variable` names.
   */
  z.strictObject({
    kind: z.literal('share'),
    variable,
    outOf: z.union([z.number().positive(), z.literal('schools'), z.literal('people')]),
    roles: z.array(z.enum(roles)).min(1).max(roles.length).optional(),
  }),
  /** The share of entries for which a condition holds; reversed: for which it does not. */
  z.strictObject({ kind: z.literal('proportion'), when: condition, reversed: z.boolean().default(false) }),
  /** A figure over all entries, graded: the score of the highest step that it reaches, 0 below all. */
  z.strictObject({
    kind: z.literal('thresholds'),
    variable: variable.nullable().default(null),
    figure: z.enum(['count', 'sum', 'mean', 'highest']),
    steps: z
      .array(z.strictObject({ from: z.number(), score: share }))
      .min(1)
      .max(20),
  }),
  /** A scale, or one variable, from its lowest to its highest value; the mean of all entries. */
  z.strictObject({ kind: z.literal('scale'), scale: variable, range }),
]);

const component = z.strictObject({
  id,
  title: line,
  description: prose.default(''),
  dimension: z.enum(dimensions),
  /** Core parts may not be changed; others may be adapted. */
  core: z.boolean(),
  level: z.enum(fidelityLevels),
  /** Components that come before it. */
  after: z.array(id).max(50).default([]),
  cycles: z.array(id).max(20),
  /** What should take place in each of its cycles; null where nothing is planned by day, such as quality. */
  expected: z
    .strictObject({
      count: z.int().min(1).max(100),
      from: when.default({ cycle: 'begins', days: 0 }),
      to: when.default({ cycle: 'ends', days: 0 }),
      /** Days that one of them takes. */
      duration: z.number().positive().max(100).nullable().default(null),
    })
    .nullable(),
  source,
  rule,
  weight: z.number().min(0).max(1_000),
  /** Below `low`: low; from `high`: as intended; partly between the two. */
  cutoffs: z.strictObject({ low: share, high: share }).default({ low: 0.5, high: 0.8 }),
});

const view = z.strictObject({ source, scale: variable, range });

/** The same thing as those who took part, those who led it and somebody who watched see it. */
const comparison = z.strictObject({
  id,
  title: line,
  self: view.nullable(),
  facilitator: view.nullable(),
  observer: view.nullable(),
  cutoffs: z.strictObject({ low: share, high: share }).default({ low: 0.5, high: 0.8 }),
});

export const fidelityModelSchema = z.strictObject({
  id,
  version: z.int().min(1).max(9_999),
  title: line,
  description: prose.default(''),
  /** The design of the study that it is for, in a sentence or two. */
  design: prose.default(''),
  /** A draft may still be without cycles and components; `parseFidelityModel` asks for one of each. */
  cycles: z.array(z.strictObject({ id, title: line, from: when, to: when })).max(20),
  components: z.array(component).max(100),
  comparisons: z.array(comparison).max(20).default([]),
  /** Items on usual practice that are asked in every arm, to tell the programme from what schools do anyway. */
  usualPractice: z
    .strictObject({ source, variables: z.array(variable).min(1).max(50), range })
    .nullable()
    .default(null),
  /** What was changed, of the events that took place. */
  adaptations: z
    .strictObject({ source, adapted: variable, codes: z.array(variable).max(50) })
    .nullable()
    .default(null),
  index: z.strictObject({
    /** `sum-to-one`: the weights must sum to 1; `relative`: they are divided by their sum. */
    weights: z.enum(['sum-to-one', 'relative']),
    /** Least share of the weight that must have scores for an index. */
    least: share.default(0.5),
  }),
  compliance: z.strictObject({
    /** The day on which the rule was decided; it has to come before anybody sees outcomes. */
    decided: z.iso.date(),
    /** Complied: an index of at least this much … */
    index: share,
    /** … and at least so many scores of core components from `coreScore` on, as a share of those that have one. */
    coreShare: share.default(0),
    coreScore: share.default(0.5),
    /** What the continuous variable is. */
    continuous: z.enum(['index', 'core-index']).default('index'),
    /** What places outside the programme get. */
    comparison: z.enum(['zero', 'missing']).default('zero'),
  }),
});

export type FidelityModel = z.output<typeof fidelityModelSchema>;
export type Component = FidelityModel['components'][number];
export type Cycle = FidelityModel['cycles'][number];
export type Comparison = FidelityModel['comparisons'][number];
export type FidelitySource = Component['source'];
export type Condition = z.output<typeof condition>;
export type When = z.output<typeof when>;
export type ComparisonView = z.output<typeof view>;

/** The schema's own words, as for instruments. */
export function readFidelityModel(json: unknown): z.ZodSafeParseResult<FidelityModel> {
  return fidelityModelSchema.safeParse(json, { error: plainWords });
}
