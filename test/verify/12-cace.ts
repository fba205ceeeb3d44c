/** Recomputes 12. Cases state data, outcome, uptake, instrument, covariates and cluster. */
import type { ClusterRobustType } from '../../analysis/cluster-robust/adjustments.ts';
import type { RobustCoefficient } from '../../analysis/cluster-robust.ts';
import { twoSided } from '../../analysis/compare.ts';
import { complierEffect } from '../../analysis/instrumental.ts';
import { studentTQuantile } from '../../analysis/numeric/student-t.ts';
import { eachCase, listAt, textAt } from './cases.ts';
import { caseFrame, termColumns } from './formula.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute } from './types.ts';

const types = ['CR0', 'CR1', 'CR1S', 'CR2'] as const;

function caseOf(options: JsonObject, data: DataSource): Figures {
  if (typeof options.z !== 'string') throw new Error('several covariates of a formula, not one offer');
  const [y, d, z] = [textAt(options, 'y'), textAt(options, 'd'), textAt(options, 'z')];
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
  const each = (of: (effect: ReturnType<typeof effectOf>) => RobustCoefficient): FigureObject =>
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
      F_homoskedastic: firstStageF.f,
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
        ci: [satterthwaite.interval.lower, satterthwaite.interval.upper],
      },
      estimatr_stata: onClusters('CR1S'),
      estimatr_CR0: onClusters('CR0'),
    },
    diagnostics: {
      weak_instruments: {
        df1: firstStageF.df1,
        df2: firstStageF.df2,
        statistic: firstStageF.f,
        'p-value': firstStageF.p,
      },
      wu_hausman: { df1: endogeneity.df1, df2: endogeneity.df2, statistic: endogeneity.f, 'p-value': endogeneity.p },
    },
    ols_as_treated: found.asTreated,
    delta_method_wald_se_ignoring_cov: intentionToTreat.standardError / Math.abs(firstStage.estimate),
  };
}

export const recompute: Recompute = (results, data) => eachCase(results, (options) => caseOf(options, data));
