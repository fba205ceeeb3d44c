/** Measurement invariance: do items measure the same in all groups? Called by plans. */

import type { FitMeasures } from './cfa/indices.ts';
import { type Equality, modelOf } from './cfa/model.ts';
import type { Labels } from './cfa/sample.ts';
import { analyse, type FactorAnalysisOptions, type FactorSolution, prepare } from './cfa.ts';
import type { Values } from './descriptives.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { turnOf, untold } from './progress.ts';
import type { Note } from './result.ts';

export type InvarianceLevel = 'configural' | 'metric' | 'scalar' | 'strict';

/** What is the same in all groups at each level. */
const equalAt: Readonly<Record<InvarianceLevel, readonly Equality[]>> = {
  configural: [],
  metric: ['loadings'],
  scalar: ['loadings', 'intercepts'],
  strict: ['loadings', 'intercepts', 'residuals'],
};

export interface InvarianceOptions extends Omit<FactorAnalysisOptions, 'equal' | 'meanStructure'> {
  /** The group of each row. */
  readonly group: Labels;
}

/** What a model loses against a freer one. */
export interface ModelComparison {
  /** Difference of the chi-squares; with robust corrections scaled (Satorra and Bentler 2001), null when that fails. */
  readonly chiSquare: number | null;
  readonly degreesOfFreedom: number;
  /** Null without a chi-square or a difference of degrees of freedom. */
  readonly p: number | null;
  /** Changes of the indices, restricted minus free. */
  readonly cfi: number;
  readonly rmsea: number;
  readonly srmr: number;
}

export interface InvarianceStep {
  readonly level: InvarianceLevel;
  readonly solution: FactorSolution | null;
  /** Against the step before; null at the first, and where either has no solution. */
  readonly comparison: ModelComparison | null;
  readonly notes: readonly Note[];
}

/**
 * Do the items measure the same in all groups? Fits four models, each with more in common: the same items on the same
 * factors (configural), the same loadings (metric: factors can be related), the same intercepts (scalar: means of factors
 * can be compared; they are free from the second group on), the same residual variances (strict). A step holds when its
 * chi-square does not rise by more than chance; in large samples rather when CFI falls by at most 0.01 (Cheung and
 * Rensvold 2002, Structural Equation Modeling 9, 233-255). `partial` names parameters that may differ all the same.
 *
 * Notes of each step as in `confirmatoryFactorAnalysis`; `one-group` when there is nothing to compare.
 *
 * Reference: Meredith (1993), Psychometrika 58, 525-543. Agrees with R's lavaan as `confirmatoryFactorAnalysis` does.
 *
 * @throws RangeError as `confirmatoryFactorAnalysis`, and for a parameter in `partial` that the model has not
 * @example
 * measurementInvariance('f =~ a + b + c', { a: [1], b: [2], c: [3] }, { group: ['x'] }).notes[0].code // => 'one-group'
 */
export function measurementInvariance(
  text: string,
  columns: Readonly<Record<string, Values>>,
  options: InvarianceOptions,
): { steps: readonly InvarianceStep[]; notes: readonly Note[] } {
  const data = prepare(text, columns, options);
  const groups = data.samples.length;
  const levels = Object.keys(equalAt) as InvarianceLevel[];
  const models = levels.map((level) =>
    modelOf(text, { ...options, groups: Math.max(1, groups), meanStructure: true, equal: equalAt[level] }),
  );
  if (groups < 2) {
    const code = 'one-group';
    return { steps: [], notes: [{ code, text: 'Fewer than two groups with rows, so nothing to compare.' }] };
  }
  const steps: InvarianceStep[] = [];
  models.forEach((model, i) => {
    const onShare = turnOf(options.onShare ?? untold, i, models.length);
    const { solution, notes } = analyse(model, data, { ...options, onShare });
    const before = steps.at(-1)?.solution;
    const comparison = solution && before ? compareModels(solution.measures, before.measures) : null;
    steps.push({ level: levels[i] ?? 'configural', solution, comparison, notes });
  });
  return { steps, notes: [] };
}

/**
 * Does a restricted model fit worse than a freer one of which it is a special case? The difference of the chi-squares is
 * chi-square with the difference of degrees of freedom when the restrictions hold; with robust corrections it is divided
 * by (df c - df' c') / (df - df'), c being the scaling factors.
 *
 * Reference: Satorra and Bentler (2001), Psychometrika 66, 507-514.
 *
 * @throws RangeError when the restricted model has fewer degrees of freedom, or only one of the two is robust
 * @example
 * compareModels({ chiSquare: 9, degreesOfFreedom: 3, scaled: null, cfi: 0.75, rmsea: { value: 0.5 }, srmr: 0.5 }, { chiSquare: 2, degreesOfFreedom: 1, scaled: null, cfi: 1, rmsea: { value: 0.25 }, srmr: 0.25 }).p // => Math.exp(-3.5)
 */
export function compareModels(restricted: FitMeasures, free: FitMeasures): ModelComparison {
  const df = restricted.degreesOfFreedom - free.degreesOfFreedom;
  if (df < 0) throw new RangeError('compareModels requires the restricted model first');
  // A model without degrees of freedom has no scaling factor and needs none.
  const mixed = restricted.degreesOfFreedom > 0 && free.degreesOfFreedom > 0;
  if (mixed && (restricted.scaled === null) !== (free.scaled === null)) {
    throw new RangeError('compareModels requires both models with robust corrections, or neither');
  }
  const plain = restricted.chiSquare - free.chiSquare;
  const chiSquare = restricted.scaled === null ? plain : plain / differenceScale(restricted, free, df);
  const usable = Number.isFinite(chiSquare) && (restricted.scaled === null || chiSquare >= 0);
  return {
    chiSquare: usable ? chiSquare : null,
    degreesOfFreedom: df,
    p: usable && df > 0 ? chiSquareTails(Math.max(chiSquare, 0), df).upper : null,
    cfi: restricted.cfi - free.cfi,
    rmsea: restricted.rmsea.value - free.rmsea.value,
    srmr: restricted.srmr - free.srmr,
  };
}

function differenceScale(restricted: FitMeasures, free: FitMeasures, df: number): number {
  const own = restricted.degreesOfFreedom * (restricted.scaled?.scalingFactor ?? Number.NaN);
  return (own - free.degreesOfFreedom * (free.scaled?.scalingFactor ?? 0)) / df;
}
