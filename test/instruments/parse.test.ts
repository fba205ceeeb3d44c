/** What `parseInstrument` refuses, each by name, with the path of what is wrong; and that it says all at once. */
import { describe, expect, test } from 'vitest';
import { parseInstrument } from '../../instruments/parse.ts';
import { supportedTypes } from '../../instruments/questions.ts';
import { refusedProperties } from '../../instruments/refused.ts';
import { surveyProperties } from '../../instruments/surveyjs.ts';
import { accepted, brief, instrumentWith, issuesOf, pageOf, pagesOf } from './build.ts';

const radio = (more: Record<string, unknown> = {}) => ({ type: 'radiogroup', name: 'q', choices: [1, 2], ...more });
const at = 'survey.pages[0].elements[0]';

/** Each question with the one issue it must give, as `code path-behind-the-question`. */
const refusedQuestions: readonly (readonly [what: string, question: Record<string, unknown>, issue: string])[] = [
  ['an upload', { type: 'file', name: 'q' }, 'unsupported-type .type'],
  ['a signature', { type: 'signaturepad', name: 'q' }, 'unsupported-type .type'],
  ['an image picker', { type: 'imagepicker', name: 'q', choices: [1] }, 'unsupported-type .type'],
  ['an image map', { type: 'imagemap', name: 'q' }, 'unsupported-type .type'],
  ['a custom type', { type: 'my-own-type', name: 'q' }, 'unsupported-type .type'],
  ['a type that is a property of every object', { type: 'constructor', name: 'q' }, 'unsupported-type .type'],
  ['no type', { name: 'q' }, 'unsupported-type .type'],
  ['choices from a server', radio({ choicesByUrl: { url: 'https://example.org/x' } }), 'remote-resource .choicesByUrl'],
  ['choices from another question', radio({ choicesFromQuestion: 'p' }), 'copied-choices .choicesFromQuestion'],
  ['an other item', radio({ showOtherItem: true }), 'special-choice .showOtherItem'],
  ['a none item', radio({ showNoneItem: true }), 'special-choice .showNoneItem'],
  ['a refuse item', radio({ showRefuseItem: true }), 'special-choice .showRefuseItem'],
  ["a don't-know item", radio({ showDontKnowItem: true }), 'special-choice .showDontKnowItem'],
  ['a comment area', radio({ showCommentArea: true }), 'special-choice .showCommentArea'],
  [
    'a comment in a choice',
    radio({ choices: [{ value: 1, showCommentArea: true }] }),
    'special-choice .choices[0].showCommentArea',
  ],
  ['questions in a choice', radio({ choices: [{ value: 1, elements: [] }] }), 'unknown-property .choices[0].elements'],
  ['a default', radio({ defaultValue: 1 }), 'preset-answer .defaultValue'],
  ['a computed default', radio({ defaultValueExpression: '1' }), 'preset-answer .defaultValueExpression'],
  ['a value set by an expression', radio({ setValueExpression: '1' }), 'preset-answer .setValueExpression'],
  ['a value set by a condition', radio({ setValueIf: '1 = 1' }), 'preset-answer .setValueIf'],
  ['a value reset by a condition', radio({ resetValueIf: '1 = 1' }), 'preset-answer .resetValueIf'],
  ['a right answer', radio({ correctAnswer: 1 }), 'preset-answer .correctAnswer'],
  ['a shared value', radio({ valueName: 'p' }), 'shared-value .valueName'],
  ['a question never answerable', radio({ readOnly: true }), 'not-answerable .readOnly'],
  ['a question never shown', radio({ visible: false }), 'not-answerable .visible'],
  ['another rule for hidden answers', radio({ clearIfInvisible: 'none' }), 'bad-property .clearIfInvisible'],
  ['an unknown property', radio({ onClick: 'alert(1)' }), 'unknown-property .onClick'],
  ['a component of its own', radio({ itemComponent: 'x' }), 'unknown-property .itemComponent'],
  ['a size that is none', radio({ minWidth: 'url(https://example.org)' }), 'bad-property .minWidth'],
  ['a text that is none', radio({ title: 42 }), 'bad-text .title'],
  ['a name with capitals', radio({ name: 'Q' }), 'bad-name .name'],
  ['a name too long', radio({ name: 'q'.repeat(33) }), 'bad-name .name'],
  ['a name that SPSS reserves', radio({ name: 'with' }), 'reserved-name .name'],
  ['a name that expressions reserve', radio({ name: 'panel' }), 'reserved-name .name'],
  ['no name', { type: 'comment' }, 'bad-name .name'],
  ['codes in words', radio({ choices: ['yes', 2] }), 'bad-code .choices[0]'],
  ['codes in words with texts', radio({ choices: [{ value: '1', text: 'one' }, 2] }), 'bad-code .choices[0].value'],
  ['codes with fractions', radio({ choices: [1.5, 2] }), 'bad-code .choices[0]'],
  ['codes that come twice', radio({ choices: [1, 2, { value: 1 }] }), 'duplicate-code .choices[2]'],
  ['reserved codes', radio({ choices: [1, -995] }), 'reserved-code .choices[1]'],
  ['no choices', radio({ choices: [] }), 'no-choices .choices'],
  [
    'only choices that are no answers',
    radio({ choices: [{ value: 1, missingReason: 'declined' }] }),
    'no-choices .choices',
  ],
  [
    'another missing reason',
    radio({ choices: [1, { value: 2, missingReason: 'hidden' }] }),
    'bad-missing-reason .choices[1].missingReason',
  ],
  [
    'too many choices',
    radio({ choices: Array.from({ length: 1001 }, (_, code) => code) }),
    'too-many-choices .choices',
  ],
  ['negative codes where they become names', { type: 'checkbox', name: 'q', choices: [1, -1] }, 'bad-code .choices[1]'],
  ['a reserved range', { type: 'text', name: 'q', inputType: 'number', min: -1000, max: 5 }, 'reserved-code '],
  ['a range upside down', { type: 'text', name: 'q', inputType: 'number', min: 5, max: 1 }, 'bad-range '],
  ['a smallest value off the steps', { type: 'slider', name: 'q', min: 1, max: 9, step: 2 }, 'bad-range .min'],
  ['a rating with a reserved range', { type: 'rating', name: 'q', rateMin: -999, rateMax: -990 }, 'reserved-code '],
  ['a rating without an end', { type: 'rating', name: 'q', rateMax: 1e9 }, 'bad-range '],
  ['a rating in fractions', { type: 'rating', name: 'q', rateStep: 0.5 }, 'bad-range '],
  [
    'a rating count that does not fit',
    { type: 'rating', name: 'q', rateMin: 1, rateMax: 5, rateCount: 9 },
    'bad-range .rateCount',
  ],
  ['a dropdown without an end', { type: 'dropdown', name: 'q', choicesMin: 1, choicesMax: 1e9 }, 'bad-range '],
  ['a boolean in words', { type: 'boolean', name: 'q', valueTrue: 'yes' }, 'bad-code .valueTrue'],
  ['a boolean with one value', { type: 'boolean', name: 'q', valueTrue: 1, valueFalse: 1 }, 'bad-code '],
  [
    'a ranking with a choice that is no answer',
    { type: 'ranking', name: 'q', choices: [1, { value: 2, missingReason: 'declined' }] },
    'bad-missing-reason .choices',
  ],
  [
    'more choices wanted than there are',
    { type: 'checkbox', name: 'q', choices: [1, 2], minSelectedChoices: 3 },
    'bad-range ',
  ],
  [
    'an input type we do not know',
    { type: 'text', name: 'q', inputType: 'hidden' },
    'unsupported-input-type .inputType',
  ],
  ['a mask', { type: 'text', name: 'q', maskType: 'pattern' }, 'bad-property .maskType'],
  ['a limit that is no date', { type: 'text', name: 'q', inputType: 'date', min: 'today()' }, 'bad-property .min'],
  [
    'a computed limit',
    { type: 'text', name: 'q', inputType: 'date', minValueExpression: 'today()' },
    'computed-limit .minValueExpression',
  ],
  [
    'a matrix of checkboxes',
    { type: 'matrix', name: 'q', cellType: 'checkbox', rows: ['r'], columns: [1] },
    'unsupported-cell-type .cellType',
  ],
  ['a matrix without rows', { type: 'matrix', name: 'q', columns: [1] }, 'no-rows .rows'],
  ['a matrix row without a name', { type: 'matrix', name: 'q', rows: ['Row 1'], columns: [1] }, 'bad-name .rows[0]'],
  [
    'a matrix row that comes twice',
    { type: 'matrix', name: 'q', rows: ['r', 'r'], columns: [1] },
    'duplicate-name .rows[1]',
  ],
  [
    'a cell that is an upload',
    { type: 'matrixdynamic', name: 'q', columns: [{ name: 'f', cellType: 'file' }] },
    'unsupported-cell-type .columns[0].cellType',
  ],
  [
    'columns that come twice',
    { type: 'matrixdynamic', name: 'q', columns: ['c', 'c'].map((name) => ({ name, cellType: 'text' })) },
    'duplicate-name .columns[1]',
  ],
  [
    'totals',
    { type: 'matrixdynamic', name: 'q', columns: [{ name: 'c', cellType: 'text', totalType: 'sum' }] },
    'unknown-property .columns[0].totalType',
  ],
  [
    'a key that is no column',
    { type: 'matrixdynamic', name: 'q', keyName: 'k', columns: [{ name: 'c', cellType: 'text' }] },
    'unknown-item .keyName',
  ],
  [
    'more rows than may be',
    { type: 'matrixdynamic', name: 'q', maxRowCount: 5000, columns: [{ name: 'c', cellType: 'text' }] },
    'bad-range ',
  ],
  [
    'rows filled in beforehand',
    { type: 'matrixdynamic', name: 'q', defaultRowValue: { c: 'x' }, columns: [{ name: 'c', cellType: 'text' }] },
    'preset-answer .defaultRowValue',
  ],
  [
    'questions below a row',
    { type: 'matrixdynamic', name: 'q', detailElements: [], columns: [{ name: 'c', cellType: 'text' }] },
    'nested-table .detailElements',
  ],
  [
    'a table in a table',
    {
      type: 'paneldynamic',
      name: 'q',
      templateElements: [
        { type: 'paneldynamic', name: 'p' },
        { type: 'comment', name: 'c' },
      ],
    },
    'nested-table .templateElements[0]',
  ],
  ['an empty table', { type: 'paneldynamic', name: 'q', templateElements: [] }, 'no-columns .templateElements'],
  [
    'an unsafe regular expression',
    { type: 'text', name: 'q', validators: [{ type: 'regex', regex: '^(a+)+$' }] },
    'unsafe-regex .validators[0].regex',
  ],
  [
    'an unknown validator',
    { type: 'text', name: 'q', validators: [{ type: 'mine' }] },
    'unsupported-validator .validators[0]',
  ],
  [
    'an image from elsewhere',
    { type: 'image', name: 'q', imageLink: 'https://example.org/x.png' },
    'remote-resource .imageLink',
  ],
  [
    'an image that is a page',
    { type: 'image', name: 'q', imageLink: 'data:text/html;base64,AAAA' },
    'remote-resource .imageLink',
  ],
  [
    'a video',
    { type: 'image', name: 'q', imageLink: 'data:image/png;base64,AAAA', contentMode: 'youtube' },
    'bad-property .contentMode',
  ],
  ['a script', { type: 'html', name: 'q', html: '<script>alert(1)</script>' }, 'html-not-allowed .html'],
  ['an event handler', { type: 'html', name: 'q', html: '<p onclick="alert(1)">x</p>' }, 'html-not-allowed .html'],
  ['answers in HTML', { type: 'html', name: 'q', html: '<p>{q1}</p>' }, 'html-piping .html'],
  ['an expression question without one', { type: 'expression', name: 'q' }, 'empty-expression .expression'],
  [
    'something computed under enableIf',
    { type: 'expression', name: 'q', expression: '1', enableIf: '1 = 1' },
    'computed-disabled ',
  ],
];

describe('a question is refused by name', () => {
  test.each(refusedQuestions)('%s', (_what, question, issue) => {
    // A question that is legal stands beside it, so that nothing else is wrong.
    const survey = pageOf(question, { type: 'comment', name: 'beside' });
    const [code, place] = issue.split(' ');
    expect(brief(issuesOf(survey))).toEqual([`${code} ${at}${place}`]);
  });

  test('every property that is refused with a reason of its own', () => {
    for (const [property, { code }] of Object.entries(refusedProperties)) {
      expect(brief(issuesOf(pageOf({ type: 'comment', name: 'q', [property]: true })))).toEqual([
        `${code} ${at}.${property}`,
      ]);
    }
  });
});

/** Conditions on the third of three questions: a code `a`, a text `b`; and a table `t` with a column `n`. */
const refusedExpressions: readonly (readonly [what: string, expression: string, code: string])[] = [
  ['cannot be read', '{a} ==== 1', 'bad-expression'],
  ['is not finished', '{a} =', 'bad-expression'],
  ['names nobody', '{nobody} = 1', 'unknown-item'],
  ['names somebody with other capitals', '{A} = 1', 'unknown-item'],
  ['names a part that is not there', '{m.x} = 1', 'unknown-item'],
  ['names a matrix row as if it were a question', '{r} = 1', 'unknown-item'],
  ['names a neighbour outside a table', '{row.n} = 1', 'unknown-item'],
  ['asks for a property of a question', '{$a.isVisible}', 'unknown-item'],
  ['asks for a prototype', '{a.__proto__.x} = 1', 'unknown-item'],
  ['calls a function that nobody knows', 'launch({a}) = 1', 'unknown-function'],
  ['calls a function of the screen', "displayValue('a') = 'x'", 'unknown-function'],
  ['reads the clock', 'today() > {b}', 'clock-function'],
  ['reads the clock by age', 'age({b}) > 18', 'clock-function'],
  ['reads the clock where a date is blank', 'year({b}) > 2000', 'clock-function'],
  ['leaves iif without its else', 'iif({a} = 1, 2) = 2', 'bad-argument'],
  ['mixes numbers and texts in iif', "iif({a} = 1, 2, 'x') = 2", 'mixed-result'],
  ['adds up texts', 'sum({b}) > 1', 'bad-argument'],
  ['subtracts from texts', '{b} - 1 > 1', 'bad-argument'],
  ['rounds to digits that were asked', 'round({a}, {a}) > 1', 'bad-argument'],
  ['counts hours across time zones', "dateDiff({b}, {b}, 'hours') > 1", 'bad-argument'],
  ['adds up a column that is not there', "sumInArray({t}, 'x') > 1", 'bad-argument'],
  ['filters a column by words that are read later', "sumInArray({t}, 'n', '{n} > today()') > 1", 'bad-argument'],
  ['is too long', `{a} = 1${' or {a} = 1'.repeat(250)}`, 'expression-too-long'],
  ['is too deep', `${'('.repeat(40)}{a} = 1${')'.repeat(40)}`, 'expression-too-long'],
];

describe('an expression is refused that', () => {
  test.each(refusedExpressions)('%s', (_what, expression, code) => {
    const survey = pageOf(
      radio({ name: 'a' }),
      { type: 'text', name: 'b', inputType: 'date' },
      { type: 'matrixdynamic', name: 't', columns: [{ name: 'n', cellType: 'text', inputType: 'number' }] },
      { type: 'matrix', name: 'm', rows: ['r'], columns: [1, 2] },
      { type: 'comment', name: 'q', visibleIf: expression },
    );
    expect(brief(issuesOf(survey))).toEqual([`${code} survey.pages[0].elements[4].visibleIf`]);
  });

  test('computes what is neither number, truth nor text', () => {
    const expressions = ["dateAdd({d}, 1, 'days')", '{c}', '{c} and {c}'];
    for (const expression of expressions) {
      const survey = pageOf(
        { type: 'text', name: 'd', inputType: 'date' },
        { type: 'checkbox', name: 'c', choices: [1] },
        { type: 'expression', name: 'q', expression },
      );
      expect(brief(issuesOf(survey)), expression).toEqual(['mixed-result survey.pages[0].elements[2].expression']);
    }
  });

  test('computes with codes that are no amounts', () => {
    const column = { name: 'x', cellType: 'dropdown', choices: [1, { value: 9, missingReason: 'declined' }] };
    const table = { type: 'matrixdynamic', name: 't', columns: [column] };
    const survey = pageOf(table, { type: 'expression', name: 'q', expression: "sumInArray({t}, 'x')" });
    expect(brief(issuesOf(survey))).toEqual(['marked-argument survey.pages[0].elements[1].expression']);
  });

  test('makes a circle', () => {
    const circle = pageOf(
      { type: 'comment', name: 'a', visibleIf: '{b} notempty' },
      { type: 'comment', name: 'b', visibleIf: '{a} notempty' },
    );
    expect(brief(issuesOf(circle))).toEqual([`cyclic-condition ${at}.visibleIf`]);
    const self = pageOf(radio({ visibleIf: '{q} = 1' }));
    expect(brief(issuesOf(self))).toEqual([`cyclic-condition ${at}.visibleIf`]);
    const longer = pageOf(
      { type: 'expression', name: 'a', expression: '{c} + 1' },
      { type: 'expression', name: 'b', expression: '{a} + 1' },
      { type: 'expression', name: 'c', expression: '{b} + 1' },
    );
    expect(issuesOf(longer).map((issue) => issue.code)).toContain('cyclic-condition');
    const inside = {
      type: 'paneldynamic',
      name: 't',
      templateElements: [
        { type: 'comment', name: 'x', visibleIf: '{panel.y} notempty' },
        { type: 'comment', name: 'y', visibleIf: '{panel.x} notempty' },
      ],
    };
    expect(issuesOf(pageOf(inside)).map((issue) => issue.code)).toContain('cyclic-condition');
    const through = pageOf(
      {
        type: 'paneldynamic',
        name: 't',
        templateElements: [{ type: 'comment', name: 'x', visibleIf: '{a} notempty' }],
      },
      { type: 'comment', name: 'a', visibleIf: '{t.length} > 0' },
    );
    expect(issuesOf(through).map((issue) => issue.code)).toContain('cyclic-condition');
  });
});

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

test('every property that questions may have is known to survey-core', () => {
  for (const type of supportedTypes) expect(surveyProperties(type).length).toBeGreaterThan(20);
});
