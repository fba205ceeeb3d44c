/** Multiple imputation by chained equations: several complete data sets from one with gaps. Called by plans. */
import { type Random, randomOf } from '../instruments/random.ts';
import { present } from './descriptives.ts';
import { type Doubt, meanMatched } from './imputation/mean-matching.ts';
import type { Predictors } from './linear-model.ts';
import { mean } from './numeric/sums.ts';
import { type ShareDone, turnOf, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface ImputationOptions {
  /** Equal seeds give equal imputations. */
  readonly seed: number | string;
  /** How many data sets; default 20. A rule of thumb: one for each percent of rows with a gap. */
  readonly imputations?: number;
  /** How often each column is filled anew before the values are kept; default 10. */
  readonly rounds?: number;
  /** From how many near rows a value is picked; default 5. */
  readonly donors?: number;
  readonly onShare?: ShareDone;
}

export interface Imputations {
  /** The complete data sets, columns by name. */
  readonly datasets: readonly Readonly<Record<string, readonly number[]>>[];
  /** Gaps that were filled, by column. */
  readonly filled: Readonly<Record<string, number>>;
  /** Mean of the filled values of a column after each round, for each data set: the lines should mix and show no trend. */
  readonly trace: readonly { readonly column: string; readonly means: readonly (readonly number[])[] }[];
  readonly notes: readonly Note[];
}

/**
 * Multiple imputation by chained equations with predictive mean matching: what could the missing values have been? Gaps are
 * first filled with observed values at random; then one column after another is filled anew from all others
 * (`meanMatched`), for some rounds; all of it once for each data set. Analyse each data set and put the answers together
 * with `pooledCoefficients` or `pooledEstimate`. Assumes that gaps depend on what was observed (missing at random), and that
 * every variable of the later analysis is among the columns, the outcome and the arm too. People of one school count as
 * independent: give schools as columns of 0 and 1 where they are few.
 *
 * Notes: `empty-column` for a column without any value, which is left out; `too-few-values` for one with fewer values than
 * predictors, filled with values at random; `collinear` where predictors determine one another; `no-gaps`.
 *
 * References: van Buuren (2018), Flexible Imputation of Missing Data, 2nd edition, chapters 3 and 4; White, Royston and
 * Wood (2011), Statistics in Medicine 30, 377-399. Single draws are not those of R's mice; many of them pool to its figures.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values, or options that are not whole and positive
 * @example
 * imputeChained({ x: [1, 2, 3, 4], y: [2, 4, 6, null] }, { seed: 1, imputations: 2 }).datasets.length // => 2
 * imputeChained({ x: [1, 2], y: [3, 4] }, { seed: 1 }).notes[0].code // => 'no-gaps'
 */
export function imputeChained(columns: Predictors, options: ImputationOptions): Imputations {
  const { seed, imputations = 20, rounds = 10, donors = 5, onShare = untold } = options;
  if (![imputations, rounds, donors].every((count) => Number.isSafeInteger(count) && count >= 1)) {
    throw new RangeError('imputeChained requires whole numbers of imputations, rounds and donors from 1');
  }
  const all = columnsOf(columns);
  const kept = all.filter(({ observed, rows }) => observed.length > 0 || rows === 0);
  const incomplete = kept.filter(({ missing }) => missing.length > 0);
  const doubts = new Map<string, Doubt>();
  const chains = Array.from({ length: incomplete.length === 0 ? 1 : imputations }, (_, number) => {
    const random = randomOf(seed).fork(`imputation ${number + 1}`);
    return chainOf(kept, incomplete, { rounds, donors, onShare: turnOf(onShare, number, imputations) }, random, doubts);
  });
  const notes = [
    ...all.filter((column) => !kept.includes(column)).map(({ name }) => emptyColumn(name)),
    ...[...doubts].flatMap(([name, doubt]) => (doubt === null ? [] : [doubtful(name, doubt)])),
  ];
  if (incomplete.length === 0) notes.unshift({ code: 'no-gaps', text: 'No column has a gap that could be filled.' });
  return {
    datasets: chains.map(({ completed }) => completed),
    filled: Object.fromEntries(incomplete.map(({ name, missing }) => [name, missing.length])),
    trace: incomplete.map(({ name }, place) => ({
      column: name,
      means: chains.map(({ means }) => means.map((round) => round[place] ?? Number.NaN)),
    })),
    notes,
  };
}

interface Column {
  readonly name: string;
  readonly values: Float64Array;
  readonly observed: readonly number[];
  readonly missing: readonly number[];
  readonly rows: number;
}

function columnsOf(columns: Predictors): Column[] {
  const rows = Object.values(columns)[0]?.length ?? 0;
  return Object.entries(columns).map(([name, values]) => {
    if (values.length !== rows) throw new RangeError('imputeChained requires columns of one length');
    // Also refuses values that are not finite.
    present(values);
    const places = [...values.keys()];
    return {
      name,
      values: Float64Array.from(values, (value) => value ?? Number.NaN),
      observed: places.filter((row) => values[row] !== null),
      missing: places.filter((row) => values[row] === null),
      rows,
    };
  });
}

/** One data set, and the means of the filled values of each incomplete column after each round. */
function chainOf(
  columns: readonly Column[],
  incomplete: readonly Column[],
  { rounds, donors, onShare }: { readonly rounds: number; readonly donors: number; readonly onShare: ShareDone },
  random: Random,
  doubts: Map<string, Doubt>,
) {
  const current = new Map(columns.map((column) => [column.name, firstFilled(column, random)]));
  const means: number[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    onShare(round / rounds);
    means.push(
      incomplete.map(({ name, values, observed, missing }) => {
        const others = columns.flatMap((other) =>
          other.name === name ? [] : [current.get(other.name) ?? other.values],
        );
        const filled = meanMatched(values, others, observed, missing, donors, random);
        const completed = current.get(name);
        missing.forEach((row, place) => {
          if (completed) completed[row] = filled.values[place] ?? Number.NaN;
        });
        if (filled.doubt !== null) doubts.set(name, filled.doubt);
        return mean(filled.values);
      }),
    );
  }
  const completed = Object.fromEntries([...current].map(([name, values]) => [name, Array.from(values)]));
  return { completed, means };
}

function firstFilled({ values, observed, missing }: Column, random: Random): Float64Array {
  const filled = Float64Array.from(values);
  for (const row of missing) filled[row] = values[random.pick(observed)] ?? Number.NaN;
  return filled;
}

function emptyColumn(name: string): Note {
  return { code: 'empty-column', text: `${name} has no value at all and was left out.` };
}

function doubtful(name: string, doubt: Exclude<Doubt, null>): Note {
  const texts = {
    'too-few-values': `${name} has fewer values than predictors; its gaps hold observed values at random.`,
    collinear: `The predictors of ${name} determine one another; they were held apart by a small ridge.`,
  };
  return { code: doubt, text: texts[doubt] };
}
