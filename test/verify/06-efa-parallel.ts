/**
 * Recomputes 06. A case states data set and items; the number of factors is that of the columns of its loadings. Only the
 * script says that items 4 and 6 of the simulated trial (pre4, post6) are reversed, and that `psych_fa_parallel_bfi25` takes
 * the first 25 columns of bfi; what another `psych_fa_parallel_` takes is known if it is called after a case or states it.
 * Fits stop where R's stop.
 */
import {
  type Columns,
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
import { polychoricCorrelations } from '../../analysis/polychoric.ts';
import { attempt, eachCase, listAt, objectAt, textAt } from './cases.ts';
import { chanceOf, randomReference } from './random-reference.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

/** Where R's optim, varimax and oblimin stop when not told otherwise. */
const asOptim = { reduction: 1e7 * Number.EPSILON };
const asPackages = { tolerance: 1e-5 };
/** The items of the simulated trial that are worded the other way, and the ends of its answers together. */
const reversedInScript = /^(pre|post)[46]$/;
const endsInScript = 6;

function columnsOf(options: JsonObject, data: DataSource) {
  const frame = data(textAt(options, 'data'));
  const simulated = ['pre1', 'pre6', 'post1', 'post6'].every((name) => frame.names.includes(name));
  return listAt(options, 'items').map((item) => {
    const answers = frame.numeric(String(item));
    if (!simulated || !reversedInScript.test(String(item))) return answers;
    return answers.map((value) => (value === null ? null : endsInScript - value));
  });
}

const fits = ['pca_unrotated', 'minres_none', 'minres_varimax', 'minres_oblimin', 'pa_none'];
const withLoadings = [...fits, 'factanal_ml_none', 'factanal_ml_varimax', 'factanal_ml_promax4'];

/** How many columns the loadings have that the case holds; null when it holds none. */
function factorsOf(options: JsonObject): number | null {
  for (const part of withLoadings) {
    const [line] = listAt(objectAt(options, part), 'loadings');
    if (line !== undefined) return Array.isArray(line) ? line.length : 1;
  }
  return null;
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

function analysis(options: JsonObject, name: string, data: DataSource): FigureObject {
  const columns = columnsOf(options, data);
  const complete = completeRows(columns);
  const n = rowCount(complete);
  const k = columns.length;
  const r = correlationMatrix(covarianceMatrix(complete));
  const eigenvalues = symmetricEigenvalues(r);
  const sphericity = sphericityTest(r, n);
  const factors = factorsOf(options);
  const parts: Record<string, () => Figures> = {
    eigenvalues_pairwise: () => symmetricEigenvalues(pairwiseCorrelations(columns)),
    eigenvalues_reduced_smc_listwise: () => symmetricEigenvalues(withDiagonal(r, squaredMultipleCorrelations(r))),
    eigenvalues_reduced_minres1_listwise: () => reducedEigenvalues(r, minimumResidual(r, 1, asOptim)),
    kmo: () => {
      const { overall, items } = samplingAdequacy(r);
      return { overall, items };
    },
    map_velicer_original: () => averagePartials(r, Math.min(8, k - 1)),
    eigenvalues_polychoric_lavaan_listwise: () => symmetricEigenvalues(polychoricCorrelations(complete).correlations),
  };
  // A case need not hold all that others do: what it does not ask for is not computed.
  const asked = Object.entries(parts).filter(([part]) => part in options);
  return {
    n_complete: n,
    eigenvalues_listwise: eigenvalues,
    kaiser_count: eigenvalues.filter((value) => value > 1).length,
    bartlett: { chisq: sphericity.chiSquare, df: sphericity.degreesOfFreedom, p: sphericity.p },
    determinant: sphericity.determinant,
    ...Object.fromEntries(asked.map(([part, compute]) => [part, attempt(compute)])),
    ...randomReference(options, name, { n, items: k, observed: eigenvalues }),
    ...(factors === null ? {} : models(r, factors, n)),
  };
}

function models(r: SquareMatrix, factors: number, n: number): FigureObject {
  const components = principalComponents(r, factors);
  const minres = minimumResidual(r, factors, asOptim);
  const axes = principalAxis(r, factors, { tolerance: 1e-10, maxIterations: 500 });
  return {
    pca_unrotated: {
      loadings: components.loadings,
      communalities: components.uniquenesses.map((rest) => 1 - rest),
    },
    minres_none: fitted(r, minres, unrotated(minres), n, false),
    minres_varimax: fitted(r, minres, factors > 1 ? varimax(minres.loadings, asPackages) : unrotated(minres), n, false),
    minres_oblimin: factors > 1 ? fitted(r, minres, oblimin(minres.loadings, asPackages), n, true) : undefined,
    pa_none: fitted(r, axes, unrotated(axes), n, false),
    ...likelihood(r, factors, n),
  };
}

function reducedEigenvalues(r: SquareMatrix, { uniquenesses }: Factors): number[] {
  return symmetricEigenvalues(
    withDiagonal(
      r,
      uniquenesses.map((rest) => 1 - rest),
    ),
  );
}

/** What a case of psych's fa.parallel takes: what it states, or what the case states that it is called after. */
function takenBy(options: JsonObject, name: string, results: JsonObject, data: DataSource): Columns {
  const after = name.replace(/^psych_fa_parallel_/, '');
  const stated = [options, objectAt(results, after)].find((each) => 'data' in each && 'items' in each);
  if (stated !== undefined) return columnsOf(stated, data);
  if (after !== 'bfi25') throw new RangeError('the case states neither its data set nor its items');
  const frame = data('bfi');
  return frame.names.slice(0, 25).map((column) => frame.numeric(column));
}

/** Only counts depend on chance here, so any random numbers serve. */
function suggestion(columns: Columns, values: number): FigureObject {
  if (columns.length !== values) throw new RangeError(`the case has ${values} eigenvalues of ${columns.length} items`);
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
 * uniroot, which stops within 1e-4 of the noncentrality. What is drawn at random agrees as far as another seed lets it.
 */
export const tolerance: Tolerance = (path) => {
  if (path.includes('/parallel_')) return { relative: 1e-8, absolute: chanceOf(path) };
  if (/eigenvalues_(listwise|pairwise)|kmo|bartlett|map_/.test(path)) return 1e-8;
  if (/rmsea\/[12]$/.test(path)) return { relative: 1e-4, absolute: 1e-7 };
  return { relative: 1e-6, absolute: 1e-8 };
};

export const recompute: Recompute = (results, data) =>
  eachCase(results, (options, name) => {
    if (!('fa_values' in options)) return analysis(options, name, data);
    return suggestion(takenBy(options, name, results, data), listAt(options, 'fa_values').length);
  });
