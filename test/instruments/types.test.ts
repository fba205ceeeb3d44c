/** The contract of each question type: the variables it yields, and how an answer is coded into them. */
import { describe, expect, test } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import { codeRow } from '../../instruments/coding.ts';
import { asking } from './build.ts';

type Cell = number | string | null;
interface Case {
  readonly question: Record<string, unknown>;
  /** `name type` of each variable of the main table. */
  readonly variables: readonly string[];
  /** Legal answers with the values that they become; a text of a cell that is null says why, after `!`. */
  readonly coded: readonly (readonly [answer: unknown, cells: readonly Cell[]])[];
}

const marked = [
  1,
  2,
  { value: 8, text: 'Not applicable', missingReason: 'not-applicable' },
  { value: 9, text: 'No answer', missingReason: 'declined' },
];

const cases: Readonly<Record<string, Case>> = {
  radiogroup: {
    question: { type: 'radiogroup', choices: marked },
    variables: ['q integer'],
    coded: [
      [1, [1]],
      [8, ['!not-applicable']],
      [9, ['!declined']],
      [undefined, ['!skipped']],
    ],
  },
  dropdown: {
    question: { type: 'dropdown', choicesMin: 3, choicesMax: 9, choicesStep: 3 },
    variables: ['q integer'],
    coded: [[6, [6]]],
  },
  rating: {
    question: { type: 'rating', rateMin: 0, rateMax: 10 },
    variables: ['q integer'],
    coded: [
      [0, [0]],
      [10, [10]],
    ],
  },
  'rating with its own values': {
    question: { type: 'rating', rateValues: [{ value: 2, text: 'low' }, 4, { value: 9, missingReason: 'declined' }] },
    variables: ['q integer'],
    coded: [
      [4, [4]],
      [9, ['!declined']],
    ],
  },
  slider: {
    question: { type: 'slider', min: -10, max: 10, step: 0.5 },
    variables: ['q number'],
    coded: [
      [-0.5, [-0.5]],
      [0, [0]],
    ],
  },
  'slider of two ends': {
    question: { type: 'slider', sliderType: 'range', min: 0, max: 10 },
    variables: ['q_low integer', 'q_high integer'],
    coded: [
      [
        [2, 7],
        [2, 7],
      ],
      [undefined, ['!skipped', '!skipped']],
    ],
  },
  boolean: {
    question: { type: 'boolean' },
    variables: ['q integer'],
    coded: [
      [true, [1]],
      [false, [0]],
    ],
  },
  'boolean with numbers': {
    question: { type: 'boolean', valueTrue: 1, valueFalse: 2 },
    variables: ['q integer'],
    coded: [
      [1, [1]],
      [2, [0]],
    ],
  },
  checkbox: {
    question: { type: 'checkbox', choices: [...marked, { value: 5, isExclusive: true }] },
    variables: ['q_1 integer', 'q_2 integer', 'q_5 integer'],
    coded: [
      [[2], [0, 1, 0]],
      [
        [1, 2],
        [1, 1, 0],
      ],
      [[5], [0, 0, 1]],
      [[9], ['!declined', '!declined', '!declined']],
      [[], ['!skipped', '!skipped', '!skipped']],
    ],
  },
  tagbox: {
    question: { type: 'tagbox', choices: [1, 2] },
    variables: ['q_1 integer', 'q_2 integer'],
    coded: [[[1], [1, 0]]],
  },
  ranking: {
    question: { type: 'ranking', choices: [1, 2, 3] },
    variables: ['q_1 integer', 'q_2 integer', 'q_3 integer'],
    coded: [
      [
        [3, 1, 2],
        [2, 3, 1],
      ],
    ],
  },
  'ranking of some': {
    question: { type: 'ranking', choices: [1, 2, 3], selectToRankEnabled: true },
    variables: ['q_1 integer', 'q_2 integer', 'q_3 integer'],
    coded: [[[3], ['!skipped', '!skipped', 1]]],
  },
  matrix: {
    question: { type: 'matrix', title: 'How often?', rows: [{ value: 'r', text: 'Reading' }, 's'], columns: marked },
    variables: ['r integer', 's integer'],
    coded: [
      [{ r: 1, s: 9 }, [1, '!declined']],
      [{ s: 2 }, ['!skipped', 2]],
    ],
  },
  matrixdropdown: {
    question: {
      type: 'matrixdropdown',
      rows: ['r', 's'],
      choices: marked,
      columns: [
        { name: 'a' },
        { name: 'b', cellType: 'checkbox', choices: [1, 2] },
        { name: 'c', cellType: 'expression', expression: '{row.a} * 10' },
      ],
    },
    variables: [
      'r_a integer',
      'r_b_1 integer',
      'r_b_2 integer',
      'r_c number',
      's_a integer',
      's_b_1 integer',
      's_b_2 integer',
      's_c number',
    ],
    coded: [
      [
        { r: { a: 2, b: [1], c: 20 }, s: { a: 9, c: 90 } },
        [2, 1, 0, 20, '!declined', '!skipped', '!skipped', '!declined'],
      ],
    ],
  },
  'text: text': {
    question: { type: 'text' },
    variables: ['q text'],
    coded: [
      [' As given ', [' As given ']],
      ['   ', ['!skipped']],
      ['', ['!skipped']],
    ],
  },
  'text: number': {
    question: { type: 'text', inputType: 'number' },
    variables: ['q number'],
    coded: [
      [-0, [0]],
      [2.5, [2.5]],
    ],
  },
  'text: number in steps': {
    question: { type: 'text', inputType: 'number', step: 1 },
    variables: ['q integer'],
    coded: [[3, [3]]],
  },
  'text: range': { question: { type: 'text', inputType: 'range' }, variables: ['q integer'], coded: [[100, [100]]] },
  'text: date': {
    question: { type: 'text', inputType: 'date' },
    variables: ['q date'],
    coded: [['2024-02-29', ['2024-02-29']]],
  },
  'text: datetime-local': {
    question: { type: 'text', inputType: 'datetime-local' },
    variables: ['q datetime'],
    coded: [['2024-02-29T23:59', ['2024-02-29T23:59']]],
  },
  'text: time': { question: { type: 'text', inputType: 'time' }, variables: ['q time'], coded: [['08:30', ['08:30']]] },
  'text: month': {
    question: { type: 'text', inputType: 'month' },
    variables: ['q text'],
    coded: [['2024-12', ['2024-12']]],
  },
  'text: week': {
    question: { type: 'text', inputType: 'week' },
    variables: ['q text'],
    coded: [['2020-W53', ['2020-W53']]],
  },
  'text: email': {
    question: { type: 'text', inputType: 'email' },
    variables: ['q text'],
    coded: [['a.b@school.example', ['a.b@school.example']]],
  },
  'text: url': {
    question: { type: 'text', inputType: 'url' },
    variables: ['q text'],
    coded: [['https://school.example/?a=1', ['https://school.example/?a=1']]],
  },
  'text: tel': {
    question: { type: 'text', inputType: 'tel' },
    variables: ['q text'],
    coded: [['+44 (0)20 7946 0018', ['+44 (0)20 7946 0018']]],
  },
  'text: color': {
    question: { type: 'text', inputType: 'color' },
    variables: ['q text'],
    coded: [['#00ff7F', ['#00ff7F']]],
  },
  'text: password': { question: { type: 'text', inputType: 'password' }, variables: ['q text'], coded: [['x', ['x']]] },
  comment: { question: { type: 'comment' }, variables: ['q text'], coded: [['two\nlines', ['two\nlines']]] },
  multipletext: {
    question: {
      type: 'multipletext',
      items: [
        { name: 'a' },
        { name: 'b', inputType: 'number', validators: [{ type: 'numeric', minValue: 1, maxValue: 9 }] },
      ],
    },
    variables: ['a text', 'b number'],
    coded: [
      [{ a: 'x', b: 3 }, ['x', 3]],
      [{ b: 9 }, ['!skipped', 9]],
    ],
  },
  expression: {
    question: { type: 'expression', expression: '2 * 3' },
    variables: ['q number'],
    coded: [
      [6, [6]],
      [undefined, [6]],
    ],
  },
  'expression of a truth': {
    question: { type: 'expression', expression: '2 > 3' },
    variables: ['q integer'],
    coded: [[false, [0]]],
  },
  'expression of a text': {
    question: { type: 'expression', expression: "iif(1 = 1, 'yes', 'no')" },
    variables: ['q text'],
    coded: [['yes', ['yes']]],
  },
  'expression that cannot be computed': {
    question: { type: 'expression', expression: '1 / 0' },
    variables: ['q number'],
    coded: [[undefined, ['!not-applicable']]],
  },
  html: { question: { type: 'html', html: '<p>Words</p>' }, variables: [], coded: [[undefined, []]] },
  image: {
    question: { type: 'image', imageLink: 'data:image/png;base64,AAAA' },
    variables: [],
    coded: [[undefined, []]],
  },
};

describe.each(Object.entries(cases))('%s', (_name, { question, variables, coded }) => {
  const compiled = asking({ name: 'q', ...question }, { type: 'comment', name: 'beside' });

  test('yields its variables', () => {
    expect(compiled.codebook.variables.slice(0, -1).map((one) => `${one.name} ${one.type}`)).toEqual(variables);
  });

  test.each(coded)('codes %j', (answer, cells) => {
    const answers = answer === undefined ? {} : { q: answer };
    expect(checkAnswers(compiled, answers)).toEqual([]);
    const row = codeRow(compiled, { answers, completion: 'complete' });
    const found = row.values.map((value, at) => value ?? `!${row.reasons[at]}`).slice(0, -1);
    expect(found).toEqual(cells);
  });
});

const event = {
  type: 'paneldynamic',
  name: 'events',
  title: 'Events',
  templateElements: [
    { type: 'dropdown', name: 'kind', choices: marked },
    { type: 'text', name: 'days', inputType: 'number', visibleIf: '{panel.kind} = 1' },
    { type: 'checkbox', name: 'who', choices: [1, 2] },
    { type: 'matrix', name: 'how', rows: ['well'], columns: [1, 2] },
    { type: 'expression', name: 'hours', expression: '{panel.days} * 6' },
  ],
};

test('a dynamic table becomes a linked table, and its number of rows', () => {
  const compiled = asking(event);
  expect(compiled.codebook.variables.map((one) => one.name)).toEqual(['events_n']);
  expect(
    compiled.codebook.tables.map((table) => [table.name, table.label, table.variables.map((one) => one.name)]),
  ).toEqual([['events', 'Events', ['kind', 'days', 'who_1', 'who_2', 'well', 'hours']]]);
  const answers = { events: [{ kind: 1, days: 2, who: [2], hours: 12 }, {}, { kind: 9, how: { well: 1 } }] };
  const row = codeRow(compiled, { answers, completion: 'complete' });
  // The empty entry of the form is no event.
  expect(row.values).toEqual([2]);
  expect(row.tables).toEqual([
    {
      name: 'events',
      rows: [
        { values: [1, 2, 0, 1, null, 12], reasons: [null, null, null, null, 'skipped', null] },
        {
          values: [null, null, null, null, 1, null],
          reasons: ['declined', 'hidden', 'skipped', 'skipped', null, 'hidden'],
        },
      ],
    },
  ]);
});

test('a dynamic table that was shown and left empty has no rows; hidden or not reached it has no number', () => {
  const compiled = asking({ type: 'boolean', name: 'any' }, { ...event, visibleIf: '{any} = true' });
  const code = (answers: unknown) => codeRow(compiled, { answers, completion: 'complete' });
  expect(code({ any: true }).values).toEqual([1, 0]);
  expect(code({ any: false })).toMatchObject({ values: [0, null], reasons: [null, 'hidden'] });
  expect(codeRow(compiled, { answers: {}, completion: 'partial' }).reasons).toEqual(['not-reached', 'hidden']);
});
