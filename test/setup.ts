/** Loaded before every test file: a console error or warning fails the test that printed it. */
import { afterEach, beforeEach } from 'vitest';

const printed: string[] = [];
for (const level of ['error', 'warn'] as const) {
  const original = console[level].bind(console);
  console[level] = (...values: unknown[]) => {
    printed.push(`console.${level}: ${values.map(String).join(' ')}`);
    original(...values);
  };
}

beforeEach(() => {
  printed.length = 0;
});
afterEach(() => {
  if (printed.length > 0) throw new Error(`the console must stay silent in a test:\n${printed.join('\n')}`);
});
