/**
 * What a schema refuses, in plain words instead of zod's own. Given to the schemas as their error map by `parse.ts` and,
 * for everything that the server reads, by `server/problems.ts`; a message that a schema has of its own goes before.
 */
import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const things: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  null: 'null',
};

const formats: Readonly<Record<string, string>> = {
  uuid: 'an identifier like 7c9e6679-7425-40de-944b-e07dc676d0ac',
  guid: 'an identifier like 7c9e6679-7425-40de-944b-e07dc676d0ac',
  email: 'an e-mail address like eva@example.org',
  url: 'an address like https://www.example.org',
  date: 'a day like 2026-03-31',
  datetime: 'a time like 2026-03-31T09:00:00Z',
};

/**
 * The sentence for what is wrong with one value.
 *
 * @example
 * plainWords({ code: 'invalid_type', expected: 'string', input: undefined }) // => 'This is missing.'
 * plainWords({ code: 'too_small', origin: 'number', minimum: 0, inclusive: true, input: -1 }) // => 'This must be at least 0.'
 */
export function plainWords(issue: RawIssue): string {
  if (issue.input === undefined && issue.code !== 'unrecognized_keys' && issue.code !== 'custom')
    return 'This is missing.';
  switch (issue.code) {
    case 'invalid_type':
      return `This must be ${things[issue.expected] ?? 'of another kind'}.`;
    case 'invalid_value':
      return `This must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(written).join(', ')}.`;
    case 'invalid_format':
      if (issue.format === 'regex') return `This must have the form ${issue.pattern ?? 'that is expected'}.`;
      return `This must be ${formats[issue.format] ?? `of the form "${issue.format}"`}.`;
    case 'too_small':
      return limited(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return limited(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `This must be a multiple of ${issue.divisor}.`;
    case 'unrecognized_keys':
      return `There is no such key: ${issue.keys.map((key) => JSON.stringify(key.slice(0, 40))).join(', ')}; remove it.`;
    case 'invalid_key':
      return 'A key of this object is not allowed.';
    case 'invalid_union':
      return 'This is none of the forms that are allowed here.';
    default:
      return 'This value is not allowed here.';
  }
}

/** Numbers by their size, texts and lists by their length. */
function limited({ origin, exact }: RawIssue & { origin: string; exact?: boolean }, limit: unknown, how: string) {
  const bound = exact ? 'exactly' : how;
  if (origin === 'string') return `This must have ${bound} ${counted(limit, 'character')}.`;
  if (origin === 'array' || origin === 'set') return `This must have ${bound} ${counted(limit, 'entry', 'entries')}.`;
  return `This must be ${bound} ${String(limit)}.`;
}

/**
 * A number with its noun.
 *
 * @example
 * counted(1, 'row') // => '1 row'
 * counted(0, 'entry', 'entries') // => '0 entries'
 */
export function counted(limit: unknown, one: string, many = `${one}s`): string {
  return `${String(limit)} ${Number(limit) === 1 ? one : many}`;
}

function written(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
