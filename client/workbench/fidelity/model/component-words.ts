/** Between a component of a fidelity model and the fields of its form; as `part-words.ts`. Used by the form and the table. */
import type { Component } from '../../../../instruments/fidelity-model.ts';
import type { Wave } from '../../../../instruments/study.ts';
import {
  conditionOf,
  conditionText,
  cutoffsOf,
  type Fields,
  linesOf,
  listOf,
  numberOf,
  orNull,
  rangeOf,
  sourceFields,
  sourceOf,
  whenFields,
  whenOf,
  whenText,
  wrongConditions,
} from './part-words.ts';

/** What the form shows of a component. */
export function componentFields(was: Component): Fields {
  const { expected } = was;
  return {
    ...{ id: was.id, title: was.title, description: was.description, dimension: was.dimension, level: was.level },
    ...{ core: was.core ? 'yes' : 'no', after: was.after.join(', '), cycles: was.cycles.join(', ') },
    'expected.count': expected ? String(expected.count) : '',
    'expected.duration': expected?.duration ? String(expected.duration) : '',
    ...(expected ? { ...whenFields(expected.from, 'expected.from'), ...whenFields(expected.to, 'expected.to') } : {}),
    ...sourceFields(was.source, 'source'),
    'rule.kind': was.rule.kind,
    ...ruleFields(was),
    weight: String(was.weight),
    'cutoffs.low': String(was.cutoffs.low),
    'cutoffs.high': String(was.cutoffs.high),
  };
}

/** What the form shows of a rule. */
function ruleFields({ rule }: Pick<Component, 'rule'>): Fields {
  switch (rule.kind) {
    case 'count':
      return { 'rule.duration': rule.duration ?? '' };
    case 'share':
      return {
        'rule.variable': rule.variable,
        'rule.outOf': String(rule.outOf),
        'rule.roles': rule.roles?.join(', ') ?? '',
      };
    case 'proportion':
      return { 'rule.when': conditionText(rule.when), 'rule.reversed': rule.reversed ? 'yes' : 'no' };
    case 'thresholds':
      return {
        'rule.variable': rule.variable ?? '',
        'rule.figure': rule.figure,
        'rule.steps': rule.steps.map(({ from, score }) => `${from} = ${score}`).join('\n'),
      };
    case 'scale':
      return {
        'rule.scale': rule.scale,
        'rule.range.min': String(rule.range.min),
        'rule.range.max': String(rule.range.max),
      };
  }
}

/** What is wrong with what was typed, by field; the server says whatever else is. */
export function wrongFields(values: Fields): Record<string, string> {
  const wrong = wrongConditions(values, ['source.where']);
  if (!values.title?.trim()) wrong.title = 'Give the component a name.';
  const weight = numberOf(values.weight);
  if (weight === null || weight < 0) wrong.weight = 'Give a number from 0 on.';
  if (listOf(values.cycles).length === 0) wrong.cycles = 'Tick one cycle at least.';
  if (values['rule.kind'] === 'proportion' && conditionOf(values['rule.when'] ?? '') === null)
    wrong['rule.when'] = 'Write it like: took_part = 1';
  if (values['rule.kind'] === 'thresholds' && stepsOf(values['rule.steps']) === null)
    wrong['rule.steps'] = 'Write one step a line, like: 3 = 1';
  return wrong;
}

function stepsOf(text: string | undefined): { from: number; score: number }[] | null {
  const steps = linesOf(text).map((line) => {
    const [, from = '', score = ''] = /^\s*(-?[\d.]+)\s*=\s*([\d.]+)\s*$/.exec(line) ?? [];
    return { from: from === '' ? Number.NaN : Number(from), score: score === '' ? Number.NaN : Number(score) };
  });
  return steps.length === 0 || steps.some(({ from, score }) => Number.isNaN(from) || Number.isNaN(score))
    ? null
    : steps;
}

/** The component as the form has it. Unknown words are left for the server to refuse, with their place. */
export function componentOf(values: Fields, id: string): unknown {
  const count = orNull(values['expected.count']);
  const duration = orNull(values['expected.duration']);
  return {
    id,
    title: values.title?.trim(),
    description: values.description ?? '',
    dimension: values.dimension,
    core: values.core === 'yes',
    level: values.level,
    after: listOf(values.after),
    cycles: listOf(values.cycles),
    expected:
      count === null
        ? null
        : {
            count: numberOf(count),
            from: whenOf(values, 'expected.from'),
            to: whenOf(values, 'expected.to'),
            duration: duration === null ? null : numberOf(duration),
          },
    source: sourceOf(values, 'source'),
    rule: ruleOf(values),
    weight: numberOf(values.weight),
    cutoffs: cutoffsOf(values),
  };
}

function ruleOf(values: Fields): unknown {
  const kind = values['rule.kind'];
  const variable = orNull(values['rule.variable']);
  switch (kind) {
    case 'share': {
      const outOf = values['rule.outOf']?.trim();
      const word = outOf === 'schools' || outOf === 'people' ? outOf : null;
      const roles = listOf(values['rule.roles']);
      return {
        ...{ kind, variable: variable ?? '', outOf: word ?? numberOf(outOf) },
        ...(roles.length > 0 ? { roles } : {}),
      };
    }
    case 'proportion':
      return { kind, when: conditionOf(values['rule.when'] ?? ''), reversed: values['rule.reversed'] === 'yes' };
    case 'thresholds':
      return { kind, variable, figure: values['rule.figure'], steps: stepsOf(values['rule.steps']) };
    case 'scale':
      return { kind, scale: values['rule.scale']?.trim() ?? '', range: rangeOf(values, 'rule.range') };
    default:
      return { kind: 'count', duration: orNull(values['rule.duration']) };
  }
}

/** What is expected, in a line. */
export function expectedText({ expected }: Pick<Component, 'expected'>, waves: readonly Wave[]): string {
  if (!expected) return 'nothing by day';
  const { count, duration, from, to } = expected;
  const each = duration === null ? '' : ` of ${duration} ${duration === 1 ? 'day' : 'days'}`;
  const begins = typeof from === 'object' && 'cycle' in from && from.cycle === 'begins' && from.days === 0;
  return `${count}${each} ${begins ? '' : `from ${whenText(from, waves)} `}by ${whenText(to, waves)}`;
}

/** The rule, in a line. */
export function ruleText({ source, rule }: Component): string {
  const where = source.where.map(conditionText).join(' and ');
  const of = `${source.table ?? source.instrument}${where ? ` where ${where}` : ''}`;
  switch (rule.kind) {
    case 'count':
      return `count of ${of}${rule.duration ? `, by ${rule.duration}` : ''}`;
    case 'share':
      return `${rule.variable} out of ${rule.outOf}, in ${of}`;
    case 'proportion':
      return `share ${rule.reversed ? 'without' : 'with'} ${conditionText(rule.when)}, in ${of}`;
    case 'thresholds':
      return `${rule.figure} of ${rule.variable ?? 'entries'} in ${of}: ${rule.steps.map(({ from, score }) => `from ${from} ${score}`).join(', ')}`;
    case 'scale':
      return `${rule.scale} from ${rule.range.min} to ${rule.range.max}, in ${of}`;
  }
}
