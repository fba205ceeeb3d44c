/**
 * Between parts of a fidelity model and the fields of their forms. A field is called by the path of what it holds, like
 * `expected.to.days`, so that what the server says about a path stands at its field. Used by the forms of this folder.
 */
import type {
  Comparison,
  Condition,
  FidelityModel,
  FidelitySource,
  When,
} from '../../../../instruments/fidelity-model.ts';
import type { Wave } from '../../../../instruments/study.ts';
import { formatDay } from '../../../shared/format.ts';

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

export const linesOf = (text: string | undefined) => (text ?? '').split('\n').filter((line) => line.trim() !== '');
export const listOf = (text: string | undefined) => (text ?? '').split(/[\s,]+/).filter(Boolean);
export const orNull = (text: string | undefined) => (text?.trim() ? text.trim() : null);
/** Null for what is no number: the server says so, with the place. */
export const numberOf = (text: string | undefined): number | null => {
  const number = text?.trim() ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

/** Which variables a condition is not told of; by the field of the lines. */
export function wrongConditions(values: Fields, fields: readonly string[]): Record<string, string> {
  const wrong: Record<string, string> = {};
  for (const field of fields) {
    const bad = linesOf(values[field]).find((line) => conditionOf(line) === null);
    if (bad !== undefined) wrong[field] = `This is no condition: ${bad}`;
  }
  return wrong;
}

/** What a day is counted from, as the value of a choice: `day`, `cycle begins`, `wave mid closes`. */
export function startOf(when: When): string {
  if (typeof when === 'string') return 'day';
  return 'cycle' in when ? `cycle ${when.cycle}` : `wave ${when.wave} ${when.at}`;
}

export function whenFields(when: When, field: string): Fields {
  return typeof when === 'string'
    ? { [`${field}.start`]: 'day', [`${field}.day`]: when }
    : { [`${field}.start`]: startOf(when), [`${field}.days`]: String(when.days) };
}

/** A day from its fields; whatever is no day is left for the server to refuse. */
export function whenOf(values: Fields, field: string): unknown {
  const [kind, first, second] = (values[`${field}.start`] ?? 'day').split(' ');
  if (kind === 'day') return values[`${field}.day`] ?? '';
  const days = numberOf(values[`${field}.days`] || '0');
  return kind === 'cycle' ? { cycle: first, days } : { wave: first, at: second, days };
}

/**
 * A day in words.
 *
 * @example
 * whenText({ cycle: 'begins', days: 150 }, []) // => '150 days after the cycle begins'
 * whenText({ wave: 'mid', at: 'closes', days: 0 }, []) // => 'the day on which mid closes'
 */
export function whenText(when: When, waves: readonly Pick<Wave, 'id' | 'title'>[]): string {
  if (typeof when === 'string') return formatDay(when);
  const wave = 'wave' in when ? when.wave : '';
  const start =
    'cycle' in when ? `the cycle ${when.cycle}` : `${waves.find(({ id }) => id === wave)?.title ?? wave} ${when.at}`;
  const days = Math.abs(when.days);
  if (days === 0) return `the day on which ${start}`;
  return `${days} ${days === 1 ? 'day' : 'days'} ${when.days > 0 ? 'after' : 'before'} ${start}`;
}

export function sourceFields(source: FidelitySource, field: string): Fields {
  return {
    [`${field}.instrument`]: source.instrument,
    [`${field}.table`]: source.table ?? '',
    [`${field}.where`]: source.where.map(conditionText).join('\n'),
    [`${field}.day`]: source.day ?? '',
    [`${field}.school`]: source.school ?? '',
  };
}

export function sourceOf(values: Fields, field: string): unknown {
  return {
    instrument: values[`${field}.instrument`]?.trim() ?? '',
    table: orNull(values[`${field}.table`]),
    where: linesOf(values[`${field}.where`]).map(conditionOf),
    day: orNull(values[`${field}.day`]),
    school: orNull(values[`${field}.school`]),
  };
}

export const rangeOf = (values: Fields, field: string) => ({
  min: numberOf(values[`${field}.min`]),
  max: numberOf(values[`${field}.max`]),
});
export const cutoffsOf = (values: Fields) => ({
  low: numberOf(values['cutoffs.low']),
  high: numberOf(values['cutoffs.high']),
});

export const views = ['self', 'facilitator', 'observer'] as const;

/** A view without an instrument is one that nobody takes. */
export function comparisonOf(values: Fields, id: string): unknown {
  const viewOf = (view: (typeof views)[number]) =>
    orNull(values[`${view}.source.instrument`]) === null
      ? null
      : {
          source: sourceOf(values, `${view}.source`),
          scale: values[`${view}.scale`]?.trim() ?? '',
          range: rangeOf(values, `${view}.range`),
        };
  const [self, facilitator, observer] = views.map(viewOf);
  return { id, title: values.title?.trim(), self, facilitator, observer, cutoffs: cutoffsOf(values) };
}

export function comparisonFields(was: Comparison): Fields {
  const fields = { title: was.title, 'cutoffs.low': String(was.cutoffs.low), 'cutoffs.high': String(was.cutoffs.high) };
  const asked = views.flatMap((view) => {
    const one = was[view];
    return one === null ? [] : Object.entries(viewFields(one, view));
  });
  return { ...fields, ...Object.fromEntries(asked) };
}

function viewFields(view: NonNullable<Comparison['self']>, name: string): Fields {
  const range = { [`${name}.range.min`]: String(view.range.min), [`${name}.range.max`]: String(view.range.max) };
  return { ...sourceFields(view.source, `${name}.source`), [`${name}.scale`]: view.scale, ...range };
}

export function usualPracticeOf(values: Fields): unknown {
  return {
    source: sourceOf(values, 'source'),
    variables: listOf(values.variables),
    range: rangeOf(values, 'range'),
  };
}

export function usualPracticeFields(was: NonNullable<FidelityModel['usualPractice']>): Fields {
  const range = { 'range.min': String(was.range.min), 'range.max': String(was.range.max) };
  return { ...sourceFields(was.source, 'source'), variables: was.variables.join(', '), ...range };
}

export function adaptationsOf(values: Fields): unknown {
  const source = sourceOf(values, 'source');
  return { source, adapted: values.adapted?.trim() ?? '', codes: listOf(values.codes) };
}

export function adaptationsFields(was: NonNullable<FidelityModel['adaptations']>): Fields {
  return { ...sourceFields(was.source, 'source'), adapted: was.adapted, codes: was.codes.join(', ') };
}
