/** The declared comparison of a mixed model with a smaller one within it. Listed in all.ts. */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import { type Fitted, likelihoodRatio } from '../likelihood-ratio.ts';
import { linearModel, type Predictors } from '../linear-model.ts';
import { mixedModel } from '../mixed-model.ts';
import type { Level } from '../multilevel/rows.ts';
import { type ShareDone, turnOf } from '../progress.ts';
import type { CellValue, Note } from '../result.ts';
import { declareAnalysis, named, type OptionIssue, withoutFigure } from './analysis.ts';
import { across, column, different, numericColumn } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, rowsWith } from './predictors.ts';
import { slopeIssues, slopeOption } from './slopes.ts';
import { count, figure, table, text } from './tables.ts';

interface Asked {
  readonly predictors: readonly string[];
  readonly factors: readonly string[];
  readonly levels: readonly string[];
  readonly slopes: readonly string[];
  readonly without: Without;
}

interface Without {
  readonly predictors?: readonly string[] | undefined;
  readonly level?: string | undefined;
  readonly slope?: string | undefined;
}

export const mixedComparison = declareAnalysis({
  name: 'mixed-comparison',
  sizes: 'ordinary',
  title: 'Comparison of mixed models',
  question:
    'Does a mixed model fit better than one without some predictors, without a level of groups or without a slope?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      levels: different(z.array(column()).min(1).max(2)).describe('columns of the groups, the outermost first'),
      slopes: slopeOption(),
      without: z
        .strictObject({
          predictors: different(z.array(z.string()).min(1)).optional().describe('predictors or factors'),
          level: z.string().optional().describe('one of the levels: is its variance more than zero?'),
          slope: z.string().optional().describe('one of the slopes: does this effect differ between groups?'),
        })
        .describe('what the smaller model lacks; one of the three'),
    })
    .check(predictorsAreClear())
    .check(across<Asked>(['predictors', 'factors', 'levels', 'slopes', 'without'], issuesOf)),
  run(data, options, onShare) {
    const { without } = options;
    const outcome = data.numeric(options.outcome);
    const predictors = predictorsOf(data, options);
    const levels = options.levels.map((name) => ({ name, groups: data.column(name) }));
    const dropped =
      without.predictors ?? (without.level === undefined ? `the slope of ${without.slope}` : without.level);
    const told = `${options.outcome} with and without ${[dropped].flat().join(', ')}, both by full likelihood on the same rows.`;
    const method = 'Likelihood-ratio test';
    const n = rowsWith(outcome, ...Object.values(predictors), ...levels.map(({ groups }) => groups));
    const none = (notes: readonly Note[]) => withoutFigure(told, 'chi-square', 'Chi-square', n, method, notes);
    // The smaller model needs fewer columns, but must not gain rows by that.
    const complete = outcome.map((value, row) =>
      [...Object.values(predictors), ...levels.map(({ groups }) => groups)].every(
        (each) => (each[row] ?? null) !== null,
      )
        ? value
        : null,
    );
    const of = (predictors: Predictors, levels: readonly Level[], slopes: readonly string[], onShare: ShareDone) =>
      fittedTo(complete, predictors, levels, slopes, onShare);
    const larger = of(predictors, levels, options.slopes, turnOf(onShare, 0, 2));
    if (larger.fitted === null) return none(larger.notes);
    const kept = {
      predictors: options.predictors.filter((name) => !without.predictors?.includes(name)),
      factors: options.factors.filter((name) => !without.predictors?.includes(name)),
    };
    const smaller = of(
      predictorsOf(data, kept),
      levelsWithout(levels, without.level),
      options.slopes.filter((name) => name !== without.slope),
      turnOf(onShare, 1, 2),
    );
    if (smaller.fitted === null) return none(smaller.notes);
    const notes = distinct([...larger.notes, ...smaller.notes]);
    const doubt = untestable(smaller.fitted, larger.fitted);
    if (doubt) return none([doubt, ...notes]);
    const test = likelihoodRatio(smaller.fitted, larger.fitted);
    const onBoundary = without.predictors === undefined;
    const plain = (value: number, notes: readonly Note[] = []) => ({ value, n, interval: null, method, notes });
    const boundary: Note = {
      code: 'boundary',
      text: `p is the mean of chi-square with ${test.df} and ${test.df - 1} degrees of freedom, since a variance cannot be below zero.`,
    };
    return {
      text: told,
      estimates: [
        named('chi-square', 'Chi-square', plain(test.statistic)),
        named('p', 'p', plain(onBoundary ? test.pBoundary : test.p, onBoundary ? [boundary] : [])),
      ],
      tables: [
        table(
          'test',
          'Likelihood-ratio test',
          [
            figure('chi-square', 'Chi-square'),
            count('df', 'df'),
            figure('p', 'p of chi-square', 4),
            figure('p-boundary', 'p of a variance', 4),
          ],
          [[test.statistic, test.df, test.p, onBoundary ? test.pBoundary : null]],
        ),
        table(
          'models',
          'Models',
          [
            text('model', 'Model'),
            count('parameters', 'Parameters'),
            figure('log-likelihood', 'Log-likelihood'),
            figure('aic', 'AIC'),
            figure('bic', 'BIC'),
          ],
          [modelRow('Smaller', smaller.fitted, n), modelRow('Larger', larger.fitted, n)],
        ),
      ],
      notes,
    };
  },
});

function issuesOf({ predictors, factors, levels, slopes, without }: Asked): OptionIssue[] {
  const given = Object.entries(without).filter(([, value]) => value !== undefined);
  return [
    ...(given.length === 1
      ? []
      : [{ path: ['without'], message: 'Give one of predictors, level and slope: one test, one question.' }]),
    ...slopeIssues({ predictors, levels, slopes }),
    ...(without.predictors ?? []).flatMap((name, at): OptionIssue[] => {
      const path = ['without', 'predictors', at];
      if (slopes.includes(name)) return [{ path, message: `${name} has a slope; leave out its slope first.` }];
      const isIn = predictors.includes(name) || factors.includes(name);
      return isIn ? [] : [{ path, message: `${name} is not among the predictors and factors.` }];
    }),
    ...(without.level !== undefined && !levels.includes(without.level)
      ? [{ path: ['without', 'level'], message: `${without.level} is not among the levels.` }]
      : []),
    ...(without.level !== undefined && slopes.length > 0
      ? [{ path: ['without', 'level'], message: 'With slopes the level is more than one variance; leave out a slope.' }]
      : []),
    ...(without.slope !== undefined && !slopes.includes(without.slope)
      ? [{ path: ['without', 'slope'], message: `${without.slope} is not among the slopes.` }]
      : []),
  ];
}

/** Without the outer level, an inner group is still told by the labels of both. */
function levelsWithout(levels: readonly Level[], dropped: string | undefined): Level[] {
  const [outer, inner] = levels;
  if (dropped === undefined) return [...levels];
  if (!outer || !inner) return [];
  if (dropped === inner.name) return [outer];
  const groups = inner.groups.map((label, row) => {
    const around = outer.groups[row] ?? null;
    return label === null || around === null ? null : JSON.stringify([around, label]);
  });
  return [{ name: inner.name, groups }];
}

/** Without groups the model is least squares. */
function fittedTo(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  slopes: readonly string[],
  onShare: ShareDone,
): { fitted: Fitted | null; notes: readonly Note[] } {
  if (levels.length > 0) {
    const { model, notes } = mixedModel(outcome, predictors, levels, { method: 'ml', slopes, onShare });
    return { fitted: model, notes };
  }
  const { model, notes } = linearModel(outcome, predictors);
  const own = notes.filter(({ code }) => code !== 'rows-left-out');
  if (model === null) return { fitted: null, notes: own };
  return {
    fitted: { logLikelihood: model.logLikelihood, parameters: model.coefficients.length + 1 },
    notes: own,
  };
}

/** Why there is no test of two fits: a factor of one label is no predictor, and a search can end short of the best fit. */
function untestable(smaller: Fitted, larger: Fitted): Note | null {
  if (larger.parameters <= smaller.parameters) {
    return { code: 'nothing-left-out', text: 'What is left out has one label only, so both models are the same.' };
  }
  if (larger.logLikelihood < smaller.logLikelihood - 1e-9 * (1 + Math.abs(smaller.logLikelihood))) {
    return {
      code: 'not-converged',
      text: 'The search for the larger model ended short of the smaller one, so no test.',
    };
  }
  return null;
}

function modelRow(name: string, { parameters, logLikelihood }: Fitted, n: number): CellValue[] {
  const deviance = -2 * logLikelihood;
  return [name, parameters, logLikelihood, deviance + 2 * parameters, deviance + Math.log(n) * parameters];
}

function distinct(notes: readonly Note[]): Note[] {
  return notes.filter(({ text }, at) => notes.findIndex((other) => other.text === text) === at);
}
