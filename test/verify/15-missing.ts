/**
 * Recomputes 15. Cases state data set and columns. The terms of the attrition model are those that its list names. Its arm
 * is not stated: it is the column `treat` of the script, or in data without one the first term, if that is 0 and 1. A
 * cross-check is named after its data set (`crosscheck_lavaan_NAME`); how far lavaan's own stop lies from the EM is no
 * figure of ours and is left out.
 */
import { attrition } from '../../analysis/attrition.ts';
import type { Columns } from '../../analysis/covariance.ts';
import { linearModel, type Predictors } from '../../analysis/linear-model.ts';
import { littleTest } from '../../analysis/little-test.ts';
import { logisticModel } from '../../analysis/logistic-model.ts';
import { pooledCoefficients } from '../../analysis/pooling.ts';
import { attempt, eachCase, isObject, listAt, objectAt, textAt } from './cases.ts';
import { glmAtItsStop } from './glm.ts';
import { columnsOfTerms, intercept } from './terms.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

function columnsOf(frame: DataFrame, names: readonly string[]): Columns {
  return names.map((name) => frame.numeric(name));
}

function little(options: JsonObject, data: DataSource): FigureObject {
  const columns = columnsOf(data(textAt(options, 'data')), listAt(options, 'vars').map(String));
  const { chiSquare, df, p, unbiased, patterns, moments } = littleTest(columns);
  // Without gaps we give no test; R's sum over the one pattern is 0, and its p 1.
  const whole = df === 0 && patterns.length === 1 ? { chiSquare: 0, p: 1 } : null;
  return {
    n: moments?.n,
    rows_all_missing_dropped: moments?.emptyRows,
    patterns: patterns.length,
    pattern_table: patterns.map(({ n }) => ({ n })),
    em_mean: moments?.means,
    em_cov_ml: moments?.covariances,
    em_iterations: moments?.iterations,
    loglik: moments?.logLikelihood,
    chisq_ml_cov: whole?.chiSquare ?? chiSquare,
    chisq_unbiased_cov: whole?.chiSquare ?? unbiased?.chiSquare,
    df,
    p_ml_cov: whole?.p ?? p,
    p_unbiased_cov: whole?.p ?? unbiased?.p,
  };
}

function crossCheck(dataSet: string, data: DataSource): FigureObject {
  const frame = data(dataSet);
  const { chiSquare, df, p, patterns, moments } = littleTest(columnsOf(frame, frame.names));
  const stop = new Error('how far the stop of lavaan lies from that of the script is no figure of the data');
  return {
    mean: moments?.means,
    cov: moments?.covariances,
    max_abs_rel_diff_mean: stop,
    max_abs_rel_diff_cov: stop,
    // What naniar published is of the data as R ships them.
    published_naniar:
      frame.rows === 153
        ? { statistic: chiSquare, df, p, patterns: patterns.length }
        : new Error('the published test is of all 153 days'),
  };
}

function attritionFigures(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const outcome = frame.column(textAt(options, 'outcome').replace(/ missing$/, ''));
  const lost = outcome.map((value) => Number(value === null));
  const terms = listAt(options, 'logit').map((row) => textAt(row, 'term'));
  const present = lost.map((value) => (value === 1 ? null : 0));
  const arm = armAmong(terms, frame);
  const byArm = attempt(() => {
    if (arm === null) throw new RangeError('the case does not say which column is the arm');
    const { intervention, comparison, overall, differential } = attrition(present, frame.numeric(arm));
    const { difference, chiSquare, p } = differential;
    return {
      by_arm: {
        t1: intervention.value,
        t0: comparison.value,
        overall: overall.value,
        differential: difference.value,
      },
      chisq: { x2: chiSquare, p },
    };
  });
  const logit = attempt(() => {
    const predictors = columnsOfTerms(frame, terms);
    const { model, notes } = modelOf(present, predictors, arm);
    if (model === null) throw new RangeError(notes[0]?.text);
    const coefficients = new Map(model.coefficients.map(({ term, estimate }) => [term, estimate]));
    const tests = new Map(glmAtItsStop(lost, predictors).terms.map((each) => [each.term, each]));
    return {
      logit: terms.map((term) => {
        const { se, z, p } = tests.get(term) ?? {};
        return { est: coefficients.get(term), se, z, p };
      }),
      n: model.n,
    };
  });
  const part = (figures: Figures, name: string): Figures =>
    figures instanceof Error ? figures : (figures as FigureObject)[name];
  return {
    by_arm: part(byArm, 'by_arm'),
    chisq: part(byArm, 'chisq'),
    logit: part(logit, 'logit'),
    n: part(logit, 'n'),
  };
}

/** The model of `attrition` where the arm is among the terms, under the terms' names; the same without an arm where not. */
function modelOf(
  present: readonly (number | null)[],
  predictors: Predictors,
  arm: string | null,
): ReturnType<typeof logisticModel> {
  const { [arm ?? '']: treated, ...others } = predictors;
  if (!treated || arm === null || 'arm' in others) {
    const lost = present.map((value) => Number(value === null));
    return logisticModel(lost, predictors);
  }
  const { model, notes } = attrition(present, treated, others);
  const named = model?.coefficients.map((each) => (each.term === 'arm' ? { ...each, term: arm } : each));
  return { model: model && named ? { ...model, coefficients: named } : null, notes };
}

/** Null where the case does not say it. */
function armAmong(terms: readonly string[], frame: DataFrame): string | null {
  if (frame.names.includes('treat')) return 'treat';
  const first = terms.find((term) => term !== intercept) ?? '';
  if (!frame.names.includes(first)) return null;
  return frame.column(first).every((cell) => cell === null || cell === 0 || cell === 1) ? first : null;
}

/** `outcome ~ a + b`, fitted in each imputation of a data set whose column `.imp` numbers them. */
function rubin(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const [, outcome = '', right = ''] = /^\s*(\S+)\s*~\s*([^,]+)/.exec(textAt(options, 'model')) ?? [];
  const terms = right.split('+').map((term) => term.trim());
  const imputation = frame.numeric('.imp');
  const numbers = [...new Set(imputation)];
  const of = (name: string, number: number | null) =>
    frame.numeric(name).filter((_, row) => imputation[row] === number);
  const fits = numbers.flatMap((number) => {
    const { model } = linearModel(
      of(outcome, number),
      Object.fromEntries(terms.map((term) => [term, of(term, number)])),
    );
    return model === null ? [] : [model];
  });
  const df = fits[0]?.df;
  const pooled = pooledCoefficients(fits).map((each) => each.pooled);
  return {
    per_imputation: fits.map(({ coefficients }) => ({
      coef: coefficients.map(({ estimate }) => estimate),
      se: coefficients.map(({ standardError }) => standardError),
    })),
    pooled: pooled.map((each) => ({
      estimate: each.estimate.value,
      ubar: each.within,
      b: each.between,
      t: each.total,
      dfcom: df,
      df: each.df,
      riv: each.relativeIncrease,
      lambda: each.missingShare,
      fmi: each.fractionMissing,
    })),
    summary: pooled.map((each) => ({
      estimate: each.estimate.value,
      se: each.standardError,
      t: each.t,
      df: each.df,
      p: each.p,
      lower: each.estimate.interval?.lower,
      upper: each.estimate.interval?.upper,
    })),
  };
}

/**
 * The moments and the logistic model are iterative. Where a tolerance is wider, R's figure depends on its stop:
 * - naniar's EM stops early; the file says that its statistic is right to about 1e-5, and p follows it.
 * - The script's EM stops at 1e-13, near rounding: with the columns centred first R counts 26 rounds for `MASchools`, not 33.
 */
export const tolerance: Tolerance = (path) => {
  if (path.includes('published_naniar')) return 2e-5;
  if (path.endsWith('em_iterations')) return 0.25;
  return /^(little|crosscheck|attrition\/logit)/.test(path) ? 1e-6 : 1e-8;
};

export const recompute: Recompute = (results, data) => ({
  little: eachCase(objectAt(results, 'little'), (options) => little(options, data)),
  ...Object.fromEntries(
    Object.keys(results)
      .filter((name) => name.startsWith('crosscheck_lavaan_'))
      .map((name) => [name, attempt(() => crossCheck(name.replace('crosscheck_lavaan_', ''), data))]),
  ),
  attrition: isObject(results.attrition)
    ? attempt(() => attritionFigures(objectAt(results, 'attrition'), data))
    : undefined,
  rubin: isObject(results.rubin) ? attempt(() => rubin(objectAt(results, 'rubin'), data)) : undefined,
});
