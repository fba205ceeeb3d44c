/** Omega total from all rows with any answer, where omega.ts takes the complete ones. */

import { confirmatoryFactorAnalysis } from './cfa.ts';
import { type Columns, rowCount } from './covariance.ts';
import { noEstimate } from './estimate.ts';
import { sum } from './numeric/sums.ts';
import { beyondOne } from './omega.ts';
import type { Estimate, Note } from './result.ts';

/**
 * Omega total of a sum of items with gaps: one factor by maximum likelihood from all that each person answered (full
 * information, cfa.ts). Unbiased when gaps depend on answers that are there, for normal items. Without gaps it is
 * `omegaTotal`.
 *
 * Value null with the notes of `confirmatoryFactorAnalysis`; notes beside the value are those of the fit.
 *
 * Reference: McDonald (1999), Test Theory. Agrees with R's lavaan to 1e-6.
 *
 * @throws RangeError for fewer than two items, columns of unequal length, NaN or infinite values
 * @example
 * omegaWithGaps([[1, 2], [2, 1]]).value // => null
 */
export function omegaWithGaps(columns: Columns): Estimate {
  if (columns.length < 2) throw new RangeError('omegaWithGaps requires at least two items');
  const method = 'Omega total, one factor by maximum likelihood, all rows with an answer';
  if (columns.length < 3) {
    const text = 'Two items have one correlation, which cannot tell their two loadings.';
    return noEstimate(rowCount(columns), method, { code: 'too-few-items', text });
  }
  const named = Object.fromEntries(columns.map((column, i) => [`item${i + 1}`, column]));
  const model = `factor =~ ${Object.keys(named).join(' + ')}`;
  const { solution, notes } = confirmatoryFactorAnalysis(model, named, {
    standardisedLatent: true,
    missing: 'full-information',
  });
  if (solution === null) return noEstimate(rowCount(columns), method, ...placed(notes));
  const loadings = solution.parameters.filter(({ operator }) => operator === '=~');
  const residuals = solution.parameters.filter(
    ({ operator, left, right }) => operator === '~~' && left === right && left !== 'factor',
  );
  const common = sum(loadings.map(({ estimate }) => estimate)) ** 2;
  const value = common / (common + sum(residuals.map(({ estimate }) => estimate)));
  return { value, n: solution.measures.n, interval: null, method, notes: [...placed(notes), ...beyondOne(value)] };
}

/** The model has names of its own for the items, which nobody else knows. */
function placed(notes: readonly Note[]): Note[] {
  return notes.map(({ code, text }) => ({ code, text: text.replace(/\bitem(\d+)\b/g, 'item $1') }));
}
