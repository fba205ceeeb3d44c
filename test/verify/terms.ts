/**
 * Columns from the names that R gives to coefficients: a case that lists its coefficients tells so which predictors its
 * model has. `phasesecondary` is the label `secondary` of the column `phase`, `a:b` the product of two. Used by 15 and 16.
 */
import type { DataFrame } from './types.ts';

export const intercept = '(Intercept)';

/** The column of each term but the intercept, by its name. Throws RangeError for a term that no column explains. */
export function columnsOfTerms(frame: DataFrame, terms: readonly string[]): Record<string, (number | null)[]> {
  return Object.fromEntries(terms.filter((term) => term !== intercept).map((term) => [term, columnOf(frame, term)]));
}

function columnOf(frame: DataFrame, term: string): (number | null)[] {
  const [first = [], ...others] = term.split(':').map((part) => simpleColumn(frame, part));
  return others.reduce(
    (product, other) =>
      product.map((value, row) => {
        const factor = other[row] ?? null;
        return value === null || factor === null ? null : value * factor;
      }),
    first,
  );
}

function simpleColumn(frame: DataFrame, term: string): (number | null)[] {
  if (frame.names.includes(term)) return frame.numeric(term);
  const plain = term.replace(/^(?:as\.)?factor\(([^()]+)\)/, '$1');
  // The longest column that the term begins with, where the rest of the term is one of its labels.
  const factor = frame.names
    .filter(
      (name) => plain.startsWith(name) && frame.column(name).some((cell) => String(cell) === plain.slice(name.length)),
    )
    .sort((a, b) => b.length - a.length)[0];
  if (factor === undefined) throw new RangeError(`no column explains the term ${term}`);
  const label = plain.slice(factor.length);
  return frame.column(factor).map((cell) => (cell === null ? null : Number(String(cell) === label)));
}
