/**
 * Options of every declared analysis, for data with the answers `a` to `f` from 1 to 5, the arm `t`, `u` for who took part and
 * the cluster `k`. Used by the tests that ask all of them.
 */
export const items = ['a', 'b', 'c', 'd', 'e', 'f'];
export const range = [1, 5];
const arms = { group: 't', compare: [1, 0] };
const design = { stages: [{ units: 'k' }] };

export const options: Readonly<Record<string, object>> = {
  descriptives: { columns: items },
  'group-means': { outcome: 'a', group: 'k' },
  'scale-scores': { items, range },
  'cronbach-alpha': { items, reversed: ['b'], range },
  'guttman-bounds': { items },
  'omega-total': { items },
  'omega-hierarchical': { items },
  'ordinal-reliability': { items },
  'number-of-factors': { items, seed: 1 },
  'exploratory-factor-analysis': { items, factors: 2 },
  'polychoric-correlations': { items },
  'confirmatory-factor-analysis': {
    factors: [
      { name: 'one', items: ['a', 'b', 'c'] },
      { name: 'two', items: ['d', 'e', 'f'] },
    ],
  },
  'measurement-invariance': { factors: [{ name: 'one', items: ['a', 'b', 'c', 'd'] }], group: 't' },
  'group-reliability': { outcome: 'a', group: 'k' },
  'group-agreement': { items, range, group: 'k' },
  'group-variance': { outcome: 'a', group: 'k' },
  'cohen-kappa': { raters: ['a', 'b'] },
  'fleiss-kappa': { raters: ['a', 'b', 'c'] },
  'krippendorff-alpha': { raters: ['a', 'b', 'c'], scales: ['nominal', 'interval'] },
  'rater-reliability': { raters: ['a', 'b', 'c'] },
  'careless-answers': { items },
  'little-test': { columns: items },
  'likelihood-moments': { columns: items },
  attrition: { outcome: 'a', ...arms, predictors: ['b'] },
  'imputed-regression': { outcome: 'a', predictors: ['b', 'c'], seed: 1, imputations: 2, rounds: 1 },
  't-test': { outcome: 'a', ...arms },
  'paired-t-test': { before: 'a', after: 'b' },
  'rank-sum-test': { outcome: 'a', ...arms },
  'one-way-anova': { outcome: 'a', group: 'k' },
  correlations: { columns: items },
  'chi-square-test': { rows: 'a', columns: 'k' },
  'adjust-p-values': { p: [0.01, null] },
  'linear-regression': { outcome: 'a', predictors: ['b', 'c'], factors: ['k'] },
  'logistic-regression': { outcome: 't', predictors: ['b', 'c'] },
  'mixed-model': { outcome: 'a', predictors: ['b'], levels: ['k'] },
  'pooled-regression': { outcome: 'a', predictors: ['b'], imputation: 'k' },
  'mixed-comparison': { outcome: 'a', predictors: ['b'], levels: ['k'], without: { level: 'k' } },
  'cluster-robust-regression': { outcome: 'a', predictors: ['b'], cluster: 'k' },
  'complier-effect': { outcome: 'a', takingPart: 'u', offer: 't', cluster: 'k' },
  matching: { ...arms, covariates: ['a', 'b'], effect: { before: 'c', after: 'd' } },
  'standardised-difference': { outcome: 'a', ...arms },
  'standardised-change': { before: 'a', after: 'b' },
  'clustered-effect': { outcome: 'a', ...arms, cluster: 'k' },
  'model-effect': { outcome: 'a', ...arms, cluster: 'k', predictors: ['b'] },
  proportion: { outcome: 'a', ones: [1] },
  'proportion-difference': { outcome: 'a', ...arms },
  'survey-mean': { outcomes: ['a', 'b'], by: 't', quantiles: [0.5], ...design },
  'survey-ratio': { top: 'a', bottom: 'b', ...design },
  'survey-proportion': { outcome: 'u', by: 't', ...design },
  'survey-regression': { outcome: 'a', predictors: ['b'], ...design },
  'minimum-detectable-effect': { clusters: 10, clusterSize: 5, icc: 0.1 },
  'cluster-trial-power': { clusters: 10, clusterSize: 5, icc: 0.1, effect: 0.2 },
  'design-effect': { clusterSize: 5, icc: 0.1 },
};
