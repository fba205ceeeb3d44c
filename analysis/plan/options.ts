/**
 * The options that analyses have in common, above all the names of columns. A column's schema is marked, so that a plan can
 * be checked against the columns of the data before anything is computed. Used by the definitions in this folder.
 */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import type { Dataset } from './dataset.ts';

/** What a column must hold: anything, or numbers and gaps alone. */
export type ColumnKind = 'any' | 'numeric';

/** Which schemas stand for the name of a column; read by columns.ts. */
export const columnSchemas = z.registry<{ readonly kind: ColumnKind }>();

/** The name of a column of numbers or labels: groups, clusters, arms, raters. */
export function column() {
  return z.string().min(1).register(columnSchemas, { kind: 'any' });
}

/** The name of a column that holds numbers alone. */
export function numericColumn() {
  return z.string().min(1).register(columnSchemas, { kind: 'numeric' });
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
  return z.array(numericColumn()).min(least).refine(areDifferent, 'The same column stands here twice.');
}

function areDifferent(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** The lowest and the highest possible answer. */
export function answerRange() {
  return z
    .tuple([z.number(), z.number()])
    .refine(([lowest, highest]) => lowest < highest, 'The lowest answer comes first, then the highest.');
}

/** The options `items`, `reversed` and `range` of a scale, to be spread into a schema. Check them with `reversalIsClear`. */
export function itemOptions(least: number) {
  return {
    items: numericColumns(least).describe('columns with the answers'),
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
 * What keeps the reversed items from being turned; nothing, if they can be.
 *
 * @example
 * reversalIssue({ items: ['a'], reversed: ['b'], range: [1, 5] }) // => { path: ['reversed', 0], message: 'b is not among the items.' }
 * reversalIssue({ items: ['a'], reversed: ['a'] }).path // => ['range']
 * reversalIssue({ items: ['a'], reversed: [] }) // => null
 */
export function reversalIssue({
  items,
  reversed,
  range,
}: Items): { path: (string | number)[]; message: string } | null {
  const stranger = reversed.findIndex((name) => !items.includes(name));
  if (stranger >= 0) return { path: ['reversed', stranger], message: `${reversed[stranger]} is not among the items.` };
  if (reversed.length > 0 && !range) return { path: ['range'], message: 'Reversed items need the range of answers.' };
  return null;
}

/** A check for `z.strictObject({ ...itemOptions(2) }).check(reversalIsClear)`. */
export function reversalIsClear(context: z.core.ParsePayload<Items>): void {
  const issue = reversalIssue(context.value);
  if (issue) context.issues.push({ code: 'custom', input: context.value, ...issue });
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
