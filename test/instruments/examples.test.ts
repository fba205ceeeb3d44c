/** Every `@example` in the doc comments of the two pure rooms is true. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { evaluate, examplesOf, isSame } from '../examples.ts';

const root = new URL('../../', import.meta.url);

const files = ['instruments', 'analysis'].flatMap((room) =>
  readdirSync(new URL(room, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${room}/${file}`),
);
const withExamples = files
  .sort()
  .map((file) => ({ file, examples: examplesOf(readFileSync(new URL(file, root), 'utf8')) }))
  .filter(({ examples }) => examples.length > 0);

/** Everything that a room exports: an example may take what it is given from a neighbour. */
async function exportsOf(room: string): Promise<Record<string, unknown>> {
  const modules = files.filter((file) => file.startsWith(`${room}/`)).map((file) => import(new URL(file, root).href));
  return Object.assign({}, ...(await Promise.all(modules)));
}

describe.each(withExamples)('$file', ({ file, examples }) => {
  test.each(examples)('$expression', async ({ expression, value }) => {
    const scope = { ...(await exportsOf(file.split('/')[0] ?? '')), ...(await import(new URL(file, root).href)) };
    const found = evaluate(expression, scope);
    const meant = evaluate(value, scope);
    if (!isSame(found, meant)) expect(found).toEqual(meant);
  });
});

test('examples are found, over several lines, and only behind their mark', () => {
  expect(
    examplesOf('/**\n * 1 // => 0\n * @example\n * 1 + 1 // => 2\n * f(\n *   3) // => 4\n * @returns x // => y\n */'),
  ).toEqual([
    { expression: '1 + 1', value: '2' },
    { expression: 'f(\n  3)', value: '4' },
  ]);
  expect(withExamples.length).toBeGreaterThan(10);
});

test('values are compared as examples mean them', () => {
  expect(isSame({ a: [0.1 + 0.2, 'x'] }, { a: [0.3, 'x'] })).toBe(true);
  expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame(0.3, 0.3 + 1e-9)).toBe(false);
  expect(isSame([1], [1, undefined])).toBe(false);
  expect(isSame(Number.NaN, Number.NaN)).toBe(true);
  expect(isSame(new Float64Array([1, 2]), [1, 2])).toBe(true);
});
