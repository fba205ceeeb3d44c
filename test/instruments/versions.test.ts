import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { itemMapOf, itemMapSchema } from '../../instruments/versions/item-map.ts';
import { variableMapsOf } from '../../instruments/versions/variable-maps.ts';
import { accepted, instrumentWith, pageOf } from './build.ts';
import { everyType } from './every-type.ts';

function read(json: unknown): Instrument {
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}
const shipped = readdirSync('instruments/library').map((file) =>
  read(JSON.parse(readFileSync(`instruments/library/${file}`, 'utf8'))),
);

test('a version compared with itself has no changes, and its map says that every item is the same', () => {
  for (const instrument of [...shipped, read(everyType)]) {
    expect(diffInstruments(instrument, instrument)).toEqual([]);
    const map = itemMapOf(instrument, instrument, []);
    expect(itemMapSchema.parse(map)).toEqual(map);
    expect([...new Set(map.items.map(({ rule }) => rule))]).toEqual(['same']);
    expect(variableMapsOf(map)).toEqual([]);
  }
});

const agree = ['Strongly disagree', 'Disagree', 'Agree', 'Strongly agree'].map((text, at) => ({ value: at + 1, text }));
const matrix = (more: Record<string, unknown> = {}) => ({
  type: 'matrix',
  name: 'statements',
  title: 'How far do you agree?',
  columns: agree,
  rows: [
    { value: 't1', text: 'We help one another.' },
    { value: 't2', text: 'We share what works.' },
    { value: 't3', text: 'We blame one another.' },
  ],
  ...more,
});
const scale = {
  id: 'trust',
  title: 'Trust',
  construct: 'trust',
  items: [
    { name: 't1', reversed: false },
    { name: 't2', reversed: false },
    { name: 't3', reversed: true },
  ],
  range: { min: 1, max: 4 },
  score: 'mean',
  minimumAnswered: 2,
  aggregation: 'person-first',
  referenceValues: [],
};
const first = accepted(pageOf(matrix()), { scales: [scale] });
const second = (elements: unknown[], more: Record<string, unknown> = {}) =>
  read({ ...instrumentWith(pageOf(...elements)), scales: [scale], version: 2, ...more });
const brief = (older: Instrument, newer: Instrument) =>
  diffInstruments(older, newer).map(({ item, what, grade }) => `${item} ${what} ${grade}`);

test('a change of signs alone is safe, other words are linkable, a negation more is breaking', () => {
  const rows = [
    { value: 't1', text: 'We help one another!' },
    { value: 't2', text: 'We tell each other what works.' },
    { value: 't3', text: 'We do not blame one another.' },
  ];
  expect(brief(first, second([matrix({ rows })]))).toEqual([
    't1 wording safe',
    't2 wording linkable',
    't3 wording breaking',
  ]);
});

test('what changed alike for all rows of a matrix is told once, under the name of the matrix', () => {
  const columns = agree.map((one) => (one.value === 4 ? { value: 4, text: 'Completely agree' } : one));
  const [change, ...others] = diffInstruments(first, second([matrix({ columns })]));
  expect(others).toEqual([]);
  expect(change).toMatchObject({
    item: 'statements',
    what: 'option-text',
    grade: 'linkable',
    before: 'Strongly agree',
    after: 'Completely agree',
  });
});

test('the same words under other codes are recoded by a table, and the map carries it', () => {
  const columns = agree.map(({ text }, at) => ({ value: at, text }));
  const newer = second([matrix({ columns })], { scales: [{ ...scale, range: { min: 0, max: 3 } }] });
  expect(brief(first, newer)).toEqual(['statements codes linkable', 'null score-rule linkable']);
  const map = itemMapOf(first, newer, diffInstruments(first, newer));
  expect(map.items.map(({ item, rule, codes }) => [item, rule, codes])).toEqual(
    ['t1', 't2', 't3'].map((item) => [item, 'recoded', { 1: 0, 2: 1, 3: 2, 4: 3 }]),
  );
});
