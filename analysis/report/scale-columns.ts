/** The answers to a scale's items as columns, keyed in one direction. Called by the sections on scales and reliability. */
import type { Scale } from '../../instruments/instrument.ts';
import type { AdministrationReportInput } from './input.ts';

/**
 * One column per item of the scale, reversed items turned with the declared range. Only the given people, in order.
 *
 * @throws RangeError when an item is not in the codebook, which `parseInstrument` rules out
 */
export function scaleColumns(
  input: Pick<AdministrationReportInput, 'codebook' | 'rows'>,
  scale: Scale,
  people: readonly number[],
): (number | null)[][] {
  const { min, max } = scale.range;
  return scale.items.map(({ name, reversed }) => {
    const position = input.codebook.variables.findIndex((variable) => variable.name === name);
    if (position < 0) throw new RangeError(`scale ${scale.id} names ${name}, which is not in the codebook`);
    return people.map((person) => {
      const value = input.rows[person]?.values[position] ?? null;
      return value === null || !reversed ? value : min + max - value;
    });
  });
}

/** The people who answered at least one item of the scale. */
export function answerers(input: Pick<AdministrationReportInput, 'codebook' | 'rows'>, scale: Scale): number[] {
  const everybody = input.rows.map((_, person) => person);
  const columns = scaleColumns(input, scale, everybody);
  return everybody.filter((person) => columns.some((column) => column[person] !== null));
}
