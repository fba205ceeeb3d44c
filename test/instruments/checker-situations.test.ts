/** What `checkAnswers` refuses because of other answers, lets pass while a response is being given; hostile input. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { asking, brief, compiled, pageOf } from './build.ts';
import { everyType } from './every-type.ts';

const check = (instrument: CompiledInstrument, answers: unknown): string[] => brief(checkAnswers(instrument, answers));
const draft = (instrument: CompiledInstrument, answers: unknown): string[] =>
  brief(checkAnswers(instrument, answers, { partial: true }));

const radio = { type: 'radiogroup', name: 'q', choices: [1, 2] };
const matrix = { type: 'matrix', name: 'q', rows: ['r', 's'], columns: [1, 2] };
const table = { type: 'matrixdynamic', name: 'q', maxRowCount: 2, columns: [{ name: 'c', choices: [1, 2] }] };
const panels = { type: 'paneldynamic', name: 'q', templateElements: [{ type: 'text', name: 'c', isRequired: true }] };
const numeric = { type: 'text', name: 'q', inputType: 'number', min: 0, max: 10, step: 2 };

describe('conditions', () => {
  const instrument = asking(
    { type: 'boolean', name: 'any' },
    { ...radio, visibleIf: '{any} = true', requiredIf: '{any} = true' },
    {
      type: 'radiogroup',
      name: 'some',
      choices: [1, { value: 2, visibleIf: '{any} = true' }, { value: 3 }],
      choicesVisibleIf: '{item} <> 3 or {any} = true',
    },
    {
      type: 'matrix',
      name: 'm',
      rows: ['r', { value: 's', visibleIf: '{any} = true' }],
      columns: [1, 2],
      eachRowRequired: true,
    },
    { type: 'text', name: 'why', enableIf: '{any} = true', isRequired: true, inputType: 'email' },
  );

  test('a hidden item, row or choice cannot be answered', () => {
    expect(check(instrument, { any: false, q: 1, some: 2, m: { r: 1, s: 1 } })).toEqual([
      'hidden-item answers.q',
      'hidden-choice answers.some',
      'hidden-item answers.m.s',
    ]);
    expect(check(instrument, { any: false, some: 3, m: { r: 1 } })).toEqual(['hidden-choice answers.some']);
    expect(check(instrument, { any: true, q: 1, some: 3, m: { r: 1, s: 1 }, why: 'a@b.org' })).toEqual([]);
  });

  test('what is hidden or disabled is not needed', () => {
    expect(check(instrument, { any: false, m: { r: 1 } })).toEqual([]);
    expect(check(instrument, { any: true })).toEqual([
      'required answers.q',
      'required answers.m.r',
      'required answers.m.s',
      'required answers.why',
    ]);
  });

  test('what cannot be answered any more need not be well written', () => {
    expect(check(instrument, { any: false, m: { r: 1 }, why: 'nobody' })).toEqual([]);
    expect(check(instrument, { any: true, q: 1, m: { r: 1, s: 1 }, why: 'nobody' })).toEqual([
      'bad-format answers.why',
    ]);
  });

  test('the answer of a hidden item steers nothing', () => {
    const chain = asking(
      { ...radio, name: 'a' },
      { ...radio, name: 'b', visibleIf: '{a} = 1' },
      { ...radio, name: 'c', visibleIf: '{b} = 1' },
    );
    expect(check(chain, { a: 2, b: 1, c: 1 })).toEqual(['hidden-item answers.b', 'hidden-item answers.c']);
  });

  test('an answer of the wrong type is reported once, and steers nothing', () => {
    expect(check(instrument, { any: 'yes', m: { r: 1 } })).toEqual(['wrong-type answers.any']);
  });

  test('inside a table each row has its own', () => {
    const log = asking({
      type: 'paneldynamic',
      name: 't',
      templateElements: [
        { type: 'dropdown', name: 'kind', choices: [1, 2] },
        { type: 'text', name: 'days', inputType: 'number', visibleIf: '{panel.kind} = 1', isRequired: true },
        { type: 'expression', name: 'hours', expression: '{panel.days} * 6' },
        { type: 'text', name: 'first', visibleIf: '{panelIndex} = 0' },
      ],
    });
    expect(
      check(log, {
        t: [
          { kind: 1, days: 2, hours: 12, first: 'x' },
          { kind: 2, hours: 0 },
        ],
      }),
    ).toEqual([]);
    expect(check(log, { t: [{ kind: 1 }, { kind: 2, days: 1, first: 'x' }] })).toEqual([
      'required answers.t[0].days',
      'hidden-item answers.t[1].days',
      'hidden-item answers.t[1].first',
    ]);
    expect(check(log, { t: [{ kind: 1, days: 2, hours: 13 }] })).toEqual(['wrong-result answers.t[0].hours']);
  });

  test('a value that the survey computes is taken when it is ours', () => {
    const sum = compiled({
      ...pageOf({ type: 'rating', name: 'a' }),
      calculatedValues: [
        { name: 'twice', expression: '{a} * 2', includeIntoResult: true },
        { name: 'aside', expression: '1' },
      ],
    });
    expect(check(sum, { a: 2, twice: 4 })).toEqual([]);
    expect(check(sum, { a: 2 })).toEqual([]);
    expect(check(sum, { a: 2, twice: 5 })).toEqual(['wrong-result answers.twice']);
    expect(check(sum, { aside: 1 })).toEqual(['unknown-item answers.aside']);
  });
});

describe('while a response is being given', () => {
  const instrument = asking(
    { ...numeric, name: 'n' },
    { type: 'text', name: 'e', inputType: 'email' },
    { type: 'checkbox', name: 'c', choices: [1, 2, 3], minSelectedChoices: 2 },
    { ...radio, visibleIf: '{n} = 2' },
  );

  test('what typing may still mend passes', () => {
    expect(draft(instrument, { n: 99, e: 'some', c: [1], q: 1 })).toEqual([]);
  });

  test('types, codes, names and lengths bind all the same', () => {
    expect(draft(instrument, { n: '9', e: 'x'.repeat(2000), c: [4], q: 3, x: 1 })).toEqual([
      'wrong-type answers.n',
      'too-long answers.e',
      'unknown-code answers.c[0]',
      'unknown-code answers.q',
      'unknown-item answers.x',
    ]);
    expect(draft(instrument, { n: -995 })).toEqual(['reserved-code answers.n']);
  });
});

describe('hostile input', () => {
  const instrument = compiled(everyType.survey);

  test('is no set of answers', () => {
    for (const answers of [undefined, null, 1, 'x', [], () => 1, new Date(0), new Map(), Symbol('x')]) {
      expect(check(instrument, answers)).toEqual(['not-an-object answers']);
    }
  });

  test('prototype keys are unknown items, at every level', () => {
    const answers = JSON.parse('{"__proto__": {"q": 1}, "constructor": {"prototype": 1}, "toString": 1}');
    expect(check(asking(radio), answers)).toEqual([
      'unknown-item answers.__proto__',
      'unknown-item answers.constructor',
      'unknown-item answers.toString',
    ]);
    expect(check(asking(matrix), JSON.parse('{"q": {"__proto__": 1, "constructor": 1}}'))).toEqual([
      'unknown-row answers.q.__proto__',
      'unknown-row answers.q.constructor',
    ]);
    expect(check(asking(table), JSON.parse('{"q": [{"__proto__": 1}]}'))).toEqual([
      'unknown-column answers.q[0].__proto__',
    ]);
    expect(Reflect.get({}, 'q')).toBeUndefined();
  });

  test('answers without a prototype are answers', () => {
    expect(check(asking(radio), Object.assign(Object.create(null), { q: 1 }))).toEqual([]);
  });

  test('depth and length cost no more than their size', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    for (const question of [
      radio,
      matrix,
      table,
      panels,
      { type: 'comment', name: 'q' },
      { type: 'checkbox', name: 'q', choices: [1] },
    ]) {
      expect(check(asking(question), { q: deep }).length).toBeGreaterThan(0);
    }
    const circle: Record<string, unknown> = {};
    circle.q = circle;
    expect(check(asking(matrix), circle)).toEqual(['unknown-row answers.q.q']);
    const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, key) => [`k${key}`, key]));
    expect(check(asking(radio), keys)).toHaveLength(501);
  });

  test('messages do not repeat long answers', () => {
    const [issue] = checkAnswers(asking(radio), { q: 'secret '.repeat(1000) });
    expect(issue?.message.length).toBeLessThan(120);
  });

  test('nothing at all makes it throw', () => {
    const names = instrument.questions.map((one) => one.question.name);
    const anything = fc.dictionary(
      fc.constantFrom(...names, '__proto__', 'x'),
      fc.anything({ withNullPrototype: true, withDate: true, withBigInt: true }),
    );
    fc.assert(
      fc.property(anything, fc.boolean(), (answers, partial) => {
        expect(Array.isArray(checkAnswers(instrument, answers, { partial }))).toBe(true);
      }),
      { seed: 12, numRuns: 1000 },
    );
  });

  test('answers are left as they were', () => {
    const answers = { any: 1, table: [{ a: 1 }] };
    const before = JSON.stringify(answers);
    checkAnswers(instrument, answers);
    expect(JSON.stringify(answers)).toBe(before);
  });
});
