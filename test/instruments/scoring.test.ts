/** Scale scores: declared-range reversal, the minimum-answered rule, means and sums, and why there is none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeRow } from '../../instruments/coding.ts';
import type { Scale } from '../../instruments/instrument.ts';
import { scoreItems, scoreRow } from '../../instruments/scoring.ts';
import { compiled, pagesOf } from './build.ts';

const items = ['a', 'b', 'c', 'd'];
const scaleOf = (more: Partial<Scale>): Scale => ({
  id: 'mood',
  title: 'Mood',
  construct: 'mood',
  items: items.map((name, at) => ({ name, reversed: at % 2 === 1 })),
  range: { min: 1, max: 6 },
  score: 'mean',
  minimumAnswered: 3,
  aggregation: 'person-first',
  referenceValues: [],
  ...more,
});

describe('a score', () => {
  test('is the mean of the answered items, reversed with the declared range', () => {
    // 5, 7 - 2, 4, 7 - 3
    expect(scoreItems(scaleOf({}), [5, 2, 4, 3])).toBe((5 + 5 + 4 + 4) / 4);
    expect(scoreItems(scaleOf({}), [5, null, 4, 3])).toBe((5 + 4 + 4) / 3);
    // The observed range has no part in it: with answers of 1 to 3 only, a reversed 1 is still a 6.
    expect(scoreItems(scaleOf({ minimumAnswered: 1 }), [null, 1, null, null])).toBe(6);
    expect(scoreItems(scaleOf({ range: { min: 0, max: 4 }, minimumAnswered: 1 }), [null, 1, null, null])).toBe(3);
  });

  test('is a sum that counts what was skipped like the average of the others', () => {
    expect(scoreItems(scaleOf({ score: 'sum' }), [5, 2, 4, 3])).toBe(18);
    expect(scoreItems(scaleOf({ score: 'sum' }), [5, null, 4, 3])).toBe((13 / 3) * 4);
  });

  test('is missing with fewer answers than the least', () => {
    expect(scoreItems(scaleOf({}), [5, null, 4, null])).toBeNull();
    expect(scoreItems(scaleOf({ minimumAnswered: 2 }), [5, null, 4, null])).toBe(4.5);
    expect(scoreItems(scaleOf({ minimumAnswered: 0 }), [null, null, null, null])).toBeNull();
  });

  test('of reversed items alone is the mirror of that of the items as they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 4, maxLength: 4 }), (values) => {
        const plain = scaleOf({ items: items.map((name) => ({ name, reversed: false })) });
        const mirrored = scaleOf({ items: items.map((name) => ({ name, reversed: true })) });
        expect(scoreItems(mirrored, values)).toBeCloseTo(7 - (scoreItems(plain, values) ?? Number.NaN), 12);
      }),
      { seed: 31 },
    );
  });
});

describe('a row', () => {
  const choices = [1, 2, 3, 4, 5, 6, { value: 9, missingReason: 'declined' }];
  const question = (name: string) => ({ type: 'radiogroup', name, choices });
  const instrument = compiled(pagesOf(items.slice(0, 2).map(question), items.slice(2).map(question)), {
    scales: [
      scaleOf({}),
      scaleOf({ id: 'first', items: [{ name: 'a', reversed: false }], minimumAnswered: 1, score: 'sum' }),
    ],
  });
  const scores = (answers: unknown, completion: 'complete' | 'partial' = 'complete') =>
    scoreRow(instrument, codeRow(instrument, { answers, completion }));

  test('has a score for each scale, in their order', () => {
    expect(scores({ a: 5, b: 2, c: 4, d: 3 })).toEqual([
      { scale: 'mood', value: 4.5, answered: 4, of: 4, reason: null },
      { scale: 'first', value: 5, answered: 1, of: 1, reason: null },
    ]);
  });

  test('says why there is no score by the commonest reason of the items', () => {
    expect(scores({ a: 9, b: 9, c: 4 })[0]).toEqual({
      scale: 'mood',
      value: null,
      answered: 1,
      of: 4,
      reason: 'declined',
    });
    expect(scores({ a: 5 })[0]).toMatchObject({ value: null, answered: 1, reason: 'skipped' });
    expect(scores({ a: 5, b: 9 }, 'partial')[0]).toMatchObject({ answered: 1, reason: 'not-reached' });
    const withdrawn = codeRow(instrument, { answers: { a: 5 }, completion: 'complete', withdrawn: true });
    expect(scoreRow(instrument, withdrawn).map((score) => score.reason)).toEqual(['withdrawn', 'withdrawn']);
  });

  test('counts the code of a refusal as no answer, though it lies beyond the range', () => {
    expect(scores({ a: 9, b: 2, c: 4, d: 3 })[0]).toMatchObject({ value: (5 + 4 + 4) / 3, answered: 3 });
  });
});
