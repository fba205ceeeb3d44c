/** Figures of factor models under lavaan's names, and how exactly lavaan 0.6 gives them. Used by 04-cfa.ts and 05-invariance.ts. */

import type { FitMeasures } from '../../analysis/cfa/indices.ts';
import { keyOf, type Operator, parseModel } from '../../analysis/cfa/syntax.ts';
import type { FactorAnalysisOptions, FactorParameter, FactorSolution } from '../../analysis/cfa.ts';
import { isObject, listAt, objectAt } from './cases.ts';
import type { DataFrame, FigureObject, Figures, JsonObject, Tolerance } from './types.ts';

/**
 * lavaan's search stops when the misfit falls by less than 1e-10 of itself. Its parameters are then up to 5e-5 away from
 * where all slopes are zero; its scoring method (`optim.method = "GN"`), which goes on, gives the same figures as ours to
 * 1e-7 (04_cfa_further.json). Differences of indices lose the digits that the indices share. P values are 1 - p in R: wrong by 2e-16, and those
 * of z follow z. In just identified models residuals are what lavaan's search left over. Moments of answers with gaps are
 * from lavaan's EM, which stops at changes of 1e-5; limits of RMSEA from a search that stops at 1e-4 in the noncentrality.
 */
export const tolerance: Tolerance = (path) => {
  if (/pvalue$|\/p$/.test(path)) return { relative: 5e-4, absolute: 4e-16 };
  if (/parameters\/|\/r2\/|modindices/.test(path)) return { relative: 1e-4, absolute: 1e-12 };
  if (/chisq_diff$/.test(path)) return { relative: 1e-5, absolute: 1e-8 };
  if (/\/d_/.test(path)) return { relative: 1e-4, absolute: 0 };
  // Of a model that is just identified they are 0; lavaan's search leaves some 1e-8.
  if (/rmr/.test(path)) return { relative: 1e-5, absolute: 1e-7 };
  if (/chisq$|fmin$/.test(path)) return { relative: 1e-6, absolute: 1e-8 };
  if (/rmsea\.ci/.test(path)) return { relative: 1e-4, absolute: 1e-6 };
  if (/sample\//.test(path)) return { relative: 5e-6, absolute: 0 };
  return 1e-6;
};

/** The items that load on the factors of a model. */
export function itemsOf(model: string): string[] {
  return parseModel(model).flatMap(({ operator, right }) => (operator === '=~' ? [right] : []));
}

/** The columns that a model names. */
export function columnsOf(frame: DataFrame, model: string): Record<string, (number | null)[]> {
  return Object.fromEntries(itemsOf(model).map((name) => [name, frame.numeric(name)]));
}

/** The options that a case states. */
export function lavaanOptions(options: JsonObject, frame: DataFrame): FactorAnalysisOptions {
  const stated = objectAt(options, 'options');
  const known = ['std.lv', 'meanstructure', 'estimator', 'missing', 'likelihood', 'cluster'];
  const other = Object.keys(stated).find((name) => !known.includes(name));
  if (other !== undefined) throw new RangeError(`the option ${other} is not computed`);
  if (typeof stated.estimator === 'string' && !['ML', 'MLR'].includes(stated.estimator)) {
    throw new RangeError(`the estimator ${stated.estimator} is not computed`);
  }
  return {
    standardisedLatent: stated['std.lv'] === true,
    meanStructure: stated.meanstructure === true,
    robust: stated.estimator === 'MLR',
    missing: stated.missing === 'ml' || stated.missing === 'fiml' ? 'full-information' : 'listwise',
    likelihood: stated.likelihood === 'wishart' ? 'wishart' : 'normal',
    ...(typeof stated.cluster === 'string' ? { cluster: frame.column(stated.cluster) } : {}),
  };
}

/** Measures of fit. */
export function lavaanFit(measures: FitMeasures): FigureObject {
  const { baseline, rmsea, scaled, robust } = measures;
  return {
    npar: measures.parameters,
    fmin: measures.minimum,
    chisq: measures.chiSquare,
    df: measures.degreesOfFreedom,
    pvalue: measures.p,
    'baseline.chisq': baseline.chiSquare,
    'baseline.df': baseline.degreesOfFreedom,
    cfi: measures.cfi,
    tli: measures.tli,
    nnfi: measures.tli,
    nfi: measures.nfi,
    rfi: measures.rfi,
    ifi: measures.ifi,
    rni: measures.rni,
    logl: measures.logLikelihood,
    'unrestricted.logl': measures.saturatedLogLikelihood,
    aic: measures.aic,
    bic: measures.bic,
    bic2: measures.adjustedBic,
    ntotal: measures.n,
    rmsea: rmsea.value,
    'rmsea.ci.lower': rmsea.lower,
    'rmsea.ci.upper': rmsea.upper,
    'rmsea.pvalue': rmsea.closeFit,
    rmr: measures.rmr,
    srmr: measures.srmr,
    srmr_bentler: measures.srmr,
    gfi: measures.gfi,
    agfi: measures.agfi,
    'chisq.scaled': scaled?.chiSquare,
    'chisq.scaling.factor': scaled?.scalingFactor,
    'cfi.scaled': scaled?.cfi,
    'rmsea.scaled': scaled?.rmsea,
    'cfi.robust': robust?.cfi,
    'tli.robust': robust?.tli,
    'rmsea.robust': robust?.rmsea,
  };
}

/** The rows of a case's parameter table, each found by what it names. Groups are counted from 1. */
export function lavaanParameters(options: JsonObject, solution: FactorSolution): Figures[] {
  const byKey = new Map(solution.parameters.map((parameter) => [keyIn(parameter), parameter]));
  return listAt(options, 'parameters').map((row): Figures => {
    if (!isObject(row)) return new Error('no parameter');
    const group = typeof row.group === 'number' ? row.group : 1;
    const [left, operator, right] = [String(row.lhs), String(row.op) as Operator, String(row.rhs)];
    const found = byKey.get(keyIn({ left, operator, right, group: group - 1 }));
    if (!found) return new Error(`no parameter ${left} ${operator} ${right}`);
    return {
      group,
      est: found.estimate,
      se: found.standardError,
      z: found.z,
      pvalue: found.p,
      'ci.lower': found.lower,
      'ci.upper': found.upper,
      'std.all': found.standardised,
      'std.se': found.standardisedError,
    };
  });
}

function keyIn({
  left,
  operator,
  right,
  group,
}: Pick<FactorParameter, 'left' | 'operator' | 'right' | 'group'>): string {
  return `${keyOf(operator, left, right)} in ${group}`;
}
