/** Declared regressions of independent rows: linear and logistic. Listed in all.ts. */
import { z } from 'zod';
import { independentErrors } from '../cluster-robust/independent.ts';
import { twoSided } from '../compare.ts';
import { type LinearModel, linearModel } from '../linear-model.ts';
import { logisticModel } from '../logistic-model.ts';
import { normalQuantile } from '../numeric/normal.ts';
import { studentTQuantile } from '../numeric/student-t.ts';
import { declareAnalysis } from './analysis.ts';
import { coefficientChart } from './charts.ts';
import { label, nobodyCounts, onesIssues, zeroOne } from './grouping.ts';
import { column, level, numericColumn } from './options.ts';
import {
  coefficientEstimates,
  coefficientTable,
  predictorOptions,
  predictorsAreClear,
  predictorsOf,
  rowsWith,
  withoutCoefficients,
} from './predictors.ts';
import { figureTable } from './tables.ts';

const linear = declareAnalysis({
  name: 'linear-regression',
  title: 'Linear regression',
  question: 'How does the outcome go with each predictor, the others held?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      errors: z
        .enum(['plain', 'HC0', 'HC1', 'HC2', 'HC3'])
        .default('plain')
        .describe('HC0 to HC3 hold where people differ in spread; HC3 for fewer than 250 rows'),
      level: level(),
    })
    .check(predictorsAreClear()),
  run(data, options) {
    const outcome = data.numeric(options.outcome);
    const predictors = predictorsOf(data, options);
    const { model, notes } = linearModel(outcome, predictors);
    const plain = options.errors === 'plain';
    const method = plain ? 'Least squares' : `Least squares, ${options.errors}`;
    const text = `Least squares of ${options.outcome}; people are treated as independent${plain ? '' : `, errors are ${options.errors}`}.`;
    if (model === null) {
      const n = rowsWith(outcome, ...Object.values(predictors));
      return withoutCoefficients(text, Object.keys(predictors), n, method, notes);
    }
    const errors = options.errors === 'plain' ? null : independentErrors(outcome, predictors)[options.errors];
    if (!plain && errors === null) {
      const note = {
        code: 'row-determines',
        text: `One row alone determines a coefficient, so no ${options.errors} errors.`,
      };
      return withoutCoefficients(text, Object.keys(predictors), model.n, method, [note, ...notes]);
    }
    const coefficients = errors === null ? model.coefficients : withErrors(model, errors);
    const estimates = coefficientEstimates(coefficients, {
      n: model.n,
      method,
      level: options.level,
      reach: studentTQuantile((1 + options.level) / 2, model.df),
    });
    return {
      text,
      estimates,
      charts: coefficientChart(estimates, options.outcome),
      tables: [
        coefficientTable(coefficients, 't'),
        figureTable('fit', 'Fit', [
          ['n', model.n],
          ['Residual degrees of freedom', model.df],
          ['Residual standard deviation', model.residualSd],
          ['R²', model.rSquared],
          ['Adjusted R²', model.adjustedRSquared],
          [plain ? 'F' : 'F, by plain errors', model.f],
          ['p of F', model.p],
          ['Log-likelihood', model.logLikelihood],
          ['AIC', model.aic],
          ['BIC', model.bic],
        ]),
      ],
      notes,
    };
  },
});

/** The same coefficients with errors that allow for unequal spread, tested by t as the plain ones. */
function withErrors({ coefficients, df }: LinearModel, errors: readonly number[]): LinearModel['coefficients'] {
  return coefficients.map((each, at) => {
    const standardError = errors[at] ?? Number.NaN;
    const statistic = each.estimate / standardError;
    return { ...each, standardError, statistic, p: twoSided(statistic, df) };
  });
}

const logistic = declareAnalysis({
  name: 'logistic-regression',
  sizes: 'ordinary',
  title: 'Logistic regression',
  question: 'How do the odds of an outcome go with each predictor, the others held?',
  options: z
    .strictObject({
      outcome: column(),
      ones: z
        .array(label())
        .min(1)
        .default([1])
        .describe('values of the outcome that count as one; all others as zero'),
      ...predictorOptions(),
      level: level(),
    })
    .check(predictorsAreClear()),
  check: (data, { outcome, ones }) => onesIssues(data, outcome, ones),
  run(data, options, onShare) {
    const outcome = zeroOne(data.column(options.outcome), options.ones);
    const predictors = predictorsOf(data, options);
    const found = logisticModel(outcome, predictors, onShare);
    const { model } = found;
    const notes = [...nobodyCounts(data, options.outcome, options.ones), ...found.notes];
    const text = `Log odds of ${options.outcome} = ${options.ones.join(' or ')}, by maximum likelihood; people are treated as independent.`;
    const method = 'Log odds, maximum likelihood, Wald interval';
    if (model === null) {
      const n = rowsWith(outcome, ...Object.values(predictors));
      return withoutCoefficients(text, Object.keys(predictors), n, method, notes);
    }
    const estimates = coefficientEstimates(model.coefficients, {
      n: model.n,
      method,
      level: options.level,
      reach: normalQuantile((1 + options.level) / 2),
    });
    return {
      text,
      estimates,
      charts: coefficientChart(estimates, `Log odds of ${options.outcome}`),
      tables: [
        coefficientTable(model.coefficients, 'z'),
        figureTable('fit', 'Fit', [
          ['n', model.n],
          ['Deviance', model.deviance],
          ['Deviance without predictors', model.nullDeviance],
          ['AIC', model.aic],
          ['Steps', model.iterations],
        ]),
      ],
      notes,
    };
  },
});

export const regressionAnalyses = [linear, logistic];
