/**
 * Whether the variables that a fidelity model reads are there in every version of the instruments that the study uses. Called by
 * the server before a model is saved and published, and by the tests on the shipped file.
 */
import { type Codebook, peopleLists } from '../codebook.ts';
import type { Component, FidelityModel, FidelitySource } from '../fidelity-model.ts';
import type { Issue, Scale } from '../instrument.ts';
import { type Issues, newIssues } from '../issues.ts';

/** One version of one instrument, as far as a rule can read it. */
export interface Readable {
  readonly codebook: Codebook;
  readonly scales: readonly Pick<Scale, 'id'>[];
}

interface Wanted {
  readonly path: string;
  readonly name: string;
  /** Where it may stand. */
  readonly in: 'entry' | 'entry-or-response' | 'scale' | 'people';
}

/**
 * @param versions all versions of all instruments that the study's administrations use, and of those that the model names
 * @returns one issue for each variable that a version lacks, with its place in the model
 */
export function checkAgainstInstruments(model: FidelityModel, versions: readonly Readable[]): readonly Issue[] {
  const issues = newIssues();
  for (const [at, component] of model.components.entries()) {
    const path = `components.${at}`;
    checkSource(component.source, `${path}.source`, [...wantedBy(component, `${path}.rule`)], { versions, issues });
  }
  for (const [at, comparison] of model.comparisons.entries()) {
    for (const key of ['self', 'facilitator', 'observer'] as const) {
      const view = comparison[key];
      if (!view) continue;
      const path = `comparisons.${at}.${key}`;
      const wanted: Wanted[] = [{ path: `${path}.scale`, name: view.scale, in: 'scale' }];
      checkSource(view.source, `${path}.source`, wanted, { versions, issues });
    }
  }
  const { usualPractice: usual, adaptations } = model;
  if (usual) {
    const wanted = usual.variables.map(
      (name, i): Wanted => ({ path: `usualPractice.variables.${i}`, name, in: 'entry' }),
    );
    checkSource(usual.source, 'usualPractice.source', wanted, { versions, issues });
  }
  if (adaptations) {
    const wanted: Wanted[] = [
      { path: 'adaptations.adapted', name: adaptations.adapted, in: 'entry' },
      ...adaptations.codes.map((name, i): Wanted => ({ path: `adaptations.codes.${i}`, name, in: 'entry' })),
    ];
    checkSource(adaptations.source, 'adaptations.source', wanted, { versions, issues });
  }
  return issues.list;
}

function* wantedBy({ rule }: Component, path: string): Generator<Wanted> {
  switch (rule.kind) {
    case 'count':
      if (rule.duration !== null) yield { path: `${path}.duration`, name: rule.duration, in: 'entry' };
      return;
    case 'share':
      yield { path: `${path}.variable`, name: rule.variable, in: rule.outOf === 'people' ? 'people' : 'entry' };
      return;
    case 'proportion':
      yield { path: `${path}.when.variable`, name: rule.when.variable, in: 'entry' };
      return;
    case 'thresholds':
      if (rule.variable !== null) yield { path: `${path}.variable`, name: rule.variable, in: 'entry' };
      return;
    case 'scale':
      yield { path: `${path}.scale`, name: rule.scale, in: 'scale' };
  }
}

function checkSource(
  source: FidelitySource,
  path: string,
  more: readonly Wanted[],
  { versions, issues }: { readonly versions: readonly Readable[]; readonly issues: Issues },
): void {
  const own = versions.filter(({ codebook }) => codebook.instrument === source.instrument);
  if (own.length === 0) {
    const text = `There is no published instrument "${source.instrument}"; publish it first, or name another one.`;
    issues.add('unknown-instrument', `${path}.instrument`, text);
    return;
  }
  const wanted: Wanted[] = [
    ...source.where.map(
      ({ variable }, i): Wanted => ({ path: `${path}.where.${i}.variable`, name: variable, in: 'entry' }),
    ),
    ...(source.day === null ? [] : [{ path: `${path}.day`, name: source.day, in: 'entry-or-response' as const }]),
    ...(source.school === null
      ? []
      : [{ path: `${path}.school`, name: source.school, in: 'entry-or-response' as const }]),
    ...more,
  ];
  checkLists(
    source,
    wanted.filter((one) => one.in === 'people'),
    own,
    issues,
  );
  for (const { codebook, scales } of own) {
    const which = `Version ${codebook.version} of "${source.instrument}"`;
    const table = source.table === null ? null : codebook.tables.find(({ name }) => name === source.table);
    if (table === undefined) {
      issues.add('unknown-table', `${path}.table`, `${which} has no list of entries "${source.table}".`);
      continue;
    }
    const responses = new Set(codebook.variables.map(({ name }) => name));
    const entries = table === null ? responses : new Set(table.variables.map(({ name }) => name));
    const scaleIds = new Set(scales.map(({ id }) => id));
    for (const { path: place, name, in: where } of wanted) {
      if (where === 'people') continue;
      const there =
        entries.has(name) ||
        (where === 'entry-or-response' && responses.has(name)) ||
        (where === 'scale' && (scaleIds.has(name) || responses.has(name)));
      if (there) continue;
      const thing = where === 'scale' ? 'scale or variable' : 'variable';
      issues.add('unknown-variable', place, `${which} has no ${thing} "${name}"${table ? ` in "${table.name}"` : ''}.`);
    }
  }
}

/** A list of people need not be in every version: what was logged without one has no share, and is told as such. */
function checkLists(
  { instrument, table }: FidelitySource,
  wanted: readonly Wanted[],
  versions: readonly Readable[],
  issues: Issues,
): void {
  for (const { path, name } of wanted) {
    if (versions.some(({ codebook }) => peopleLists(codebook, table).some((list) => list.question === name))) continue;
    const where = table === null ? '' : ` in "${table}"`;
    issues.add('unknown-variable', path, `No version of "${instrument}" ticks people in a list "${name}"${where}.`);
  }
}
