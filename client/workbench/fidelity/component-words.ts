/** Between a component of a fidelity model and the fields of its form: conditions and steps as short lines. Used by the form. */
import type { Component, Condition, When } from '../../../instruments/fidelity-model.ts';

export type Fields = Readonly<Record<string, string>>;

/**
 * A condition in a line.
 *
 * @example
 * conditionText({ variable: 'ev_held', is: [1, 2] }) // => 'ev_held = 1, 2'
 * conditionText({ variable: 'ev_days', atLeast: 1, atMost: 2 }) // => 'ev_days 1 to 2'
 */
export function conditionText(condition: Condition): string {
  return 'is' in condition
    ? `${condition.variable} = ${condition.is.join(', ')}`
    : `${condition.variable} ${condition.atLeast} to ${condition.atMost}`;
}

/** A condition from a line; null where it is none. */
export function conditionOf(line: string): Condition | null {
  const among = /^\s*(\w+)\s*=\s*(-?[\d.]+(?:\s*,\s*-?[\d.]+)*)\s*$/.exec(line);
  if (among) {
    const [, variable = '', list = ''] = among;
    return { variable, is: list.split(',').map(Number) };
  }
  const between = /^\s*(\w+)\s+(-?[\d.]+)\s+to\s+(-?[\d.]+)\s*$/.exec(line);
  if (!between) return null;
  const [, variable = '', atLeast = '', atMost = ''] = between;
  return { variable, atLeast: Number(atLeast), atMost: Number(atMost) };
}

const lines = (text: string | undefined) => (text ?? '').split('\n').filter((line) => line.trim() !== '');
const list = (text: string | undefined) => (text ?? '').split(/[\s,]+/).filter(Boolean);
const orNull = (text: string | undefined) => (text?.trim() ? text.trim() : null);

/** The last expected day, in days after the cycle begins; empty: its end, or told otherwise. */
export function dueDays(when: When | undefined): string {
  return typeof when === 'object' && 'cycle' in when && when.cycle === 'begins' ? String(when.days) : '';
}

/** What the form shows of a rule. */
export function ruleFields({ rule }: Pick<Component, 'rule'>): Fields {
  switch (rule.kind) {
    case 'count':
      return { variable: rule.duration ?? '' };
    case 'share':
      return { variable: rule.variable, outOf: String(rule.outOf) };
    case 'proportion':
      return { when: conditionText(rule.when), reversed: rule.reversed ? 'yes' : 'no' };
    case 'thresholds':
      return {
        variable: rule.variable ?? '',
        figure: rule.figure,
        steps: rule.steps.map(({ from, score }) => `${from} = ${score}`).join('\n'),
      };
    case 'scale':
      return { variable: rule.scale, min: String(rule.range.min), max: String(rule.range.max) };
  }
}

/** What is wrong with what was typed, by field; the server says whatever else is. */
export function wrongFields(values: Fields): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!values.title?.trim()) wrong.title = 'Give the component a name.';
  const weight = Number(values.weight);
  if (values.weight?.trim() === '' || !Number.isFinite(weight) || weight < 0) wrong.weight = 'Give a number from 0 on.';
  if (list(values.cycles).length === 0) wrong.cycles = 'Name one cycle at least.';
  const bad = lines(values.where).find((line) => conditionOf(line) === null);
  if (bad !== undefined) wrong.where = `This is no condition: ${bad}`;
  if (values.kind === 'proportion' && conditionOf(values.when ?? '') === null)
    wrong.when = 'Write it like: took_part = 1';
  if (values.kind === 'thresholds' && stepsOf(values.steps) === null)
    wrong.steps = 'Write one step a line, like: 3 = 1';
  return wrong;
}

function stepsOf(text: string | undefined): { from: number; score: number }[] | null {
  const steps = lines(text).map((line) => {
    const [, from = '', score = ''] = /^\s*(-?[\d.]+)\s*=\s*([\d.]+)\s*$/.exec(line) ?? [];
    return { from: from === '' ? Number.NaN : Number(from), score: score === '' ? Number.NaN : Number(score) };
  });
  return steps.length === 0 || steps.some(({ from, score }) => Number.isNaN(from) || Number.isNaN(score))
    ? null
    : steps;
}

/**
 * The component as the form has it; `was` gives what the form does not show. Unknown words are left for the server to refuse,
 * with their place.
 */
export function componentOf(values: Fields, was: Component | null, id: string): unknown {
  const count = orNull(values.count);
  const due = orNull(values.due);
  const end: When =
    due === null
      ? was?.expected && dueDays(was.expected.to) === ''
        ? was.expected.to
        : { cycle: 'ends', days: 0 }
      : { cycle: 'begins', days: Number(due) };
  const duration = orNull(values.duration);
  return {
    id,
    title: values.title?.trim(),
    description: values.description ?? '',
    dimension: values.dimension,
    core: values.core === 'yes',
    level: values.level,
    after: list(values.after),
    cycles: list(values.cycles),
    expected:
      count === null
        ? null
        : {
            count: Number(count),
            from: was?.expected?.from ?? { cycle: 'begins', days: 0 },
            to: end,
            duration: duration === null ? null : Number(duration),
          },
    source: {
      instrument: values.instrument?.trim(),
      table: orNull(values.table),
      where: lines(values.where).map(conditionOf),
      day: orNull(values.day),
      school: orNull(values.school),
    },
    rule: ruleOf(values),
    weight: Number(values.weight),
    cutoffs: { low: Number(values.low), high: Number(values.high) },
  };
}

function ruleOf(values: Fields): unknown {
  const { kind } = values;
  const variable = orNull(values.variable);
  if (kind === 'share') return { kind, variable, outOf: values.outOf === 'schools' ? 'schools' : Number(values.outOf) };
  if (kind === 'proportion') return { kind, when: conditionOf(values.when ?? ''), reversed: values.reversed === 'yes' };
  if (kind === 'thresholds') return { kind, variable, figure: values.figure, steps: stepsOf(values.steps) };
  if (kind === 'scale') return { kind, scale: variable, range: { min: Number(values.min), max: Number(values.max) } };
  return { kind: 'count', duration: variable };
}
