/** Which items tell a role, and answers without them. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileInstrument } from '../../instruments/compile.ts';
import { roleQuestions, withoutRole } from '../../instruments/identifying.ts';
import { parseInstrument } from '../../instruments/parse.ts';

async function compiled(id: string) {
  const file = new URL(`../../instruments/library/${id}.v1.json`, import.meta.url);
  const parsed = parseInstrument(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return compileInstrument(parsed.value);
}

test('items of the library that ask for a role are found by name', async () => {
  expect(roleQuestions(await compiled('collective-efficacy'))).toEqual(['role', 'role_other']);
  expect(roleQuestions(await compiled('programme-experience'))).toEqual(['role', 'role_other', 'programme_roles']);
  expect(roleQuestions(await compiled('implementation-log'))).toContain('log_role');
});

test('items of any name are found by choices that are called like roles', () => {
  const radio = (name: string, choices: readonly string[]) => ({
    ...{ type: 'radiogroup', name, title: name },
    choices: choices.map((text, at) => ({ value: at + 1, text })),
  });
  const json = {
    ...{
      id: 'duties',
      version: 1,
      kind: 'survey',
      title: 'Duties',
      description: '',
      languages: ['en'],
      subject: 'person',
      sources: [],
    },
    permission: { holder: 'Nobody', status: 'not-needed', note: '' },
    survey: {
      pages: [
        {
          name: 'one',
          elements: [
            radio('duty', ['Class teacher', 'Middle leader', 'headteacher ']),
            radio('helped_by', ['Teacher', 'Nobody']),
          ],
        },
      ],
    },
    ...{ scales: [], changes: [] },
  };
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(roleQuestions(compileInstrument(parsed.value))).toEqual(['duty']);
});

test('what was asked because of a role goes with it, and what says no more than the place stays', async () => {
  const instrument = await compiled('collective-efficacy');
  const answers = { role: 4, years_school: 2, years_teaching: 12 };
  expect(withoutRole(instrument, answers, null)).toEqual({ years_school: 2 });
  expect(withoutRole(instrument, answers, 'teacher')).toEqual({ years_school: 2 });
  expect(withoutRole(instrument, answers, 'headteacher')).toBe(answers);
  const untold = { role: 99, years_school: 2 };
  expect(withoutRole(instrument, untold, 'teacher')).toBe(untold);
  expect(withoutRole(instrument, { role: 6, role_other: 'Librarian', years_school: 2 }, 'teacher')).toEqual({
    years_school: 2,
  });
  // The same answers again lose nothing more, so that a retry is recognised.
  const left = withoutRole(instrument, answers, 'teacher');
  expect(withoutRole(instrument, left, 'teacher')).toBe(left);
});
