/**
 * Recomputes 06. A case states data set and items; the number of factors is that of the columns of its loadings. Only the
 * script says that the case of sim_trial reverses pre4 and pre6 on their range of 1 to 5, with what seed R draws (42), and
 * that `psych_fa_parallel` takes the first columns of bfi, as many as it has eigenvalues. Fits stop where R's stop.
 */
import {
  completeRows,
  correlationMatrix,
  covarianceMatrix,
  pairwiseCorrelations,
  rowCount,
} from '../../analysis/covariance.ts';
import {
  type Factors,
  maximumLikelihood,
  minimumResidual,
  principalAxis,
  principalComponents,
} from '../../analysis/factors/extraction.ts';
import { averagePartials, samplingAdequacy, sphericityTest } from '../../analysis/factors/factorability.ts';
import { factorFit } from '../../analysis/factors/fit.ts';
import { type Rotation, squaredMultipleCorrelations } from '../../analysis/factors/loadings.ts';
import { exceeding, randomEigenvalues } from '../../analysis/factors/parallel-analysis.ts';
import { arranged, explainedBy, oblimin, promax } from '../../analysis/factors/rotation.ts';
import { varimax } from '../../analysis/factors/varimax.ts';
import type { SquareMatrix } from '../../analysis/numeric/cholesky.ts';
import { symmetricEigenvalues } from '../../analysis/numeric/eigen.ts';
import { rNormalSource } from '../../analysis/numeric/r-random.ts';
import { polychoricCorrelations } from '../../analysis/polychoric.ts';
import { attempt, eachCase, listAt, numberAt, objectAt, textAt } from './cases.ts';
import type { DataSource, FigureObject, JsonObject, Recompute, Tolerance } from './types.ts';

/** Where R's optim, varimax and oblimin stop when not told otherwise. */
const asOptim = { reduction: 1e7 * Number.EPSILON };
const asPackages = { tolerance: 1e-5 };
const seedOfScript = 42;
const reversedInScript: Record<string, { items: string[]; low: number; high: number }> = {
  sim_trial: { items: ['pre4', 'pre6'], low: 1, high: 5 },
};

type Matrix = readonly (readonly number[])[];

function columnsOf(options: JsonObject, data: DataSource) {
  const name = textAt(options, 'data');
  const frame = data(name);
  const reversed = reversedInScript[name];
  return listAt(options, 'items').map((item) => {
    const answers = frame.numeric(String(item));
    if (!reversed?.items.includes(String(item))) return answers;
    return answers.map((value) => (value === null ? null : reversed.low + reversed.high - value));
  });
}

function withDiagonal(matrix: SquareMatrix, diagonal: readonly number[]): number[][] {
  return matrix.map((line, i) => line.map((value, j) => (i === j ? (diagonal[i] ?? value) : value)));
}

function unrotated({ loadings, notes }: Factors): Rotation {
  const unit = (loadings[0] ?? []).map((_, i) => (loadings[0] ?? []).map((__, j) => (i === j ? 1 : 0)));
  return { loadings, rotation: unit, correlations: unit, notes };
}

function fitted(r: SquareMatrix, factors: Factors, rotation: Rotation, n: number, oblique: boolean): FigureObject {
  const { loadings, correlations } = arranged(rotation);
  const fit = factorFit(r, loadings, correlations, n);
  return {
    loadings,
    uniquenesses: factors.uniquenesses,
    dof: fit.degreesOfFreedom,
    chi_ml: fit.chiSquare,
    chi_empirical: fit.empiricalChiSquare,
    rmsea: fit.rmsea ? [fit.rmsea.value, fit.rmsea.lower, fit.rmsea.upper, fit.rmsea.level] : undefined,
    tli: fit.tuckerLewis,
    bic: fit.bic,
    rms: fit.rootMeanSquareResidual,
    objective: fit.objective,
    ss_loadings:
      factors.loadings[0]?.length === 1 ? explainedBy(loadings, correlations)[0] : explainedBy(loadings, correlations),
    phi: oblique ? correlations : undefined,
  };
}

function likelihood(r: SquareMatrix, factors: number, n: number): FigureObject {
  const found = maximumLikelihood(r, factors, asOptim);
  const { loadings } = arranged(unrotated(found));
  const k = r.length;
  const turned = varimax(loadings, { tolerance: 1e-12 });
  const oblique = promax(turned.loadings, 4, asPackages);
  const rotated = ({ loadings: values, rotation }: Rotation) => ({ loadings: values, rotmat: rotation });
  return {
    factanal_ml_none: {
      loadings,
      uniquenesses: found.uniquenesses,
      chisq: found.objective * (n - 1 - (2 * k + 5) / 6 - (2 * factors) / 3),
      dof: ((k - factors) ** 2 - k - factors) / 2,
      objective: found.objective,
    },
    factanal_ml_varimax: factors > 1 ? rotated(turned) : undefined,
    factanal_ml_promax4: factors > 1 ? rotated(oblique) : undefined,
  };
}

function parallel(options: JsonObject, n: number, items: number, observed: readonly number[]): FigureObject {
  const replications = numberAt(objectAt(options, 'parallel_reference'), 'reps');
  const random = randomEigenvalues(n, items, {
    replications,
    seed: rNormalSource(seedOfScript),
    quantiles: [0.95, 0.99],
  });
  const [p95 = [], p99 = []] = random.quantiles;
  return {
    parallel_reference: {
      n: random.n,
      p: random.items,
      reps: random.replications,
      mean: random.means,
      p95,
      p99,
      mc_se_of_mean: random.standardDeviations.map((sd) => sd / Math.sqrt(replications)),
      sd: random.standardDeviations,
    },
    parallel_components_mean: exceeding(observed, random.means),
    parallel_components_p95: exceeding(observed, p95),
  };
}

function analysis(options: JsonObject, data: DataSource): FigureObject {
  const columns = columnsOf(options, data);
  const complete = completeRows(columns);
  const n = rowCount(complete);
  const k = columns.length;
  const r = correlationMatrix(covarianceMatrix(complete));
  const eigenvalues = symmetricEigenvalues(r);
  const factors = (listAt(objectAt(options, 'minres_none'), 'loadings')[0] as unknown[]).length;
  const one = minimumResidual(r, 1, asOptim);
  const minres = minimumResidual(r, factors, asOptim);
  const axes = principalAxis(r, factors, { tolerance: 1e-10, maxIterations: 500 });
  const components = principalComponents(r, factors);
  const adequacy = samplingAdequacy(r);
  const sphericity = sphericityTest(r, n);
  const polychoric = 'eigenvalues_polychoric_lavaan_listwise' in options;
  return {
    n_complete: n,
    eigenvalues_listwise: eigenvalues,
    eigenvalues_pairwise: symmetricEigenvalues(pairwiseCorrelations(columns)),
    eigenvalues_reduced_smc_listwise: symmetricEigenvalues(withDiagonal(r, squaredMultipleCorrelations(r))),
    eigenvalues_reduced_minres1_listwise: reducedEigenvalues(r, one),
    kaiser_count: eigenvalues.filter((value) => value > 1).length,
    ...parallel(options, n, k, eigenvalues),
    kmo: { overall: adequacy.overall, items: adequacy.items },
    bartlett: { chisq: sphericity.chiSquare, df: sphericity.degreesOfFreedom, p: sphericity.p },
    determinant: sphericity.determinant,
    map_velicer_original: averagePartials(r, Math.min(8, k - 1)),
    pca_unrotated: {
      loadings: components.loadings,
      communalities: components.uniquenesses.map((rest) => 1 - rest),
    },
    minres_none: fitted(r, minres, unrotated(minres), n, false),
    minres_varimax: fitted(r, minres, factors > 1 ? varimax(minres.loadings, asPackages) : unrotated(minres), n, false),
    minres_oblimin: factors > 1 ? fitted(r, minres, oblimin(minres.loadings, asPackages), n, true) : undefined,
    pa_none: fitted(r, axes, unrotated(axes), n, false),
    ...likelihood(r, factors, n),
    eigenvalues_polychoric_lavaan_listwise: polychoric
      ? attempt(() => symmetricEigenvalues(polychoricCorrelations(complete).correlations))
      : undefined,
  };
}

function reducedEigenvalues(r: Matrix, { uniquenesses }: Factors): number[] {
  return symmetricEigenvalues(
    withDiagonal(
      r,
      uniquenesses.map((rest) => 1 - rest),
    ),
  );
}

/** Only counts depend on chance here, so any random numbers serve. */
function suggestion(options: JsonObject, data: DataSource): FigureObject {
  const frame = data('bfi');
  const columns = frame.names.slice(0, listAt(options, 'fa_values').length).map((name) => frame.numeric(name));
  const r = pairwiseCorrelations(columns);
  const components = symmetricEigenvalues(r);
  const reduced = reducedEigenvalues(r, minimumResidual(r, 1, asOptim));
  const random = randomEigenvalues(rowCount(columns), columns.length, { replications: 20, seed: 1 });
  const fromOneFactor = randomEigenvalues(rowCount(columns), columns.length, {
    replications: 20,
    seed: 1,
    reduce: (matrix) => reducedEigenvalues(matrix, minimumResidual(matrix, 1, asOptim)),
  });
  return {
    nfact: exceeding(reduced, fromOneFactor.quantiles[0] ?? []),
    ncomp: exceeding(components, random.quantiles[0] ?? []),
    fa_values: reduced,
    pc_values: components,
  };
}

/**
 * Fits by search agree to six digits, those that are small beside 1 absolutely. psych looks for the limits of RMSEA with
 * uniroot, which stops within 1e-4 of the noncentrality.
 */
export const tolerance: Tolerance = (path) => {
  if (/eigenvalues_(listwise|pairwise)|kmo|bartlett|parallel|map_/.test(path)) return 1e-8;
  if (/rmsea\/[12]$/.test(path)) return { relative: 1e-4, absolute: 1e-7 };
  return { relative: 1e-6, absolute: 1e-8 };
};

export const recompute: Recompute = (results, data) =>
  eachCase(results, (options) => ('fa_values' in options ? suggestion(options, data) : analysis(options, data)));
