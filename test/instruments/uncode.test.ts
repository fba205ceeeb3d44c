import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areSameAnswers } from '../../instruments/canonical.ts';
import { codeRow } from '../../instruments/coding.ts';
import { compileInstrument } from '../../instruments/compile.ts';
import type { MissingReason } from '../../instruments/missing.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import { answersOf } from '../../instruments/uncode.ts';
import { everyType } from './every-type.ts';

/** Without dynamic tables, which a flat row does not hold. */
function flatInstrument() {
  const pages = everyType.survey.pages.map((page) => ({
    ...page,
    elements: page.elements.filter(({ type }) => type !== 'matrixdynamic' && type !== 'paneldynamic'),
  }));
  const parsed = parseInstrument({ ...everyType, survey: { ...everyType.survey, pages } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return compileInstrument(parsed.value);
}

const flat = flatInstrument();
const names = flat.codebook.variables.map(({ name }) => name);

/** A row in which only these cells are given. */
function row(given: Record<string, number | string>, gaps: Record<string, MissingReason> = {}) {
  return { values: names.map((name) => given[name] ?? null), reasons: names.map((name) => gaps[name] ?? null) };
}

function problems(given: Record<string, number | string>, gaps: Record<string, MissingReason> = {}) {
  const uncoded = answersOf(flat, row({ colour: 1, tags_1: 1, tags_2: 0, tags_3: 0, ...given }, gaps), 'complete');
  return uncoded.ok ? [] : uncoded.issues.map(({ code, path }) => `${code} ${path}`);
}

describe('from a coded row back to answers', () => {
  it('gives the answers that the row was made from', () => {
    const chance = fc.double({ min: 0, max: 0.6, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), chance, chance, chance, fc.nat(6), (seed, missing, declined, dropOut, page) => {
        const simulated = simulateAnswers(flat, { random: randomOf(seed), missing, declined, dropOut });
        // A whole response may tell the last page that was opened, too.
        const response = { ...simulated, lastPage: simulated.lastPage ?? page };
        const coded = codeRow(flat, response);
        const uncoded = answersOf(flat, coded, response.completion);
        if (!uncoded.ok) throw new Error(JSON.stringify(uncoded.issues));
        expect(areSameAnswers(uncoded.value.answers, response.answers)).toBe(true);
        expect(codeRow(flat, uncoded.value)).toEqual(coded);
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('takes an empty cell for no answer', () => {
    const uncoded = answersOf(flat, row({ colour: 3, tags_1: 0, tags_2: 1, tags_3: 0 }), 'complete');
    expect(uncoded).toEqual({
      ok: true,
      value: { answers: { colour: 3, tags: [2] }, completion: 'complete', lastPage: null, withdrawn: false },
    });
  });

  it('knows a withdrawn row', () => {
    const reasons = names.map((): MissingReason => 'withdrawn');
    expect(answersOf(flat, { values: names.map(() => null), reasons }, 'complete')).toMatchObject({
      ok: true,
      value: { answers: {}, withdrawn: true },
    });
  });

  it('finds the last page of a row that broke off', () => {
    const given = row({ colour: 1 }, { stars: 'skipped', words: 'not-reached' });
    expect(answersOf(flat, given, 'partial')).toMatchObject({
      ok: true,
      value: { answers: { colour: 1 }, lastPage: 0 },
    });
  });

  it('finds the answers that stand for a refusal', () => {
    const gaps: Record<string, MissingReason> = {
      mood_bad: 'declined',
      pets_1: 'declined',
      pets_2: 'declined',
      pets_3: 'declined',
      pets_9: 'declined',
    };
    expect(answersOf(flat, row({ colour: 1, tags_1: 1, tags_2: 0, tags_3: 0 }, gaps), 'complete')).toMatchObject({
      value: { answers: { moods: { mood_bad: 99 }, pets: [99] } },
    });
  });

  it.each([
    ['a code that does not exist', { colour: 7 }, {}, ['unknown-code colour']],
    ['a text where a code belongs', { stars: 'many' }, {}, ['wrong-type stars']],
    ['a matrix code', { mood_good: 4 }, {}, ['unknown-code mood_good']],
    ['a cell of a grid', { south_share: 9 }, {}, ['unknown-code south_share']],
    ['a truth that is none', { likes: 2 }, {}, ['unknown-code likes']],
    ['half a range', { band_low: 5 }, {}, ['incomplete band_high']],
    ['some choices only', { pets_1: 1, pets_2: 0 }, {}, ['incomplete pets_9']],
    ['no choice', { pets_1: 0, pets_2: 0, pets_3: 0, pets_9: 0 }, {}, ['nothing-chosen pets_1']],
    ['a rank twice', { order_1: 1, order_2: 1, order_3: 2 }, {}, ['not-a-ranking order_2']],
    ['a number out of range', { count: 31 }, {}, ['out-of-range count']],
    ['a day that is none', { on_day: '2026-02-30' }, {}, ['bad-format on_day']],
    ['a hidden item', { shade: 1 }, {}, ['hidden-item shade']],
    ['a refusal that the item does not offer', {}, { stars: 'declined' }, ['no-gap-code stars']],
    ['a gap said to be hidden that is shown', {}, { stars: 'hidden' }, ['other-cell stars']],
    ['a computed value that is not ours', { count: 2, doubled: 5 }, {}, ['other-cell doubled']],
  ] as const)('refuses %s, by the name of the variable', (_what, given, gaps, expected) => {
    expect(problems(given, gaps)).toEqual(expected);
  });

  it('refuses a row without an item that is required, unless it broke off before', () => {
    const uncoded = answersOf(flat, row({ stars: 2 }), 'complete');
    expect(uncoded).toMatchObject({
      ok: false,
      issues: [
        { code: 'required', path: 'colour' },
        { code: 'required', path: 'tags_1' },
      ],
    });
    expect(answersOf(flat, row({ stars: 2 }), 'partial').ok).toBe(true);
  });

  it('refuses entries of a dynamic table', () => {
    const parsed = parseInstrument(everyType);
    if (!parsed.ok) throw new Error('every-type');
    const compiled = compileInstrument(parsed.value);
    const all = compiled.codebook.variables.map(({ name }) => name);
    const given: Record<string, number> = { colour: 1, tags_1: 1, tags_2: 0, tags_3: 0, visits_n: 2 };
    const uncoded = answersOf(
      compiled,
      { values: all.map((name) => given[name] ?? null), reasons: all.map(() => null) },
      'complete',
    );
    expect(uncoded).toMatchObject({ ok: false, issues: [{ code: 'linked-table', path: 'visits_n' }] });
  });
});
