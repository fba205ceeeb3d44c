/** Changes of one kind to one item are decided about as one; and what a map keeps of them is never too long to be read again. */
import { expect, test } from 'vitest';
import type { InstrumentChange } from '../../instruments/versions/change.ts';
import { diffInstruments } from '../../instruments/versions/diff.ts';
import { graded, itemMapOf, itemMapSchema } from '../../instruments/versions/item-map.ts';
import { accepted, pageOf } from './build.ts';

const choices = (...texts: string[]) => texts.map((text, at) => ({ value: at + 1, text }));
const asked = (...texts: string[]) =>
  accepted(pageOf({ type: 'radiogroup', name: 'pace', title: 'How often?', choices: choices(...texts) }));
const older = asked('Never', 'Sometimes', 'Often');
const newer = asked('Never at all', 'Sometimes!', 'Almost always');

test('an item has one change of each kind, with the worst grade, every reason and every text', () => {
  const changes = diffInstruments(older, newer);
  const keys = changes.map(({ item, what }) => `${item} ${what}`);
  expect(keys).toEqual([...new Set(keys)]);
  const [words] = changes.filter(({ what }) => what === 'option-text');
  expect(words).toMatchObject({
    item: 'pace',
    grade: 'linkable',
    before: 'Never; Sometimes; Often',
    after: 'Never at all; Sometimes!; Almost always',
  });
  expect(words?.reason).toMatch(/code 1.*code 3/s);
});

test('one decision is about all of it, and the rule of the item follows', () => {
  const changes = diffInstruments(older, newer);
  const decisions = [{ item: 'pace', what: 'option-text', grade: 'breaking', note: 'Other answers.' } as const];
  expect(changes.map((change) => graded(change, decisions).grade)).toEqual(['breaking']);
  const map = itemMapOf(older, { ...newer, version: 2 }, changes, decisions);
  expect(map.items.map(({ rule }) => rule).sort()).toEqual(['dropped', 'new']);
});

test('a map of very long reasons and notes can be read again', () => {
  const long = (what: InstrumentChange['what']): InstrumentChange => ({
    ...{ item: 'pace', what, grade: 'linkable', before: null, after: null },
    reason: `${what} ${'for a reason '.repeat(1_500)}`,
  });
  const kinds = ['wording', 'option-text', 'range', 'codes', 'instruction', 'calculation'] as const;
  const changes = kinds.map(long);
  const decisions = kinds.map(
    (what) => ({ item: 'pace', what, grade: 'linkable', note: `${what} ${'x'.repeat(1_900)}` }) as const,
  );
  const map = itemMapOf(older, { ...newer, version: 2 }, changes, decisions);
  expect(itemMapSchema.parse(map)).toEqual(map);
  expect(map.items[0]?.reason).toMatch(/…$/);
  expect(map.items[0]?.note).toMatch(/…$/);
});
