/**
 * Intraclass correlations of groups from the analysis of variance: how alike are people of one group, how sure are its means?
 * Called by plans with what one pass over the column gives.
 */
import { counted } from '../instruments/zod-words.ts';
import { anovaOfMoments } from './anova.ts';
import type { Values } from './descriptives.ts';
import { requireLevel } from './estimate.ts';
import { filledGroups, type GroupMoments, momentsOfLists } from './group-moments.ts';
import { fQuantile } from './numeric/f.ts';
import { sum } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

export interface GroupReliability {
  /** People and groups with values, and groups of one. */
  readonly n: number;
  readonly groups: number;
  readonly singletons: number;
  /** Group sizes: mean, harmonic mean, and n0 of the analysis of variance, which is what unequal groups count as. */
  readonly meanSize: number;
  readonly harmonicSize: number;
  readonly effectiveSize: number;
  readonly meanSquareBetween: number | null;
  readonly meanSquareWithin: number | null;
  readonly dfBetween: number;
  readonly dfWithin: number;
  readonly f: number | null;
  readonly p: number | null;
  readonly etaSquared: number | null;
  readonly omegaSquared: number | null;
  /** ICC(1) with n0, and with the mean size, as the R package multilevel has it. */
  readonly icc1: Estimate;
  readonly icc1MeanSize: Estimate;
  /** ICC(2), the reliability of the group means: 1 - 1 / F. */
  readonly icc2: Estimate;
  /** ICC(2) stepped up from ICC(1) with n0 to groups of the mean size. */
  readonly icc2SteppedUp: number | null;
  /** Variance inflation of a mean: from the mean size, and from the actual sizes (Kish); people it leaves in effect. */
  readonly designEffect: number | null;
  readonly designEffectKish: number | null;
  readonly effectivePeople: number | null;
  readonly notes: readonly Note[];
}

/**
 * How alike are people of one group, and how reliable are group means?
 *
 *     ICC(1) = (MSB - MSW) / (MSB + (k - 1) MSW)     ICC(2) = (MSB - MSW) / MSB
 *     n0 = (N - Σ n² / N) / (J - 1)
 *
 * k is n0 for `icc1` and the mean size for `icc1MeanSize`; both are the same for equal groups. Intervals from the quantiles
 * of F; they are exact for equal groups, independent of each other, with normal values. Negative figures are not cut off:
 * they say that people of one group differ more than chance. Missing values and empty groups are left out.
 *
 * Notes as `oneWayAnova` instead of values; beside them `singleton`: groups of one say nothing about the spread within,
 * and `negative-icc`.
 *
 * References: Bliese (2000), in Klein and Kozlowski, Multilevel Theory, Research, and Methods in Organizations, 349-381;
 * Shrout and Fleiss (1979), Psychological Bulletin 86, 420-428. Agrees with R's multilevel to 1e-10.
 *
 * @param values the values of each group, or what one pass over a column of all groups gives (`groupMoments`)
 * @throws RangeError for NaN or infinite values, a level outside (0, 1)
 * @example
 * groupReliability(groupMoments([1, 5, 3], numberGroups(['a', 'b', 'a']))).f // => 3
 * groupReliability([[1, 2, 3], [2, 3, 4], [6, 7, 8]]).icc2.value // => 1 - 1 / 21
 */
export function groupReliability(values: readonly Values[] | GroupMoments, level = 0.95): GroupReliability {
  requireLevel('groupReliability', level);
  const moments = filledGroups('sizes' in values ? values : momentsOfLists(values));
  const { sizes } = moments;
  const n = sum(sizes);
  const groups = sizes.length;
  const meanSize = groups === 0 ? 0 : n / groups;
  const squares = sum(sizes.map((size) => size * size));
  const effectiveSize = groups < 2 ? meanSize : (n - squares / n) / (groups - 1);
  const singletons = sizes.filter((size) => size === 1).length;
  const anova = anovaOfMoments(moments);
  const { f, dfBetween, dfWithin, sumOfSquaresBetween: ssb, sumOfSquaresWithin: ssw } = anova;
  const msb = dfBetween > 0 ? ssb / dfBetween : null;
  const msw = dfWithin > 0 ? ssw / dfWithin : null;
  const icc1 = icc1At(f, effectiveSize);
  const notes = [...anova.notes];
  if (singletons > 0)
    notes.push({
      code: 'singleton',
      text: `${singletons} of ${counted(groups, 'group')} ${singletons === 1 ? 'is' : 'are'} of one person.`,
    });
  if (icc1 !== null && icc1 < 0) {
    notes.push({ code: 'negative-icc', text: 'People of one group differ more than people of different groups.' });
  }
  // The true F ratio lies between these two, with the level as probability.
  const low = f === null ? null : f / fQuantile((1 + level) / 2, dfBetween, dfWithin);
  const high = f === null ? null : f / fQuantile((1 - level) / 2, dfBetween, dfWithin);
  const estimate = (method: string, of: (ratio: number | null) => number | null): Estimate => {
    const [lower, upper, value] = [of(low), of(high), of(f)];
    const interval = lower === null || upper === null ? null : { lower, upper, level };
    const nothing = { code: 'equal-groups', text: 'The means of the groups do not differ at all, so no reliability.' };
    return { value, n, interval, method, notes: f === 0 && value === null ? [...notes, nothing] : notes };
  };
  const kish = icc1 === null ? null : 1 + (squares / n - 1) * icc1;
  return {
    n,
    groups,
    singletons,
    meanSize,
    harmonicSize: groups === 0 ? 0 : groups / sum(sizes.map((size) => 1 / size)),
    effectiveSize,
    meanSquareBetween: msb,
    meanSquareWithin: msw,
    dfBetween,
    dfWithin,
    f,
    p: anova.p,
    etaSquared: f === null ? null : ssb / (ssb + ssw),
    omegaSquared: f === null || msw === null ? null : (ssb - dfBetween * msw) / (ssb + ssw + msw),
    icc1: estimate('ICC(1), n0 of unequal groups, F interval', (ratio) => icc1At(ratio, effectiveSize)),
    icc1MeanSize: estimate('ICC(1), mean group size, F interval', (ratio) => icc1At(ratio, meanSize)),
    icc2: estimate('ICC(2), F interval', (ratio) => (ratio === null || ratio === 0 ? null : 1 - 1 / ratio)),
    icc2SteppedUp: steppedUp(icc1, meanSize),
    designEffect: icc1 === null ? null : 1 + (meanSize - 1) * icc1,
    designEffectKish: kish,
    effectivePeople: kish === null || kish <= 1e-12 ? null : n / kish,
    notes,
  };
}

function icc1At(f: number | null, size: number): number | null {
  return f === null ? null : (f - 1) / (f + size - 1);
}

/**
 * Spearman and Brown: the reliability of the mean of `size` people when one has the reliability `icc`; null where it has none,
 * as for the least `icc` that there can be, -1 / (size - 1).
 *
 * @example
 * steppedUp(0.5, 3) // => 0.75
 */
export function steppedUp(icc: number | null, size: number): number | null {
  if (icc === null) return null;
  const spread = 1 + (size - 1) * icc;
  return Math.abs(spread) > 1e-14 * size ? (size * icc) / spread : null;
}
