/** Degrees of freedom by counting, for comparison with programs that count. Called by mixed-model.ts when asked for. */
import type { DegreesOf } from './degrees.ts';
import type { MixedRows } from './rows.ts';

/**
 * A predictor that varies between people has the degrees of freedom of people: rows, less innermost groups, less predictors
 * of that kind. One that is constant within groups has those of the groups of its level: groups, less groups of the
 * level around, less predictors of that kind (at the outermost level less one, for the intercept). Exact for balanced groups.
 * The intercept counts as people. A combination of coefficients has the fewest of its parts.
 *
 * Reference: Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS, section 2.4.2. Agrees with R's nlme.
 *
 * @example
 * containmentDegrees(mixedRows([1, 3, 5, 8], { x: [0, 1, 0, 1] }, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }]))([0, 1]) // => 1
 */
export function containmentDegrees({ n, raw, groupings }: Pick<MixedRows, 'n' | 'raw' | 'groupings'>): DegreesOf {
  // 0: varies between people; 1: between innermost groups; and so on outwards.
  const levels = raw.map((column) => groupings.filter(({ codes }) => isConstantWithin(column, codes)).length);
  const units = [n, ...groupings.map(({ labels }) => labels.length), 1];
  const degrees = units
    .slice(0, -1)
    .map((count, at) => count - (units[at + 1] ?? 1) - levels.filter((level) => level === at).length);
  return (contrast) => {
    if (contrast[0] !== 0) return degrees[0] ?? Number.NaN;
    const parts = levels.flatMap((level, k) => (contrast[k + 1] === 0 ? [] : [degrees[level] ?? Number.NaN]));
    return Math.min(...parts);
  };
}

/**
 * Whether all rows of each group have the same value.
 *
 * @example
 * isConstantWithin([2, 2, 3], [0, 0, 1]) // => true
 */
export function isConstantWithin(values: ArrayLike<number>, codes: ArrayLike<number>): boolean {
  const seen = new Map<number, number>();
  for (let row = 0; row < values.length; row += 1) {
    const [code, value] = [codes[row] ?? 0, values[row] ?? 0];
    const known = seen.get(code);
    if (known === undefined) seen.set(code, value);
    else if (known !== value) return false;
  }
  return true;
}
