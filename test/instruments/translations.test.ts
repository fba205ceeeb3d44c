/** The texts of a form by language: found whatever holds them, counted, and changed one at a time. */
import { expect, test } from 'vitest';
import { completeness, formTexts, readTexts, withFormText } from '../../instruments/translations.ts';

const languages = ['en', 'cy'];
const survey = {
  title: { default: 'Trust', cy: 'Ymddiriedaeth' },
  pages: [
    {
      name: 'page1',
      elements: [
        {
          type: 'radiogroup',
          name: 'role',
          title: 'Your role',
          choices: [
            { value: 1, text: { en: 'Teacher', cy: 'Athro' } },
            { value: 2, text: 'Head' },
          ],
        },
      ],
    },
  ],
};
const first = 'survey.pages[0].elements[0]';

test('texts are found by their place, the plain ones in the first language', () => {
  expect(formTexts(survey, languages)).toEqual([
    { path: 'survey.title', texts: { en: 'Trust', cy: 'Ymddiriedaeth' } },
    { path: `${first}.title`, texts: { en: 'Your role' } },
    { path: `${first}.choices[0].text`, texts: { en: 'Teacher', cy: 'Athro' } },
    { path: `${first}.choices[1].text`, texts: { en: 'Head' } },
  ]);
});

test('a language is as complete as it has texts', () => {
  const texts = formTexts(survey, languages);
  expect(completeness(texts, 'en')).toEqual({ done: 4, all: 4 });
  expect(completeness(texts, 'cy')).toEqual({ done: 2, all: 4 });
});

test('one text is changed and all else stays; without a translation it is plain again', () => {
  const [, , , head] = formTexts(survey, languages);
  if (!head) throw new Error('the last text is missing');
  const told = withFormText(survey, head, 'cy', 'Pennaeth', languages);
  expect(JSON.stringify(told)).toBe(
    JSON.stringify(survey).replace('"text":"Head"', '"text":{"en":"Head","cy":"Pennaeth"}'),
  );
  const [again] = formTexts(told, languages).slice(-1);
  if (!again) throw new Error('the last text is missing');
  expect(withFormText(told, again, 'cy', '', languages)).toEqual(survey);
});

test('what is no form has no texts', () => {
  for (const wrong of [null, 42, 'a text', [], { pages: [null, { elements: 'none' }] }]) {
    expect(formTexts(wrong, languages)).toEqual([]);
  }
});

test('a second reader reads each text beside the one that it translates, in the order of the form', () => {
  expect(readTexts(survey, languages, 'cy')).toEqual([
    ['Trust', 'Ymddiriedaeth'],
    ['Your role', ''],
    ['Teacher', 'Athro'],
    ['Head', ''],
  ]);
});
