/** What `checkAnswers` refuses about each kind of answer, by code and path. */
import { describe, expect, test } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { asking, brief } from './build.ts';

const check = (instrument: CompiledInstrument, answers: unknown): string[] => brief(checkAnswers(instrument, answers));
const draft = (instrument: CompiledInstrument, answers: unknown): string[] =>
  brief(checkAnswers(instrument, answers, { partial: true }));

const radio = { type: 'radiogroup', name: 'q', choices: [1, 2] };
const matrix = { type: 'matrix', name: 'q', rows: ['r', 's'], columns: [1, 2] };
const grid = { type: 'matrixdropdown', name: 'q', rows: ['r'], columns: [{ name: 'c', choices: [1, 2] }] };
const table = { type: 'matrixdynamic', name: 'q', maxRowCount: 2, columns: [{ name: 'c', choices: [1, 2] }] };
const panels = { type: 'paneldynamic', name: 'q', templateElements: [{ type: 'text', name: 'c', isRequired: true }] };
const numeric = { type: 'text', name: 'q', inputType: 'number', min: 0, max: 10, step: 2 };

/** A question, an answer, and all that is wrong with it. */
const illegal: readonly (readonly [
  what: string,
  question: Record<string, unknown>,
  answer: unknown,
  issues: readonly string[],
])[] = [
  ['a code that is none of the choices', radio, 3, ['unknown-code answers.q']],
  ['a code as a text', radio, '1', ['wrong-type answers.q']],
  ['a code in a list', radio, [1], ['wrong-type answers.q']],
  ['a code in an object', radio, { value: 1 }, ['wrong-type answers.q']],
  ['null', radio, null, ['wrong-type answers.q']],
  ['no number', radio, Number.NaN, ['unknown-code answers.q']],
  ['a number without end', numeric, Number.POSITIVE_INFINITY, ['wrong-type answers.q']],
  ['NaN', numeric, Number.NaN, ['wrong-type answers.q']],
  ['a number as a text', numeric, '4', ['wrong-type answers.q']],
  ['a number below', numeric, -2, ['out-of-range answers.q']],
  ['a number above', numeric, 12, ['out-of-range answers.q']],
  ['a number between two steps', numeric, 3, ['bad-step answers.q']],
  ['a reserved number', { type: 'text', name: 'q', inputType: 'number' }, -995, ['reserved-code answers.q']],
  ['a rating of 42 on 1 to 5', { type: 'rating', name: 'q' }, 42, ['unknown-code answers.q']],
  ['a slider off its end', { type: 'slider', name: 'q' }, 101, ['out-of-range answers.q']],
  ['a range upside down', { type: 'slider', name: 'q', sliderType: 'range' }, [5, 1], ['bad-order answers.q']],
  ['a range with three ends', { type: 'slider', name: 'q', sliderType: 'range' }, [1, 2, 3], ['wrong-type answers.q']],
  [
    'a range too short',
    { type: 'slider', name: 'q', sliderType: 'range', minRangeLength: 10 },
    [1, 2],
    ['out-of-range answers.q'],
  ],
  ['a truth as a number', { type: 'boolean', name: 'q' }, 1, ['wrong-type answers.q']],
  [
    'a number that is neither',
    { type: 'boolean', name: 'q', valueTrue: 1, valueFalse: 2 },
    3,
    ['unknown-code answers.q'],
  ],
  ['choices that are none', { type: 'checkbox', name: 'q', choices: [1, 2] }, [1, 7], ['unknown-code answers.q[1]']],
  ['the same choice twice', { type: 'checkbox', name: 'q', choices: [1, 2] }, [1, 1], ['repeated-code answers.q[1]']],
  ['one choice not in a list', { type: 'checkbox', name: 'q', choices: [1, 2] }, 1, ['wrong-type answers.q']],
  [
    'too many choices',
    { type: 'checkbox', name: 'q', choices: [1, 2, 3], maxSelectedChoices: 2 },
    [1, 2, 3],
    ['too-many answers.q'],
  ],
  [
    'too few choices',
    { type: 'checkbox', name: 'q', choices: [1, 2, 3], minSelectedChoices: 2 },
    [1],
    ['too-few answers.q'],
  ],
  ['more choices than there are', { type: 'checkbox', name: 'q', choices: [1, 2] }, [1, 2, 1], ['too-many answers.q']],
  [
    'an exclusive choice with another',
    { type: 'checkbox', name: 'q', choices: [1, { value: 2, isExclusive: true }] },
    [1, 2],
    ['exclusive-code answers.q'],
  ],
  [
    'no answer and an answer',
    { type: 'checkbox', name: 'q', choices: [1, { value: 2, missingReason: 'declined' }] },
    [1, 2],
    ['exclusive-code answers.q'],
  ],
  ['a ranking with gaps', { type: 'ranking', name: 'q', choices: [1, 2, 3] }, [3, 1], ['too-few answers.q']],
  [
    'a ranking with one twice',
    { type: 'ranking', name: 'q', choices: [1, 2, 3] },
    [3, 1, 1],
    ['repeated-code answers.q[2]'],
  ],
  ['a cell that is no column', matrix, { r: 3 }, ['unknown-code answers.q.r']],
  ['a row that is none', matrix, { t: 1 }, ['unknown-row answers.q.t']],
  ['a matrix that is a list', matrix, [1, 2], ['wrong-type answers.q']],
  ['rows that are the same', { ...matrix, eachRowUnique: true }, { r: 1, s: 1 }, ['repeated-code answers.q.s']],
  ['a row left out where each is wanted', { ...matrix, eachRowRequired: true }, { r: 1 }, ['required answers.q.s']],
  ['a cell of a grid that is no choice', grid, { r: { c: 3 } }, ['unknown-code answers.q.r.c']],
  ['a column that is none', grid, { r: { d: 1 } }, ['unknown-column answers.q.r.d']],
  ['a row of a grid that is a number', grid, { r: 1 }, ['wrong-type answers.q.r']],
  ['too many rows', table, [{}, {}, {}], ['too-many answers.q']],
  ['5,000 rows', table, Array.from({ length: 5000 }, () => ({ c: 9 })), ['too-many answers.q']],
  ['rows that are no objects', table, [1], ['wrong-type answers.q[0]']],
  ['a cell of a row that is no choice', table, [{ c: 1 }, { c: 3 }], ['unknown-code answers.q[1].c']],
  [
    'rows that are the same where they must differ',
    { ...table, keyName: 'c' },
    [{ c: 1 }, { c: 1 }],
    ['repeated-value answers.q[1].c'],
  ],
  [
    'too few rows where some are wanted',
    { ...table, isRequired: true, minRowCount: 2 },
    [{ c: 1 }, {}],
    ['too-few answers.q'],
  ],
  ['a row without what it needs', panels, [{ c: 'x' }, {}], ['required answers.q[1].c']],
  ['a text too long', { type: 'text', name: 'q', maxLength: 3 }, 'four', ['too-long answers.q']],
  ['a text longer than any', { type: 'text', name: 'q' }, 'x'.repeat(1001), ['too-long answers.q']],
  ['a comment longer than any', { type: 'comment', name: 'q' }, 'x'.repeat(10_001), ['too-long answers.q']],
  ['a text that is a number', { type: 'text', name: 'q' }, 4, ['wrong-type answers.q']],
  ['a text with nul in it', { type: 'text', name: 'q' }, 'a\0b', ['bad-text answers.q']],
  ['a text with half a character', { type: 'text', name: 'q' }, 'a\ud800b', ['bad-text answers.q']],
  [
    'a day that is not in the calendar',
    { type: 'text', name: 'q', inputType: 'date' },
    '2023-02-29',
    ['bad-format answers.q'],
  ],
  [
    'a date as in another country',
    { type: 'text', name: 'q', inputType: 'date' },
    '28/02/2023',
    ['bad-format answers.q'],
  ],
  [
    'a date too early',
    { type: 'text', name: 'q', inputType: 'date', min: '2024-01-01' },
    '2023-12-31',
    ['out-of-range answers.q'],
  ],
  ['a time that is none', { type: 'text', name: 'q', inputType: 'time' }, '24:00', ['bad-format answers.q']],
  [
    'a week that is not in its year',
    { type: 'text', name: 'q', inputType: 'week' },
    '2021-W53',
    ['bad-format answers.q'],
  ],
  ['an address without a domain', { type: 'text', name: 'q', inputType: 'email' }, 'nobody', ['bad-format answers.q']],
  [
    'an address that is a script',
    { type: 'text', name: 'q', inputType: 'url' },
    'javascript:alert(1)',
    ['bad-format answers.q'],
  ],
  ['a colour by name', { type: 'text', name: 'q', inputType: 'color' }, 'red', ['bad-format answers.q']],
  [
    'a box that is none',
    { type: 'multipletext', name: 'q', items: [{ name: 'a' }] },
    { b: 'x' },
    ['unknown-item answers.q.b'],
  ],
  [
    'a box left out that is wanted',
    { type: 'multipletext', name: 'q', items: [{ name: 'a', isRequired: true }, { name: 'b' }] },
    { b: 'x' },
    ['required answers.q.a'],
  ],
  [
    'a computed value that is not ours',
    { type: 'expression', name: 'q', expression: '1 + 1' },
    3,
    ['wrong-result answers.q'],
  ],
  [
    'a computed value that is a list',
    { type: 'expression', name: 'q', expression: '1 + 1' },
    [2],
    ['wrong-type answers.q'],
  ],
  ['an answer to words', { type: 'html', name: 'q', html: '<p>x</p>' }, 'x', ['unknown-item answers.q']],
  [
    'a number that its validator refuses',
    { ...numeric, validators: [{ type: 'numeric', maxValue: 6 }] },
    8,
    ['out-of-range answers.q'],
  ],
  [
    'a text that is no number',
    { type: 'text', name: 'q', validators: [{ type: 'numeric' }] },
    'x',
    ['not-a-number answers.q'],
  ],
  [
    'a text too short',
    { type: 'text', name: 'q', validators: [{ type: 'text', minLength: 3 }] },
    'ab',
    ['too-short answers.q'],
  ],
  [
    'a text that ends in a digit',
    { type: 'text', name: 'q', validators: [{ type: 'text', allowDigits: false }] },
    'ab1',
    ['bad-text answers.q'],
  ],
  [
    'a text of another form',
    { type: 'text', name: 'q', validators: [{ type: 'regex', regex: '^[A-Z]{2}\\d{3}$' }] },
    'ab123',
    ['bad-format answers.q'],
  ],
  [
    'a text that is no address',
    { type: 'text', name: 'q', validators: [{ type: 'email' }] },
    'x',
    ['bad-format answers.q'],
  ],
  [
    'too few answers for its validator',
    { type: 'checkbox', name: 'q', choices: [1, 2], validators: [{ type: 'answercount', minCount: 2 }] },
    [1],
    ['answer-count answers.q'],
  ],
  [
    'an answer against its rule',
    { ...radio, validators: [{ type: 'expression', expression: '{q} = 2' }] },
    1,
    ['rule-broken answers.q'],
  ],
];

describe('an answer is refused', () => {
  test.each(illegal)('%s', (_what, question, answer, issues) => {
    expect(check(asking(question, { type: 'comment', name: 'beside' }), { q: answer })).toEqual(issues);
  });

  test('to an item that is not there', () => {
    expect(check(asking(radio), { q: 1, other: 1 })).toEqual(['unknown-item answers.other']);
  });

  test('that is missing where it is needed, blank or absent', () => {
    const questions: Record<string, unknown>[] = [
      radio,
      { type: 'text', name: 'q' },
      { type: 'checkbox', name: 'q', choices: [1] },
      matrix,
      grid,
      table,
    ];
    const blanks: unknown[] = [undefined, '  ', [], {}, { r: {} }, []];
    for (const [at, question] of questions.entries()) {
      const instrument = asking({ ...question, isRequired: true });
      expect(check(instrument, {}), String(question.type)).toEqual(['required answers.q']);
      expect(check(instrument, { q: blanks[at] }), String(question.type)).toEqual(['required answers.q']);
      expect(draft(instrument, { q: blanks[at] })).toEqual([]);
    }
  });
});
