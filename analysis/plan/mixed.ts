/** The declared mixed model of people in groups. Listed in all.ts. */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import { type MixedModel, mixedModel } from '../mixed-model.ts';
import { profileIntervals } from '../mixed-profile.ts';
import { mixedRobustModel } from '../mixed-robust.ts';
import type { Level } from '../multilevel/rows.ts';
import type { CellValue, Note, Table } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { coefficientChart } from './charts.ts';
import { coefficientsTable, estimateOf, factorTests, robustType } from './coefficients.ts';
import type { Dataset } from './dataset.ts';
import { across, column, different, level, numericColumn } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, rowsWith, withoutCoefficients } from './predictors.ts';
import { type SlopesAsked, slopeIssues, slopeOption } from './slopes.ts';
import { figure, figureTable, table, text } from './tables.ts';

export const mixed = declareAnalysis({
  name: 'mixed-model',
  sizes: 'ordinary',
  title: 'Mixed model',
  question:
    'How does the outcome go with each predictor when people of one group are alike, and how much do groups differ?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      levels: different(z.array(column()).min(1).max(2)).describe('columns of the groups, the outermost first'),
      slopes: slopeOption(),
      method: z.enum(['reml', 'ml']).default('reml').describe('restricted or full maximum likelihood'),
      degrees: z.enum(['satterthwaite', 'kenward-roger', 'containment']).default('satterthwaite'),
      robust: robustType()
        .unwrap()
        .optional()
        .describe(
          'cluster-robust errors too, by the outermost groups, in a table of their own; without slopes, by reml',
        ),
      profile: z
        .boolean()
        .default(false)
        .describe('intervals by full likelihood too, of standard deviations and coefficients; without slopes'),
      level: level(),
    })
    .check(predictorsAreClear())
    .check(
      across<{ slopes: readonly string[]; robust?: string | undefined; profile: boolean; method: string }>(
        ['slopes', 'robust', 'profile', 'method'],
        ({ slopes, robust, profile, method }) => [
          ...(slopes.length > 0 && robust !== undefined
            ? [{ path: ['robust'], message: 'Cluster-robust errors are for models without slopes.' }]
            : []),
          ...(method === 'ml' && robust !== undefined
            ? [{ path: ['robust'], message: 'Cluster-robust errors go with the method reml.' }]
            : []),
          ...(slopes.length > 0 && profile
            ? [{ path: ['profile'], message: 'Profile intervals are for models without slopes.' }]
            : []),
        ],
      ),
    )
    .check(across<SlopesAsked>(['slopes', 'predictors', 'levels'], slopeIssues)),
  run(data, options, onShare) {
    const levels = options.levels.map((name) => ({ name, groups: data.column(name) }));
    const predictors = predictorsOf(data, options);
    const outcome = data.numeric(options.outcome);
    const found = mixedModel(outcome, predictors, levels, { ...options, onShare });
    const { model } = found;
    const notes = [...found.notes, ...nestedLabels(data, options.levels), ...sameGroups(found.model)];
    const likelihood = options.method === 'reml' ? 'restricted maximum likelihood' : 'maximum likelihood';
    const within = [...options.levels].reverse().join(' in ');
    const said = `${options.outcome} of people in ${within}, by ${likelihood}.`;
    if (model === null) {
      const n = rowsWith(outcome, ...Object.values(predictors), ...levels.map((one) => one.groups));
      return withoutCoefficients(said, Object.keys(predictors), n, 'Mixed model', notes);
    }
    const estimates = model.coefficients.map((each, at) =>
      named(`b${at}`, each.term, estimateOf(each, model.n, 'Mixed model')),
    );
    return {
      text: said,
      estimates,
      charts: coefficientChart(estimates, options.outcome),
      tables: [
        coefficientsTable(model.coefficients),
        componentsTable(model),
        ...factorTests(data, options.factors, (terms) => model.testOf(terms)),
        fitTable(model),
        ...(options.robust === undefined
          ? []
          : [robustTable(outcome, predictors, levels, options.robust, options.level)]),
        ...(options.profile ? [profileTable(outcome, predictors, levels, options.level)] : []),
      ],
      notes,
    };
  },
});

/** Labels of inner groups that stand in several outer ones are of different groups: right for classes, wrong for raters. */
function nestedLabels(data: Dataset, [outer, inner]: readonly string[]): Note[] {
  if (outer === undefined || inner === undefined) return [];
  const around = data.column(outer);
  const homes = new Map<string | number, string | number>();
  const shared = data.column(inner).some((label, row) => {
    const home = around[row] ?? null;
    if (label === null || home === null) return false;
    const first = homes.get(label) ?? home;
    homes.set(label, first);
    return first !== home;
  });
  if (!shared) return [];
  const text = `Labels of ${inner} stand in several groups of ${outer}; they are taken as different groups, ${inner} within ${outer}.`;
  return [{ code: 'nested-labels', text }];
}

function componentsTable(model: MixedModel): Table {
  return table(
    'components',
    'Variances',
    [
      text('group', 'Group'),
      text('effect', 'Effect'),
      text('with', 'With'),
      figure('variance', 'Variance, covariance'),
      figure('sd', 'SD, correlation'),
    ],
    model.components.map(({ group, effect, with: other, variance, sd }): CellValue[] => [
      group,
      effect,
      other,
      variance,
      Number.isNaN(sd) ? null : sd,
    ]),
  );
}

/** Two levels that are the same groups share one variance, and nothing in the data says how. */
function sameGroups(model: MixedModel | null): Note[] {
  const [inner, outer] = model?.groups ?? [];
  if (!inner || !outer || inner.count !== outer.count) return [];
  const text = `Each group of ${outer.name} holds one group of ${inner.name}: the data tell the sum of the two variances only, and how it is split is arbitrary.`;
  return [{ code: 'same-groups', text }];
}

function robustTable(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  type: z.output<ReturnType<typeof robustType>>,
  confidence: number,
): Table {
  const { model, notes } = mixedRobustModel(outcome, predictors, levels, { type, level: confidence });
  const title = `Coefficients with errors by ${levels[0]?.name} (${type})`;
  // The notes of the fit are said of the model already.
  const own = notes.filter(({ code }) => code === 'cluster-determines');
  return { ...coefficientsTable(model?.coefficients ?? [], title, 'robust'), notes: own };
}

function profileTable(outcome: Values, predictors: Predictors, levels: readonly Level[], confidence: number): Table {
  const { intervals } = profileIntervals(outcome, predictors, levels, confidence);
  return table(
    'profile',
    'Intervals by full likelihood',
    [
      text('name', 'Of'),
      text('kind', 'Kind'),
      figure('estimate', 'Estimate'),
      figure('lower', 'Lower'),
      figure('upper', 'Upper'),
    ],
    (intervals ?? []).map(({ name, kind, estimate, lower, upper }): CellValue[] => [
      name,
      kind === 'coefficient' ? 'Coefficient' : 'Standard deviation',
      estimate,
      Number.isFinite(lower) ? lower : null,
      Number.isFinite(upper) ? upper : null,
    ]),
  );
}

function fitTable(model: MixedModel): Table {
  return figureTable('fit', 'Fit', [
    ['n', model.n],
    ...model.groups.map(({ name, count: groups }): [string, number] => [`Groups of ${name}`, groups]),
    ['Log-likelihood', model.logLikelihood],
    ['Parameters', model.parameters],
    ['AIC', model.aic],
    ['BIC', model.bic],
  ]);
}
