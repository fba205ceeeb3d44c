/** Groups of rows by a column of labels: two that are compared, arms of a trial, or all. Used by the definitions in this folder. */
import { z } from 'zod';
import { groupsOf } from '../compare.ts';
import type { Values } from '../descriptives.ts';
import type { Note } from '../result.ts';
import type { OptionIssue } from './analysis.ts';
import type { Cell, Dataset } from './dataset.ts';
import { column } from './options.ts';

/** A label as a column holds it. */
export function label() {
  return z.union([z.number(), z.string()]);
}

/** The options `group` and `compare`, to be spread into a schema: figures are of the first label minus the second. */
export function twoGroupOptions() {
  return {
    group: column().describe('column that says who belongs to which group'),
    compare: z.tuple([label(), label()]).describe('labels of the two groups; figures are first minus second'),
  };
}

export interface TwoGroups {
  readonly group: string;
  readonly compare: readonly [string | number, string | number];
}

/**
 * The values of the two groups.
 *
 * @example
 * twoGroups(datasetOf({ y: [1, 2, 3], arm: [0, 1, 1] }), 'y', { group: 'arm', compare: [1, 0] }) // => [[2, 3], [1]]
 */
export function twoGroups(data: Dataset, outcome: string, { group, compare }: TwoGroups): [Values, Values] {
  const values = data.numeric(outcome);
  const arms = treatedOf(data, { group, compare });
  const of = (arm: 0 | 1) => values.filter((_, row) => arms[row] === arm);
  return [of(1), of(0)];
}

/**
 * What is wrong with the labels: both the same, or one that no row has. A column without any label is no fault of theirs:
 * the data cannot say.
 *
 * @example
 * compareIssues(datasetOf({ arm: ['a', 'b'] }), { group: 'arm', compare: ['a', 'c'] }) // => [{ path: ['compare', 1], message: 'no row has c in column arm' }]
 * compareIssues(datasetOf({ arm: [null] }), { group: 'arm', compare: ['a', 'b'] }) // => []
 */
export function compareIssues(data: Dataset, { group, compare }: TwoGroups): OptionIssue[] {
  const [first, second] = compare.map(String);
  if (first === second) return [{ path: ['compare', 1], message: 'two different groups are compared' }];
  const labels = new Set(data.column(group).map((cell) => (cell === null ? null : String(cell))));
  labels.delete(null);
  if (labels.size === 0) return [];
  return compare.flatMap((one, at) =>
    labels.has(String(one)) ? [] : [{ path: ['compare', at], message: `no row has ${one} in column ${group}` }],
  );
}

/**
 * 1 for rows of the first label, 0 for those of the second, null for all others.
 *
 * @example
 * treatedOf(datasetOf({ arm: ['a', 'b', 'c'] }), { group: 'arm', compare: ['b', 'a'] }) // => [0, 1, null]
 */
export function treatedOf(data: Dataset, { group, compare }: TwoGroups): (0 | 1 | null)[] {
  const cells = data.column(group).map((cell) => (cell === null ? null : String(cell)));
  const [first, second] = compare.map(String);
  return cells.map((cell) => (cell === first ? 1 : cell === second ? 0 : null));
}

/**
 * The values of each group, groups in the order of their labels; rows without a label are left out.
 *
 * @example
 * allGroups(datasetOf({ y: [1, 2, 3], g: ['b', 'a', 'b'] }), 'y', 'g') // => [{ label: 'a', values: [2] }, { label: 'b', values: [1, 3] }]
 */
export function allGroups(data: Dataset, outcome: string, group: string) {
  return groupsOf<string | number>(data.numeric(outcome), data.column(group));
}

/**
 * The labels of a column in order, numbers by size before texts by character code.
 *
 * @example
 * labelsOf(['b', 10, null, 9, 'a', 'b']) // => [9, 10, 'a', 'b']
 */
export function labelsOf(cells: readonly Cell[]): (string | number)[] {
  const order = (a: string | number, b: string | number) => (a < b ? -1 : 1);
  const labels = [...new Set(cells)].filter((cell) => cell !== null);
  const numbers = labels.filter((each) => typeof each === 'number').sort(order);
  return [...numbers, ...labels.filter((each) => typeof each === 'string').sort(order)];
}

/**
 * A column of zeros and ones: 1 where the cell is one of the labels that count, null where it is missing.
 *
 * @example
 * zeroOne(['yes', 'no', null], ['yes']) // => [1, 0, null]
 */
export function zeroOne(cells: readonly Cell[], counted: readonly (string | number)[]): (0 | 1 | null)[] {
  const ones = new Set(counted.map(String));
  return cells.map((cell) => (cell === null ? null : ones.has(String(cell)) ? 1 : 0));
}

/**
 * What is wrong with the labels that count: one that no row has. A number may be absent from a column of numbers: nobody
 * gave the highest answer.
 *
 * @example
 * onesIssues(datasetOf({ y: ['Yes', null] }), 'y', ['Yes', 'yes']) // => [{ path: ['ones', 1], message: 'no row has yes in column y' }]
 * onesIssues(datasetOf({ y: [1, 4, null] }), 'y', [4, 5]) // => []
 */
export function onesIssues(data: Dataset, name: string, counted: readonly (string | number)[]): OptionIssue[] {
  const cells = data.column(name).filter((cell) => cell !== null);
  if (cells.length === 0) return [];
  const labels = new Set(cells.map(String));
  const isScale = cells.every((cell) => typeof cell === 'number');
  return counted.flatMap((one, at) =>
    labels.has(String(one)) || (isScale && typeof one === 'number')
      ? []
      : [{ path: ['ones', at], message: `no row has ${one} in column ${name}` }],
  );
}

/**
 * A note where a column has values and none of them counts.
 *
 * @example
 * nobodyCounts(datasetOf({ y: [0, null] }), 'y', [1])[0].text // => 'No row has 1 in column y.'
 * nobodyCounts(datasetOf({ y: ['Yes', null] }), 'y', ['Yes']) // => []
 */
export function nobodyCounts(data: Dataset, name: string, counted: readonly (string | number)[]): Note[] {
  const values = zeroOne(data.column(name), counted);
  if (values.includes(1) || !values.includes(0)) return [];
  const text = `No row has ${counted.join(' or ')} in column ${name}.`;
  return [{ code: 'no-such-value', text }];
}

/**
 * What is wrong with a column that must be of zeros and ones: the first cell that is neither.
 *
 * @example
 * notZeroOne(datasetOf({ y: [0, null, 2] }), 'y', ['outcome'])[0].message // => 'column y, row 4: 0 or 1 is expected'
 */
export function notZeroOne(data: Dataset, name: string, path: readonly PropertyKey[]): OptionIssue[] {
  const row = data.column(name).findIndex((cell) => cell !== null && cell !== 0 && cell !== 1);
  return row < 0 ? [] : [{ path, message: `column ${name}, row ${data.fileRow(row)}: 0 or 1 is expected` }];
}
