/** The codebook: labels, value labels, ranges, levels and scales; and that its names are unique and legal, always. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Codebook, codebookOf } from '../../instruments/codebook.ts';
import { namePattern } from '../../instruments/names.ts';
import { randomSurvey } from './arbitraries.ts';
import { accepted, pageOf, pagesOf } from './build.ts';

const codebook = (...elements: unknown[]): Codebook => codebookOf(accepted(pageOf(...elements)));

test('a variable says what was asked, what its codes mean and how far they reach', () => {
  const question = {
    type: 'radiogroup',
    name: 'q',
    title: { default: 'How are you?' },
    isRequired: true,
    choices: [
      { value: 3, text: 'Well' },
      { value: 1, text: 'Badly' },
      { value: 99, text: 'No answer', missingReason: 'declined' },
    ],
  };
  expect(codebook(question).variables).toEqual([
    {
      name: 'q',
      label: 'How are you?',
      type: 'integer',
      measurement: 'nominal',
      values: [
        { code: 3, label: 'Well' },
        { code: 1, label: 'Badly' },
        { code: 99, label: 'No answer', missing: 'declined' },
      ],
      range: { min: 1, max: 3 },
      maxLength: null,
      required: true,
      page: 0,
      origin: 'asked',
      question: 'q',
      questionType: 'radiogroup',
      scales: [],
    },
  ]);
});

test('a matrix row carries the stem before its own words', () => {
  const rows = [{ value: 'r', text: 'Reading' }];
  const matrix = (more: Record<string, unknown>) =>
    codebook({ type: 'matrix', name: 'm', rows, columns: [1, 2], ...more }).variables[0]?.label;
  expect(matrix({ title: 'How often' })).toBe('How often: Reading');
  expect(matrix({ title: 'How often do you do this?' })).toBe('How often do you do this? Reading');
  expect(matrix({})).toBe('Reading');
});

test('a rating labels its values where words are given, and leaves plain numbers alone', () => {
  expect(codebook({ type: 'rating', name: 'q', rateMax: 3 }).variables[0]).toMatchObject({
    values: [],
    range: { min: 1, max: 3 },
    measurement: 'ordinal',
  });
  expect(
    codebook({ type: 'rating', name: 'q', rateMax: 3, minRateDescription: 'never', maxRateDescription: 'always' })
      .variables[0]?.values,
  ).toEqual([
    { code: 1, label: 'never' },
    { code: 2, label: '2' },
    { code: 3, label: 'always' },
  ]);
  expect(codebook({ type: 'rating', name: 'q', rateCount: 3 }).variables[0]?.range).toEqual({ min: 1, max: 3 });
  expect(
    codebook({ type: 'rating', name: 'q', rateMin: 0, rateMax: 4, rateStep: 2 }).variables[0]?.values.map(
      (one) => one.code,
    ),
  ).toEqual([0, 2, 4]);
});

test('the number of the page and the length of a text are told', () => {
  const { variables } = codebookOf(
    accepted(
      pagesOf(
        [
          { type: 'text', name: 'a' },
          { type: 'comment', name: 'b' },
        ],
        [{ type: 'text', name: 'c', maxLength: 7 }],
      ),
    ),
  );
  expect(variables.map((one) => [one.name, one.page, one.maxLength])).toEqual([
    ['a', 0, 1000],
    ['b', 0, 10_000],
    ['c', 1, 7],
  ]);
});

test('membership of scales makes an item ordinal', () => {
  const scale = {
    id: 'mood',
    title: 'Mood',
    construct: 'mood',
    items: [{ name: 'q', reversed: true }],
    range: { min: 1, max: 2 },
    score: 'sum',
    minimumAnswered: 1,
    aggregation: 'item-first',
    referenceValues: [],
  };
  const instrument = accepted(pageOf({ type: 'radiogroup', name: 'q', choices: [1, 2] }), { scales: [scale] });
  expect(codebookOf(instrument).variables[0]).toMatchObject({
    measurement: 'ordinal',
    scales: [{ scale: 'mood', reversed: true }],
  });
});

test('labels come in the first language', () => {
  const title = { de: 'Wie geht es?', en: 'How are you?' };
  const survey = pageOf({ type: 'comment', name: 'q', title });
  expect(codebookOf(accepted(survey, { languages: ['de', 'en'] })).variables[0]?.label).toBe('Wie geht es?');
});

test('a survey that parseInstrument would refuse is no instrument', () => {
  const instrument = {
    ...accepted(pageOf({ type: 'comment', name: 'q' })),
    survey: pageOf({ type: 'file', name: 'q' }),
  };
  expect(() => codebookOf(instrument)).toThrow(TypeError);
});

test('names are legal and unique in their table, and calculated values come last', () => {
  fc.assert(
    fc.property(randomSurvey, ({ survey }) => {
      const { variables, tables } = codebookOf(accepted(survey));
      for (const table of [variables, ...tables.map((one) => one.variables)]) {
        const names = table.map((variable) => variable.name);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) expect(name).toMatch(namePattern);
      }
      expect(variables.at(-1)).toMatchObject({ name: 'total', origin: 'calculated' });
    }),
    { seed: 11, numRuns: 200 },
  );
});
