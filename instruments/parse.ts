/**
 * The only way from foreign JSON to an `Instrument`. The server calls it when an instrument is imported, edited or
 * published, the command line in `instruments check`, the tests on every shipped file.
 */
import { z } from 'zod';
import { type Codebook, codebookOfForm } from './codebook.ts';
import { type Instrument, instrumentKinds, type Parsed, subjects } from './instrument.ts';
import { type Issues, newIssues } from './issues.ts';
import { isObject, isWithin, type JsonObject, own } from './json.ts';
import { type Logic, logicOf } from './logic.ts';
import { isName, namePattern } from './names.ts';
import type { Form } from './questions.ts';
import { mostItems, readSurvey } from './read-survey.ts';
import { checkScales } from './scales.ts';
import { variableCount } from './variables.ts';
import { plainWords } from './zod-words.ts';

const line = z.string().trim().min(1).max(500);
const prose = z.string().max(10_000);
const finite = z.number().min(-1e9).max(1e9);

const scaleSchema = z.strictObject({
  id: z
    .string()
    .regex(namePattern, 'a lower-case letter, then letters, digits or _, at most 32 characters')
    .refine(isName, 'a reserved word'),
  title: line,
  construct: line,
  items: z
    .array(z.strictObject({ name: z.string().min(1).max(32), reversed: z.boolean() }))
    .min(1)
    .max(500),
  range: z.strictObject({ min: finite, max: finite }),
  score: z.enum(['mean', 'sum']),
  minimumAnswered: z.int().min(1),
  aggregation: z.enum(['person-first', 'item-first']),
  referenceValues: z.array(z.strictObject({ statistic: line, value: finite, sample: line, source: line })).max(100),
});

/** Everything of an instrument but its survey, which has readers of its own. */
const envelopeSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'a lower-case letter, then letters, digits or -, at most 40 characters'),
  version: z.int().min(1).max(9_999),
  kind: z.enum(instrumentKinds),
  title: line,
  description: prose,
  languages: z
    .array(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'a language like "en" or "pt-br"'))
    .min(1)
    .max(20)
    .refine((languages) => new Set(languages).size === languages.length, 'each language once'),
  subject: z.enum(subjects),
  sources: z
    .array(
      z.strictObject({
        reference: prose.min(1),
        url: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
        use: prose.min(1),
      }),
    )
    .max(100),
  permission: z.strictObject({
    holder: line,
    status: z.enum(['not-needed', 'granted', 'requested', 'missing']),
    note: prose,
  }),
  // Passed on as it is: a copy could lose keys that must be refused.
  survey: z.custom<JsonObject>(isObject, 'Expected SurveyJS JSON.'),
  scales: z.array(scaleSchema).max(200),
  changes: z
    .array(z.strictObject({ item: line, what: line, grade: z.enum(['safe', 'linkable', 'breaking']), mapping: prose }))
    .max(2_000),
});

type Envelope = z.infer<typeof envelopeSchema>;
type Content = Pick<Envelope, 'id' | 'version' | 'languages' | 'survey' | 'scales'>;

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

function readEnvelope(json: unknown, issues: Issues): Envelope | null {
  if (!isObject(json)) {
    issues.add('bad-value', 'the file', 'This holds no instrument: an object with id, version, survey and the rest.');
    return null;
  }
  const result = envelopeSchema.safeParse(json, { error: plainWords });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = pathOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        issues.add(
          'unknown-key',
          path === '' ? key : `${path}.${key}`,
          `The key ${JSON.stringify(key.slice(0, 40))} is not part of an instrument; remove it.`,
        );
      }
    } else issues.add('bad-value', path, issue.message);
  }
  return null;
}

/** What can be read of an instrument whose envelope is wrong, so that all its issues are told at once. */
function contentOf(json: unknown): Content {
  const { languages, survey } = envelopeSchema.shape;
  const given: JsonObject = isObject(json) ? json : {};
  const spoken = languages.safeParse(own(given, 'languages'));
  const asked = survey.safeParse(own(given, 'survey'));
  // Without its languages, every text of a survey would seem wrong.
  const readable = spoken.success && asked.success;
  return {
    id: 'x',
    version: 1,
    languages: readable ? spoken.data : ['en'],
    survey: readable ? asked.data : emptySurvey,
    scales: [],
  };
}

/** Stands in for a survey that is none, which has been reported; it has no issues itself. */
const emptySurvey = { pages: [{ elements: [{ type: 'comment', name: 'none' }] }] };

function checkVariables(codebook: Codebook, issues: Issues): void {
  const tables = [{ name: '', variables: codebook.variables }, ...codebook.tables];
  const named = new Set<string>();
  for (const { name } of codebook.tables) {
    if (named.has(name)) {
      const message = `Two lists would be kept in the table ${name}; rename the question of one.`;
      issues.add('duplicate-name', 'survey', message);
    }
    named.add(name);
  }
  for (const table of tables) {
    const place = table.name === '' ? 'survey' : `survey (table ${table.name})`;
    const seen = new Set<string>();
    for (const variable of table.variables) {
      if (!isName(variable.name)) {
        issues.add(
          'bad-name',
          place,
          `The question ${variable.question} would give the variable ${variable.name}, which is no name of at most 32 characters; shorten it.`,
        );
      } else if (seen.has(variable.name)) {
        issues.add(
          'duplicate-name',
          place,
          `Two items would give the variable ${variable.name}; the second is in the question ${variable.question}.`,
        );
      }
      seen.add(variable.name);
    }
  }
}

/** What has been read of a survey on the way. */
export interface ReadContent {
  readonly form: Form;
  readonly logic: Logic;
  readonly codebook: Codebook;
}

/** Issues of the survey, and of the scales where they could be read. */
function checkContent(content: Content, issues: Issues): ReadContent | null {
  const form = readSurvey(content.survey, content.languages, issues);
  const columns = form.questions.flatMap(({ answer }) => (answer.kind === 'table' ? answer.columns : []));
  const count = [...form.questions, ...columns].reduce((sum, question) => sum + variableCount(question.answer), 0);
  if (count > mostItems) {
    issues.add(
      'too-many-items',
      'survey',
      `This survey would give ${count} variables; at most ${mostItems} are supported.`,
    );
    return null;
  }
  const logic = logicOf(form, issues);
  const sound = issues.list.every((issue) => !issue.path.startsWith('survey'));
  const codebook = codebookOfForm(content, form, logic.results);
  // A question that could not be read leaves gaps in the codebook, of which nothing should be told twice.
  if (sound) checkVariables(codebook, issues);
  checkScales(content.scales, codebook, sound, issues);
  return { form, logic, codebook };
}

/**
 * Reads an instrument from foreign JSON: the instrument, or all that is wrong with it at once, each with a stable code,
 * the path, and what to do. Never throws.
 *
 * @example
 * parseInstrument(42).ok // => false
 */
export function parseInstrument(json: unknown): Parsed<Instrument> {
  const parsed = parseWhole(json);
  return parsed.ok ? { ok: true, value: parsed.value.instrument } : parsed;
}

/** `parseInstrument` with what it has read of the survey, for those who go on with it. */
export function parseWhole(json: unknown): Parsed<{ readonly instrument: Instrument } & ReadContent> {
  const issues = newIssues();
  if (!isWithin(json, 250_000, 60)) {
    issues.add('too-large', '', 'An instrument has at most 250,000 values, nested at most 60 deep.');
    return { ok: false, issues: [...issues.list] };
  }
  const envelope = readEnvelope(json, issues);
  const read = checkContent(envelope ?? contentOf(json), issues);
  if (!envelope || !read || issues.list.length > 0) return { ok: false, issues: [...issues.list] };
  const { sources, ...rest } = envelope;
  const instrument: Instrument = {
    ...rest,
    sources: sources.map(({ reference, url, use }) =>
      url === undefined ? { reference, use } : { reference, url, use },
    ),
  };
  return { ok: true, value: { instrument, ...read } };
}
