/**
 * How the engine is asked for: a plan lists declared analyses with their options, and one function runs it on a dataset
 * and gives a report. Called by `fidelis analyse` in a worker thread; pure, so it can run anywhere.
 */
import { z } from 'zod';
import type { Issue, Parsed } from '../instruments/instrument.ts';
import { counted } from '../instruments/zod-words.ts';
import { analyses } from './plan/all.ts';
import type { Analysis, Findings } from './plan/analysis.ts';
import { absentIssue, absentValues, columnIssue, columnsNamed, type NamedColumn, sizeIssue } from './plan/columns.ts';
import { type Dataset, rowsWhere, withMissing } from './plan/dataset.ts';
import { column } from './plan/options.ts';
import { estimateTable } from './plan/tables.ts';
import type { Estimate, Note, Report, Section, Table } from './result.ts';

const title = z.string().trim().min(1).max(300);

const cell = z.union([z.number(), z.string()]);

/** Columns with the values that a row must have, one or a list of them; a row must fit all columns. */
const whereSchema = z.record(column(), z.union([cell, z.array(cell).min(1)]));

const entrySchema = z.strictObject({
  /** Id of the section, unique in the plan; by default the name of the analysis. */
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'An id is of small letters, digits and hyphens, like alpha-trust.')
    .optional(),
  title: title.optional(),
  analysis: z.string(),
  /** Only these rows. */
  where: whereSchema.optional(),
  options: z.record(z.string(), z.unknown()),
});

const mostAnalyses = 500;

const planSchema = z.strictObject({
  title,
  /** Numbers that stand for a missing value in all columns. */
  missing: z.array(z.number()).default([]),
  analyses: z.array(entrySchema).min(1).max(mostAnalyses),
});

/** A plan whose analyses exist and whose options have the right shape. */
export type Plan = z.infer<typeof planSchema>;

/** What `runPlan` tells while it runs. */
export interface PlanProgress {
  /** Share of the whole plan, from 0 to 1. */
  readonly share: number;
  /** The title of the section that is being computed. */
  readonly section: string;
}

/** A plan that does not fit the data; `issues` say where. */
export class PlanError extends RangeError {
  readonly issues: readonly Issue[];
  constructor(issues: readonly Issue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'PlanError';
    this.issues = issues;
  }
}

/** An analysis that failed although nothing is wrong with the plan and the data: a fault of ours, to be reported. */
export class AnalysisFailure extends Error {
  constructor(where: string, cause: unknown) {
    super(`${where} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'AnalysisFailure';
    // Threads and logs hand on the stack, not the cause.
    if (cause instanceof Error) this.stack = `${this.name}: ${this.message}\n${cause.stack ?? ''}`;
  }
}

/**
 * Reads a plan: `{ title, missing?, analyses: [{ id?, title?, analysis, where?, options }] }`. All that is wrong with it is told at
 * once, by path. Whether the data hold the columns is `checkPlan`'s to say.
 *
 * @example
 * parsePlan({ title: 'T', analyses: [{ analysis: 'power', options: {} }], more: 1 }).issues[0].path // => 'more'
 * parsePlan({ title: 'T', analyses: [{ analysis: 'no-such', options: {} }] }).issues[0].path // => 'analyses[0].analysis'
 */
export function parsePlan(json: unknown): Parsed<Plan> {
  const read = planSchema.safeParse(json);
  const issues = read.success ? [] : issuesOf(read.error, []);
  // Each analysis is looked at also where something else is wrong: one mistake must not hide the others.
  const entries: unknown[] = isObject(json) && Array.isArray(json.analyses) ? json.analyses.slice(0, mostAnalyses) : [];
  issues.push(...entries.flatMap(optionIssues), ...repeatedIds(entries));
  return read.success && issues.length === 0 ? { ok: true, value: read.data } : { ok: false, issues };
}

function optionIssues(entry: unknown, at: number): Issue[] {
  if (!isObject(entry) || typeof entry.analysis !== 'string') return [];
  const found = findAnalysis(entry.analysis);
  if (!found) return [unknownAnalysis(entry.analysis, at)];
  if (!isObject(entry.options)) return [];
  const options = found.options.safeParse(entry.options);
  return options.success ? [] : issuesOf(options.error, ['analyses', at, 'options']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What of a plan does not fit the data: columns that are not there, hold something else than numbers or too many categories,
 * and what each analysis has against its options, like labels that no row has.
 *
 * @example
 * checkPlan({ title: 'T', missing: [], analyses: [] }, datasetOf({})) // => []
 */
export function checkPlan(plan: Plan, data: Dataset): Issue[] {
  const cleaned = withMissing(data, plan.missing);
  return plan.analyses.flatMap((entry, at) => entryIssues(entry, at, getAnalysis(entry.analysis), cleaned));
}

/**
 * What is wrong with a plan that `parsePlan` refuses, or with its data, as far as that can be known: columns that are not there
 * wherever a column is named, and all that `checkPlan` says of those analyses whose options are right.
 *
 * @param data the dataset; of a file that cannot be read no more than its columns
 * @example
 * planIssues({ title: 'T', analyses: [{ analysis: 'descriptives', options: { columns: ['b'], levels: 2 } }] }, { names: ['a'] }).map(({ path }) => path) // => ['analyses[0].options.levels', 'analyses[0].options.columns[0]']
 */
export function planIssues(json: unknown, data: Dataset | { readonly names: readonly string[] }): Issue[] {
  const parsed = parsePlan(json);
  const entries: unknown[] = isObject(json) && Array.isArray(json.analyses) ? json.analyses.slice(0, mostAnalyses) : [];
  const missing = planSchema.shape.missing.safeParse(isObject(json) ? json.missing : undefined);
  // Without knowing what stands for a missing value nothing can be said of the values.
  const cleaned = missing.success && 'column' in data ? withMissing(data, missing.data) : null;
  const further = entries.flatMap((entry, at) => {
    const found = isObject(entry) && typeof entry.analysis === 'string' ? findAnalysis(entry.analysis) : undefined;
    if (!found || !isObject(entry)) return [];
    const read = entrySchema.safeParse(entry);
    if (cleaned && read.success && found.options.safeParse(entry.options).success) {
      return entryIssues(read.data, at, found, cleaned);
    }
    const columns = columnsOf({ where: entry.where, options: entry.options }, at, found);
    return [...columns.where, ...columns.options].flatMap(
      (column) => absentIssue(data.names, column, pathOf(column.path)) ?? [],
    );
  });
  return [...(parsed.ok ? [] : parsed.issues), ...further];
}

function columnsOf({ where, options }: { where?: unknown; options?: unknown }, at: number, found: Analysis) {
  return {
    where: columnsNamed(whereSchema, where, ['analyses', at, 'where']),
    options: columnsNamed(found.options, options, ['analyses', at, 'options']),
  };
}

/** The rows, the kinds of the columns and their values depend on one another: each is looked at where the one before is right. */
function entryIssues(entry: Plan['analyses'][number], at: number, found: Analysis, cleaned: Dataset): Issue[] {
  const { where = {}, options } = entry;
  const columns = columnsOf(entry, at, found);
  const ofRows = columns.where.flatMap((column) => columnIssue(cleaned, column, pathOf(column.path)) ?? []);
  if (ofRows.length > 0) {
    const absent = (column: NamedColumn) => absentIssue(cleaned.names, column, pathOf(column.path)) ?? [];
    return [...ofRows, ...columns.options.flatMap(absent)];
  }
  const absent = absentValues(cleaned, where).map(({ path, message }) => {
    return { code: 'refused', path: pathOf(['analyses', at, 'where', ...path]), message };
  });
  if (absent.length > 0) return absent;
  const chosen = rowsWhere(cleaned, where);
  const issues = columns.options.flatMap((column) => {
    const path = pathOf(column.path);
    return columnIssue(cleaned, column, path, chosen) ?? sizeIssue(chosen, column, path, found.sizes ?? 'any') ?? [];
  });
  if (issues.some(({ code }) => code !== 'size-out-of-range')) return issues;
  const refused = found.check(chosen, options).map(({ path, message }) => {
    return { code: 'refused', path: pathOf(['analyses', at, 'options', ...path]), message };
  });
  return [...issues, ...refused];
}

/**
 * Runs a plan on a dataset. Each analysis becomes a section, in the order of the plan.
 *
 * @throws PlanError when the plan and the data do not fit each other, with the path of each wrong value; before anything is computed
 * @throws AnalysisFailure when an analysis fails on a plan that nothing is wrong with: a fault of ours
 */
export function runPlan(plan: Plan, data: Dataset, onProgress: (progress: PlanProgress) => void = () => {}): Report {
  const issues = checkPlan(plan, data);
  if (issues.length > 0) throw new PlanError(issues);
  const cleaned = withMissing(data, plan.missing);
  const ids = sectionIds(plan);
  const sections = plan.analyses.map((entry, at): Section => {
    const analysis = getAnalysis(entry.analysis);
    const name = entry.title ?? analysis.title;
    const tell = (share: number) => onProgress({ share: (at + share) / plan.analyses.length, section: name });
    tell(0);
    const { where = {} } = entry;
    const chosen = rowsWhere(cleaned, where);
    const computed = findings(analysis, chosen, entry.options, at, tell);
    const found = chosen.rows === 0 && data.rows > 0 ? withoutRows(computed, where) : computed;
    const text = Object.keys(where).length === 0 ? found.text : `${chosenText(where, chosen.rows)} ${found.text}`;
    return sectionOf(ids[at] ?? '', name, { ...found, text });
  });
  return {
    title: plan.title,
    subtitle: `${counted(data.rows, 'row')}, ${counted(sections.length, 'analysis', 'analyses')}`,
    simulated: false,
    sections,
    notes: data.rows === 0 ? [{ code: 'no-rows', text: 'The data have no rows.' }] : [],
  };
}

function conditionsOf(where: z.infer<typeof whereSchema>): string {
  return Object.entries(where)
    .map(([name, values]) => `${name} ${Array.isArray(values) ? `one of ${values.join(', ')}` : `= ${values}`}`)
    .join(' and ');
}

function chosenText(where: z.infer<typeof whereSchema>, rows: number): string {
  return `Rows with ${conditionsOf(where)}: ${rows}.`;
}

/** What an analysis says of no rows leads astray where the plan chose none: that is the reason, and the only one. */
function withoutRows(found: Findings, where: z.infer<typeof whereSchema>): Findings {
  const reason: Note = { code: 'no-rows', text: `No row has ${conditionsOf(where)}.` };
  return {
    ...found,
    estimates: found.estimates.map((one) =>
      one.estimate.value === null ? { ...one, estimate: { ...one.estimate, notes: [reason] } } : one,
    ),
    tables: (found.tables ?? []).map((table) => ({ ...table, notes: [] })),
    notes: [reason],
  };
}

function findings(analysis: Analysis, data: Dataset, options: unknown, at: number, tell: (share: number) => void) {
  try {
    return analysis.run(data, options, tell);
  } catch (error) {
    throw new AnalysisFailure(`analyses[${at}], ${analysis.name}`, error);
  }
}

/**
 * Ids of tables and charts are unique in the section; in the report they carry its id. Cells hold figures or nothing: what
 * could not be computed (not a number, or without bound) is null.
 */
function sectionOf(
  id: string,
  name: string,
  { text, estimates: found, tables = [], charts = [], notes = [] }: Findings,
): Section {
  const estimates = found.map((one) => ({ ...one, estimate: finiteOf(one.estimate) }));
  const summary: Table[] = estimates.length > 0 ? [estimateTable(estimates)] : [];
  const own = (part: string) => `${id}-${part}`;
  const all = [...summary, ...tables].map((table) => ({
    ...table,
    id: own(table.id),
    rows: table.rows.map((row) =>
      row.map((cell) => (typeof cell === 'number' && !Number.isFinite(cell) ? null : cell)),
    ),
  }));
  const told = all.length === 0 && notes.length === 0 ? [nothing] : notes;
  return {
    id,
    title: name,
    text,
    charts: charts.map((chart) => ({ ...chart, id: own(chart.id), table: own(chart.table) })),
    tables: all,
    estimates,
    ...(told.length > 0 && { notes: told }),
  };
}

/** A value that is no number, or an interval without bounds, is none; a note that tells why stands beside it or is added. */
function finiteOf(estimate: Estimate): Estimate {
  const { value, interval, notes } = estimate;
  const bounded = interval !== null && Number.isFinite(interval.lower) && Number.isFinite(interval.upper);
  if (value === null || Number.isFinite(value)) return bounded ? estimate : { ...estimate, interval: null };
  const told = notes.length > 0 ? notes : [{ code: 'not-finite', text: 'The data give no finite value.' }];
  return { ...estimate, value: null, interval: null, notes: told };
}

const nothing: Note = { code: 'no-values', text: 'The rows hold nothing that could be computed.' };

/** The given ids; an analysis without one is called by its name, a further one of the name with a number. */
function sectionIds(plan: Plan): string[] {
  const taken = new Set(plan.analyses.flatMap(({ id }) => id ?? []));
  return plan.analyses.map(({ id, analysis }) => {
    if (id !== undefined) return id;
    let own = analysis;
    for (let number = 2; taken.has(own); number += 1) own = `${analysis}-${number}`;
    taken.add(own);
    return own;
  });
}

function repeatedIds(entries: readonly unknown[]): Issue[] {
  const ids = entries.map((entry) => (isObject(entry) && typeof entry.id === 'string' ? entry.id : undefined));
  return ids.flatMap((id, at) => {
    if (id === undefined || ids.indexOf(id) === at) return [];
    return [
      { code: 'repeated-id', path: `analyses[${at}].id`, message: `The id ${id} stands in an earlier analysis.` },
    ];
  });
}

function findAnalysis(name: string): Analysis | undefined {
  return analyses.find((analysis) => analysis.name === name);
}

function getAnalysis(name: string): Analysis {
  const found = findAnalysis(name);
  if (!found) throw new RangeError(`runPlan requires a plan from parsePlan; there is no analysis ${name}`);
  return found;
}

function unknownAnalysis(name: string, at: number): Issue {
  const message = `There is no analysis "${name.slice(0, 60)}". There are: ${analyses.map((one) => one.name).join(', ')}.`;
  return { code: 'unknown-analysis', path: `analyses[${at}].analysis`, message };
}

function issuesOf(error: z.core.$ZodError, above: readonly PropertyKey[]): Issue[] {
  return error.issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ code: 'bad-value', path: pathOf(path), message: issue.message }];
    return issue.keys.map((key) => ({
      code: 'unknown-key',
      path: pathOf([...path, key]),
      message: 'There is no such key; remove it, or see how it is spelt.',
    }));
  });
}

/** A path like `analyses[2].options.items[1]`; `plan` for the whole. */
function pathOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'plan';
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
