/** The score of each person on a scale: the mean of the items answered, if there are enough of them. */
import { type Columns, rowCount } from './covariance.ts';

/**
 * What is each person's score? The mean of the answered items for those who answered at least `least`, null for the
 * others. `least` of 1 takes whoever answered anything; the number of items only the complete. Prorating (mean times the
 * number of items) is the same score in other units. It assumes that the items left out would have been answered like the
 * others; items must be keyed in one direction.
 *
 * @throws RangeError for columns of unequal length, or `least` not between 1 and the number of items
 * @example
 * personScores([[1, 2, null], [3, null, null]], 1) // => [2, 2, null]
 * personScores([[1, 2, null], [3, null, null]], 2) // => [2, null, null]
 */
export function personScores(columns: Columns, least: number): (number | null)[] {
  if (!(least >= 1 && least <= columns.length)) {
    throw new RangeError('personScores requires at least one answered item and no more than there are');
  }
  return Array.from({ length: rowCount(columns) }, (_, row) => {
    let n = 0;
    let total = 0;
    for (const column of columns) {
      const value = column[row] ?? null;
      if (value === null) continue;
      n += 1;
      total += value;
    }
    return n >= least ? total / n : null;
  });
}
