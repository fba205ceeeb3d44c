/**
 * Recomputes 17. A case states its design; where it does not, the defaults of the script hold: half of the clusters in
 * each arm, alpha 0.05 and power 0.8. Cases of `power_cra2` state their df instead of the covariates that cost it.
 */
import { clusterTrialPower, designEffect, minimumDetectableEffect } from '../../analysis/power.ts';
import { eachInList, isObject, listAt, numberAt } from './cases.ts';
import type { JsonValue, Recompute } from './types.ts';

function optional(options: JsonValue, key: string, otherwise: number): number {
  return isObject(options) && typeof options[key] === 'number' ? numberAt(options, key) : otherwise;
}

function designOf(options: JsonValue) {
  const clusters = numberAt(options, 'J');
  const covariates =
    isObject(options) && 'g' in options ? numberAt(options, 'g') : clusters - 2 - numberAt(options, 'df');
  return {
    clusters,
    clusterSize: numberAt(options, 'n'),
    icc: numberAt(options, 'rho'),
    share: optional(options, 'P', 0.5),
    explainedWithin: optional(options, 'r2_level1', 0),
    explainedBetween: optional(options, 'r2_level2', 0),
    clusterCovariates: covariates,
    alpha: optional(options, 'alpha', 0.05),
  };
}

export const recompute: Recompute = (results) => ({
  mdes_cra2: eachInList(listAt(results, 'mdes_cra2'), (options) => {
    const design = designOf(options);
    const found = minimumDetectableEffect(design, optional(options, 'power', 0.8));
    return { ...echo(design), df: found.df, multiplier: found.multiplier, mdes: found.effect, se: found.standardError };
  }),
  power_cra2: eachInList(listAt(results, 'power_cra2'), (options) => {
    const design = designOf(options);
    const delta = numberAt(options, 'delta');
    const found = clusterTrialPower(design, delta);
    return { ...echo(design), delta, df: found.df, lambda: found.noncentrality, power: found.power };
  }),
  deff: eachInList(listAt(results, 'deff'), (options) => {
    const n = numberAt(options, 'n');
    const rho = numberAt(options, 'rho');
    return { n, rho, deff: designEffect(n, rho) };
  }),
});

function echo(design: ReturnType<typeof designOf>) {
  return {
    J: design.clusters,
    n: design.clusterSize,
    rho: design.icc,
    P: design.share,
    r2_level1: design.explainedWithin,
    r2_level2: design.explainedBetween,
    g: design.clusterCovariates,
  };
}
