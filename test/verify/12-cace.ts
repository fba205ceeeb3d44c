/** Recomputes 12. Cases state data, outcome, uptake, instrument, covariates and cluster, or a formula of independent rows. */
import type { ClusterRobustType } from '../../analysis/cluster-robust/adjustments.ts';
import { twoSided } from '../../analysis/compare.ts';
import { complierEffect, type FTest, type TestedCoefficient } from '../../analysis/instrumental.ts';
import { studentTQuantile } from '../../analysis/numeric/student-t.ts';
import { eachCase, listAt, textAt } from './cases.ts';
import { caseFrame, inheriting, parseFormula, termColumns } from './formula.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute } from './types.ts';

const types = ['CR0', 'CR1', 'CR1S', 'CR2'] as const;

/** A name; R writes several as a list, for which there are no figures here. */
function oneAt(options: JsonObject, key: string): string {
  const [name, ...others] = listAt(options, key);
  if (typeof name !== 'string' || others.length > 0) throw new Error(`one column is taken as ${key}`);
  return name;
}

function caseOf(options: JsonObject, data: DataSource): Figures {
  const [y, d, z] = [oneAt(options, 'y'), oneAt(options, 'd'), oneAt(options, 'z')];
  const names = listAt(options, 'covariates').map(String);
  const frame = caseFrame(options, data);
  const numbers = (name: string) => frame.column(name).map((cell) => (typeof cell === 'number' ? cell : null));
  const covariates = Object.assign({}, ...termColumns(frame, names).values()) as Record<string, (number | null)[]>;
  const clusters = frame.column(textAt(options, 'cluster'));
  const effectOf = (type: ClusterRobustType) => {
    const { effect, notes } = complierEffect(numbers(y), numbers(d), numbers(z), clusters, { covariates, type });
    if (effect === null) throw new Error(notes[0]?.text ?? 'no effect');
    return effect;
  };
  const byType = new Map(types.map((type) => [type, effectOf(type)]));
  const found = effectOf('CR1S');
  const each = (of: (effect: ReturnType<typeof effectOf>) => TestedCoefficient): FigureObject =>
    Object.fromEntries(
      [...byType].map(([type, effect]) => {
        const { standardError, t, df, p } = of(effect);
        return [type, { se: standardError, t, df, p }];
      }),
    );
  const satterthwaite = effectOf('CR2').effect;
  /** On one degree of freedom less than there are clusters. */
  const onClusters = (type: ClusterRobustType): FigureObject => {
    const { estimate, standardError, t } = effectOf(type).effect;
    const df = found.clusters - 1;
    if (t === null) return {};
    const reach = studentTQuantile(0.975, df) * standardError;
    return { estimate, se: standardError, df, p: twoSided(t, df), ci: [estimate - reach, estimate + reach] };
  };
  const terms = ['(Intercept)', d, ...Object.keys(covariates)];
  const byTerm = (values: readonly number[]) => Object.fromEntries(terms.map((term, k) => [term, values[k]]));
  const { firstStageF, endogeneity, intentionToTreat, firstStage } = found;
  return {
    n: found.n,
    clusters: found.clusters,
    compliance: { d_given_z1: found.takeUp.offered, d_given_z0: found.takeUp.notOffered },
    itt: { estimate: intentionToTreat.estimate, by_type: each((effect) => effect.intentionToTreat) },
    first_stage: {
      estimate: firstStage.estimate,
      by_type: each((effect) => effect.firstStage),
      F_homoskedastic: firstStageF?.f ?? null,
      F_cluster_CR1S: found.firstStageRobustF,
    },
    wald_ratio: intentionToTreat.estimate / firstStage.estimate,
    tsls: {
      coef: byTerm(found.coefficients.map((one) => one.estimate)),
      se_classical: byTerm(found.plainErrors),
      sigma: found.residualSd,
      se_vcovCL_HC1: found.coefficients.map((one) => one.standardError),
      clubSandwich: each(({ effect }) => effect),
      estimatr_CR2: {
        estimate: satterthwaite.estimate,
        se: satterthwaite.standardError,
        df: satterthwaite.df,
        p: satterthwaite.p,
        ci: [satterthwaite.interval?.lower ?? null, satterthwaite.interval?.upper ?? null],
      },
      estimatr_stata: onClusters('CR1S'),
      estimatr_CR0: onClusters('CR0'),
    },
    diagnostics: {
      weak_instruments: diagnosed(firstStageF),
      wu_hausman: diagnosed(endogeneity),
    },
    ols_as_treated: found.asTreated,
    delta_method_wald_se_ignoring_cov: intentionToTreat.standardError / Math.abs(firstStage.estimate),
  };
}

/** A formula `y ~ d + x | z + x` of independent rows: each row is its own cluster, so that CR0 is HC0. */
function formulaCase(options: JsonObject, data: DataSource): Figures {
  const [left = '', instruments = ''] = textAt(options, 'formula').split('|');
  const { outcome, terms } = parseFormula(left);
  const [d = '', ...names] = terms;
  const excluded = parseFormula(`~ ${instruments}`).terms;
  const missing = names.filter((name) => !excluded.includes(name));
  const [z = '', ...others] = excluded.filter((term) => !names.includes(term));
  if (others.length > 0 || missing.length > 0)
    throw new Error('several instruments, or several variables that need one');
  const frame = caseFrame(options, data);
  const numbers = (name: string) => frame.column(name).map((cell) => (typeof cell === 'number' ? cell : null));
  const logged = /^log\((\w+)\)$/.exec(outcome)?.[1];
  const y = logged ? numbers(logged).map((value) => (value === null ? null : Math.log(value))) : numbers(outcome);
  const covariates = Object.assign({}, ...termColumns(frame, names).values()) as Record<string, (number | null)[]>;
  const rows = y.map((_, row) => row);
  const { effect } = complierEffect(y, numbers(d), numbers(z), rows, { covariates, type: 'CR0' });
  if (effect === null) return new Error('no effect');
  const shown = ['(Intercept)', d, ...Object.keys(covariates)];
  const byTerm = (values: readonly number[]) => Object.fromEntries(shown.map((term, k) => [term, values[k]]));
  return {
    coef: byTerm(effect.coefficients.map(({ estimate }) => estimate)),
    se: byTerm(effect.plainErrors),
    se_HC0: byTerm(effect.coefficients.map(({ standardError }) => standardError)),
    diagnostics: { weak: diagnosed(effect.firstStageF), wu: diagnosed(effect.endogeneity) },
  };
}

function diagnosed(test: FTest | null): FigureObject {
  return test === null ? {} : { df1: test.df1, df2: test.df2, statistic: test.f, 'p-value': test.p };
}

export const recompute: Recompute = (results, data) =>
  eachCase(results, (_, name) => {
    const options = inheriting(results, name);
    return typeof options.formula === 'string' ? formulaCase(options, data) : caseOf(options, data);
  });
