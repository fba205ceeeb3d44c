import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  componentFields,
  componentOf,
  expectedText,
  wrongFields,
} from '../../client/workbench/fidelity/model/component-words.ts';
import {
  adaptationsFields,
  adaptationsOf,
  comparisonFields,
  comparisonOf,
  conditionOf,
  usualPracticeFields,
  usualPracticeOf,
  whenFields,
  whenOf,
} from '../../client/workbench/fidelity/model/part-words.ts';
import { fieldIn, fieldOf, placeOf } from '../../client/workbench/fidelity/model/places.ts';
import { blankFidelityModel } from '../../instruments/fidelity/blank.ts';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';

const parsed = parseFidelityModel(
  JSON.parse(readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8')),
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
const shipped: FidelityModel = parsed.value;
const { components } = shipped;

describe('the form of a component', () => {
  it.each(components.map((component) => [component.id, component] as const))('gives back %s as it was', (_, was) => {
    const values = componentFields(was);
    expect(wrongFields(values)).toEqual({});
    expect(componentOf(values, was.id)).toEqual(was);
  });

  it('reads conditions of both kinds, and says which line is none', () => {
    expect(conditionOf(' ev_held = 1, 2 ')).toEqual({ variable: 'ev_held', is: [1, 2] });
    expect(conditionOf('ev_days 0.5 to 2')).toEqual({ variable: 'ev_days', atLeast: 0.5, atMost: 2 });
    expect(conditionOf('ev_days > 2')).toBeNull();
    const wrong = wrongFields({
      title: ' ',
      weight: '-1',
      cycles: '',
      'source.where': 'ev_kind = 1\nnot a line',
      'rule.kind': 'count',
    });
    expect(wrong).toEqual({
      title: 'Give the component a name.',
      weight: 'Give a number from 0 on.',
      cycles: 'Tick one cycle at least.',
      'source.where': 'This is no condition: not a line',
    });
  });

  it('tells the schedule in words, with the titles of the waves', () => {
    const waves = [{ id: 'mid', title: 'Middle', opens: '2026-06-01', closes: '2026-06-30' }];
    const expected = {
      count: 2,
      from: { wave: 'mid', at: 'opens' as const, days: -1 },
      to: { cycle: 'begins' as const, days: 150 },
      duration: 1,
    };
    expect(expectedText({ expected }, waves)).toBe(
      '2 of 1 day from 1 day before Middle opens by 150 days after the cycle begins',
    );
    expect(expectedText({ expected: { ...expected, from: { cycle: 'begins', days: 0 } } }, waves)).toBe(
      '2 of 1 day by 150 days after the cycle begins',
    );
  });
});

describe('the other forms of a model', () => {
  it('give back every part of the shipped model as it was, from a blank one', () => {
    const built = {
      ...blankFidelityModel({ id: shipped.id, title: shipped.title }, shipped.compliance.decided),
      ...{ description: shipped.description, design: shipped.design },
      cycles: shipped.cycles.map(({ id, title, from, to }) => {
        const values = { ...whenFields(from, 'from'), ...whenFields(to, 'to') };
        return { id, title, from: whenOf(values, 'from'), to: whenOf(values, 'to') };
      }),
      components: components.map((one) => componentOf(componentFields(one), one.id)),
      comparisons: shipped.comparisons.map((one) => comparisonOf(comparisonFields(one), one.id)),
      usualPractice: shipped.usualPractice && usualPracticeOf(usualPracticeFields(shipped.usualPractice)),
      adaptations: shipped.adaptations && adaptationsOf(adaptationsFields(shipped.adaptations)),
      index: shipped.index,
      compliance: shipped.compliance,
    };
    expect(built).toEqual(shipped);
  });

  it('keep days of the calendar and days told from a wave, and leave a day that is none for the server', () => {
    for (const when of ['2026-09-01', { wave: 'mid', at: 'closes', days: 1 }, { cycle: 'ends', days: -3 }] as const) {
      expect(whenOf(whenFields(when, 'x'), 'x')).toEqual(when);
    }
    expect(whenOf({ 'x.start': 'cycle begins', 'x.days': 'soon' }, 'x')).toEqual({ cycle: 'begins', days: null });
  });

  it('have a view only where somebody was asked', () => {
    expect(comparisonOf({ title: 'Delivery', 'cutoffs.low': '0.4', 'cutoffs.high': '0.7' }, 'delivery')).toEqual({
      ...{ id: 'delivery', title: 'Delivery', self: null, facilitator: null, observer: null },
      cutoffs: { low: 0.4, high: 0.7 },
    });
  });
});

describe('an issue stands at its field', () => {
  const fields = ['title', 'expected.count', 'expected.to.start', 'source.where', 'rule.scale', 'cutoffs.low'];
  it.each([
    ['source.where.0.variable', 'source.where'],
    ['expected', 'expected.count'],
    ['expected.to', 'expected.to.start'],
    ['cutoffs', 'cutoffs.low'],
    ['rule', 'rule.scale'],
    ['weight', null],
  ])('%s: %s', (path, field) => {
    expect(fieldOf(path, fields)).toBe(field);
    expect(fieldIn('components.3')(`components.3.${path}`, fields)).toBe(field);
    expect(fieldIn('components.3')(`body.model.components.3.${path}`, fields)).toBe(field);
    expect(fieldIn('components.3')(`components.30.${path}`, fields)).toBeNull();
  });

  it('and is told with the title of its part', () => {
    expect(placeOf('components.0.weight', shipped)).toBe('Components: Cluster formed');
    expect(placeOf('index.weights', shipped)).toBe('Index');
    expect(placeOf('cycles', shipped)).toBe('Cycles');
    expect(placeOf('title', shipped)).toBe('Model');
  });
});
