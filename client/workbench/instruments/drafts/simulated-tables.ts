/**
 * What seeded respondents would give under a draft: made as `fidelis simulate` makes them, coded and scored as answers are, and
 * described with the statistics of the report. Nothing is stored. Run by simulate-worker.ts.
 */
import { describe } from '../../../../analysis/descriptives.ts';
import { cronbachAlpha } from '../../../../analysis/reliability.ts';
import type { Table } from '../../../../analysis/result.ts';
import { codeRow, type Row } from '../../../../instruments/coding.ts';
import { type CompiledInstrument, compileInstrument } from '../../../../instruments/compile.ts';
import type { Instrument, Scale } from '../../../../instruments/instrument.ts';
import { randomOf } from '../../../../instruments/random.ts';
import { scoreRow } from '../../../../instruments/scoring.ts';
import { nestedTrait, simulateAnswers } from '../../../../instruments/simulate.ts';

export interface SimulationWish {
  readonly people: number;
  readonly schools: number;
  readonly seed: string;
  /** Share of the variance of a trait between schools. */
  readonly icc: number;
  /** Chance that an item is left blank. */
  readonly missing: number;
}

export interface SimulatedTables {
  readonly items: Table;
  readonly scales: Table;
}

/** The same wish on the same instrument gives the same tables. Throws a RangeError where chance finds no legal answers. */
export function simulatedTables(instrument: Instrument, wish: SimulationWish): SimulatedTables {
  const compiled = compileInstrument(instrument);
  const rows = Array.from({ length: wish.people }, (_, person) => simulatedRow(compiled, wish, person));
  return { items: itemTable(compiled, rows), scales: scaleTable(compiled, rows) };
}

function simulatedRow(
  compiled: CompiledInstrument,
  { schools, seed, icc, missing }: SimulationWish,
  person: number,
): Row {
  const place = { cluster: null, school: `school ${person % schools}`, person: `person ${person}` };
  const traits = Object.fromEntries(
    compiled.instrument.scales.map(({ id }) => [
      id,
      nestedTrait(randomOf(seed), { cluster: 0, school: icc }, place, id),
    ]),
  );
  const response = simulateAnswers(compiled, { random: randomOf(`${seed} ${person}`), traits, missing });
  return codeRow(compiled, response);
}

const number = (id: string, title: string, digits = 2) => ({ id, title, kind: 'number', digits }) as const;
const count = (id: string, title: string) => ({ id, title, kind: 'integer' }) as const;

function itemTable({ codebook }: CompiledInstrument, rows: readonly Row[]): Table {
  return {
    id: 'simulated-items',
    title: 'Items',
    columns: [
      { id: 'name', title: 'Variable', kind: 'text' },
      ...[count('n', 'Answers'), count('missing', 'Missing'), number('mean', 'Mean'), number('sd', 'SD')],
    ],
    rows: codebook.variables.flatMap(({ name, type }, at) => {
      if (type !== 'integer' && type !== 'number') return [];
      const values = rows.map((row) => numberOf(row.values[at]));
      const { n, mean, sd } = describe(values);
      return [[name, n, values.length - n, mean, sd]];
    }),
    notes: [],
  };
}

function scaleTable(compiled: CompiledInstrument, rows: readonly Row[]): Table {
  const scores = rows.map((row) => scoreRow(compiled, row));
  return {
    id: 'simulated-scales',
    title: 'Scales',
    columns: [
      { id: 'scale', title: 'Scale', kind: 'text' },
      ...[count('n', 'Scores'), number('mean', 'Mean'), number('sd', 'SD'), number('alpha', 'Alpha')],
    ],
    rows: compiled.instrument.scales.map((scale, at) => {
      const { n, mean, sd } = describe(scores.map((one) => one[at]?.value ?? null));
      return [scale.title, n, mean, sd, alphaOf(compiled, scale, rows)];
    }),
    notes: [],
  };
}

function alphaOf({ codebook }: CompiledInstrument, { items, range }: Scale, rows: readonly Row[]): number | null {
  if (items.length < 2) return null;
  const columns = items.map(({ name, reversed }) => {
    const at = codebook.variables.findIndex((variable) => variable.name === name);
    return rows.map((row) => {
      const value = numberOf(row.values[at]);
      return value !== null && reversed ? range.min + range.max - value : value;
    });
  });
  return cronbachAlpha(columns).alpha.value;
}

const numberOf = (value: number | string | null | undefined): number | null =>
  typeof value === 'number' ? value : null;
