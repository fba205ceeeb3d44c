/** Answers typed from paper: what is asked, what a keystroke means, what becomes of the cells, and how two entries compare. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import { codeRow } from '../../instruments/coding.ts';
import { compileInstrument } from '../../instruments/compile.ts';
import { type PaperCell, type PaperCells, sameCell } from '../../instruments/paper-entry/cells.ts';
import { checkPaper } from '../../instruments/paper-entry/check.ts';
import { agreementOf, compareEntries, openFields, settledCells } from '../../instruments/paper-entry/compare.ts';
import { fieldsOf, type PaperField } from '../../instruments/paper-entry/fields.ts';
import { allowedWords, readTyped } from '../../instruments/paper-entry/typing.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import { asking, brief, compiled, pagesOf } from './build.ts';
import { everyType } from './every-type.ts';

const parsed = parseInstrument(everyType);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
const all = compileInstrument(parsed.value);
const blank: PaperCell = { mark: 'blank' };
const illegible: PaperCell = { mark: 'illegible' };

/** Types a value as a clerk would, key by key; what stands in the field when it goes on. */
function typedBy(field: PaperField, value: number | string): PaperCell {
  const text = String(value);
  for (let length = 1; length < text.length; length++) {
    const so = readTyped(field, text.slice(0, length));
    // Whatever is right must be reachable: nothing on the way to it may be called wrong, or jump on.
    expect(so.state === 'wrong' || (so.state === 'whole' && so.jump), `${field.key} ${text} at ${length}`).toBe(false);
  }
  const typed = readTyped(field, text);
  if (typed.state !== 'whole') throw new Error(`${field.key}: ${text} is ${JSON.stringify(typed)}`);
  return typed.cell;
}

/** Types a whole form from its coded row: field after field, as they come up. */
function typeRow(row: ReturnType<typeof codeRow>): PaperCells {
  const cellOf = ({ name, entry, question }: PaperField) => {
    if (entry === 0) return row.values[all.positions.get(name) ?? -1] ?? null;
    const entries = row.tables.find((table) => table.name === question)?.rows ?? [];
    return entries[entry - 1]?.values[all.tablePositions.get(question)?.get(name) ?? -1] ?? null;
  };
  const cells: Record<string, PaperCell> = {};
  for (;;) {
    const next = fieldsOf(all, cells).find(({ key }) => !(key in cells));
    if (!next) return cells;
    const value = cellOf(next);
    cells[next.key] = value === null ? blank : typedBy(next, value);
  }
}

describe('a form with every type of question', () => {
  it('typed field by field gives the row that the respondent would have given', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 0.6, noNaN: true }), (seed, missing) => {
        const simulated = simulateAnswers(all, { random: randomOf(seed), missing, declined: 0, dropOut: 0 });
        const response = { answers: simulated.answers, completion: 'complete' as const };
        const coded = codeRow(all, response);
        const { answers, issues } = checkPaper(all, typeRow(coded));
        expect(issues).toEqual([]);
        const again = codeRow(all, { answers, completion: 'complete' });
        expect(again).toEqual(coded);
      }),
      { seed: 7, numRuns: 150 },
    );
  });

  it('compared with itself has no difference, and settles to itself', () => {
    const simulated = simulateAnswers(all, { random: randomOf(3), missing: 0.2, declined: 0, dropOut: 0 });
    const cells = typeRow(codeRow(all, { answers: simulated.answers, completion: 'complete' }));
    expect(compareEntries(all, cells, cells)).toEqual({ compared: Object.keys(cells).length, differences: [] });
    expect(settledCells(cells, cells, [])).toEqual(cells);
    expect(openFields(all, cells)).toEqual([]);
  });
});

describe('a keystroke', () => {
  const codes = (...list: unknown[]) => {
    const [field] = fieldsOf(asking({ type: 'radiogroup', name: 'q', choices: list }), {});
    if (!field) throw new Error('no field');
    return field;
  };
  const agreement = codes(1, 2, 3, 4, 5, 6, { value: 98, text: 'Does not apply', missingReason: 'not-applicable' });

  it('goes on by itself when no further figure could follow', () => {
    expect(readTyped(agreement, '4')).toEqual({ state: 'whole', cell: 4, jump: true });
    expect(readTyped(agreement, '9')).toEqual({ state: 'begun' });
    expect(readTyped(agreement, '98')).toEqual({ state: 'whole', cell: 98, jump: true });
    expect(readTyped(codes(1, 2, 10), '1')).toEqual({ state: 'whole', cell: 1, jump: false });
    expect(readTyped(codes(1, 2, 10), '2')).toEqual({ state: 'whole', cell: 2, jump: true });
  });

  it('that is no code is said at once, with the codes that are', () => {
    expect(readTyped(agreement, '7')).toEqual({
      state: 'wrong',
      why: '“7” is not a code here. Allowed: 1 to 6, 98.',
    });
    expect(readTyped(agreement, '97')).toMatchObject({ state: 'wrong' });
    expect(allowedWords(codes(0, 1))).toBe('0, 1');
  });

  it('of a letter marks a field that has no code', () => {
    expect(readTyped(agreement, 'i')).toEqual({ state: 'whole', cell: illegible, jump: true });
    expect(readTyped(agreement, 'T')).toEqual({ state: 'whole', cell: { mark: 'two-ticks' }, jump: true });
  });

  it('of a number goes on when ten times as much would be too much', () => {
    const [years] = fieldsOf(asking({ type: 'text', name: 'y', inputType: 'number', min: 0, max: 60, step: 1 }), {});
    if (!years) throw new Error('no field');
    expect(readTyped(years, '6')).toMatchObject({ state: 'whole', jump: false });
    expect(readTyped(years, '7')).toMatchObject({ state: 'whole', jump: true });
    expect(readTyped(years, '61')).toMatchObject({ state: 'wrong' });
    expect(readTyped(years, '1,5')).toMatchObject({ state: 'wrong' });
  });

  it('of a day may be written as people write days', () => {
    const [day] = fieldsOf(asking({ type: 'text', name: 'd', inputType: 'date' }), {});
    if (!day) throw new Error('no field');
    expect(readTyped(day, '31.3.2026')).toEqual({ state: 'whole', cell: '2026-03-31', jump: false });
    expect(readTyped(day, '31/3/20')).toEqual({ state: 'begun' });
    expect(readTyped(day, '30.2.2026')).toMatchObject({ state: 'begun' });
    expect(readTyped(day, 'soon')).toMatchObject({ state: 'wrong' });
  });

  it('of a letter is a letter where words are typed', () => {
    const [words] = fieldsOf(asking({ type: 'comment', name: 'w', maxLength: 5 }), {});
    if (!words) throw new Error('no field');
    expect(readTyped(words, 'i')).toEqual({ state: 'whole', cell: 'i', jump: false });
    expect(readTyped(words, 'too long')).toMatchObject({ state: 'wrong' });
  });
});

const branching = compiled(
  pagesOf(
    [
      { type: 'boolean', name: 'took_part', isRequired: true },
      { type: 'text', name: 'why', visibleIf: '{took_part} = true' },
    ],
    [
      { type: 'checkbox', name: 'parts', choices: [1, 2, 3], isRequired: true, minSelectedChoices: 2 },
      { type: 'ranking', name: 'order', choices: [1, 2, 3] },
    ],
  ),
);
const typed = { parts_1: 1, parts_2: 0, parts_3: 0, order_1: 2, order_2: 1, order_3: 3 };

describe('a form', () => {
  it('asks no more than its answers ask for, and what was typed before is left out', () => {
    const keys = (cells: PaperCells) => fieldsOf(branching, cells).map(({ key }) => key);
    expect(keys({})).not.toContain('why');
    expect(keys({ took_part: 1 })).toContain('why');
    const { cells, answers, issues } = checkPaper(branching, { took_part: 0, why: 'Typed first', ...typed });
    expect(issues).toEqual([]);
    expect(cells).not.toHaveProperty('why');
    expect(answers).toEqual({ took_part: false, parts: [1], order: [2, 1, 3] });
  });

  it('may leave blank what a screen would not: nobody can be asked again', () => {
    const { answers, issues } = checkPaper(branching, {
      ...typed,
      ...{ took_part: illegible, parts_1: blank, parts_2: blank, parts_3: blank },
    });
    expect(issues).toEqual([]);
    expect(answers).toEqual({ order: [2, 1, 3] });
    expect(checkAnswers(branching, answers).map(({ code }) => code)).toContain('required');
  });

  it('is not finished while a field has neither a value nor a mark, or ranks are no order', () => {
    expect(brief(checkPaper(branching, { took_part: 1, ...typed }).issues)).toEqual(['not-typed why']);
    const twice = checkPaper(branching, { took_part: 0, ...typed, order_3: 1 });
    expect(brief(twice.issues)).toEqual(['not-a-ranking order_1']);
    const unclear = checkPaper(branching, { took_part: 0, ...typed, order_3: illegible });
    expect(unclear).toMatchObject({ issues: [], answers: { took_part: false, parts: [1] } });
    expect(brief(checkPaper(branching, { took_part: 2, ...typed }).issues)).toEqual(['not-allowed took_part']);
  });
});

describe('two entries', () => {
  const first = { took_part: 1, why: 'To  learn\nmore', ...typed };
  const second = { took_part: 0, ...typed, parts_3: 1 };

  it('differ where the cells do, also where only one of them was asked', () => {
    expect(compareEntries(branching, first, second)).toEqual({
      compared: 8,
      differences: [
        { key: 'took_part', first: 1, second: 0 },
        { key: 'why', first: 'To  learn\nmore', second: null },
        { key: 'parts_3', first: 0, second: 1 },
      ],
    });
    expect(sameCell('To  learn\nmore', ' To learn more ')).toBe(true);
    expect(sameCell(illegible, { mark: 'illegible' })).toBe(true);
    expect(sameCell(blank, 1)).toBe(false);
  });

  it('are settled by decisions, and a decision may close or bring up other fields', () => {
    const open = (decisions: { key: string; value: PaperCell }[]) =>
      openFields(branching, settledCells(first, second, decisions)).map(({ key }) => key);
    expect(open([])).toEqual(['took_part', 'parts_3']);
    expect(open([{ key: 'took_part', value: 0 }])).toEqual(['parts_3']);
    expect(open([{ key: 'took_part', value: 1 }])).toEqual(['why', 'parts_3']);
    const decided = [
      { key: 'took_part', value: 1 },
      { key: 'why', value: 'To learn' },
      { key: 'parts_3', value: 0 },
      { key: 'parts_3', value: 1 },
    ];
    expect(open(decided)).toEqual([]);
    expect(settledCells(first, second, decided)).toEqual({ ...first, why: 'To learn', parts_3: 1 });
  });

  it('agree as often as fields do', () => {
    expect(agreementOf([])).toEqual({ forms: 0, compared: 0, differ: 0, rate: null });
    // 3 of 8 and 1 of 12 fields: 4 of 20.
    const two = [
      { compared: 8, differ: 3 },
      { compared: 12, differ: 1 },
    ];
    expect(agreementOf(two)).toEqual({ forms: 2, compared: 20, differ: 4, rate: 0.2 });
  });
});
