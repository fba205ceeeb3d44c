/**
 * Recomputes 09. Cases state data, formula, cluster and weights. The weighted case is of means over the rows of each school
 * (its `derived` says so); its school column is the script's.
 */
import type { ClusterRobustType } from '../../analysis/cluster-robust/adjustments.ts';
import { independentErrors } from '../../analysis/cluster-robust/independent.ts';
import type { JointTestName } from '../../analysis/cluster-robust/joint-test.ts';
import { type ClusterRobustModel, clusterRobustModel } from '../../analysis/cluster-robust.ts';
import { twoSided } from '../../analysis/compare.ts';
import { mixedModel } from '../../analysis/mixed-model.ts';
import { mixedRobustModel } from '../../analysis/mixed-robust.ts';
import { normalTails } from '../../analysis/numeric/normal.ts';
import { studentTQuantile } from '../../analysis/numeric/student-t.ts';
import { attempt, eachCase, isObject, listAt, objectAt, textAt } from './cases.ts';
import { type CaseFrame, type Cells, caseFrame, inheriting, parseFormula, termColumns } from './formula.ts';
import { rSaddlepoints } from './r-saddlepoint.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

const noCrosscheck = new Error('the difference between two R packages');

/** How the script says that rows are schools. */
const ofSchoolMeans = 'school means over rows with both scores, weight = number of such rows';

/** Means by school of the formula's columns, over rows where all are there, and `n`, their number. */
function schoolMeans(frame: CaseFrame, names: readonly string[], cluster: string): CaseFrame {
  const [schools, clusters, columns] = [frame.column('school'), frame.column(cluster), names.map(frame.column)];
  const sums = new Map<number | string | null, { cluster: Cells[number]; n: number; totals: number[] }>();
  for (const [row, school] of schools.entries()) {
    if (columns.some((column) => typeof column[row] !== 'number')) continue;
    const known = sums.get(school) ?? { cluster: clusters[row] ?? null, n: 0, totals: names.map(() => 0) };
    known.n += 1;
    known.totals = known.totals.map((total, j) => total + Number(columns[j]?.[row]));
    sums.set(school, known);
  }
  const means = [...sums.values()];
  return {
    rows: means.length,
    column: (name) =>
      means.map((each) => {
        if (name === cluster) return each.cluster;
        return name === 'n' ? each.n : (each.totals[names.indexOf(name)] ?? 0) / each.n;
      }),
  };
}

function numbers(cells: Cells): (number | null)[] {
  return cells.map((cell) => (typeof cell === 'number' ? cell : null));
}

function leastSquaresCase(name: string, options: JsonObject, data: DataSource): Figures {
  const { outcome, terms, random } = parseFormula(textAt(options, 'formula'));
  if (random.length > 0) throw new Error('a mixed model with a cluster of its own is not known');
  const cluster = textAt(options, 'cluster');
  const weighted = typeof options.weights === 'string' ? options.weights : null;
  const means = weighted !== null && String(options.derived) === ofSchoolMeans;
  const all = caseFrame(means ? { data: options.data ?? null } : options, data);
  const frame = means ? schoolMeans(all, [outcome, ...terms], cluster) : all;
  const predictors = Object.assign({}, ...termColumns(frame, terms).values()) as Record<string, (number | null)[]>;
  const y = numbers(frame.column(outcome));
  const weights = weighted === null ? undefined : numbers(frame.column(weighted));
  const clusters = frame.column(cluster);
  const known = new Map<ClusterRobustType, ClusterRobustModel>();
  const modelOf = (type: ClusterRobustType) => {
    const before = known.get(type);
    if (before) return before;
    const { model, notes } = clusterRobustModel(y, predictors, clusters, {
      type,
      ...(weights ? { weights } : {}),
    });
    if (model === null) throw new Error(notes[0]?.text ?? 'no model');
    known.set(type, model);
    return model;
  };
  const plain = modelOf('CR0');
  const df = plain.clusters - 1;
  const figures = (type: ClusterRobustType): FigureObject => {
    const { coefficients, covariance } = modelOf(type);
    const t = coefficients.map((each) => each.t);
    return {
      se: coefficients.map((each) => each.standardError),
      vcov: covariance,
      t,
      p_z: t.map((each) => 2 * normalTails(-Math.abs(each)).lower),
      df_naive_tp_Gminus1: df,
      p_naive_t: t.map((each) => twoSided(each, df)),
      p_naive_tp: t.map((each) => (plain.clusters > t.length ? twoSided(each, plain.clusters - t.length) : null)),
      df_satterthwaite: coefficients.map((each) => each.df),
      p_satterthwaite: coefficients.map((each) => each.p),
      wald_joint: attempt(() => jointFigures(modelOf(type), objectAt(objectAt(options, type), 'wald_joint'))),
      p_saddlepoint: attempt(() =>
        rSaddlepoints(y, predictors, clusters, type, weights).map(({ p, reach }, k) => {
          reaches.set(`${name}/${type}/p_saddlepoint/${k}`, reach);
          return p;
        }),
      ),
      ci95: {
        lower: coefficients.map((each) => each.interval.lower),
        upper: coefficients.map((each) => each.interval.upper),
      },
    };
  };
  const errors = (type: ClusterRobustType) => modelOf(type).coefficients.map((each) => each.standardError);
  /** Tests on one degree of freedom less than there are clusters, as Stata and estimatr make them. */
  const onClusters = (type: ClusterRobustType): FigureObject => {
    const reach = studentTQuantile(0.975, df);
    const { coefficients } = modelOf(type);
    return {
      se: coefficients.map((each) => each.standardError),
      df: coefficients.map(() => df),
      p: coefficients.map((each) => twoSided(each.t, df)),
      ci_low: coefficients.map((each) => each.estimate - reach * each.standardError),
      ci_high: coefficients.map((each) => each.estimate + reach * each.standardError),
    };
  };
  const unbiased = modelOf('CR2').coefficients;
  // The script leaves out the rows without a cluster before it fits anything.
  const clustered = y.map((value, row) => ((clusters[row] ?? null) === null ? null : value));
  const independent = independentErrors(clustered, predictors, weights);
  return {
    n: plain.n,
    p: plain.coefficients.length,
    clusters: plain.clusters,
    cluster_size: { min: plain.smallestCluster, max: plain.largestCluster },
    coef: Object.fromEntries(plain.coefficients.map(({ term, estimate }) => [term, estimate])),
    se_ols: Object.fromEntries(plain.coefficients.map(({ term }, k) => [term, plain.plainErrors[k]])),
    r2: plain.rSquared,
    sigma: plain.residualSd,
    ...Object.fromEntries((['CR0', 'CR1', 'CR1p', 'CR1S', 'CR2', 'CR3'] as const).map((type) => [type, figures(type)])),
    sandwich_vcovCL: { HC0_cadjustFALSE: errors('CR0'), HC0: errors('CR1'), HC1: errors('CR1S') },
    hc_no_cluster: { HC0: independent.HC0, HC1: independent.HC1, HC2: independent.HC2, HC3: independent.HC3 },
    estimatr_CR2: {
      se: unbiased.map((each) => each.standardError),
      df: unbiased.map((each) => each.df),
      p: unbiased.map((each) => each.p),
      ci_low: unbiased.map((each) => each.interval.lower),
      ci_high: unbiased.map((each) => each.interval.upper),
    },
    estimatr_stata: onClusters('CR1S'),
    estimatr_CR0: onClusters('CR0'),
    crosscheck_max_rel_diff: noCrosscheck,
  };
}

/** What clubSandwich calls the joint tests. */
const jointNames: Readonly<Record<string, JointTestName>> = {
  'chi-sq': 'chi-square',
  'Naive-F': 'naive',
  'Naive-Fp': 'naive-coefficients',
  HTA: 'hotelling-a',
  HTB: 'hotelling-b',
  HTZ: 'hotelling-z',
  EDF: 'eigen-f',
  EDT: 'eigen-t',
};

/** The joint tests that a case names, of the terms that it names; a test without a name is the one of its place. */
function jointFigures(model: ClusterRobustModel, stated: JsonObject): Figures {
  const terms = listAt(stated, 'terms').map(String);
  if (terms.length === 0) return undefined;
  const found = model.joint(terms);
  if (found === null) throw new Error('the covariance of the tested coefficients cannot be inverted');
  return {
    tests: listAt(stated, 'tests').map((row, at) => {
      const name = isObject(row) && typeof row.test === 'string' ? row.test : Object.keys(jointNames)[at];
      const test = found[jointNames[name ?? ''] ?? 'hotelling-z'];
      if (name === undefined || jointNames[name] === undefined) return new Error(`no joint test ${name}`);
      return { test: name, Fstat: test.f, delta: test.scale, df_num: test.df1, df_denom: test.df2, p_val: test.p };
    }),
  };
}

/** Errors of a mixed model, clustered at its outermost level. Without `by_type` the case is of CR2. */
function mixedCase(options: JsonObject, data: DataSource): Figures {
  const { outcome, terms, random } = parseFormula(textAt(options, 'formula'));
  const [part] = random;
  if (part === undefined || random.length > 1 || part.slopes.length > 0) {
    throw new Error('cluster-robust errors are of models with random intercepts of nested groups');
  }
  const frame = caseFrame(options, data);
  const predictors = Object.assign({}, ...termColumns(frame, terms).values()) as Record<string, (number | null)[]>;
  const y = numbers(frame.column(outcome));
  const levels = part.groups.map((name) => ({ name, groups: frame.column(name) }));
  const figures = (type: ClusterRobustType): FigureObject => {
    const { model, notes } = mixedRobustModel(y, predictors, levels, { type });
    if (model === null) throw new Error(notes[0]?.text ?? 'no model');
    return {
      se: model.coefficients.map((each) => each.standardError),
      df: model.coefficients.map((each) => each.df),
      p: model.coefficients.map((each) => each.p),
    };
  };
  const coefficients = mixedModel(y, predictors, levels).model?.coefficients ?? [];
  const types = Object.keys(objectAt(options, 'by_type')) as ClusterRobustType[];
  return {
    fixef: Object.fromEntries(coefficients.map(({ term, estimate }) => [term, estimate])),
    se_model: Object.fromEntries(coefficients.map(({ term, standardError }) => [term, standardError])),
    by_type: Object.fromEntries(types.map((type) => [type, figures(type)])),
    ...(types.length === 0 ? figures('CR2') : {}),
  };
}

/**
 * Mixed models are fitted by R's search, here with its default relative tolerance: coefficients are 3e-7 off those of the
 * tight fit of the same model in 08, and p values of 1e-16 turn that into 2e-5.
 */
export const tolerance: Tolerance = (path) => {
  // R takes a root that it stopped early at, and a difference from 1, for p: 1e-15 of that is rounding.
  if (path.includes('/p_saddlepoint/')) return { relative: 1e-6, absolute: 1e-15 + 1.001 * (reaches.get(path) ?? 0) };
  if (!mixedCases.has(path.split('/')[0] ?? '')) return 1e-8;
  // Errors and degrees of freedom follow the variances, of which a small one lies farther off (see 08).
  if (/\/(se|df)\/\d+$/.test(path)) return 1e-5;
  return /\/p\/\d+$/.test(path) ? 5e-5 : 1e-6;
};

/** How far R's own stop moves each saddlepoint p, by path; filled by each recomputation. */
const reaches = new Map<string, number>();

/** The cases of mixed models, filled by each recomputation: what a case is called says nothing of it. */
const mixedCases = new Set<string>();

export const recompute: Recompute = (results, data) =>
  eachCase(results, (_, name) => {
    const options = inheriting(results, name);
    if (options.cluster !== undefined) return leastSquaresCase(name, options, data);
    mixedCases.add(name);
    return mixedCase(options, data);
  });
