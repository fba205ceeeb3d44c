/** Declared analyses for planning a cluster trial; they need no columns of the data. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { type ClusterDesign, clusterTrialPower, designEffect, minimumDetectableEffect } from '../power.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { across } from './options.ts';
import { count, figure, table } from './tables.ts';

const share = z.number().min(0).lt(1);

/** One number, or several that are tried one after the other. */
function oneOrMore<Schema extends z.ZodType<number>>(each: Schema) {
  return z.union([each, z.array(each).min(1).max(100)]);
}

const designOptions = {
  clusters: oneOrMore(z.int().min(3)).describe('clusters in both arms together'),
  clusterSize: oneOrMore(z.number().min(1)).describe('people measured in each'),
  icc: oneOrMore(z.number().min(0).max(1)).describe('ICC(1)'),
  share: z.number().gt(0).lt(1).default(0.5).describe('of the clusters in the intervention arm'),
  explainedWithin: share.default(0).describe('R² of covariates within clusters'),
  explainedBetween: share.default(0).describe('R² of covariates between clusters'),
  clusterCovariates: z
    .int()
    .min(0)
    .default(0)
    .describe('covariates of clusters, each of which costs a degree of freedom'),
  alpha: z.number().gt(0).lt(1).default(0.05).describe('two-sided'),
};

type DesignOptions = z.output<z.ZodObject<typeof designOptions>>;

/** Every combination of clusters, sizes and ICCs. */
function designsOf(options: DesignOptions): ClusterDesign[] {
  const { share: inIntervention, explainedWithin, explainedBetween, clusterCovariates, alpha } = options;
  return [options.clusters].flat().flatMap((clusters) =>
    [options.clusterSize].flat().flatMap((clusterSize) =>
      [options.icc].flat().map((icc) => ({
        clusters,
        clusterSize,
        icc,
        share: inIntervention,
        explainedWithin,
        explainedBetween,
        clusterCovariates,
        alpha,
      })),
    ),
  );
}

/** Each covariate of clusters costs a degree of freedom, and one must be left. */
function freedomIsLeft() {
  return across<{ clusters: number | number[]; clusterCovariates: number }>(
    ['clusters', 'clusterCovariates'],
    ({ clusters, clusterCovariates }) =>
      Math.min(...[clusters].flat()) - 2 - clusterCovariates > 0
        ? []
        : [{ path: ['clusterCovariates'], message: 'More than two clusters beyond the covariates are needed.' }],
  );
}

/** No people are counted: n is the number that the design would measure. */
function planned(
  id: string,
  { clusters, clusterSize, icc }: ClusterDesign,
  label: string,
  value: number,
  method: string,
) {
  const said = `${label}${counted(clusters, 'cluster')} of ${clusterSize}, ICC ${icc}`;
  return named(id, said, { value, n: Math.round(clusters * clusterSize), interval: null, method, notes: [] });
}

const designColumns = [count('clusters', 'Clusters'), figure('size', 'People in each', 1), figure('icc', 'ICC(1)')];
const cellsOf = ({ clusters, clusterSize, icc }: ClusterDesign): CellValue[] => [clusters, clusterSize, icc];

const detectable = declareAnalysis({
  name: 'minimum-detectable-effect',
  title: 'Minimum detectable effect',
  question: 'Which is the smallest true effect that a cluster trial finds significant with the wanted power?',
  options: z.strictObject({ ...designOptions, power: z.number().gt(0).lt(1).default(0.8) }).check(freedomIsLeft()),
  run(_, options) {
    const estimates = designsOf(options).map((design, at) =>
      planned(`d${at + 1}`, design, '', minimumDetectableEffect(design, options.power).effect, 'Cluster trial, t test'),
    );
    return {
      estimates,
      charts: estimates.length < 2 ? [] : estimateChart('Minimum detectable effects', 'Effect', estimates),
      text: `Effects in standard deviations, found with a power of ${options.power} by a two-sided test at ${options.alpha}.`,
      tables: [
        table(
          'effects',
          'Minimum detectable effects',
          [
            ...designColumns,
            figure('effect', 'Effect'),
            figure('se', 'Standard error', 4),
            count('df', 'df'),
            figure('multiplier', 'Multiplier'),
          ],
          designsOf(options).map((design) => {
            const found = minimumDetectableEffect(design, options.power);
            return [...cellsOf(design), found.effect, found.standardError, found.df, found.multiplier];
          }),
        ),
      ],
    };
  },
});

const power = declareAnalysis({
  name: 'cluster-trial-power',
  title: 'Power of a cluster trial',
  question: 'How probable is it that a cluster trial finds a true effect?',
  options: z
    .strictObject({ ...designOptions, effect: oneOrMore(z.number()).describe('in standard deviations') })
    .check(freedomIsLeft()),
  run(_, options) {
    const estimates = designsOf(options).flatMap((design, at) =>
      [options.effect]
        .flat()
        .map((effect, k) =>
          planned(
            `d${at + 1}-${k + 1}`,
            design,
            `Effect ${effect}, `,
            clusterTrialPower(design, effect).power,
            'Cluster trial, noncentral t',
          ),
        ),
    );
    return {
      estimates,
      charts:
        estimates.length < 2
          ? []
          : estimateChart('Power', 'Power', estimates, 'estimates', { value: 0.8, label: 'Often wanted' }),
      text: `Power of a two-sided test at ${options.alpha}.`,
      tables: [
        table(
          'power',
          'Power',
          [
            ...designColumns,
            figure('effect', 'Effect'),
            figure('power', 'Power'),
            count('df', 'df'),
            figure('noncentrality', 'Noncentrality'),
          ],
          designsOf(options).flatMap((design) =>
            [options.effect].flat().map((effect) => {
              const found = clusterTrialPower(design, effect);
              return [...cellsOf(design), effect, found.power, found.df, found.noncentrality];
            }),
          ),
        ),
      ],
    };
  },
});

const designEffects = declareAnalysis({
  name: 'design-effect',
  title: 'Design effect',
  question: 'By how much does the variance of a mean grow because people of one cluster are alike?',
  options: z
    .strictObject({
      clusterSize: oneOrMore(z.number().min(1)).describe('people in each cluster'),
      icc: oneOrMore(z.number().min(-1).max(1)),
    })
    .check(
      across<{ clusterSize: number | readonly number[]; icc: number | readonly number[] }>(
        ['clusterSize', 'icc'],
        ({ clusterSize, icc }) => {
          const largest = Math.max(...[clusterSize].flat());
          return [icc].flat().flatMap((each, at) => {
            // A variance below zero there is not; rounding of the least ICC is no fault.
            if (1 + (largest - 1) * each > -1e-9) return [];
            const least = (-1 / (largest - 1)).toPrecision(4);
            const message = `with ${largest} people in each cluster an ICC is ${least} or more`;
            return [{ path: Array.isArray(icc) ? ['icc', at] : ['icc'], message }];
          });
        },
      ),
    ),
  run(_, options) {
    const designs = [options.clusterSize].flat().flatMap((size) => [options.icc].flat().map((icc) => ({ size, icc })));
    return {
      estimates: designs.map(({ size, icc }, at) =>
        named(`d${at + 1}`, `${size} people in each, ICC ${icc}`, {
          value: designEffect(size, icc),
          n: Math.round(size),
          interval: null,
          method: 'Kish’s design effect of clusters of one size',
          notes: [],
        }),
      ),
      text: '1 + (n - 1) ICC, for clusters of one size.',
      tables: [
        table(
          'effects',
          'Design effects',
          [figure('size', 'People in each', 1), figure('icc', 'ICC(1)'), figure('effect', 'Design effect')],
          designs.map(({ size, icc }) => [size, icc, designEffect(size, icc)]),
        ),
      ],
    };
  },
});

export const powerAnalyses = [detectable, power, designEffects];
