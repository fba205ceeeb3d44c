/**
 * A definition against its study: the administrations there are, what their instruments ask, and what its level allows.
 * Everything that stands against it is told at once. Called by `build.ts` and before a definition is stored.
 */
import type { Variable } from '../../../instruments/codebook.ts';
import type { Issue } from '../../../instruments/instrument.ts';
import type { Study } from '../../../instruments/study.ts';
import { listAdministrations } from '../../administrations/store.ts';
import type { Context } from '../../context.ts';
import { findInstrumentVersion } from '../../instruments/store.ts';
import { Problem } from '../../problems.ts';
import { type Dataset, loadDataset } from '../dataset.ts';
import { complianceIssues } from './compliance.ts';
import type { DatasetDefinition, VariableMap } from './definition.ts';
import { eventSources } from './event-sources.ts';
import { pooledPanels } from './panel-tables.ts';
import { type Pooled, type PooledVariable, poolVariables } from './pool.ts';
import { poolLines } from './pool-lines.ts';
import { mapConflicts } from './pool-map.ts';
import { tellsTooMuch } from './tells-too-much.ts';

export interface CheckedDefinition {
  /** One for each administration, in order. */
  readonly datasets: readonly Dataset[];
  readonly pooled: Pooled;
  /** The variables that the dataset holds. */
  readonly chosen: readonly PooledVariable[];
  /** Open texts that were left out. */
  readonly withoutTexts: readonly string[];
  /** Variables that its level is without. */
  readonly tooTelling: readonly string[];
}

/** Throws `invalid-dataset` with every issue and its path, `not-found` for the study. */
export async function checkDefinition(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: Study,
  definition: DatasetDefinition,
): Promise<CheckedDefinition> {
  const known = new Map((await listAdministrations(context.db, study.id)).map((one) => [one.id, one]));
  const issues: Issue[] = [];
  const datasets: Dataset[] = [];
  for (const [at, id] of definition.administrations.entries()) {
    const path = `administrations.${at}`;
    const administration = known.get(id);
    if (!administration) {
      const names = [...known.keys()].map((name) => `"${name}"`).join(', ');
      issues.push({
        code: 'unknown-administration',
        path,
        message: `The study has no administration "${id}"; it has ${names || 'none yet'}.`,
      });
      continue;
    }
    const { instrument, version } = administration;
    if (!(await findInstrumentVersion(context.db, instrument, version))) {
      const message = `"${id}" asks version ${version} of "${instrument}", which is not published any more.`;
      issues.push({ code: 'retired-version', path, message });
      continue;
    }
    const dataset = await loadDataset(
      context,
      study.id,
      id,
      definition.places === 'answered' ? null : definition.places,
    );
    datasets.push(dataset);
    const apart = definition.tables.includes('events') && dataset.instrument.kind !== 'survey';
    if (definition.rows === 'wide' && administration.mode === 'anonymous' && !apart) {
      issues.push({
        code: 'anonymous-in-wide',
        path,
        message: `"${id}" is anonymous: nobody knows which of its responses are one person's. Ask for long rows.`,
      });
    }
  }
  issues.push(...pilotIssues(datasets));
  if (datasets.length < definition.administrations.length) throw new Problem('invalid-dataset', { issues });
  if (eventSources(definition, datasets).size === datasets.length) {
    issues.push({
      code: 'events-alone',
      path: 'tables',
      message: 'All these administrations are logs or observations: without the table of events they are the data.',
    });
  }
  const versions = [...new Map(datasets.map((dataset) => [versionKey(dataset), dataset])).values()];
  issues.push(...mapIssues(definition, versions), ...panelIssues(definition, datasets), ...levelIssues(definition));
  issues.push(...(await complianceIssues(context, study, definition)));
  const sources = datasets.map(({ instrument, columns }) => ({
    instrument: instrument.id,
    version: instrument.version,
    variables: columns.variables,
  }));
  const pooled = poolVariables(sources, await poolLines(context.db, definition, datasets), new Set());
  const scores = new Set(datasets.flatMap(({ columns }) => columns.scores.map(({ score }) => score)));
  const chosen = chosenOf(pooled, definition, scores, issues);
  for (const { column } of chosen) {
    const conflict = pooled.conflicts.get(column.name);
    if (conflict) issues.push(conflict);
  }
  if (issues.length > 0) throw new Problem('invalid-dataset', { issues });
  return {
    datasets,
    pooled,
    chosen,
    withoutTexts:
      definition.variables === 'all' && !definition.texts
        ? pooled.variables.filter(({ isText }) => isText).map(({ column }) => column.name)
        : [],
    tooTelling:
      definition.variables === 'all'
        ? pooled.variables
            .filter((one) => !one.isText && tellsTooMuch(definition, one))
            .map(({ column }) => column.name)
        : [],
  };
}

/** Answers to a pilot are never pooled with others. */
function pilotIssues(datasets: readonly Dataset[]): Issue[] {
  const pilots = datasets.filter(({ administration }) => administration.pilot);
  if (pilots.length === 0 || pilots.length === datasets.length) return [];
  const names = pilots.map(({ administration }) => `"${administration.id}"`).join(', ');
  const message = `A dataset holds pilots alone, or none: leave ${names} out, or define a dataset of its own.`;
  return [{ code: 'pilot-among-others', path: 'administrations', message }];
}

const versionKey = ({ instrument }: Dataset) => `${instrument.id}@${instrument.version}`;

function mapIssues({ map }: DatasetDefinition, versions: readonly Dataset[]): Issue[] {
  const namesOf = (instrument: string, version: number) =>
    versions
      .filter((one) => one.instrument.id === instrument && one.instrument.version === version)
      .flatMap(({ columns }) => columns.variables.map(({ name }) => name));
  const unknown = map.flatMap(({ instrument, version, variable, codes }, at): Issue[] => {
    const found = versions.find((one) => one.instrument.id === instrument && one.instrument.version === version);
    if (!found) {
      const message = `No administration of this dataset asks version ${version} of "${instrument}".`;
      return [{ code: 'unknown-version', path: `map.${at}`, message }];
    }
    const asked = found.columns.variables.find(({ name }) => name === variable);
    if (asked) return codeIssues(asked, codes, `version ${version} of "${instrument}"`, `map.${at}.codes`);
    const message = `Version ${version} of "${instrument}" has no variable "${variable}".`;
    return [{ code: 'unknown-variable', path: `map.${at}.variable`, message }];
  });
  return [...unknown, ...mapConflicts(map, namesOf)];
}

/** A code that nobody can have given is a slip. */
function codeIssues({ name, values }: Variable, codes: VariableMap['codes'], of: string, path: string): Issue[] {
  if (values.length === 0) return [];
  return Object.keys(codes)
    .filter((code) => !values.some((value) => value.code === Number(code)))
    .map((code) => ({
      code: 'unknown-code',
      path: `${path}.${code}`,
      message: `"${name}" of ${of} has no code ${code}; it has ${values.map((value) => value.code).join(', ')}.`,
    }));
}

/** Panels have no map: what differs in them can be left out only. */
function panelIssues({ tables, texts }: DatasetDefinition, datasets: readonly Dataset[]): Issue[] {
  if (!tables.includes('panels')) return [];
  return pooledPanels(datasets).flatMap(({ table, pooled }) =>
    pooled.variables.flatMap(({ column, isText }): Issue[] => {
      const conflict = pooled.conflicts.get(column.name);
      if (!conflict || (isText && !texts)) return [];
      const [what = ''] = conflict.message.split('. ');
      return [{ ...conflict, path: 'tables', message: `In "${table}", ${what}. Leave the table "panels" out.` }];
    }),
  );
}

function levelIssues({ level, texts, tables, paradata, partial, places }: DatasetDefinition): Issue[] {
  if (level !== 'controlled') return [];
  const apart = 'Beside another dataset that has them otherwise it would tell what is withheld there.';
  const refuse = (path: string, what: string): Issue => ({
    code: 'not-at-this-level',
    path,
    message: `A disclosure-controlled dataset has no ${what}. Leave that out, or choose the level "pseudonymous".`,
  });
  return [
    ...(texts ? [refuse('texts', 'open texts')] : []),
    ...(paradata ? [refuse('paradata', 'paradata')] : []),
    ...(tables.includes('people') ? [refuse('tables', 'table of people')] : []),
    ...(partial
      ? []
      : [
          {
            code: 'not-at-this-level',
            path: 'partial',
            message: `A disclosure-controlled dataset keeps partial responses. ${apart} Leave "partial" out; the column of completion says which they are.`,
          },
        ]),
    ...(places === 'answered' || places === 'allocated'
      ? []
      : [
          {
            code: 'not-at-this-level',
            path: 'places',
            message: `A disclosure-controlled dataset has places as answered or as allocated, and not as at a day. ${apart}`,
          },
        ]),
  ];
}

function chosenOf(
  pooled: Pooled,
  definition: DatasetDefinition,
  scores: ReadonlySet<string>,
  issues: Issue[],
): PooledVariable[] {
  const { variables, texts } = definition;
  if (variables === 'all') {
    return pooled.variables.filter((one) => (texts || !one.isText) && !tellsTooMuch(definition, one));
  }
  const wanted = new Set(variables);
  const names = new Set(pooled.variables.map(({ column }) => column.name));
  variables.forEach((name, at) => {
    const path = `variables.${at}`;
    if (scores.has(name) && definition.scores) return;
    if (!names.has(name)) {
      issues.push({
        code: 'unknown-variable',
        path,
        message: `No instrument of this dataset has a variable "${name}".`,
      });
    } else if (!texts && pooled.variables.some(({ column, isText }) => isText && column.name === name)) {
      issues.push({
        code: 'open-text',
        path,
        message: `"${name}" holds answers in people's own words. Set "texts" to true to have them.`,
      });
    } else if (pooled.variables.some((one) => one.column.name === name && tellsTooMuch(definition, one))) {
      const message = `"${name}" tells a role, a day or a time, which a disclosure-controlled dataset is without. Leave it out, or choose the level "pseudonymous".`;
      issues.push({ code: 'not-at-this-level', path, message });
    }
  });
  return pooled.variables.filter(({ column }) => wanted.has(column.name));
}
