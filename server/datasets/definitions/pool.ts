/**
 * One set of columns for several instrument versions: variables of one name in versions of one instrument become one
 * column, with a rule for each version that says how it came there. What cannot be one column is told, never renamed or
 * turned in silence. Pure. Called by `build.ts`.
 */
import type { Variable } from '../../../instruments/codebook.ts';
import type { Issue } from '../../../instruments/instrument.ts';
import type { ValueStep } from '../../../instruments/versions/mapped-value.ts';
import { freeName } from '../columns.ts';
import { type FileVariable, variableOf } from '../file-columns.ts';
import { joinMapped, mappedVariable, type PoolLine } from './pool-map.ts';

/** Variables of one instrument version, or of one of its linked tables. */
export interface PoolSource {
  readonly instrument: string;
  readonly version: number;
  readonly variables: readonly Variable[];
}

/** Where a column finds its value in the coded rows of one version. */
export interface PooledFrom {
  readonly at: number;
  /** What becomes of its values; null: they stay. */
  readonly step: ValueStep | null;
  /** Whose word it is that its values are moved. */
  readonly source: PoolLine['source'] | null;
}

export interface PooledVariable {
  readonly column: FileVariable;
  readonly variable: Variable;
  readonly instrument: string;
  /** An answer in people's own words. */
  readonly isText: boolean;
  /** Aligned with the sources; null where the version does not ask it. */
  readonly from: readonly (PooledFrom | null)[];
}

export const poolRules = [
  'as asked',
  'same',
  'other words',
  'other labels',
  'more codes',
  'wider numbers',
  'mapped',
  'reworded',
  'recoded',
  'rescaled',
  'stands apart',
  'not asked',
  'other column name',
] as const;

/** One line of the rule table. */
export interface PoolRule {
  readonly column: string;
  readonly instrument: string;
  readonly version: number;
  /** Name in that version; null: it does not ask it. */
  readonly variable: string | null;
  readonly rule: (typeof poolRules)[number];
  readonly detail: string | null;
  /** Where the rule comes from: equal names, a line of the definition, the item map stored with a version. */
  readonly source: 'names' | PoolLine['source'];
}

export interface Pooled {
  readonly variables: readonly PooledVariable[];
  readonly rules: readonly PoolRule[];
  /** What stands against one column, by the name of the column. */
  readonly conflicts: ReadonlyMap<string, Issue>;
}

/**
 * Sources in the order in which their variables shall come; versions of one instrument stand together.
 * @param taken names of columns that are there already; those of the pool are added
 */
export function poolVariables(sources: readonly PoolSource[], map: readonly PoolLine[], taken: Set<string>): Pooled {
  const variables: PooledVariable[] = [];
  const rules: PoolRule[] = [];
  const conflicts = new Map<string, Issue>();
  for (const instrument of new Set(sources.map((source) => source.instrument))) {
    for (const name of namesOf(sources, instrument, map)) {
      const found = sources.map((source) => (source.instrument === instrument ? findIn(source, name, map) : null));
      const first = found.find((one) => one !== null);
      if (!first) continue;
      const column = freeName(taken.has(name) ? `${instrument.replaceAll('-', '_')}_${name}` : name, taken);
      if (column !== name) {
        const detail = `the name ${name} is taken by another column`;
        rules.push({
          column,
          ...versionOf(sources, found.indexOf(first)),
          variable: name,
          rule: 'other column name',
          detail,
          source: 'names',
        });
      }
      const { pooled, lines, conflict } = poolOne(sources, instrument, found, column);
      variables.push(pooled);
      rules.push(...lines);
      if (conflict) conflicts.set(column, conflict);
    }
  }
  return { variables, rules, conflicts };
}

interface Found {
  readonly variable: Variable;
  readonly at: number;
  readonly map: PoolLine | null;
}

/** Names in the order of the first version, then what later ones add; a mapped variable goes by the name it is mapped to. */
function namesOf(sources: readonly PoolSource[], instrument: string, map: readonly PoolLine[]): Set<string> {
  const names = new Set<string>();
  for (const source of sources) {
    if (source.instrument !== instrument) continue;
    for (const { name } of source.variables) names.add(mapOf(source, name, map)?.to ?? name);
  }
  return names;
}

const mapOf = ({ instrument, version }: PoolSource, name: string, map: readonly PoolLine[]) =>
  map.find((one) => one.instrument === instrument && one.version === version && one.variable === name);

function findIn(source: PoolSource, name: string, map: readonly PoolLine[]): Found | null {
  const mapped = map.find(
    (one) => one.instrument === source.instrument && one.version === source.version && one.to === name,
  );
  const wanted = mapped?.variable ?? name;
  const at = source.variables.findIndex((variable) => variable.name === wanted);
  const variable = source.variables[at];
  // A variable that goes by another name is not here under its own.
  if (!variable || (!mapped && mapOf(source, wanted, map))) return null;
  return { variable, at, map: mapped ?? null };
}

function versionOf(sources: readonly PoolSource[], at: number) {
  const { instrument = '', version = 0 } = sources[at] ?? {};
  return { instrument, version };
}

function poolOne(
  sources: readonly PoolSource[],
  instrument: string,
  found: readonly (Found | null)[],
  column: string,
): { pooled: PooledVariable; lines: PoolRule[]; conflict: Issue | null } {
  const standard = found.find((one) => one?.map === null) ?? found.find((one) => one !== null);
  if (!standard) throw new RangeError('a column of no version');
  let merged = standard.map ? mappedVariable(standard.variable, standard.map.step) : standard.variable;
  let conflict: Issue | null = null;
  const lines: PoolRule[] = [];
  const told = new Set<number>();
  sources.forEach((source, index) => {
    if (source.instrument !== instrument || told.has(source.version)) return;
    told.add(source.version);
    const one = found[index] ?? null;
    const version = versionOf(sources, index);
    const line = (rule: PoolRule['rule'], detail: string | null = null, from: PoolRule['source'] = 'names') =>
      lines.push({ column, ...version, variable: one?.variable.name ?? null, rule, detail, source: from });
    if (!one) line('not asked');
    else if (one.map) {
      const joined = joinMapped(merged, mappedVariable(one.variable, one.map.step));
      if (joined) line(ruleOf(one.map), mapInWords(one.map), one.map.source);
      else conflict ??= mapConflictOf(column, version, `${one.variable.type} instead of ${merged.type}`);
      merged = one === standard ? merged : (joined ?? merged);
    } else if (one === standard) line('as asked');
    else {
      const { rule, detail, variable } = compare(merged, one.variable);
      merged = variable;
      if (rule === null) conflict ??= conflictOf(standard.variable.name, version, detail ?? '');
      else line(rule, detail);
    }
  });
  const isText = merged.type === 'text' && merged.values.length === 0;
  return {
    pooled: {
      column: { ...variableOf(merged), name: column },
      variable: merged,
      instrument,
      isText,
      from: found.map((one) =>
        one
          ? { at: one.at, step: one.map && moves(one.map.step) ? one.map.step : null, source: one.map?.source ?? null }
          : null,
      ),
    },
    lines,
    conflict,
  };
}

function conflictOf(
  name: string,
  { instrument, version }: { instrument: string; version: number },
  detail: string,
): Issue {
  return {
    code: 'versions-differ',
    path: `map`,
    message:
      `"${name}" of "${instrument}" is not the same in version ${version}: ${detail}. ` +
      'Say in "map" how its codes are to be read, or leave the variable out.',
  };
}

function mapConflictOf(column: string, { instrument, version }: ReturnType<typeof versionOf>, detail: string): Issue {
  return {
    code: 'map-type-differs',
    path: 'map',
    message:
      `What is mapped to "${column}" from version ${version} of "${instrument}" cannot stand in that column: ${detail}. ` +
      'Map it to another name, or leave it out of the map.',
  };
}

const numeric = (type: Variable['type']) => type === 'integer' || type === 'number';

/** How a later version's variable goes into the column; no rule where it cannot without a map. */
function compare(
  first: Variable,
  later: Variable,
): { rule: PoolRule['rule'] | null; detail: string | null; variable: Variable } {
  if (first.type !== later.type) {
    if (!(numeric(first.type) && numeric(later.type) && first.values.length + later.values.length === 0)) {
      return { rule: null, detail: `${later.type} instead of ${first.type}`, variable: first };
    }
    return { rule: 'wider numbers', detail: `${later.type} and ${first.type}`, variable: { ...first, type: 'number' } };
  }
  const known = new Map(first.values.map(({ code, label }) => [code, label]));
  const added = later.values.filter(({ code }) => !known.has(code));
  const missing = first.values.filter(({ code }) => !later.values.some((value) => value.code === code));
  const relabelled = later.values.filter(({ code, label }) => known.has(code) && known.get(code) !== label);
  const ranged = JSON.stringify(first.range) !== JSON.stringify(later.range);
  if (first.scales.length + later.scales.length > 0 && (added.length > 0 || missing.length > 0 || ranged)) {
    return { rule: null, detail: 'its codes or their range are others, and it counts in a scale', variable: first };
  }
  const variable = {
    ...first,
    values: [...first.values, ...added],
    range: first.range && later.range ? widest(first.range, later.range) : null,
    scales: first.scales.length > 0 ? first.scales : later.scales,
  };
  // Words that stand at other codes now: side by side, the codes would say the opposite of what was answered.
  const moved = relabelled.flatMap(({ code, label }) => {
    const before = first.values.find((value) => value.code !== code && value.label === label);
    return before ? [`"${label}" is ${code} there and ${before.code} before`] : [];
  });
  if (moved.length > 0) return { rule: null, detail: moved.join('; '), variable: first };
  const words = [
    ...relabelled.map(({ code, label }) => `${code}: "${label}" instead of "${known.get(code) ?? ''}"`),
    ...(added.length > 0 ? [`adds ${added.map(({ code }) => code).join(', ')}`] : []),
    ...(missing.length > 0 ? [`is without ${missing.map(({ code }) => code).join(', ')}`] : []),
  ];
  if (words.length > 0) {
    return { rule: relabelled.length > 0 ? 'other labels' : 'more codes', detail: words.join('; '), variable };
  }
  if (first.label !== later.label) return { rule: 'other words', detail: later.label, variable };
  return { rule: 'same', detail: null, variable };
}

function widest(a: { min: number; max: number }, b: { min: number; max: number }) {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}

const moves = ({ codes, rescale, within }: ValueStep) =>
  Object.keys(codes).length > 0 || rescale !== null || within !== null;

/** A line of a definition is "mapped"; one of an item map has the rule of the map. */
function ruleOf({ rule }: PoolLine): PoolRule['rule'] {
  if (rule === null) return 'mapped';
  return rule === 'dropped' || rule === 'new' ? 'stands apart' : rule;
}

function mapInWords({ variable, step: { codes, rescale, within }, reason }: PoolLine): string {
  const pairs = Object.entries(codes).map(([code, to]) =>
    to === null ? `${code} has no counterpart` : `${code} becomes ${to}`,
  );
  const limits = within ? [`what is not from ${within.min} to ${within.max} has no counterpart`] : [];
  const ends = rescale
    ? [`${rescale.from.min} to ${rescale.from.max} lies on ${rescale.to.min} to ${rescale.to.max}`]
    : [];
  const steps = [...pairs, ...ends, ...limits];
  return `from ${variable}${steps.length > 0 ? `: ${steps.join(', ')}` : ''}${reason === null ? '' : `. ${reason}`}`;
}
