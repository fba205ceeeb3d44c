/** Executes the `@example` lines of analysis/: `expression // => value`, with the exports of the room in scope. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const room = new URL('../../analysis/', import.meta.url);
const files = readdirSync(room, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .sort();

interface Example {
  readonly expression: string;
  readonly value: string;
}

/** The examples in the doc comments of a file; an expression may run over several lines before its value. */
function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  for (const [, comment = ''] of text.matchAll(/\/\*\*([\s\S]*?)\*\//g)) {
    const [, ...blocks] = comment.split('@example');
    for (const block of blocks) {
      let expression = '';
      for (const line of block.split('\n').map((each) => each.replace(/^\s*\*\s?/, ''))) {
        if (line.startsWith('@')) break;
        const [before = '', value] = line.split(/\s*\/\/ => ?/);
        expression += `${before}\n`;
        if (value === undefined) continue;
        examples.push({ expression: expression.trim(), value });
        expression = '';
      }
    }
  }
  return examples;
}

/** The same with each number rounded to twelve digits, as the last ones are not the point of an example. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number')
    return value === 0 || !Number.isFinite(value) ? value + 0 : Number(value.toPrecision(12));
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, rounded);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rounded(part)]));
}

const modules = new Map<string, Record<string, unknown>>();
for (const file of files) modules.set(file, (await import(new URL(file, room).href)) as Record<string, unknown>);
const everything = Object.assign({}, ...modules.values()) as Record<string, unknown>;

for (const file of files) {
  const examples = examplesOf(readFileSync(new URL(file, room), 'utf8'));
  if (examples.length === 0) continue;
  test(`the examples of ${file} are true`, () => {
    const scope = { ...everything, ...modules.get(file) };
    const evaluate = (code: string): unknown =>
      new Function(...Object.keys(scope), `return (${code})`)(...Object.values(scope));
    for (const { expression, value } of examples) {
      expect(rounded(evaluate(expression)), expression).toEqual(rounded(evaluate(value)));
    }
  });
}

test('examples are found', () => {
  expect(examplesOf('/**\n * @example\n * 1 + 1 // => 2\n * f(\n *   3) // => 4\n */')).toEqual([
    { expression: '1 + 1', value: '2' },
    { expression: 'f(\n  3)', value: '4' },
  ]);
});
