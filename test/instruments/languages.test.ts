/** Languages: who gets which, and a survey's texts in one of them. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bestOf, directionOf, surveyIn, wishesOf } from '../../instruments/languages.ts';

const offered = ['en-GB', 'de', 'ar'];

test.each([
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['fr-FR,fr;q=0.9', null],
  ['en-US', 'en-GB'],
  ['fr;q=0.9, ar;q=0.8, de;q=0.1', 'ar'],
  ['de;q=0, en', 'en-GB'],
  ['*', null],
  ['', null],
  ['<script>, ;;;, de;q=x', null],
])('a browser that sends "%s" gets %s', (header, expected) => {
  expect(bestOf(wishesOf(header), offered)).toBe(expected);
});

test('a script in the tag says which way it is written', () => {
  expect([directionOf('az-Arab'), directionOf('ar-Latn'), directionOf('he-IL'), directionOf('de')]).toEqual([
    'rtl',
    'ltr',
    'rtl',
    'ltr',
  ]);
});

test('a survey in one language holds its texts alone, and everything else as it was', () => {
  const file = new URL('../fixtures/instruments/three-languages.v1.json', import.meta.url);
  const { survey, languages } = JSON.parse(readFileSync(file, 'utf8'));
  const german = JSON.stringify(surveyIn(survey, languages, 'de'));
  expect(german).toContain('"Wie war Ihre Woche?"');
  expect(german).toContain('"text":"Schlecht"');
  expect(german).not.toMatch(/How was|Bad|"default"|[\u0600-\u06ff]/);
  expect(JSON.stringify(surveyIn(survey, languages, 'en-GB'))).toContain('"Which day was the longest?"');
});

test('values of answers are not texts, even where their keys are called like languages', () => {
  const survey = { locale: 'de', pages: [{ elements: [{ name: 'q', defaultValue: { de: 'x', en: 'y' } }] }] };
  expect(surveyIn(survey, ['en', 'de'], 'de')).toEqual({
    pages: [{ elements: [{ name: 'q', defaultValue: { de: 'x', en: 'y' } }] }],
  });
});
