/** Expressions that `parseInstrument` refuses: unknown items and functions, the clock, mixed results, circles. */
import { describe, expect, test } from 'vitest';
import { brief, issuesOf, pageOf } from './build.ts';

const radio = (more: Record<string, unknown> = {}) => ({ type: 'radiogroup', name: 'q', choices: [1, 2], ...more });
const at = 'survey.pages[0].elements[0]';

/** Conditions on the third of three questions: a code `a`, a text `b`; and a table `t` with a column `n`. */
const refusedExpressions: readonly (readonly [what: string, expression: string, code: string])[] = [
  ['cannot be read', '{a} ==== 1', 'bad-expression'],
  ['is not finished', '{a} =', 'bad-expression'],
  ['names nobody', '{nobody} = 1', 'unknown-item'],
  ['names somebody with other capitals', '{A} = 1', 'unknown-item'],
  ['names a part that is not there', '{m.x} = 1', 'unknown-item'],
  ['names a matrix row as if it were a question', '{r} = 1', 'unknown-item'],
  ['names a neighbour outside a table', '{row.n} = 1', 'unknown-item'],
  ['asks for a property of a question', '{$a.isVisible}', 'unknown-item'],
  ['asks for a prototype', '{a.__proto__.x} = 1', 'unknown-item'],
  ['calls a function that nobody knows', 'launch({a}) = 1', 'unknown-function'],
  ['calls a function of the screen', "displayValue('a') = 'x'", 'unknown-function'],
  ['reads the clock', 'today() > {b}', 'clock-function'],
  ['reads the clock by age', 'age({b}) > 18', 'clock-function'],
  ['reads the clock where a date is blank', 'year({b}) > 2000', 'clock-function'],
  ['leaves iif without its else', 'iif({a} = 1, 2) = 2', 'bad-argument'],
  ['mixes numbers and texts in iif', "iif({a} = 1, 2, 'x') = 2", 'mixed-result'],
  ['adds up texts', 'sum({b}) > 1', 'bad-argument'],
  ['subtracts from texts', '{b} - 1 > 1', 'bad-argument'],
  ['rounds to digits that were asked', 'round({a}, {a}) > 1', 'bad-argument'],
  ["reads a month in somebody's time zone", "getYear('2026-01') > 2000", 'bad-argument'],
  ['reads a number as a date', "dateDiff({a}, {b}, 'days') > 1", 'bad-argument'],
  ['counts hours across time zones', "dateDiff({b}, {b}, 'hours') > 1", 'bad-argument'],
  ['adds up a column that is not there', "sumInArray({t}, 'x') > 1", 'bad-argument'],
  ['filters a column by words that are read later', "sumInArray({t}, 'n', '{n} > today()') > 1", 'bad-argument'],
  ['is too long', `{a} = 1${' or {a} = 1'.repeat(250)}`, 'expression-too-long'],
  ['is too deep', `${'('.repeat(40)}{a} = 1${')'.repeat(40)}`, 'expression-too-long'],
];

describe('an expression is refused that', () => {
  test.each(refusedExpressions)('%s', (_what, expression, code) => {
    const survey = pageOf(
      radio({ name: 'a' }),
      { type: 'text', name: 'b', inputType: 'date' },
      { type: 'matrixdynamic', name: 't', columns: [{ name: 'n', cellType: 'text', inputType: 'number' }] },
      { type: 'matrix', name: 'm', rows: ['r'], columns: [1, 2] },
      { type: 'comment', name: 'q', visibleIf: expression },
    );
    expect(brief(issuesOf(survey))).toEqual([`${code} survey.pages[0].elements[4].visibleIf`]);
  });

  test('computes what is neither number, truth nor text', () => {
    const expressions = ["dateAdd({d}, 1, 'days')", '{c}', '{c} and {c}'];
    for (const expression of expressions) {
      const survey = pageOf(
        { type: 'text', name: 'd', inputType: 'date' },
        { type: 'checkbox', name: 'c', choices: [1] },
        { type: 'expression', name: 'q', expression },
      );
      expect(brief(issuesOf(survey)), expression).toEqual(['mixed-result survey.pages[0].elements[2].expression']);
    }
  });

  test('computes with codes that are no amounts', () => {
    const column = { name: 'x', cellType: 'dropdown', choices: [1, { value: 9, missingReason: 'declined' }] };
    const table = { type: 'matrixdynamic', name: 't', columns: [column] };
    const survey = pageOf(table, { type: 'expression', name: 'q', expression: "sumInArray({t}, 'x')" });
    expect(brief(issuesOf(survey))).toEqual(['marked-argument survey.pages[0].elements[1].expression']);
  });

  test('makes a circle', () => {
    const circle = pageOf(
      { type: 'comment', name: 'a', visibleIf: '{b} notempty' },
      { type: 'comment', name: 'b', visibleIf: '{a} notempty' },
    );
    expect(brief(issuesOf(circle))).toEqual([`cyclic-condition ${at}.visibleIf`]);
    const self = pageOf(radio({ visibleIf: '{q} = 1' }));
    expect(brief(issuesOf(self))).toEqual([`cyclic-condition ${at}.visibleIf`]);
    const longer = pageOf(
      { type: 'expression', name: 'a', expression: '{c} + 1' },
      { type: 'expression', name: 'b', expression: '{a} + 1' },
      { type: 'expression', name: 'c', expression: '{b} + 1' },
    );
    expect(issuesOf(longer).map((issue) => issue.code)).toContain('cyclic-condition');
    const inside = {
      type: 'paneldynamic',
      name: 't',
      templateElements: [
        { type: 'comment', name: 'x', visibleIf: '{panel.y} notempty' },
        { type: 'comment', name: 'y', visibleIf: '{panel.x} notempty' },
      ],
    };
    expect(issuesOf(pageOf(inside)).map((issue) => issue.code)).toContain('cyclic-condition');
    const through = pageOf(
      {
        type: 'paneldynamic',
        name: 't',
        templateElements: [{ type: 'comment', name: 'x', visibleIf: '{a} notempty' }],
      },
      { type: 'comment', name: 'a', visibleIf: '{t.length} > 0' },
    );
    expect(issuesOf(through).map((issue) => issue.code)).toContain('cyclic-condition');
  });
});
