/** Codes of a rule as people write them. */
import { expect, test } from 'vitest';
import { codesFrom, codesInWords } from '../../client/workbench/datasets/map-codes.ts';

test('codes are read with any spaces, signs and separators, and nothing else', () => {
  expect(codesFrom('1=5, 2 = 4;\n3=-3')).toEqual({ '1': 5, '2': 4, '3': -3 });
  expect(codesFrom('')).toEqual({});
  expect(codesFrom(' , ')).toEqual({});
  for (const wrong of ['1', '1=', '=5', 'one=5', '1=5=4', '1.5=2', '1-5']) expect(codesFrom(wrong), wrong).toBeNull();
});

test('codes are written as they are read', () => {
  expect(codesInWords({ '1': 5, '2': 4 })).toBe('1=5, 2=4');
  expect(codesFrom(codesInWords({ '-1': 0, '7': 1 }))).toEqual({ '-1': 0, '7': 1 });
});
