/** The first language of an instrument on its way into SurveyJS Creator, which edits `default`, and back. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromDefault, toDefault } from '../../client/workbench/instruments/designer/default-language.ts';
import type { JsonObject } from '../../instruments/json.ts';
import { Model } from '../../instruments/surveyjs.ts';
import { type FormText, formTexts } from '../../instruments/translations.ts';

const languages = ['en-GB', 'de', 'ar'];
const { survey } = JSON.parse(readFileSync('test/fixtures/instruments/three-languages.v1.json', 'utf8')) as {
  survey: JsonObject;
};
const titled = (title: unknown, more: JsonObject = {}): JsonObject => ({
  ...more,
  pages: [{ name: 'p', elements: [{ type: 'comment', name: 'q', title }] }],
});
const titleIn = (form: JsonObject) => formTexts(form, languages).find(({ path }) => path.endsWith('].title'))?.texts;

/** survey-core has an order of its own. */
const byPath = (texts: readonly FormText[]) => Object.fromEntries(texts.map(({ path, texts }) => [path, texts]));

/** What survey-core, which the Creator edits with, makes of a new title. */
function edited(form: JsonObject, title: string): JsonObject {
  const model = new Model(toDefault(form, languages));
  const question = model.getQuestionByName('q');
  question.title = title;
  return fromDefault(model.toJSON() as JsonObject, languages);
}

test('a text that is edited is the text of the first language, and the others stay', () => {
  const form = titled({ 'en-GB': 'Old', de: 'Alt' });
  expect(titleIn(edited(form, 'New'))).toEqual({ 'en-GB': 'New', de: 'Alt' });
  expect(titleIn(edited(titled('Old'), 'New'))).toEqual({ 'en-GB': 'New' });
  expect(titleIn(edited(titled({ default: 'Old', de: 'Alt' }), 'New'))).toEqual({ 'en-GB': 'New', de: 'Alt' });
  expect(titleIn(edited({ ...form, locale: 'en-GB' }, 'New'))).toEqual({ 'en-GB': 'New', de: 'Alt' });
});

test('there and back every text reads as before in every language, and codes that look like texts stay', () => {
  const back = fromDefault(toDefault(survey, languages), languages);
  expect(formTexts(back, languages)).toEqual(formTexts(survey, languages));
  const model = new Model(toDefault(survey, languages));
  const drawn = formTexts(fromDefault(model.toJSON() as JsonObject, languages), languages);
  expect(byPath(drawn)).toEqual(byPath(formTexts(survey, languages)));
  const answer = titled('Q', { defaultValue: { de: 'x', 'en-GB': 'y' } });
  expect(fromDefault(toDefault(answer, languages), languages)).toEqual(answer);
  expect(toDefault(titled({ 'en-GB': 'Only' }), languages)).toEqual(titled({ default: 'Only' }));
});
