/** The declared analyses of sampling designs give the figures of their oracle. */
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { PlanError } from '../../../analysis/plan.ts';
import { oracleResults } from '../../oracle.ts';
import { ask, estimateOf, expectAll, oracleData, rowOf } from './ask.ts';

const trial = oracleData('sim_trial');
const arms = { group: 'treat', compare: [1, 0] };

type Figures = Record<string, number>;
const bounds = (estimate: ReturnType<typeof estimateOf>) => [estimate.interval?.lower, estimate.interval?.upper];

describe('surveys, against R', () => {
  type Case = Record<'mean' | 'se' | 'total' | 'total_se' | 'deff', Figures>;
  const {
    fpc,
    response_rate_clustered: rate,
    proportions,
  } = oracleResults<{
    fpc: Record<string, Case> & { by_stype: { mean: number[] }; ratio: Figures; regression: { est: number }[] };
    response_rate_clustered: { ci_logit: number[]; p: number };
    proportions: { x: number; n: number; wilson: number[]; jeffreys: number[] }[];
  }>('14_survey_props.json');

  it.each([
    ['stratified', 'apistrat', { strata: 'stype', population: 'fpc', weights: 'pw' }],
    ['one_stage_cluster', 'apiclus1', { stages: [{ units: 'dnum', population: 'fpc' }], weights: 'pw' }],
    [
      'two_stage_cluster',
      'apiclus2',
      {
        stages: [
          { units: 'dnum', population: 'fpc1' },
          { units: 'snum', population: 'fpc2' },
        ],
      },
    ],
    [
      'poststratified',
      'apiclus1',
      {
        stages: [{ units: 'dnum', population: 'fpc' }],
        weights: 'pw',
        postStratify: { column: 'stype', population: { E: 4421, H: 755, M: 1018 } },
      },
    ],
  ])('%s', (name, file, design) => {
    const found = ask(oracleData(file), 'survey-mean', { outcomes: ['api00'], ...design });
    const { mean, se, total, total_se, deff } = fpc[name] ?? {};
    expectAll(rowOf(found, 'errors', 'api00').slice(1, 4), [se?.api00, total_se?.api00, deff?.api00]);
    expectAll([estimateOf(found, 'mean-1').value, estimateOf(found, 'total-1').value], [mean?.api00, total?.api00]);
  });

  it('domains, ratio and regression', () => {
    const data = oracleData('apistrat');
    const design = { strata: 'stype', population: 'fpc', weights: 'pw' };
    const by = ask(data, 'survey-mean', { outcomes: ['api00'], by: 'stype', ...design });
    expectAll(
      ['mean-1', 'mean-2', 'mean-3'].map((id) => estimateOf(by, id).value),
      fpc.by_stype.mean,
    );
    expect(by.charts).toHaveLength(1);
    const ratio = ask(data, 'survey-ratio', { top: 'api.stu', bottom: 'enroll', ...design });
    expectAll([estimateOf(ratio, 'ratio').value], [fpc.ratio.ratio]);
    const regression = ask(data, 'survey-regression', {
      outcome: 'api00',
      predictors: ['ell', 'meals', 'mobility'],
      ...design,
    });
    expectAll(
      (regression.tables[0]?.rows ?? []).map((row) => row[1]),
      fpc.regression.map(({ est }) => est),
    );
  });

  it('shares', () => {
    const found = ask(trial, 'survey-proportion', { outcome: 'post', answered: true, stages: [{ units: 'cluster' }] });
    expectAll(
      [estimateOf(found, 'share-1').value, ...bounds(estimateOf(found, 'share-1'))],
      [rate.p, ...rate.ci_logit],
    );
    const [first] = proportions.filter(({ x }) => x > 0);
    if (!first) throw new Error('no case');
    const data = datasetOf({ y: Array.from({ length: first.n }, (_, row) => (row < first.x ? 'yes' : 'no')) });
    const share = ask(data, 'proportion', { outcome: 'y', ones: ['yes'], methods: ['wilson', 'jeffreys'] });
    expectAll(bounds(estimateOf(share, 'wilson')), first.wilson);
    expectAll(bounds(estimateOf(share, 'jeffreys')), first.jeffreys);
    const both = ask(trial, 'proportion-difference', { outcome: 'uptake', ...arms });
    expect(estimateOf(both, 'difference').value).toBeTypeOf('number');
  });

  it('gaps in the design are refused by column and row', () => {
    expect(() => ask(trial, 'survey-mean', { outcomes: ['pre'], weights: 'post' })).toThrow(PlanError);
    expect(() => ask(trial, 'survey-mean', { outcomes: ['pre'], weights: 'post' })).toThrow(
      /^analyses\[0\]\.options\.weights: column post, row \d+: a design may have no gaps$/,
    );
  });
});
