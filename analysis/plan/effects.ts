/** Declared effect sizes: independent groups, change, trials that assign whole clusters. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { standardisedDifference } from '../effect-size.ts';
import { type ClusteredEffect, clusteredEffectSize, iccWithinArms } from '../effect-size-clustered.ts';
import { modelEffectSize } from '../effect-size-model.ts';
import { standardisedChange } from '../effect-size-paired.ts';
import { noEstimate } from '../estimate.ts';
import type { CellValue, Note, SectionEstimate, Table } from '../result.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import type { Cell } from './dataset.ts';
import { compareIssues, treatedOf, twoGroupOptions, twoGroups } from './grouping.ts';
import { column, level, numericColumn } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, rowsWith } from './predictors.ts';
import { figure, figureTable, table, text } from './tables.ts';

const noEffect = { value: 0, label: 'No effect' };

const difference = declareAnalysis({
  name: 'standardised-difference',
  title: 'Standardised difference of two groups',
  question: 'How many standard deviations apart are two groups of independent people (Hedges’ g)?',
  options: z.strictObject({ outcome: numericColumn(), ...twoGroupOptions(), level: level() }),
  check: compareIssues,
  run(data, options) {
    const found = standardisedDifference(...twoGroups(data, options.outcome, options), options.level);
    const estimates = [
      named('hedges-g', 'Hedges’ g', found.hedgesG),
      named('hedges-g-normal', 'Hedges’ g, normal interval', found.hedgesGNormal),
      named('cohen-d', 'Cohen’s d', found.cohenD),
      named('glass-delta', 'Glass’s delta', found.glassDelta),
    ];
    return {
      text: `${options.outcome} of ${options.compare[0]} minus ${options.compare[1]}. Where whole clusters were assigned, use clustered-effect or model-effect.`,
      estimates,
      charts: estimateChart('Effects', 'Standard deviations', estimates, 'estimates', noEffect),
      tables: [
        table(
          'groups',
          'Groups',
          [text('group', 'Group'), figure('n', 'n', 0), figure('mean', 'Mean'), figure('sd', 'SD')],
          options.compare.map((name, at): CellValue[] => [
            String(name),
            found.n[at] ?? null,
            found.means[at] ?? null,
            found.sds[at] ?? null,
          ]),
        ),
        figureTable('variances', 'Variances', [
          ['Pooled standard deviation', found.pooledSd],
          ['Variance of g', found.variance],
          ['Unbiased variance of g', found.unbiasedVariance],
          ['Textbook g', found.textbook?.g ?? null],
          ['Textbook variance of g', found.textbook?.varianceOfG ?? null],
        ]),
      ],
    };
  },
});

const change = declareAnalysis({
  name: 'standardised-change',
  title: 'Standardised change',
  question: 'By how many standard deviations did the same people change?',
  options: z.strictObject({ before: numericColumn(), after: numericColumn(), level: level() }),
  run(data, { before, after, level: confidence }) {
    const found = standardisedChange(data.numeric(before), data.numeric(after), confidence);
    const estimates = [
      named('gz', 'g_z', found.gz),
      named('dz', 'd_z', found.dz),
      named('before', 'g in standard deviations before', found.inSdBefore.estimate),
      named('before-unequal', 'The same, unequal spreads', found.inSdBeforeUnequal.estimate),
    ];
    return {
      text: `${after} minus ${before} of ${counted(found.pairs, 'person who has', 'people who have')} both. g_z is in standard deviations of the change, the others in those of people.`,
      estimates,
      charts: estimateChart('Changes', 'Standard deviations', estimates, 'estimates', { value: 0, label: 'No change' }),
      tables: [
        figureTable('change', 'Change', [
          ['Mean before', found.means[0]],
          ['Mean after', found.means[1]],
          ['Mean change', found.meanChange],
          ['Standard deviation of the change', found.sdOfChange],
          ['Correlation of before and after', found.correlation],
          ['t', found.t],
          ['p', found.p],
          ['d_av', found.textbook?.dav ?? null],
          ['d_rm', found.textbook?.drm ?? null],
        ]),
      ],
    };
  },
});

const clustered = declareAnalysis({
  name: 'clustered-effect',
  title: 'Effect size of a cluster trial',
  question: 'How far apart are two arms in total standard deviations, when whole clusters were assigned?',
  options: z.strictObject({
    outcome: numericColumn(),
    ...twoGroupOptions(),
    cluster: column(),
    icc: z.number().min(0).max(1).optional().describe('ICC(1); default that of these data within arms, at least 0'),
    level: level(),
  }),
  check: compareIssues,
  run(data, options) {
    const outcome = data.numeric(options.outcome);
    const treated = treatedOf(data, options);
    const clusters = data.column(options.cluster);
    const own = iccWithinArms(outcome, treated, clusters);
    const icc = options.icc ?? Math.max(0, own ?? 0);
    const { effect, notes } = clusteredEffectSize(outcome, treated, clusters, icc, options.level);
    const cut: Note[] =
      options.icc === undefined && own !== null && own < 0
        ? [{ code: 'negative-icc', text: 'The ICC of these data is negative; 0 is taken.' }]
        : [];
    return {
      text: `${options.outcome} of ${options.compare[0]} minus ${options.compare[1]}, clusters by ${options.cluster}, ICC(1) ${icc.toPrecision(4)}.`,
      estimates: clusteredEstimates(effect, notes),
      charts: estimateChart('Effects', 'Standard deviations', clusteredEstimates(effect, notes), 'estimates', noEffect),
      tables: [
        figureTable('icc', 'ICC(1) within arms', [
          ['Of these data', own],
          ['Taken', icc],
        ]),
        ...(effect ? [clusteredTable('effect', 'Effect', effect)] : []),
      ],
      notes: [...notes, ...cut, ...sharedClusters(treated, clusters, options.cluster)],
    };
  },
});

/** Errors of clusters that were assigned as a whole are wrong for those that hold both arms. */
function sharedClusters(arms: readonly (number | null)[], clusters: readonly Cell[], name: string): Note[] {
  const seen = new Map<Cell, Set<number>>();
  for (const [row, arm] of arms.entries()) {
    const cluster = clusters[row] ?? null;
    if (arm === null || cluster === null) continue;
    seen.set(cluster, (seen.get(cluster) ?? new Set()).add(arm));
  }
  const shared = [...seen.values()].filter((both) => both.size > 1).length;
  if (shared === 0) return [];
  const text = `${shared} of ${seen.size} clusters of ${name} hold people of both arms. The figures are those of a trial in which whole clusters were assigned; where arms lie within clusters, use model-effect.`;
  return [{ code: 'arms-share-clusters', text }];
}

function clusteredEstimates(effect: ClusteredEffect | null, notes: readonly Note[]): SectionEstimate[] {
  if (effect === null)
    return [named('unequal', 'd for clusters', noEstimate(0, 'Standardised difference for clusters', ...notes))];
  return [
    named('unequal', 'd, clusters as they are', effect.unequal.effect),
    named('equal-mean', 'd, clusters of the mean size', effect.equalAtMeanSize.effect),
    named('equal-effective', 'd, clusters of the effective size', effect.equalAtEffectiveSize.effect),
  ];
}

function clusteredTable(id: string, title: string, effect: ClusteredEffect): Table {
  return table(
    id,
    title,
    [text('figure', 'Figure'), figure('first', 'First'), figure('second', 'Second')],
    [
      ['People of each arm', ...effect.people],
      ['Clusters of each arm', ...effect.clusters],
      ['Effective size of clusters', ...effect.effectiveSizes],
      ['Difference of the arms', effect.difference, null],
      ['Standard deviation', effect.sd, null],
      ['Plain ratio', effect.plain, null],
      ['Variance of d, clusters as they are', effect.unequal.variance, null],
      ['g, What Works Clearinghouse', effect.clearinghouse.g, null],
      ['Its standard error', effect.clearinghouse.standardError, null],
    ],
  );
}

const modelled = declareAnalysis({
  name: 'model-effect',
  sizes: 'ordinary',
  title: 'Effect size from a multilevel model',
  question:
    'What is the effect of a cluster trial, adjusted for covariates, in standard deviations that can be compared?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...twoGroupOptions(),
      cluster: column(),
      ...predictorOptions(),
      level: level(),
    })
    .check(predictorsAreClear()),
  check: compareIssues,
  run(data, options, onShare) {
    const covariates = Object.values(predictorsOf(data, options));
    const { effect, notes } = modelEffectSize(
      data.numeric(options.outcome),
      treatedOf(data, options),
      covariates,
      data.column(options.cluster),
      options.level,
      onShare,
    );
    const told = `${options.outcome} of ${options.compare[0]} minus ${options.compare[1]}, from a model with a random intercept of ${options.cluster} and ${counted(covariates.length, 'covariate')}, by restricted maximum likelihood.`;
    const method = 'Mixed model, standardised';
    if (effect === null) {
      const arms = treatedOf(data, options);
      const n = rowsWith(data.numeric(options.outcome), arms, data.column(options.cluster), ...covariates);
      return withoutFigure(
        told,
        'conditional',
        'd, in standard deviations that the covariates leave',
        n,
        method,
        notes,
      );
    }
    const kinds = [
      ['conditional', 'd, in standard deviations that the covariates leave', effect.conditional],
      ['unconditional', 'd, in total standard deviations without covariates', effect.unconditional],
    ] as const;
    const estimates = kinds.flatMap(([id, name, kind]) => (kind ? [named(id, name, kind.unequal.effect)] : []));
    const coefficient = { value: effect.inTotalSd, n: 0, interval: null, method, notes };
    return {
      text: told,
      estimates:
        estimates.length > 0 ? estimates : [named('in-total', 'Effect in total standard deviations', coefficient)],
      charts: estimateChart('Effects', 'Standard deviations', estimates, 'estimates', noEffect),
      tables: [
        figureTable('model', 'Model', [
          ['Coefficient of the treatment', effect.coefficient],
          ['Its standard error', effect.standardError],
          ['Variance between clusters', effect.between],
          ['Variance within clusters', effect.within],
          ['Variance between, without predictors', effect.nullBetween],
          ['Variance within, without predictors', effect.nullWithin],
        ]),
        figureTable('effects', 'Effects', [
          ['Coefficient in total standard deviations', effect.inTotalSd],
          ['Coefficient in standard deviations within', effect.inWithinSd],
          ['Coefficient in pooled standard deviations of the arms', effect.inPooledSd],
          ['Its standard error', effect.standardErrorInPooledSd],
          ['g, corrected for small samples', effect.corrected.g],
          ['Its standard error', effect.corrected.standardError],
          ['Its degrees of freedom', effect.corrected.df],
        ]),
      ],
      notes,
    };
  },
});

export const effectAnalyses = [difference, change, clustered, modelled];
