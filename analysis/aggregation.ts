/** From people to a school or cluster: the two orders of averaging a scale. Called by the report. */
import { counted } from '../instruments/zod-words.ts';
import { type Columns, rowCount } from './covariance.ts';
import { meanInterval, present, tInterval, type Values } from './descriptives.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { mean, sum } from './numeric/sums.ts';
import type { Estimate } from './result.ts';

/**
 * The mean of a group with people first: each person's scale score, then their mean, with Student's t interval.
 *
 * @example
 * personFirstMean([3, 5, null]).value // => 4
 */
export function personFirstMean(scores: Values, level = 0.95): Estimate {
  return { ...meanInterval(scores, level), method: 'Mean of people’s scores with Student t interval' };
}

const itemFirstMethod = 'Mean of item means with linearised t interval';

/**
 * The mean of a group with items first: each item averaged over the people who answered it, then the items. With
 * complete answers this is the mean of people's means; with gaps it differs, because a person who answered half of the
 * items counts half. Columns are the keyed items of the group's people, null where an answer is missing.
 *
 * The standard error is that of the linearised estimate: person i stands for z = n/k Σ r (x - item mean) / n_item, with
 * r = 1 where answered, and the variance is Σ z² / (n (n - 1)). With complete answers it is exactly the one of the mean
 * of people's means. n counts the people who answered any item. An item that nobody answered is left out, with the note
 * `items-without-answers`; nobody at all: no value, note `no-values`.
 *
 * @param items how many items the score adds up; 1 for a mean score, the number of items for a sum score
 * @throws RangeError for columns of unequal length, NaN or infinite values, or a level outside (0, 1)
 * @example
 * itemFirstMean([[2, 4], [6, null]]).value // => 4.5
 * itemFirstMean([[2, 4], [4, 6]]).value // => 4
 */
export function itemFirstMean(columns: Columns, items = 1, level = 0.95): Estimate {
  requireLevel('itemFirstMean', level);
  const rows = rowCount(columns);
  const answered = columns.flatMap((column) => {
    const values = present(column);
    return values.length === 0 ? [] : [{ column, n: values.length, mean: mean(values) }];
  });
  const k = answered.length;
  if (k === 0) return noEstimate(0, itemFirstMethod, { code: 'no-values', text: 'No values, so no mean.' });
  const deviations: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    let deviation = 0;
    let any = false;
    for (const item of answered) {
      const value = item.column[row] ?? null;
      if (value === null) continue;
      any = true;
      deviation += (value - item.mean) / item.n;
    }
    if (any) deviations.push(deviation);
  }
  const n = deviations.length;
  const squares = sum(deviations.map((deviation) => deviation * deviation));
  const standardError = n < 2 ? null : (items / k) * Math.sqrt((n / (n - 1)) * squares);
  const value = items * mean(answered.map((item) => item.mean));
  const estimate = { ...tInterval(value, standardError, n, level), method: itemFirstMethod };
  if (k === columns.length) return estimate;
  const note = {
    code: 'items-without-answers',
    text: `${columns.length - k} of ${counted(columns.length, 'item')} had no answer in the group and ${columns.length - k === 1 ? 'is' : 'are'} left out.`,
  };
  return { ...estimate, notes: [...estimate.notes, note] };
}
