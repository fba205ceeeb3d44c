import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  componentOf,
  conditionOf,
  conditionText,
  dueDays,
  ruleFields,
  wrongFields,
} from '../../client/workbench/fidelity/component-words.ts';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';

const parsed = parseFidelityModel(
  JSON.parse(readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8')),
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
const { components } = parsed.value;

describe('the form of a component', () => {
  it.each(components.map((component) => [component.id, component] as const))('gives back %s as it was', (_, was) => {
    const values = {
      ...{ title: was.title, description: was.description, dimension: was.dimension, level: was.level },
      ...{ core: was.core ? 'yes' : 'no', weight: String(was.weight), cycles: was.cycles.join(', ') },
      ...{ low: String(was.cutoffs.low), high: String(was.cutoffs.high), after: was.after.join(', ') },
      ...{ count: was.expected ? String(was.expected.count) : '', due: dueDays(was.expected?.to) },
      ...{ duration: was.expected?.duration ? String(was.expected.duration) : '', kind: was.rule.kind },
      ...{ instrument: was.source.instrument, table: was.source.table ?? '', day: was.source.day ?? '' },
      ...{ school: was.source.school ?? '', where: was.source.where.map(conditionText).join('\n') },
      ...ruleFields(was),
    };
    expect(wrongFields(values)).toEqual({});
    expect(componentOf(values, was, was.id)).toEqual(was);
  });

  it('reads conditions of both kinds, and says which line is none', () => {
    expect(conditionOf(' ev_held = 1, 2 ')).toEqual({ variable: 'ev_held', is: [1, 2] });
    expect(conditionOf('ev_days 0.5 to 2')).toEqual({ variable: 'ev_days', atLeast: 0.5, atMost: 2 });
    expect(conditionOf('ev_days > 2')).toBeNull();
    const wrong = wrongFields({
      title: ' ',
      weight: '-1',
      cycles: '',
      where: 'ev_kind = 1\nnot a line',
      kind: 'count',
    });
    expect(wrong).toEqual({
      title: 'Give the component a name.',
      weight: 'Give a number from 0 on.',
      cycles: 'Name one cycle at least.',
      where: 'This is no condition: not a line',
    });
  });
});
