/** Declared regressions of independent rows: linear and logistic. Listed in all.ts. */
import { z } from 'zod';
import { linearModel } from '../linear-model.ts';
import { logisticModel } from '../logistic-model.ts';
import { declareAnalysis } from './analysis.ts';
import { label, zeroOne } from './grouping.ts';
import { column, numericColumn } from './options.ts';
import { coefficientTable, predictorOptions, predictorsOf } from './predictors.ts';
import { figureTable } from './tables.ts';

const linear = declareAnalysis({
  name: 'linear-regression',
  title: 'Linear regression',
  question: 'How does the outcome go with each predictor, the others held?',
  options: z.strictObject({ outcome: numericColumn(), ...predictorOptions() }),
  run(data, options) {
    const { model, notes } = linearModel(data.numeric(options.outcome), predictorsOf(data, options));
    const text = `Least squares of ${options.outcome}; people are treated as independent.`;
    if (model === null) return { text, notes };
    return {
      text,
      tables: [
        coefficientTable(model.coefficients, 't'),
        figureTable('fit', 'Fit', [
          ['n', model.n],
          ['Residual degrees of freedom', model.df],
          ['Residual standard deviation', model.residualSd],
          ['R²', model.rSquared],
          ['Adjusted R²', model.adjustedRSquared],
          ['F', model.f],
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

const logistic = declareAnalysis({
  name: 'logistic-regression',
  title: 'Logistic regression',
  question: 'How do the odds of an outcome go with each predictor, the others held?',
  options: z.strictObject({
    outcome: column(),
    ones: z.array(label()).min(1).default([1]).describe('values of the outcome that count as one; all others as zero'),
    ...predictorOptions(),
  }),
  run(data, options) {
    const { model, notes } = logisticModel(
      zeroOne(data.column(options.outcome), options.ones),
      predictorsOf(data, options),
    );
    const text = `Log odds of ${options.outcome} = ${options.ones.join(' or ')}, by maximum likelihood; people are treated as independent.`;
    if (model === null) return { text, notes };
    return {
      text,
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
