/** Surveys and instruments that `parseInstrument` refuses; that it says all at once; languages; what it lets through. */
import { describe, expect, test } from 'vitest';
import type { Properties } from '../../instruments/check-properties.ts';
import {
  calculatedValueProperties,
  pageProperties,
  panelProperties,
  surveyProperties,
} from '../../instruments/layout-properties.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import {
  checkboxChoiceProperties,
  choiceProperties,
  itemProperties,
  propertiesOf,
  rowProperties,
} from '../../instruments/question-properties.ts';
import { supportedTypes } from '../../instruments/questions.ts';
import { createModel, isSurveyProperty } from '../../instruments/surveyjs.ts';
import { accepted, brief, instrumentWith, issuesOf, pageOf, pagesOf } from './build.ts';
import { everyType } from './every-type.ts';

const radio = (more: Record<string, unknown> = {}) => ({ type: 'radiogroup', name: 'q', choices: [1, 2], ...more });
const at = 'survey.pages[0].elements[0]';

describe('a survey is refused with', () => {
  const one = pageOf({ type: 'comment', name: 'q' });
  const refused: readonly (readonly [what: string, more: Record<string, unknown>, issues: readonly string[]])[] = [
    ['triggers', { triggers: [] }, ['trigger survey.triggers']],
    ['a way to another address', { navigateToUrl: 'https://example.org' }, ['navigation survey.navigateToUrl']],
    ['closing words by condition', { completedHtmlOnCondition: [] }, ['navigation survey.completedHtmlOnCondition']],
    ['a script at the end', { completedHtml: '<img src="x">' }, ['html-not-allowed survey.completedHtml']],
    ['a time limit', { maxTimeToFinish: 60 }, ['time-limit survey.maxTimeToFinish']],
    ['a logo from elsewhere', { logo: 'https://example.org/logo.png' }, ['remote-resource survey.logo']],
    [
      'a background from elsewhere',
      { backgroundImage: 'https://example.org/x.png' },
      ['remote-resource survey.backgroundImage'],
    ],
    ['another rule for hidden answers', { clearInvisibleValues: 'none' }, ['bad-property survey.clearInvisibleValues']],
    ['one question a page', { questionsOnPageMode: 'questionPerPage' }, ['page-layout survey.questionsOnPageMode']],
    ['an unknown key', { surveyPostId: 'x' }, ['unknown-property survey.surveyPostId']],
    ['questions beside the pages', { elements: [] }, ['unknown-property survey.elements']],
    ['a language that it does not speak', { locale: 'de' }, ['language-not-declared survey.locale']],
    [
      'a calculated value named as a question',
      { calculatedValues: [{ name: 'q', expression: '1' }] },
      ['duplicate-name survey.calculatedValues[0]'],
    ],
    [
      'a calculated value without an expression',
      { calculatedValues: [{ name: 'v' }] },
      ['empty-expression survey.calculatedValues[0].expression'],
    ],
    ['no pages', { pages: [] }, ['no-pages survey.pages']],
    ['a page that is none', { pages: [42] }, ['bad-property survey.pages[0]', 'no-questions survey.pages'].slice(0, 1)],
    [
      'nothing asked',
      { pages: [{ elements: [{ type: 'html', html: '<p>Hello</p>' }] }] },
      ['no-questions survey.pages'],
    ],
  ];
  test.each(refused)('%s', (_what, more, issues) => {
    expect(brief(issuesOf({ ...one, ...more }))).toEqual(issues);
  });

  test('names that two items would have', () => {
    expect(brief(issuesOf(pagesOf([radio()], [radio()])))).toEqual(['duplicate-name survey.pages[1].elements[0]']);
    const matrix = { type: 'matrix', name: 'm', rows: ['q'], columns: [1, 2] };
    expect(brief(issuesOf(pageOf(radio(), matrix)))).toEqual(['duplicate-name survey']);
    const checkbox = { type: 'checkbox', name: 'q', choices: [1, 2] };
    expect(brief(issuesOf(pageOf(checkbox, radio({ name: 'q_1' }))))).toEqual(['duplicate-name survey']);
    const long = { type: 'checkbox', name: 'q'.repeat(32), choices: [1] };
    expect(brief(issuesOf(pageOf(long)))).toEqual(['bad-name survey']);
  });

  test('more than 2,000 items, quickly', () => {
    const rows = Array.from({ length: 1000 }, (_, row) => `r${row}`);
    const matrix = (name: string) => ({
      type: 'matrix',
      name,
      rows: rows.map((row) => `${name}${row}`),
      columns: [1, 2],
    });
    expect(brief(issuesOf(pageOf(matrix('a'), matrix('b'), matrix('c'))))).toEqual(['too-many-items survey']);
    const wide = {
      type: 'matrixdropdown',
      name: 'w',
      rows,
      columns: ['x', 'y', 'z'].map((name) => ({ name, cellType: 'text' })),
    };
    expect(brief(issuesOf(pageOf(wide)))).toEqual(['too-many-items survey']);
    const many = Array.from({ length: 10_000 }, (_, item) => radio({ name: `q${item}` }));
    const start = process.hrtime.bigint();
    expect(brief(issuesOf(pageOf(...many)))).toEqual(['too-many-items survey']);
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(5);
  });

  test('panels nested without end', () => {
    let deep: unknown = { type: 'comment', name: 'q' };
    for (let level = 0; level < 5_000; level++) deep = { type: 'panel', elements: [deep] };
    expect(brief(issuesOf(pageOf(deep)))).toEqual(['too-large ']);
  });
});

describe('an instrument is refused', () => {
  const survey = pageOf(
    radio(),
    { type: 'rating', name: 'r', rateMax: 7 },
    { type: 'comment', name: 'c' },
    { type: 'text', name: 'n', inputType: 'number', min: 0 },
  );
  const scale = (more: Record<string, unknown>) => ({
    scales: [
      {
        id: 'scale_one',
        title: 'Scale',
        construct: 'something',
        items: [{ name: 'q', reversed: false }],
        range: { min: 1, max: 2 },
        score: 'mean',
        minimumAnswered: 1,
        aggregation: 'person-first',
        referenceValues: [],
        ...more,
      },
    ],
  });
  const refused: readonly (readonly [what: string, more: Record<string, unknown>, issue: string])[] = [
    ['with an unknown key', { author: 'x' }, 'unknown-key author'],
    ['with an id that is none', { id: 'My Instrument' }, 'bad-value id'],
    ['with a version that is none', { version: 0 }, 'bad-value version'],
    ['of an unknown kind', { kind: 'test' }, 'bad-value kind'],
    ['without a title', { title: ' ' }, 'bad-value title'],
    ['with the same language twice', { languages: ['en', 'en'] }, 'bad-value languages'],
    [
      'with an address that is a script',
      { sources: [{ reference: 'x', use: 'y', url: 'javascript:alert(1)' }] },
      'bad-value sources[0].url',
    ],
    ['with a scale of nothing', scale({ items: [] }), 'bad-value scales[0].items'],
    [
      'with a scale whose item is not in the codebook',
      scale({ items: [{ name: 'nobody', reversed: false }] }),
      'scale-item-unknown scales[0].items[0].name',
    ],
    [
      'with a scale whose item is a text',
      scale({ items: [{ name: 'c', reversed: false }] }),
      'scale-item-not-numeric scales[0].items[0].name',
    ],
    [
      'with a scale whose item has no end',
      scale({ items: [{ name: 'n', reversed: false }] }),
      'scale-item-unbounded scales[0].items[0].name',
    ],
    [
      'with a scale whose item leaves its range',
      scale({ items: [{ name: 'r', reversed: false }] }),
      'scale-item-out-of-range scales[0].items[0].name',
    ],
    [
      'with a scale that nobody can complete',
      scale({ minimumAnswered: 2 }),
      'minimum-answered scales[0].minimumAnswered',
    ],
    [
      'with a scale that takes an item twice',
      scale({ items: ['q', 'q'].map((name) => ({ name, reversed: false })) }),
      'duplicate-name scales[0].items[1].name',
    ],
    [
      'with a range upside down',
      scale({ range: { min: 2, max: 1 }, items: [{ name: 'q', reversed: false }] }),
      'bad-range scales[0].range',
    ],
    ['with a scale named as an item', scale({ id: 'q' }), 'duplicate-name scales[0].id'],
  ];
  test.each(refused)('%s', (_what, more, issue) => {
    expect(brief(issuesOf(survey, more))).toContain(issue);
  });

  test('that is no object at all, without throwing', () => {
    const circle: Record<string, unknown> = {};
    circle.survey = circle;
    for (const json of [undefined, null, 42, 'x', [], {}, circle, () => 1, new Date(0), Symbol('x')]) {
      expect(parseInstrument(json).ok).toBe(false);
    }
  });

  test('with a survey that would change the prototype of objects', () => {
    for (const text of [
      '{"__proto__": {"polluted": 1}, "pages": [{"elements": [{"type": "comment", "name": "q"}]}]}',
      '{"pages": [{"elements": [{"type": "comment", "name": "q", "__proto__": {"visible": false}}]}]}',
      '{"pages": [{"elements": [{"type": "radiogroup", "name": "q", "choices": [{"value": 1, "constructor": 1}]}]}]}',
    ]) {
      expect(issuesOf(JSON.parse(text)).length, text).toBeGreaterThan(0);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    }
  });

  test('with everything that is wrong told at once', () => {
    const wrong = pagesOf(
      [radio({ choices: ['x', 1] }), { type: 'file', name: 'f' }],
      [
        { type: 'comment', name: 'Q', visibleIf: '{nobody} = 1' },
        { type: 'html', name: 'h', html: '<iframe>' },
      ],
    );
    expect(brief(issuesOf(wrong, { id: '!', scales: [{}] })).length).toBeGreaterThan(10);
    expect(new Set(issuesOf(wrong).map((issue) => issue.code))).toEqual(
      new Set(['bad-code', 'unsupported-type', 'bad-name', 'unknown-item', 'html-not-allowed']),
    );
    for (const issue of issuesOf(wrong)) expect(issue.message).toMatch(/\S{3}.*[.…]$/);
  });

  test('with no more issues than can be read', () => {
    const choices = Array.from({ length: 1000 }, () => 'x');
    const issues = issuesOf(pageOf(radio({ choices })));
    expect(issues).toHaveLength(501);
    expect(issues.at(-1)?.code).toBe('too-many-issues');
  });
});

describe('languages', () => {
  const german = { languages: ['en', 'de'] };
  test('every text speaks every language', () => {
    const title = { default: 'How are you?', de: 'Wie geht es?' };
    expect(issuesOf(pageOf(radio({ title })), german)).toEqual([]);
    expect(brief(issuesOf(pageOf(radio({ title: 'How are you?' })), german))).toEqual([`language-missing ${at}.title`]);
    expect(brief(issuesOf(pageOf(radio({ title: { en: 'How?' } })), german))).toEqual([`language-missing ${at}.title`]);
    expect(brief(issuesOf(pageOf(radio({ title: { ...title, fr: 'Comment?' } })), german))).toEqual([
      `language-not-declared ${at}.title.fr`,
    ]);
    expect(brief(issuesOf(pageOf(radio({ choices: [{ value: 1, text: 'One' }, 2] })), german))).toEqual([
      `language-missing ${at}.choices[0].text`,
    ]);
  });
  test('HTML is checked in each of them', () => {
    const html = { en: '<p>Hello</p>', de: '<p onload="x">Hallo</p>' };
    const survey = pageOf({ type: 'html', html }, { type: 'comment', name: 'q' });
    expect(brief(issuesOf(survey, german))).toEqual([`html-not-allowed ${at}.html.de`]);
  });
});

test('an instrument comes back as it was given, without what zod was told to leave out', () => {
  const json = instrumentWith(pageOf(radio()));
  expect(accepted(json.survey)).toEqual(json);
});

test('every property that an instrument may have is known to survey-core', () => {
  const lists: (readonly [element: string, properties: Properties])[] = [
    ...supportedTypes.map((type) => [type, propertiesOf(type)] as const),
    ['survey', surveyProperties],
    ['page', pageProperties],
    ['panel', panelProperties],
    ['calculatedvalue', calculatedValueProperties],
    ['multipletextitem', itemProperties],
    ['itemvalue', rowProperties],
    ['choiceitem', choiceProperties],
    ['ratingitem', choiceProperties],
    ['matrixcolumn', choiceProperties],
    ['checkboxitem', checkboxChoiceProperties],
  ];
  for (const [element, properties] of lists) {
    const unknown = Object.keys(properties).filter((property) => !isSurveyProperty(element, property));
    expect(unknown, element).toEqual([]);
  }
});

test('survey-core reads an instrument with every type without complaint', () => {
  expect(createModel(everyType.survey).jsonErrors ?? []).toEqual([]);
});
