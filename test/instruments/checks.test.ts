/** What the checks of an instrument say, family by family, with the place and what to do. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkInstrument } from '../../instruments/checks/check-instrument.ts';
import { gradeOf } from '../../instruments/checks/check-reading.ts';
import { isDoubleBarrelled } from '../../instruments/checks/check-wording.ts';
import { syllablesIn } from '../../instruments/checks/english.ts';
import { canHold } from '../../instruments/checks/satisfiable.ts';
import { conditionOf } from '../../instruments/surveyjs.ts';
import { accepted, instrumentWith, pageOf, pagesOf } from './build.ts';

type Json = Record<string, unknown>;
const codesOf = (survey: unknown, more: Json = {}) =>
  checkInstrument(instrumentWith(survey, more)).map(({ severity, code, item }) => `${severity} ${code} ${item}`);
const without = (list: readonly string[]) => list.filter((one) => !/ (minutes|reading-age|agreement) /.test(one));
const agree = ['Strongly disagree', 'Disagree', 'Agree', 'Strongly agree'].map((text, at) => ({ value: at + 1, text }));
const radio = (name: string, more: Json = {}) => ({
  type: 'radiogroup',
  name,
  title: `Question ${name}`,
  choices: agree,
  ...more,
});
const scale = (items: readonly (readonly [string, boolean])[], more: Json = {}) => ({
  ...{ id: 'scale_one', title: 'One', construct: 'one', range: { min: 1, max: 4 }, score: 'mean', minimumAnswered: 1 },
  ...{ aggregation: 'person-first', referenceValues: [] },
  items: items.map(([name, reversed]) => ({ name, reversed })),
  ...more,
});

test('the shipped instruments can be published: nothing blocks them', () => {
  for (const file of readdirSync('instruments/library')) {
    const findings = checkInstrument(JSON.parse(readFileSync(`instruments/library/${file}`, 'utf8')));
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  }
});

describe('what cannot be read is refused with its place and its question', () => {
  test('a remote list, a script, an unknown function, a cycle', () => {
    const hostile = pageOf(
      radio('a', { choicesByUrl: { url: 'https://example.org/list' } }),
      { type: 'html', name: 'h', html: '<script>alert(1)</script>' },
      radio('b', { visibleIf: 'steal({a}) = 1' }),
      radio('c', { visibleIf: '{d} = 1' }),
      radio('d', { visibleIf: '{c} = 1' }),
    );
    const findings = checkInstrument(instrumentWith(hostile));
    expect(findings.map(({ severity, code, path, item }) => [severity, code, path, item])).toEqual(
      expect.arrayContaining([
        ['error', 'remote-resource', 'survey.pages[0].elements[0].choicesByUrl', 'a'],
        ['error', 'html-not-allowed', 'survey.pages[0].elements[1].html', 'h'],
        ['error', 'unknown-function', 'survey.pages[0].elements[2].visibleIf', 'b'],
        ['error', 'cyclic-condition', 'survey.pages[0].elements[3].visibleIf', 'c'],
      ]),
    );
    for (const { message } of findings) expect(message.length).toBeGreaterThan(10);
  });

  test('ten thousand items', () => {
    const many = pageOf(...Array.from({ length: 10_000 }, (_, at) => radio(`q${at}`)));
    expect(codesOf(many)).toEqual(['error too-many-items null']);
  });

  test('what is no instrument at all', () => {
    for (const json of [null, 42, [], 'text', {}]) {
      expect(checkInstrument(json).some(({ severity }) => severity === 'error')).toBe(true);
    }
  });
});

test('names that SPSS, Stata or R keep, and names that differ in capitals only', () => {
  const findings = without(codesOf(pageOf(radio('else'), radio('str12'), radio('_rc'.slice(1)), radio('ends_'))));
  expect(findings).toEqual(['error reserved-name else', 'error reserved-name str12', 'hint underscore-name ends_']);
  const folded = checkInstrument(instrumentWith(pageOf(radio('trust'), radio('Trust'))));
  expect(folded.map(({ code }) => code)).toContain('capitals-name');
});

test('codes out of order, with gaps, and a reason for no answer among the answers', () => {
  const choices = (...codes: number[]) => codes.map((value) => ({ value, text: `Answer ${value}` }));
  expect(without(codesOf(pageOf(radio('a', { choices: choices(1, 3, 2) }))))).toEqual(['hint codes-out-of-order a']);
  expect(without(codesOf(pageOf(radio('a', { choices: choices(1, 2, 4) }))))).toEqual(['hint codes-with-gaps a']);
  expect(without(codesOf(pageOf(radio('a', { choices: choices(5, 4, 3) }))))).toEqual([]);
  const marked = [...choices(1, 2), { value: 3, text: 'Prefer not to say', missingReason: 'declined' }, ...choices(4)];
  expect(without(codesOf(pageOf(radio('a', { choices: marked }))))).toEqual([
    'hint codes-with-gaps a',
    'hint missing-code-inside a',
  ]);
});

test('scale items of another range: an error where it is reversed, a hint elsewhere', () => {
  const short = radio('b', { choices: agree.slice(0, 3) });
  const survey = pageOf(radio('a'), short, radio('c'));
  const of = (reversed: boolean) =>
    without(
      codesOf(survey, {
        scales: [
          scale([
            ['a', false],
            ['b', reversed],
            ['c', false],
          ]),
        ],
      }),
    );
  expect(of(true)).toContain('error scale-item-range b');
  expect(of(false)).toContain('hint scale-item-range b');
});

test('keying that does not fit the words', () => {
  const survey = pageOf(
    radio('a', { title: 'We help one another with our lessons.' }),
    radio('b', { title: 'We share ideas in our team.' }),
    radio('c', { title: 'We do not talk about lessons.' }),
    radio('d', { title: 'We welcome new colleagues.' }),
  );
  const scales = [
    scale([
      ['a', false],
      ['b', true],
      ['c', false],
      ['d', false],
    ]),
  ];
  expect(without(codesOf(survey, { scales }))).toEqual([
    'hint reversed-reads-alike b',
    'hint negative-not-reversed c',
    'hint negated-statement c',
  ]);
  const both = [
    scale([
      ['a', false],
      ['d', false],
    ]),
    scale(
      [
        ['a', true],
        ['b', false],
      ],
      { id: 'scale_two' },
    ),
  ];
  expect(without(codesOf(survey, { scales: both }))).toContain('hint keyed-both-ways a');
});

test('pages and items that nobody can reach, and conditions on what comes later', () => {
  const first = radio('a');
  const dead = { name: 'dead', visibleIf: '{a} = 7 or ({a} = 1 and {a} = 2)', elements: [radio('b')] };
  const findings = without(codesOf({ pages: [{ name: 'one', elements: [first] }, dead] }));
  expect(findings).toEqual(['error unreachable-page null']);
  expect(without(codesOf(pageOf(first, radio('b', { visibleIf: '{a} > 4' }))))).toEqual(['error unreachable-item b']);
  expect(without(codesOf(pagesOf([radio('a', { visibleIf: '{b} = 1' })], [radio('b')])))).toEqual([
    'hint condition-on-later-item a',
  ]);
  const known = new Map([['a', new Set([1, 2, 3])]]);
  expect(canHold(['{a} > 1', '{a} < 3'], known)).toBe(true);
  expect(canHold(['{a} > 1', '{a} < 2'], known)).toBe(false);
  expect(canHold(['!({a} = 1)', '{a} empty'], known)).toBe(true);
  // These hold while the item is blank, and survey-core says so too.
  for (const blank of ["{a} = ''", "'' = {a}", "{a} = '' or {a} = 9"]) {
    expect(canHold([blank], known)).toBe(true);
    expect(codesOf(pageOf(radio('a'), radio('b', { visibleIf: blank })))).not.toContain('error unreachable-item b');
    expect(conditionOf(blank)({})).toBe(true);
  }
  expect(canHold(["{a} = '9'"], known)).toBe(false);
});

test('wording: two things at once, leading and absolute words, two negations', () => {
  expect(isDoubleBarrelled('My headteacher listens to us and gives clear feedback.')).toBe(true);
  expect(isDoubleBarrelled('We plan and/or teach together.')).toBe(true);
  expect(isDoubleBarrelled('Parents and carers are welcome here.')).toBe(false);
  expect(isDoubleBarrelled('There is trust between staff and leaders.')).toBe(false);
  const survey = pageOf(
    radio('a', { title: 'Surely lessons are better now.' }),
    radio('b', { title: 'Leaders always listen.' }),
    radio('c', { title: 'Nobody here does not help.' }),
  );
  expect(without(codesOf(survey))).toEqual(['hint leading-words a', 'hint absolute-words b', 'hint double-negative c']);
  const never = pageOf(
    radio('a', {
      choices: [
        { value: 1, text: 'Seldom' },
        { value: 2, text: 'Often' },
      ],
    }),
  );
  expect(codesOf(never).filter((one) => one.includes('agreement'))).toEqual([]);
});

test('reading ease by the published formula, on words whose syllables are known', () => {
  const known = {
    cat: 1,
    school: 1,
    teacher: 2,
    together: 3,
    collective: 3,
    headteacher: 3,
    make: 1,
    table: 2,
    asked: 1,
  };
  for (const [word, count] of Object.entries(known)) expect([word, syllablesIn(word)]).toEqual([word, count]);
  // 6 words, 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59.
  expect(gradeOf('The cat sat on the mat.')).toBeCloseTo(-1.45, 10);
  // 9 words in 2 sentences, 2 + 1 + 2 + 1 and 3 + 1 + 1 + 1 + 1 syllables.
  const grade = 0.39 * (9 / 2) + 11.8 * (13 / 9) - 15.59;
  expect(gradeOf('Teacher and teacher met. Together we can make it.')).toBeCloseTo(grade, 2);
});

test('blank translations block, the same words are a hint; a missing permission blocks', () => {
  const text = (en: string, de: string) => ({ en, de });
  const survey = pageOf({
    ...{ type: 'radiogroup', name: 'a', title: text('How are you today?', '') },
    choices: [
      { value: 1, text: text('Quite well, thank you', 'Quite well, thank you') },
      { value: 2, text: text('Not well', 'Schlecht') },
    ],
  });
  expect(without(codesOf(survey, { languages: ['en', 'de'] }))).toEqual([
    'error translation-blank null',
    'hint translation-same null',
  ]);
  const permission = { holder: 'An author', status: 'requested', note: '' };
  expect(without(codesOf(pageOf(radio('a')), { permission }))).toEqual(['error permission-missing null']);
});

test('a version against the one before it: its number, and names that mean something else now', () => {
  const previous = accepted(pageOf(radio('a'), radio('b')));
  const check = (survey: unknown, more: Json) =>
    without(
      checkInstrument(instrumentWith(survey, more), { previous }).map(
        ({ severity, code, item }) => `${severity} ${code} ${item}`,
      ),
    );
  expect(check(pageOf(radio('a'), radio('b')), { version: 2 })).toEqual([]);
  expect(check(pageOf(radio('a'), radio('b')), { version: 5 })).toEqual(['error version-number null']);
  expect(check(pageOf(radio('a'), { type: 'text', name: 'b', title: 'Question b' }), { version: 2 })).toEqual([
    'hint breaking-change b',
  ]);
});
