/** Questions that `parseInstrument` refuses, each by name, with the path of what is wrong. */
import { describe, expect, test } from 'vitest';
import { refusedProperties } from '../../instruments/refused.ts';
import { brief, issuesOf, pageOf } from './build.ts';

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
  [
    'a rating with values of its own and a range',
    { type: 'rating', name: 'q', rateValues: [1, 2], rateMax: 9 },
    'bad-range .rateMax',
  ],
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
    'cells that are uploads unless said otherwise',
    { type: 'matrixdynamic', name: 'q', cellType: 'file', columns: [{ name: 'f', cellType: 'text' }] },
    'unsupported-cell-type .cellType',
  ],
  [
    'choices for all columns that are none',
    { type: 'matrixdynamic', name: 'q', choices: ['x', 1], columns: [{ name: 'a' }, { name: 'b' }] },
    'bad-code .choices[0]',
  ],
  ['words to offer that are none', { type: 'text', name: 'q', dataList: [1] }, 'bad-property .dataList'],
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
