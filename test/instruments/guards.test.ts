/** The small guards: HTML, regular expressions, the writing of dates and addresses, size of foreign values. */
import { describe, expect, test } from 'vitest';
import { htmlProblem } from '../../instruments/html.ts';
import { isMultiple, isWithin } from '../../instruments/json.ts';
import { regexProblem } from '../../instruments/regex.ts';
import { isWritten } from '../../instruments/text-formats.ts';

describe('HTML', () => {
  test.each([
    '',
    'plain words & signs > 3',
    '<p>Thank you.</p>',
    '<h3>Title</h3><ul><li>one</li><li><em>two</em><br></li></ul><hr />',
    '<a href="https://example.org/path?x=1&amp;y=2#z">link</a> <a href="mailto:a@b.org">write</a>',
    '<p lang="cy" dir="ltr">Diolch</p>',
    '<table><tbody><tr><th scope="row">x</th><td colspan="2">y</td></tr></tbody></table>',
  ])('is taken: %s', (html) => {
    expect(htmlProblem(html)).toBeNull();
  });

  test.each([
    '<script>alert(1)</script>',
    '<SCRIPT>alert(1)</SCRIPT>',
    '<img src="x">',
    '<svg><script>1</script></svg>',
    '<p onclick="x">y</p>',
    '<p style="background:url(x)">y</p>',
    '<p class="x">y</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href=" https://example.org">x</a>',
    '<a href="http://example.org">x</a>',
    '<a href="//example.org">x</a>',
    '<a href="data:text/html,x">x</a>',
    "<a href='https://example.org'>x</a>",
    '<a href=https://example.org>x</a>',
    '<a href="https://example.org" target="_blank">x</a>',
    '<a\nhref="https://example.org">x</a>',
    '<a/href="https://example.org">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<form action="https://example.org"><input></form>',
    '<object data="x"></object>',
    '<base href="https://example.org">',
    '<meta http-equiv="refresh" content="0">',
    '<style>p{}</style>',
    '<!-- comment -->',
    '<!DOCTYPE html>',
    '<![CDATA[x]]>',
    '<?xml version="1.0"?>',
    '<p>unclosed',
    '</p>',
    '<b><i>crossed</b></i>',
    '<p',
    'a < b',
    '<p title="a>b">x</p>',
    '<constructor>x</constructor>',
  ])('is refused: %s', (html) => {
    expect(htmlProblem(html)).toMatch(/\S/);
  });

  test('is read in a time that grows with its length', () => {
    for (const html of [
      '<'.repeat(20_000),
      '<p '.repeat(5_000),
      '<p lang="'.repeat(2_000),
      `<p${' a="b"'.repeat(3_000)}`,
    ]) {
      const start = process.hrtime.bigint();
      expect(htmlProblem(html)).not.toBeNull();
      expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(2);
    }
  });
});

describe('a regular expression', () => {
  test.each([
    '^[A-Z]{2}\\d{4,6}$',
    '^\\d{5}$',
    '^(?:yes|no)$',
    '^[a-z ]{1,20}$',
    '^\\w+$',
    '^(?:[A-Z]\\d){3}$',
    'abc',
    '^a{2,4}b?$',
    '^[^@]+@x$',
    '\\d{3}',
  ])('is taken: %s', (pattern) => {
    expect(regexProblem(pattern)).toBeNull();
  });

  test.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^([a-zA-Z]+)*$',
    '(.*)*x',
    '^\\w+\\w+\\w+$',
    '\\w+x',
    '^(a{0,20}){0,20}$',
    '^(?=x)a',
    '^(?<name>a)',
    '^(a)\\1$',
    '^a+?$',
    '^a++$',
    '^(a',
    '^a)',
    '^[a',
    '^a{2',
    '^\\p{L}$',
    'x'.repeat(201),
    '^(a|b?){1,20}$',
    '^(((((((a)))))))$',
  ])('is refused: %s', (pattern) => {
    expect(regexProblem(pattern)).toMatch(/\S/);
  });

  test('that is taken is quick on the longest text it can meet', () => {
    const taken = ['^\\w+$', '^[a-z]{1,100}x$', '^(?:a|ab){0,12}$', '\\d{3}', '^[^@]+@x$', '^.{0,50}.{0,50}$'].filter(
      (pattern) => regexProblem(pattern) === null,
    );
    expect(taken.length).toBeGreaterThan(4);
    for (const pattern of taken) {
      for (const text of ['a'.repeat(10_000), `${'a'.repeat(9_999)}!`, '1'.repeat(10_000), 'ab'.repeat(5_000)]) {
        const start = process.hrtime.bigint();
        new RegExp(pattern).test(text);
        expect(Number(process.hrtime.bigint() - start) / 1e9, pattern).toBeLessThan(1);
      }
    }
  });
});

describe('writing', () => {
  test.each([
    [
      'date',
      ['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'],
      [
        '2023-02-29',
        '1900-02-29',
        '0000-01-01',
        '2024-13-01',
        '2024-00-10',
        '2024-04-31',
        '2024-1-1',
        '24-01-01',
        '2024-01-01T00:00',
        ' 2024-01-01',
        '2024-01-01\n',
      ],
    ],
    [
      'datetime',
      ['2024-02-29T00:00', '2024-02-29T23:59:59', '2024-02-29T23:59:59.999'],
      [
        '2024-02-29',
        '2024-02-29 00:00',
        '2023-02-29T00:00',
        '2024-02-29T24:00',
        '2024-02-29T00:00Z',
        '2024-02-29T00:00+01:00',
        '2024-02-29T00:00T',
      ],
    ],
    ['time', ['00:00', '23:59', '12:30:15', '12:30:15.5'], ['24:00', '12:60', '1:30', '12', '12:30:60']],
    ['month', ['2024-01', '2024-12'], ['2024-00', '2024-13', '2024-1', '0000-01', '2024-01-01']],
    [
      'week',
      ['2020-W53', '2015-W53', '2026-W53', '2024-W01', '2024-W52'],
      ['2024-W53', '2021-W53', '2024-W00', '2024-W54', '2024-W1', '2024-01'],
    ],
    [
      'email',
      ['a@b.org', 'first.last@sub.school.example', "o'neil+tag@x-y.uk", 'müller@schule.example'],
      ['a', 'a@b', '@b.org', 'a@.org', 'a b@c.org', 'a@b.o', 'a..b@c.org', 'a@b.org,c@d.org', 'a@b.org\n'],
    ],
    [
      'url',
      ['https://example.org', 'http://example.org/a?b=c#d', 'HTTPS://EXAMPLE.ORG/'],
      [
        'example.org',
        'ftp://example.org',
        'javascript:alert(1)',
        'https://',
        'https://a b',
        'https://a"b',
        '//example.org',
      ],
    ],
    ['tel', ['+44 20 7946 0018', '(020) 7946-0018', '0207 946 0018 ext. 12'], ['none', '12a4', '', '-1']],
    ['color', ['#000000', '#FFaa00'], ['#fff', 'red', '000000', '#gggggg']],
  ] as const)('%s', (format, good, bad) => {
    for (const text of good) expect(isWritten(format, text), text).toBe(true);
    for (const text of bad) expect(isWritten(format, text), text).toBe(false);
  });
});

test('a value is too large by its number of values or its depth, without recursion', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 1_000_000; level++) deep = [deep];
  expect(isWithin(deep, 100, 10)).toBe(false);
  expect(isWithin({ a: [1, 2, { b: 3 }] }, 6, 3)).toBe(true);
  expect(isWithin({ a: [1, 2, { b: 3 }] }, 5, 3)).toBe(false);
  expect(isWithin({ a: [1, 2, { b: 3 }] }, 6, 2)).toBe(false);
});

test('multiples are told in spite of binary fractions', () => {
  expect(isMultiple(0.3, 0.1)).toBe(true);
  expect(isMultiple(1e9 + 0.1, 0.1)).toBe(true);
  expect(isMultiple(0.35, 0.1)).toBe(false);
  expect(isMultiple(7, 2)).toBe(false);
});
