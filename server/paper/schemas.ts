/** zod schemas of the paper routes. */
import { z } from 'zod';
import { paperMarks } from '../../instruments/paper-entry/cells.ts';
import { roles } from '../../instruments/study.ts';
import { administrationParams } from '../administrations/schemas.ts';
import { choices, paperEntries, paperStates } from './form.ts';

export const paperParams = administrationParams.extend({ form: z.string().regex(/^[\w-]{22}$/) });

const mostFields = 20_000;
/** A variable; in an entry of a linked table behind the table and the number of the entry. */
const keySchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}(\/\d{1,3}\/[a-z][a-z0-9_]{0,63})?$/, 'must be the key of a field');
const cellSchema = z.union([z.number(), z.string().max(20_000), z.strictObject({ mark: z.enum(paperMarks) })]);
const cellsSchema = z
  .record(keySchema, cellSchema)
  .refine((cells) => Object.keys(cells).length <= mostFields, `must have at most ${mostFields} fields`);

export const typedSchema = z.strictObject({ revision: z.number().int().min(0), cells: cellsSchema });
export const decisionSchema = z.strictObject({
  revision: z.number().int().min(0),
  key: keySchema,
  choice: z.enum(choices),
  value: cellSchema.optional(),
  note: z.string().trim().max(1000).default(''),
});

const day = z.iso.date();
const agreed = z.literal(true, { error: 'must be true: without consent on the form its answers are not taken' });
const serialSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9][A-Z0-9._-]{0,39}$/, 'must be letters, figures, dots and hyphens, at most 40');
export const newPaperSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('person'),
    invitation: z.string().min(1).max(100),
    serial: serialSchema.optional().describe('Needed where a person fills in a form after each event'),
    day,
    agreed,
  }),
  z.strictObject({
    kind: z.literal('serial'),
    serial: serialSchema,
    school: z.string().min(1).max(60),
    role: z.enum(roles),
    day,
    agreed,
  }),
]);

export const entrySchema = z.strictObject({ entry: z.enum(paperEntries) });
export const listQuery = z.object({
  state: z.enum(paperStates).optional(),
  find: z.string().trim().max(60).optional().describe('Beginning of a serial number or a pseudonym'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
});
export const peopleQuery = z.object({ school: z.string().max(60).optional(), cluster: z.string().max(60).optional() });

const person = z.object({ name: z.string(), mine: z.boolean(), finishedAt: z.iso.datetime().nullable() });
const todo = z.enum(['type', 'decide', 'send']).nullable().describe('What this account may do with the form now');

export const summaryAnswer = z.object({
  id: z.string(),
  serial: z.string().nullable(),
  person: z.string().nullable(),
  school: z.string().nullable(),
  cluster: z.string().nullable(),
  role: z.enum(roles).nullable(),
  entry: z.enum(paperEntries),
  state: z.enum(paperStates),
  day: day.nullable(),
  first: person.nullable(),
  second: person.nullable(),
  compared: z.number().nullable(),
  differ: z.number().nullable(),
  madeAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  todo,
  mayDiscard: z.boolean(),
});

export const listAnswer = z.object({
  entry: z.enum(paperEntries),
  /** The statement that the form must bear. */
  consent: z.string(),
  firstDay: day,
  lastDay: day,
  forms: z.array(summaryAnswer),
  total: z.number(),
  page: z.number(),
  pages: z.number(),
  states: z.record(z.enum(paperStates), z.number()),
  agreement: z.object({
    forms: z.number(),
    compared: z.number(),
    differ: z.number(),
    rate: z.number().nullable(),
  }),
});

export const peopleAnswer = z.object({
  people: z.array(
    z.object({
      invitation: z.string(),
      person: z.string(),
      role: z.enum(roles),
      standing: z.enum(['open', 'answered', 'typed', 'ineligible', 'withdrawn', 'revoked']),
    }),
  ),
});

const issue = z.object({ code: z.string(), path: z.string(), message: z.string() });
const cellOrNone = cellSchema.nullable();

export const formAnswer = summaryAnswer.extend({
  revision: z.number(),
  instrument: z.object({ id: z.string(), version: z.number() }),
  cells: cellsSchema.nullable().describe("One's own entry while it is typed; nobody else's is ever told"),
  comparison: z
    .object({
      settled: cellsSchema.describe('Agreed on, or decided'),
      open: z.array(z.string()).describe('Keys of fields that wait for a decision'),
      issues: z.array(issue),
      differences: z.array(z.object({ key: z.string(), first: cellOrNone, second: cellOrNone })),
    })
    .nullable(),
  decisions: z.array(
    z.object({
      key: z.string(),
      first: cellOrNone.optional(),
      second: cellOrNone.optional(),
      choice: z.enum(choices),
      value: cellSchema.optional(),
      note: z.string().optional(),
      by: z.string(),
      at: z.iso.datetime(),
    }),
  ),
  response: z.string().nullable(),
  receiptCode: z.string().nullable(),
  refused: z.string().nullable().describe('Why the answers were not taken, where they could not be'),
});
