/** One text for one value: what hashes and retries rest on. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areSameAnswers, canonicalJson } from '../../instruments/canonical.ts';

/** The same value with the keys of every object in another order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, turned(entry)]),
  );
}

test('the order of keys makes no difference, and the text says the same as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(turned(value))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(areSameAnswers(value, turned(value))).toBe(true);
    }),
    { seed: 41, numRuns: 500 },
  );
});

test('different values have different texts', () => {
  const values = [
    null,
    0,
    1,
    '',
    '0',
    '1',
    [],
    {},
    [1],
    [[1]],
    { a: 1 },
    { a: '1' },
    { a: null },
    { b: 1 },
    { a: [1, 2] },
    { a: [2, 1] },
    true,
    'true',
  ];
  expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
});

test('what is absent and minus nought are written as JSON writes them', () => {
  expect(canonicalJson({ b: undefined, a: [undefined, -0] })).toBe('{"a":[null,0]}');
});

test('what JSON cannot say is refused', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    () => 1,
    1n,
    Symbol('x'),
    new Date(0),
    new Map(),
    circle,
  ]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
});
