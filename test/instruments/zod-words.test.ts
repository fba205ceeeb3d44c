/** What schemas refuse, in plain words: every kind of zod issue, and the way through the readers. */
import { expect, it, test } from 'vitest';
import { z } from 'zod';
import { parseInstrument } from '../../instruments/parse.ts';
import { plainWords } from '../../instruments/zod-words.ts';

const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: plainWords }).error?.issues.map(({ message }) => message);

test.each<[string, z.ZodType, unknown]>([
  ['This is missing.', z.string(), undefined],
  ['This is missing.', z.string().optional().nonoptional(), undefined],
  ['This is missing.', z.enum(['a', 'b']), undefined],
  ['This is missing.', z.union([z.string(), z.number()]), undefined],
  ['This must be a text.', z.string(), 3],
  ['This must be a number.', z.number(), 'x'],
  ['This must be a whole number.', z.int(), 1.5],
  ['This must be true or false.', z.boolean(), 1],
  ['This must be a list.', z.array(z.string()), {}],
  ['This must be an object.', z.object({}), []],
  ['This must be an object.', z.record(z.string(), z.number()), []],
  ['This must be an identifier like 7c9e6679-7425-40de-944b-e07dc676d0ac.', z.uuid(), 'x'],
  ['This must be an e-mail address like eva@example.org.', z.email(), 'x'],
  ['This must be an address like https://www.example.org.', z.url(), 'x'],
  ['This must be a day like 2026-03-31.', z.iso.date(), 'x'],
  ['This must be a time like 2026-03-31T09:00:00Z.', z.iso.datetime(), 'x'],
  ['This must have the form /^[a-z]+$/.', z.string().regex(/^[a-z]+$/), '1'],
  ['This must be at least 0.', z.number().min(0), -1],
  ['This must be more than 3.', z.number().gt(3), 3],
  ['This must be at most 5.', z.number().max(5), 6],
  ['This must be less than 5.', z.number().lt(5), 5],
  ['This must have at least 1 character.', z.string().min(1), ''],
  ['This must have exactly 3 characters.', z.string().length(3), 'x'],
  ['This must have at least 1 entry.', z.array(z.string()).min(1), []],
  ['This must have at most 2 entries.', z.array(z.string()).max(2), ['a', 'b', 'c']],
  ['This must be one of "a", "b".', z.enum(['a', 'b']), 'c'],
  ['This must be "a".', z.literal('a'), 'c'],
  ['This must be a multiple of 2.', z.number().multipleOf(2), 3],
  ['There is no such key: "zz"; remove it.', z.strictObject({}), { zz: 1 }],
  ['A key of this object is not allowed.', z.record(z.string().max(1), z.number()), { abc: 1 }],
  ['This is none of the forms that are allowed here.', z.union([z.string(), z.number()]), true],
  ['This value is not allowed here.', z.string().refine(() => false), 'x'],
])('%s', (sentence, schema, value) => {
  expect(said(schema, value)).toEqual([sentence]);
});

it('leaves a message that the schema has of its own', () => {
  expect(said(z.number('how many?'), undefined)).toEqual(['how many?']);
});

it('is what the reader of instruments says', () => {
  const parsed = parseInstrument({ version: 0 });
  const messages = new Map(parsed.ok ? [] : parsed.issues.map(({ path, message }) => [path, message]));
  expect(messages.get('id')).toBe('This is missing.');
  expect(messages.get('version')).toBe('This must be at least 1.');
});

test.each([[[]], [null], ['text']])('a file that holds %j is told to hold no instrument', (json) => {
  const parsed = parseInstrument(json);
  expect(parsed).toMatchObject({
    ok: false,
    issues: [{ code: 'bad-value', path: 'the file', message: expect.stringMatching(/^This holds no instrument/) }],
  });
  expect(parsed.ok ? 0 : parsed.issues.length).toBe(1);
});
