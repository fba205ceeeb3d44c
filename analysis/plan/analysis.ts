/**
 * The contract of a declared analysis: its name, its options as a zod schema, and what it finds in a dataset. Each family of
 * statistics declares its own in a file of this folder; all.ts lists them; plan.ts runs them.
 */
import type { z } from 'zod';
import { noEstimate } from '../estimate.ts';
import { type ShareDone, untold } from '../progress.ts';
import type { ChartSpec, Estimate, Note, SectionEstimate, Table } from '../result.ts';
import type { Dataset } from './dataset.ts';

/** What an analysis found: a section of the report, without its id and title. Ids need to be unique only within it. */
export interface Findings {
  /** One or two sentences: what was computed, and on whom. */
  readonly text: string;
  /** The figures that a reader looks for first, one at least; the plan draws them as a table. Without a value, a note tells why. */
  readonly estimates: readonly SectionEstimate[];
  readonly tables?: readonly Table[];
  readonly charts?: readonly ChartSpec[];
  /** What the reader of all of it must know; notes of estimates and tables need not be repeated. */
  readonly notes?: readonly Note[];
}

/** An option that is wrong: below the options, like `['compare', 0]`, with what is wrong. */
export interface OptionIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** An analysis as the plan sees it. */
export interface Analysis {
  /** Kebab-case, as plans name it, like `cronbach-alpha`. */
  readonly name: string;
  readonly title: string;
  /** The question it answers, in one line. */
  readonly question: string;
  /** A strict object; the names of columns by `column()` and `numericColumn()` of options.ts. */
  readonly options: z.ZodType;
  /**
   * `ordinary` where squares of squares are multiplied: its columns of numbers may not go beyond 1e30, nor stay below 1e-30.
   * Without it they may go to 1e140 and 1e-140, as squares can.
   */
  readonly sizes?: 'ordinary';
  /**
   * What of the options does not fit the data in a way that the schema cannot say, like a label that no row has. Asked of
   * every analysis of a plan before the first runs; the columns are there, and are of the kind that the options want.
   */
  check(data: Dataset, options: unknown): readonly OptionIssue[];
  /** With options that `check` has nothing against. What data cannot say is null with a note; what is thrown is a fault of ours. */
  run(data: Dataset, options: unknown, onShare?: ShareDone): Findings;
}

/** An analysis with the type of its options. */
export interface Declaration<Schema extends z.ZodType> extends Omit<Analysis, 'options' | 'check' | 'run'> {
  readonly options: Schema;
  check?(data: Dataset, options: z.output<Schema>): readonly OptionIssue[];
  run(data: Dataset, options: z.output<Schema>, onShare: ShareDone): Findings;
}

/**
 * Declares an analysis.
 *
 * @example
 * declareAnalysis({ name: 'a', title: 'A', question: 'What?', options: { parse: (given) => given }, run: (data, options) => ({ text: options, estimates: [] }) }).run(null, 'told').text // => 'told'
 */
export function declareAnalysis<Schema extends z.ZodType>(declaration: Declaration<Schema>): Analysis {
  return {
    ...declaration,
    check: (data, options) => declaration.check?.(data, declaration.options.parse(options)) ?? [],
    run: (data, options, onShare = untold) => declaration.run(data, declaration.options.parse(options), onShare),
  };
}

/**
 * An estimate with its name, for `Findings.estimates`.
 *
 * @example
 * named('alpha', 'Alpha', { value: 1, n: 2, interval: null, method: 'm', notes: [] }).id // => 'alpha'
 */
export function named(id: string, label: string, estimate: Estimate): SectionEstimate {
  return { id, label, estimate };
}

/**
 * Findings of data that cannot say: the main figure without a value, and the notes that tell why.
 *
 * @example
 * withoutFigure('Scale', 'omega', 'Omega', 3, 'One factor', [{ code: 'c', text: 't' }]).estimates[0].estimate.value // => null
 */
export function withoutFigure(
  text: string,
  id: string,
  label: string,
  n: number,
  method: string,
  notes: readonly Note[],
): Findings {
  return { text, estimates: [named(id, label, noEstimate(n, method, ...notes))], notes };
}
