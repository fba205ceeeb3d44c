/** Every missing value has a reason: which one, and when. What is coded is always legal. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Variable } from '../../instruments/codebook.ts';
import { type CodedEntry, codeRow } from '../../instruments/coding.ts';
import { type CompiledInstrument, compileInstrument } from '../../instruments/compile.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { createModel } from '../../instruments/surveyjs.ts';
import { isWritten } from '../../instruments/text-formats.ts';
import { randomSurvey } from './arbitraries.ts';
import { asking, compiled, pageOf, pagesOf } from './build.ts';
import { everyType } from './every-type.ts';
import { play, randomMoves } from './respondent.ts';

type Cells = Record<string, number | string | null>;

/** A row as `variable: value`, a reason in the place of a value that is missing. */
function cellsOf(instrument: CompiledInstrument, row: CodedEntry): Cells {
  return Object.fromEntries(
    instrument.codebook.variables.map((variable, at) => [variable.name, row.values[at] ?? row.reasons[at] ?? null]),
  );
}
const complete = (instrument: CompiledInstrument, answers: unknown): Cells =>
  cellsOf(instrument, codeRow(instrument, { answers, completion: 'complete' }));

describe('a partial response', () => {
  const radio = (name: string) => ({ type: 'radiogroup', name, choices: [1, 2] });
  const instrument = compiled(
    pagesOf([radio('a'), radio('b')], [radio('c')], [{ ...radio('d'), visibleIf: '{a} = 2' }, radio('e')]),
  );
  const partial = (answers: unknown, lastPage?: number | null): Cells =>
    cellsOf(instrument, codeRow(instrument, { answers, completion: 'partial', lastPage }));

  test('was skipped up to the last page that was opened, and not reached behind it', () => {
    expect(partial({ a: 1 }, 1)).toEqual({ a: 1, b: 'skipped', c: 'skipped', d: 'hidden', e: 'not-reached' });
    expect(partial({ a: 2 }, 2)).toEqual({ a: 2, b: 'skipped', c: 'skipped', d: 'skipped', e: 'skipped' });
  });

  test('without a last page ends on the last page with an answer', () => {
    for (const none of [undefined, null]) {
      expect(partial({ a: 2, c: 1 }, none)).toEqual({ a: 2, b: 'skipped', c: 1, d: 'not-reached', e: 'not-reached' });
      expect(partial({}, none)).toEqual({
        a: 'not-reached',
        b: 'not-reached',
        c: 'not-reached',
        d: 'hidden',
        e: 'not-reached',
      });
    }
  });

  test('has opened each page before an answer, whatever it says', () => {
    expect(partial({ e: 1 }, 0)).toMatchObject({ e: 1, c: 'skipped' });
  });

  test('is not the only one with pages that were never opened', () => {
    const cells = (lastPage: number | null) =>
      cellsOf(instrument, codeRow(instrument, { answers: { a: 2 }, completion: 'complete', lastPage }));
    expect(cells(0)).toMatchObject({ a: 2, b: 'skipped', c: 'not-reached', d: 'not-reached', e: 'not-reached' });
    expect(cells(2)).toMatchObject({ c: 'skipped', d: 'skipped', e: 'skipped' });
    expect(cells(null)).toEqual(cells(2));
  });

  test('does not keep what was still to be mended', () => {
    const form = asking(
      { type: 'text', name: 'n', inputType: 'number', min: 0, max: 9, step: 1 },
      { type: 'text', name: 'd', inputType: 'date' },
      { type: 'text', name: 'e', inputType: 'email' },
    );
    const row = codeRow(form, { answers: { n: 99, d: '2024-1-1', e: 'some' }, completion: 'partial' });
    expect(cellsOf(form, row)).toEqual({ n: 'skipped', d: 'skipped', e: 'some' });
  });
});

test('a withdrawn response has no value at all', () => {
  const instrument = compiled(everyType.survey);
  const row = codeRow(instrument, { answers: { colour: 1 }, completion: 'complete', withdrawn: true });
  expect(new Set(row.values)).toEqual(new Set([null]));
  expect(new Set(row.reasons)).toEqual(new Set(['withdrawn']));
  expect(row.tables.every((table) => table.rows.length === 0)).toBe(true);
});

test('a hidden answer is not coded, and what could not be answered was not skipped', () => {
  const instrument = asking(
    { type: 'boolean', name: 'any' },
    { type: 'comment', name: 'shown', visibleIf: '{any} = true' },
    { type: 'comment', name: 'enabled', enableIf: '{any} = true' },
  );
  expect(complete(instrument, { any: false, shown: 'x' })).toEqual({ any: 0, shown: 'hidden', enabled: 'hidden' });
  expect(complete(instrument, { any: false, enabled: 'x' })).toEqual({ any: 0, shown: 'hidden', enabled: 'x' });
  expect(complete(instrument, { any: true })).toEqual({ any: 1, shown: 'skipped', enabled: 'skipped' });
});

test('rows and choices that were not offered are hidden', () => {
  const instrument = asking(
    { type: 'boolean', name: 'any' },
    { type: 'matrix', name: 'm', rows: ['r', { value: 's', visibleIf: '{any} = true' }], columns: [1, 2] },
    { type: 'checkbox', name: 'c', choices: [1, { value: 2, visibleIf: '{any} = true' }] },
    { type: 'ranking', name: 'k', choices: [1, 2, { value: 3, visibleIf: '{any} = true' }] },
    {
      type: 'matrixdropdown',
      name: 'g',
      rows: ['x', 'y'],
      rowsVisibleIf: "{item} = 'x' or {any} = true",
      columns: [{ name: 'v', cellType: 'text' }],
    },
  );
  expect(complete(instrument, { any: false, m: { r: 1 }, c: [1], k: [2, 1], g: { x: { v: 'a' } } })).toEqual({
    ...{ any: 0, r: 1, s: 'hidden', c_1: 1, c_2: 'hidden', k_1: 2, k_2: 1, k_3: 'hidden', x_v: 'a', y_v: 'hidden' },
  });
  expect(complete(instrument, { any: true, m: { r: 1 }, c: [1] })).toMatchObject({
    s: 'skipped',
    c_2: 0,
    k_3: 'skipped',
    y_v: 'skipped',
  });
});

describe('a calculated item', () => {
  const amount = {
    type: 'radiogroup',
    choices: [1, 2, { value: 9, missingReason: 'declined' }, { value: 8, missingReason: 'not-applicable' }],
  };
  const instrument = compiled({
    ...pageOf(
      { ...amount, name: 'a' },
      { ...amount, name: 'b', visibleIf: '{a} <> 2' },
      { type: 'expression', name: 'sum', expression: '{a} + {b}' },
      { type: 'expression', name: 'twice', expression: '{sum} * 2' },
      { type: 'expression', name: 'given', expression: 'iif({b} notempty, 1, 0)' },
      { type: 'expression', name: 'same', expression: '{a} = {b}', visibleIf: '{a} = 1' },
    ),
    calculatedValues: [
      { name: 'aside', expression: '{b} * 10' },
      { name: 'shown', expression: '{aside} + 1', includeIntoResult: true },
    ],
  });

  test('is computed by us, whatever was sent', () => {
    expect(complete(instrument, { a: 1, b: 2, sum: 99 })).toEqual({
      a: 1,
      b: 2,
      sum: 3,
      twice: 6,
      given: 1,
      same: 0,
      shown: 21,
    });
  });

  test('is missing for the reason of what it was computed from', () => {
    expect(complete(instrument, {})).toEqual({
      a: 'skipped',
      b: 'skipped',
      sum: 'skipped',
      twice: 'skipped',
      given: 0,
      same: 'hidden',
      shown: 'skipped',
    });
    expect(complete(instrument, { a: 2 })).toMatchObject({ b: 'hidden', sum: 2, given: 0, shown: 'hidden' });
  });

  test('is never made from a code that stands for no answer, however long the chain', () => {
    expect(complete(instrument, { a: 1, b: 9 })).toMatchObject({
      b: 'declined',
      sum: 'declined',
      twice: 'declined',
      given: 'declined',
      shown: 'declined',
    });
    expect(complete(instrument, { a: 8, b: 1 })).toMatchObject({
      sum: 'not-applicable',
      twice: 'not-applicable',
      shown: 11,
    });
  });

  test('in a table may read what is asked after the table', () => {
    const columns = [
      { name: 'days', cellType: 'text', inputType: 'number' },
      { name: 'cost', cellType: 'expression', expression: '{row.days} * {rate}' },
    ];
    const log = asking(
      { type: 'matrixdynamic', name: 't', columns },
      { type: 'radiogroup', name: 'rate', choices: [10, 20, { value: 99, missingReason: 'declined' }] },
    );
    const costs = (rate: number) =>
      codeRow(log, { answers: { t: [{ days: 2 }], rate }, completion: 'complete' }).tables[0]?.rows[0];
    expect(costs(20)).toEqual({ values: [2, 40], reasons: [null, null] });
    expect(costs(99)).toEqual({ values: [2, null], reasons: [null, 'declined'] });
  });

  test('that falls on a reserved code could not be told from it, and is missing', () => {
    const far = asking(
      { type: 'text', name: 'n', inputType: 'number' },
      { type: 'expression', name: 'x', expression: '{n} - 1000' },
    );
    expect(complete(far, { n: 5 })).toEqual({ n: 5, x: 'not-applicable' });
    expect(complete(far, { n: 500 })).toEqual({ n: 500, x: -500 });
  });
});

/** Whether a value may stand under a variable. */
function isLegal(variable: Variable, value: number | string): boolean {
  if (typeof value === 'string') {
    if (variable.type === 'text') return variable.maxLength === null || value.length <= variable.maxLength;
    return (
      (variable.type === 'date' || variable.type === 'datetime' || variable.type === 'time') &&
      isWritten(variable.type, value)
    );
  }
  const whole = variable.type === 'number' || (variable.type === 'integer' && Number.isInteger(value));
  const inRange = !variable.range || (value >= variable.range.min && value <= variable.range.max);
  const listed = variable.values.length === 0 || variable.values.some((one) => one.code === value && !one.missing);
  return whole && inRange && listed && !(value >= -999 && value <= -990);
}

function expectSound(variables: readonly Variable[], entry: CodedEntry): void {
  expect(entry.values).toHaveLength(variables.length);
  expect(entry.reasons).toHaveLength(variables.length);
  for (const [at, variable] of variables.entries()) {
    const value = entry.values[at] ?? null;
    // A value or a reason, never both, never none.
    expect((value === null) !== (entry.reasons[at] === null), variable.name).toBe(true);
    if (value !== null) expect(isLegal(variable, value), `${variable.name} ${value}`).toBe(true);
  }
}

function expectSoundRow(
  instrument: CompiledInstrument,
  answers: unknown,
  completion: 'complete' | 'partial',
  lastPage?: number,
): void {
  const row = codeRow(instrument, { answers, completion, lastPage });
  const { variables, tables } = instrument.codebook;
  expectSound(variables, row);
  expect(row.tables.map((table) => table.name)).toEqual(tables.map((table) => table.name));
  for (const [at, table] of row.tables.entries())
    for (const entry of table.rows) expectSound(tables[at]?.variables ?? [], entry);
}

describe('coding is total', () => {
  test('for what respondents send', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(
        randomSurvey,
        randomMoves,
        fc.constantFrom('complete' as const, 'partial' as const),
        ({ survey, pieces }, moves, completion) => {
          const instrument = compiled(survey);
          expectSoundRow(
            instrument,
            play(createModel(instrument.instrument.survey), pieces, moves).answers,
            completion,
          );
        },
      ),
      { seed: 21, numRuns: 60 },
    );
  });

  test('for anything at all', () => {
    const parsed = parseInstrument(everyType);
    if (!parsed.ok) throw new Error('every-type');
    const instrument = compileInstrument(parsed.value);
    const names = instrument.questions.map((one) => one.question.name);
    const values = fc.oneof(
      fc.anything({ withNullPrototype: true, withDate: true }),
      fc.integer({ min: -1000, max: 100 }),
      fc.array(fc.integer({ min: 0, max: 4 })),
      fc.boolean(),
    );
    const answers = fc.dictionary(fc.constantFrom(...names), values, { maxKeys: names.length });
    fc.assert(
      fc.property(
        answers,
        fc.constantFrom('complete' as const, 'partial' as const),
        fc.nat(5),
        (given, completion, lastPage) => {
          expectSoundRow(instrument, given, completion, lastPage);
        },
      ),
      { seed: 22, numRuns: 1000 },
    );
    for (const given of [undefined, null, 7, 'x', [1], new Date(0)]) expectSoundRow(instrument, given, 'complete');
  });
});
