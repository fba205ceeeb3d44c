/**
 * The contract of a declared analysis: its name, its options as a zod schema, and what it finds in a dataset. Each family of
 * statistics declares its own in a file of this folder; all.ts lists them; plan.ts runs them.
 */
import type { z } from 'zod';
import type { ChartSpec, Estimate, Note, SectionEstimate, Table } from '../result.ts';
import type { Dataset } from './dataset.ts';

/** What an analysis found: a section of the report, without its id and title. Ids need to be unique only within it. */
export interface Findings {
  /** One or two sentences: what was computed, and on whom. */
  readonly text: string;
  /** The figures that a reader looks for first; the plan draws them as a table. */
  readonly estimates?: readonly SectionEstimate[];
  readonly tables?: readonly Table[];
  readonly charts?: readonly ChartSpec[];
  /** What the reader of all of it must know; notes of estimates and tables need not be repeated. */
  readonly notes?: readonly Note[];
}

/** Told now and then by an analysis that takes long: the share that is done, from 0 to 1. */
export type ShareDone = (share: number) => void;

/** An analysis as the plan sees it. */
export interface Analysis {
  /** Kebab-case, as plans name it, like `cronbach-alpha`. */
  readonly name: string;
  readonly title: string;
  /** The question it answers, in one line. */
  readonly question: string;
  /** A strict object; the names of columns by `column()` and `numericColumn()` of options.ts. */
  readonly options: z.ZodType;
  /** Throws RangeError when options and data do not fit each other in a way that the schema cannot say. */
  run(data: Dataset, options: unknown, onShare?: ShareDone): Findings;
}

/** An analysis with the type of its options. */
export interface Declaration<Schema extends z.ZodType> extends Omit<Analysis, 'options' | 'run'> {
  readonly options: Schema;
  run(data: Dataset, options: z.output<Schema>, onShare: ShareDone): Findings;
}

/** An option that only the data show to be wrong, like a label that no row has. Thrown by `run`. */
export class OptionError extends RangeError {
  /** Below the options, like `['compare', 0]`. */
  readonly path: readonly PropertyKey[];
  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.name = 'OptionError';
    this.path = path;
  }
}

/**
 * Declares an analysis.
 *
 * @example
 * declareAnalysis({ name: 'a', title: 'A', question: 'What?', options: { parse: (given) => given }, run: (data, options) => ({ text: options }) }).run(null, 'told').text // => 'told'
 */
export function declareAnalysis<Schema extends z.ZodType>(declaration: Declaration<Schema>): Analysis {
  return {
    ...declaration,
    run: (data, options, onShare = () => undefined) =>
      declaration.run(data, declaration.options.parse(options), onShare),
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
