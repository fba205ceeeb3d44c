/**
 * The options that analyses have in common, above all the names of columns. A column's schema is marked, so that a plan can
 * be checked against the columns of the data before anything is computed. Used by the definitions in this folder.
 */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import type { OptionIssue } from './analysis.ts';
import type { Dataset } from './dataset.ts';

/** What a column must hold: anything, or numbers and gaps alone. */
export type ColumnKind = 'any' | 'numeric';

/** Which schemas stand for the name of a column; read by columns.ts. */
export const columnSchemas = z.registry<{
  readonly kind: ColumnKind;
  /** How many different values the column may hold in the rows of the analysis. */
  readonly most?: number;
}>();

/** The name of a column of numbers or labels: groups, clusters, arms, raters. */
export function column() {
  return z.string().min(1).register(columnSchemas, { kind: 'any' });
}

/** The name of a column that holds numbers alone. */
export function numericColumn() {
  return z.string().min(1).register(columnSchemas, { kind: 'numeric' });
}

/**
 * The name of a column of categories, each of which becomes a column or a row of a table that grows with their number: a
 * column of scores or of names given by mistake would take all memory.
 */
export function categories(most = 100) {
  return z.string().min(1).register(columnSchemas, { kind: 'any', most });
}

/** Different answers that an item of ordered categories may have. */
export const mostAnswers = 50;

/** The name of a column of ordered answers: numbers, and few different ones. */
export function numericCategories() {
  return z.string().min(1).register(columnSchemas, { kind: 'numeric', most: mostAnswers });
}

/** The confidence level of intervals. */
export function level() {
  return z.number().gt(0).lt(1).default(0.95);
}

/** A seed, for analyses with dice: the same seed gives the same result. */
export function seed() {
  return z.int().min(0).max(4_294_967_295);
}

/** Different columns of numbers, at least `least`. */
export function numericColumns(least: number) {
  return different(z.array(numericColumn()).min(least));
}

/** A list of names in which each stands once; a second one is refused by its place. */
export function different<Schema extends z.ZodType<readonly string[]>>(names: Schema): Schema {
  return names.check(
    z.superRefine((value, context) => {
      value.forEach((name, at) => {
        if (value.indexOf(name) === at) return;
        context.addIssue({ code: 'custom', path: [at], message: 'The same column stands here twice.' });
      });
    }),
  );
}

/**
 * A check across several options, made also where others are wrong, so that all is told at once.
 *
 * @param keys the options that it looks at; it is left out where one of these has the wrong shape
 */
export function across<Options extends object>(
  keys: readonly (keyof Options & string)[],
  look: (options: Options) => readonly OptionIssue[],
): z.core.$ZodCheck<Options> {
  const check = z.check<Options>(({ value, issues }) => {
    for (const { path, message } of look(value))
      issues.push({ code: 'custom', input: value, path: [...path], message });
  });
  check._zod.def.when = ({ value, issues }) =>
    typeof value === 'object' &&
    value !== null &&
    issues.every(({ code, path }) => code === 'custom' || !keys.some((key) => key === path?.[0]));
  return check;
}

/** The lowest and the highest possible answer. */
export function answerRange() {
  return z
    .tuple([z.number(), z.number()])
    .refine(([lowest, highest]) => lowest < highest, 'The lowest answer comes first, then the highest.');
}

/** The options `items`, `reversed` and `range` of a scale, to be spread into a schema. Check them with `reversalIsClear`. */
export function itemOptions(least: number, column = numericColumn) {
  return {
    items: different(z.array(column()).min(least)).describe('columns with the answers'),
    reversed: z.array(numericColumn()).default([]).describe('items that are keyed the other way round'),
    range: answerRange().optional().describe('lowest and highest possible answer; needed to turn the reversed items'),
  };
}

export interface Items {
  readonly items: readonly string[];
  readonly reversed: readonly string[];
  readonly range?: readonly [number, number] | undefined;
}

/**
 * What keeps the reversed items from being turned.
 *
 * @example
 * reversalIssues({ items: ['a'], reversed: ['b'], range: [1, 5] }) // => [{ path: ['reversed', 0], message: 'b is not among the items.' }]
 * reversalIssues({ items: ['a'], reversed: ['a'] })[0].path // => ['range']
 * reversalIssues({ items: ['a'], reversed: [] }) // => []
 */
export function reversalIssues({ items, reversed, range }: Items): OptionIssue[] {
  const strangers = reversed.flatMap((name, at) =>
    items.includes(name) ? [] : [{ path: ['reversed', at], message: `${name} is not among the items.` }],
  );
  if (reversed.length === 0 || range) return strangers;
  return [...strangers, { path: ['range'], message: 'Reversed items need the range of answers.' }];
}

/** A check for `z.strictObject({ ...itemOptions(2) }).check(reversalIsClear())`. */
export function reversalIsClear() {
  return across<Items>(['items', 'reversed', 'range'], reversalIssues);
}

/**
 * Answers outside the declared range, the first of each item: turned with it they would be nonsense, and a code of a missing
 * value that the plan does not name would pass for an answer.
 *
 * @example
 * answersOutside(datasetOf({ a: [1, 9] }), { items: ['a'], range: [1, 5] })[0].message // => 'column a, row 3: the answer 9 lies outside 1 to 5; if it stands for a missing value, name it in "missing" of the plan'
 */
export function answersOutside(
  data: Dataset,
  { items, range }: Pick<Items, 'items' | 'range'>,
  path: readonly PropertyKey[] = ['items'],
): OptionIssue[] {
  if (!range) return [];
  const [lowest, highest] = range;
  return items.flatMap((name, at) => {
    const values = data.numeric(name);
    const row = values.findIndex((value) => value !== null && (value < lowest || value > highest));
    if (row < 0) return [];
    const told = `the answer ${values[row]} lies outside ${lowest} to ${highest}`;
    const hint = 'if it stands for a missing value, name it in "missing" of the plan';
    return [{ path: [...path, at], message: `column ${name}, row ${data.fileRow(row)}: ${told}; ${hint}` }];
  });
}

/**
 * The columns of the items, reversed ones turned with the declared range.
 *
 * @example
 * itemColumns(datasetOf({ a: [1, 2], b: [5, null] }), { items: ['a', 'b'], reversed: ['b'], range: [1, 5] }) // => [[1, 2], [1, null]]
 */
export function itemColumns(data: Dataset, { items, reversed, range }: Items): Values[] {
  const [lowest, highest] = range ?? [0, 0];
  return items.map((name) => {
    const values = data.numeric(name);
    if (!reversed.includes(name)) return values;
    return values.map((value) => (value === null ? null : lowest + highest - value));
  });
}
