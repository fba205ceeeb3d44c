/** Lines of the audit's page: what was made is told in the line of its request, and nothing else is hidden. */
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../client/shared/api.ts';
import { oneLineARequest } from '../../client/workbench/audit/lines.ts';

type Part = Partial<AuditEntry> & Pick<AuditEntry, 'number'>;
const numbers = (...parts: Part[]) =>
  oneLineARequest(
    parts.map((part) => ({ verb: 'roster.import', outcome: 'done', detail: null, ...part }) as AuditEntry),
  ).map(({ entry, began }) => [entry.number, began]);

test('an entry that says what was made stands for the one before it, also with another between', () => {
  expect(
    numbers(
      { number: 4, request: 'a', detail: 'made' },
      { number: 3, request: 'b' },
      { number: 2, request: 'a' },
      { number: 1, request: 'a' },
    ),
  ).toEqual([
    [4, 2],
    [3, null],
    [1, null],
  ]);
});

test('a refusal, another verb and entries without a request hide nothing', () => {
  expect(
    numbers(
      { number: 6, request: 'a', outcome: 'refused', detail: 'not-found' },
      { number: 5, request: 'a' },
      { number: 4, request: 'c', detail: 'made' },
      { number: 3, request: 'c', verb: 'roster.upload' },
      { number: 2, request: null, detail: 'made' },
      { number: 1, request: null },
    ).map(([, began]) => began),
  ).toEqual([null, null, null, null, null, null]);
});
