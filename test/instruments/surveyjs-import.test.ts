/** Plain SurveyJS JSON as a draft: names and codes made legal with all that names them, the rest left out and told. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codebookOf } from '../../instruments/codebook.ts';
import { type LeftOut, UnreadableFile } from '../../instruments/interop/left-out.ts';
import { importSurveyjs } from '../../instruments/interop/surveyjs-file.ts';
import { parseInstrument } from '../../instruments/parse.ts';

function read(json: unknown) {
  const { instrument, leftOut } = importSurveyjs(json);
  const parsed = parseInstrument(instrument);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return { instrument: parsed.value, leftOut };
}
const told = (leftOut: readonly LeftOut[]) => leftOut.map(({ item, what }) => `${item} ${what}`);

test('names and text codes become legal, in conditions and texts too', () => {
  const { instrument, leftOut } = read({
    title: 'Tea',
    pages: [
      {
        name: 'p1',
        elements: [
          {
            type: 'radiogroup',
            name: 'Favourite Tea',
            title: 'Which?',
            choices: ['green', { value: 'black', text: 'Black' }],
          },
          { type: 'text', name: 'why', title: 'Why {Favourite Tea}?', visibleIf: "{Favourite Tea} = 'black'" },
        ],
      },
    ],
  });
  expect(codebookOf(instrument).variables.map(({ name, values }) => [name, values])).toEqual([
    [
      'favourite_tea',
      [
        { code: 1, label: 'green' },
        { code: 2, label: 'Black' },
      ],
    ],
    ['why', []],
  ]);
  expect(JSON.stringify(instrument.survey)).toContain('"visibleIf":"{favourite_tea} = 2"');
  expect(JSON.stringify(instrument.survey)).toContain('Why {favourite_tea}?');
  expect(told(leftOut)).toEqual(['favourite_tea name', 'favourite_tea choice codes']);
});

test('what an instrument may not hold is left out by name: remote lists, files, triggers, scripts', () => {
  const { instrument, leftOut } = read({
    triggers: [{ type: 'complete', expression: '1 = 1' }],
    elements: [
      { type: 'file', name: 'upload' },
      { type: 'radiogroup', name: 'a', choices: [1, 2], choicesByUrl: { url: 'https://example.org' }, defaultValue: 1 },
      { type: 'html', name: 'note', html: '<script>alert(1)</script>' },
      { type: 'checkbox', name: 'b', choices: [1, 2], hasOther: true, showNoneItem: true },
    ],
  });
  expect(codebookOf(instrument).variables.map(({ name }) => name)).toEqual(['a', 'b_1', 'b_2', 'b_3', 'b_4']);
  expect(told(leftOut)).toEqual(
    expect.arrayContaining([
      'null triggers',
      'upload question',
      'a choicesByUrl',
      'a defaultValue',
      'b showOtherItem',
      'b showNoneItem',
    ]),
  );
  expect(JSON.stringify(instrument.survey)).not.toMatch(/script|example\.org/);
});

test('texts in several languages make the languages of the draft, and gaps are told', () => {
  const { instrument, leftOut } = read({
    elements: [
      { type: 'text', name: 'a', title: { default: 'Name a tea', de: 'Nenne einen Tee' }, description: 'In a word' },
    ],
  });
  expect(instrument.languages).toEqual(['en', 'de']);
  expect(told(leftOut)).toEqual(['null translation']);
});

test('an instrument of ours is taken as it is, and what is no survey is refused', () => {
  const ours = JSON.parse(readFileSync('instruments/library/trust.v1.json', 'utf8'));
  expect(importSurveyjs(ours)).toEqual({ instrument: ours, leftOut: [] });
  for (const json of [null, 42, {}, { pages: 'none' }, []]) expect(() => importSurveyjs(json)).toThrow(UnreadableFile);
});
