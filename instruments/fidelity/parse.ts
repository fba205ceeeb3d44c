/**
 * From foreign JSON to a fidelity model: its shape, and everything that must hold between its parts. Called by the server when
 * a model is saved, by the workbench while it is built and by the tests on the shipped file.
 */
import { type FidelityModel, readFidelityModel } from '../fidelity-model.ts';
import type { Parsed } from '../instrument.ts';
import { type Issues, newIssues } from '../issues.ts';

/** How far the weights may be from 1: what rounding leaves of many of them. */
const tolerance = 1e-9;

export function parseFidelityModel(json: unknown): Parsed<FidelityModel> {
  const parsed = readFidelityModel(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({
      code: issue.code.replaceAll('_', '-'),
      path: issue.path.map(String).join('.'),
      message: issue.message,
    }));
    return { ok: false, issues };
  }
  const issues = newIssues();
  checkThere(parsed.data, issues);
  checkNames(parsed.data, issues);
  // Of names that stand for two things, no order can be told.
  if (issues.list.length === 0) checkOrder(parsed.data, issues);
  checkWeights(parsed.data, issues);
  checkRanges(parsed.data, issues);
  return issues.list.length > 0 ? { ok: false, issues: [...issues.list] } : { ok: true, value: parsed.data };
}

/** What a draft may do without, and a model may not. */
function checkThere({ cycles, components }: FidelityModel, issues: Issues): void {
  if (cycles.length === 0) issues.add('no-cycle', 'cycles', 'There is no cycle yet; add one, with its days.');
  if (components.length === 0) {
    issues.add('no-component', 'components', 'There is no component yet; add what the programme consists of.');
  }
}

/** Each name once, and no name of something that is not there. */
function checkNames({ cycles, components, comparisons }: FidelityModel, issues: Issues): void {
  for (const [list, things] of Object.entries({ cycles, components, comparisons })) {
    const seen = new Set<string>();
    for (const [at, { id }] of things.entries()) {
      if (seen.has(id)) issues.add('duplicate-id', `${list}.${at}.id`, `"${id}" stands for two of them; rename one.`);
      seen.add(id);
    }
  }
  const cycleIds = new Set(cycles.map(({ id }) => id));
  const componentIds = new Set(components.map(({ id }) => id));
  for (const [at, component] of components.entries()) {
    if (component.cycles.length === 0) {
      issues.add('no-cycle', `components.${at}.cycles`, 'Name at least one cycle in which it takes place.');
    }
    for (const [i, cycle] of component.cycles.entries()) {
      if (cycleIds.has(cycle)) continue;
      issues.add('unknown-cycle', `components.${at}.cycles.${i}`, `There is no cycle "${cycle}" in this model.`);
    }
    for (const [i, before] of component.after.entries()) {
      if (componentIds.has(before)) continue;
      issues.add(
        'unknown-component',
        `components.${at}.after.${i}`,
        `There is no component "${before}" in this model.`,
      );
    }
  }
  for (const [at, { from, to }] of cycles.entries()) {
    for (const [end, when] of Object.entries({ from, to })) {
      if (typeof when !== 'object' || !('cycle' in when)) continue;
      const text = 'A cycle cannot begin or end by its own days; name a day of the calendar or a wave.';
      issues.add('circular-date', `cycles.${at}.${end}`, text);
    }
  }
}

/** What comes before what must not lead back to itself. */
function checkOrder({ components }: FidelityModel, issues: Issues): void {
  const byId = new Map(components.map((component) => [component.id, component]));
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | null => {
    const at = path.indexOf(id);
    if (at >= 0) return [...path.slice(at), id];
    if (done.has(id)) return null;
    for (const before of byId.get(id)?.after ?? []) {
      const circle = visit(before, [...path, id]);
      if (circle) return circle;
    }
    done.add(id);
    return null;
  };
  for (const [at, { id }] of components.entries()) {
    const circle = visit(id, []);
    if (!circle) continue;
    const text = `The order leads back to itself: ${circle.join(' after ')}. Take one of these steps out.`;
    issues.add('circular-order', `components.${at}.after`, text);
    return;
  }
}

function checkWeights({ components, index }: FidelityModel, issues: Issues): void {
  if (components.length === 0) return;
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) {
    issues.add(
      'no-weight',
      'index.weights',
      'All weights are 0, so there is no index; give at least one component a weight.',
    );
  } else if (index.weights === 'sum-to-one' && Math.abs(total - 1) > tolerance) {
    const text = `The weights sum to ${Number(total.toFixed(6))}, not to 1. Change them, or declare them as relative.`;
    issues.add('weights-do-not-sum', 'index.weights', text);
  }
}

function checkRanges({ components, comparisons, usualPractice }: FidelityModel, issues: Issues): void {
  const ordered = (range: { readonly min: number; readonly max: number }, path: string) => {
    if (range.min < range.max) return;
    issues.add(
      'empty-range',
      path,
      `The range goes from ${range.min} to ${range.max}; the highest must be above the lowest.`,
    );
  };
  for (const [at, { rule, cutoffs, expected, dimension }] of components.entries()) {
    const path = `components.${at}`;
    if (rule.kind === 'scale') ordered(rule.range, `${path}.rule.range`);
    if (cutoffs.low > cutoffs.high) {
      issues.add('cutoffs-crossed', `${path}.cutoffs`, 'The cut-off for low is above that for high; change one.');
    }
    if (rule.kind === 'share' && rule.roles && rule.outOf !== 'people') {
      const text = 'Roles say whom a share out of the people counts; leave them out here.';
      issues.add('roles-without-people', `${path}.rule.roles`, text);
    }
    if (rule.kind === 'count' && !expected) {
      issues.add('nothing-expected', `${path}.expected`, 'A count needs the number that is expected; say how many.');
    }
    if (rule.kind === 'count' && rule.duration !== null && expected?.duration === null) {
      issues.add(
        'no-duration',
        `${path}.expected.duration`,
        'The rule looks at the days that events took; say how many are expected.',
      );
    }
    if (rule.kind === 'thresholds') {
      if (rule.figure !== 'count' && rule.variable === null) {
        issues.add('no-variable', `${path}.rule.variable`, `A ${rule.figure} needs a variable; name one.`);
      }
      const rising = rule.steps.every(({ from }, i) => i === 0 || from > (rule.steps[i - 1]?.from ?? 0));
      if (!rising) issues.add('steps-not-rising', `${path}.rule.steps`, 'Put the steps in order, from the lowest up.');
    }
    if (expected && dimension === 'adaptation') {
      issues.add('adaptation-expected', `${path}.expected`, 'An adaptation is not expected by a day; leave this out.');
    }
  }
  for (const [at, one] of comparisons.entries()) {
    const views = [one.self, one.facilitator, one.observer];
    if (views.filter(Boolean).length < 2) {
      issues.add(
        'nothing-to-compare',
        `comparisons.${at}`,
        'A comparison needs at least two of self, facilitator and observer.',
      );
    }
    for (const key of ['self', 'facilitator', 'observer'] as const) {
      const view = one[key];
      if (view) ordered(view.range, `comparisons.${at}.${key}.range`);
    }
  }
  if (usualPractice) ordered(usualPractice.range, 'usualPractice.range');
}
