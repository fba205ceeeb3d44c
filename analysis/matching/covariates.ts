/** Covariates as columns of numbers: for the propensity model and for the balance table. Called by matching.ts. */
import type { Values } from '../descriptives.ts';

/** Columns of numbers or labels by name. */
export type Covariates = Readonly<Record<string, readonly (number | string | null)[]>>;

/**
 * A covariate as columns of numbers: numbers as they are, labels as one column of 0 and 1 for each level, in ascending
 * order, named after covariate and level. A model takes them without the first level (`levels: 'model'`), a balance table
 * with all (`levels: 'all'`).
 *
 * @throws RangeError for numbers and labels in one column
 * @example
 * numericColumns('arm', ['b', 'a', 'c'], 'model') // => { armb: [1, 0, 0], armc: [0, 0, 1] }
 * numericColumns('age', [31, null], 'all') // => { age: [31, null] }
 */
export function numericColumns(
  name: string,
  values: readonly (number | string | null)[],
  levels: 'model' | 'all',
): Record<string, Values> {
  const labels = [...new Set(values.filter((value) => typeof value === 'string'))].sort();
  if (labels.length === 0) {
    return { [name]: values.map((value) => (typeof value === 'number' ? value : null)) };
  }
  if (values.some((value) => typeof value === 'number')) {
    throw new RangeError(`numericColumns requires numbers or labels, not both: ${name}`);
  }
  const shown = levels === 'all' ? labels : labels.slice(1);
  return Object.fromEntries(
    shown.map((label) => [`${name}${label}`, values.map((value) => (value === null ? null : Number(value === label)))]),
  );
}

/**
 * All covariates as columns of numbers.
 *
 * @example
 * numericCovariates({ age: [31, 40], arm: ['a', 'b'] }, 'model') // => { age: [31, 40], armb: [0, 1] }
 */
export function numericCovariates(covariates: Covariates, levels: 'model' | 'all'): Record<string, Values> {
  return Object.assign({}, ...Object.entries(covariates).map(([name, values]) => numericColumns(name, values, levels)));
}
