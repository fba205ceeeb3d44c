/**
 * Recomputes 08. Cases state data, formula and derivations. The two checks against nlme and the two likelihood-ratio cases
 * state nothing: their models are those of the script.
 */
import { likelihoodRatio } from '../../analysis/likelihood-ratio.ts';
import { linearModel } from '../../analysis/linear-model.ts';
import { type MixedModel, mixedModel } from '../../analysis/mixed-model.ts';
import { profileIntervals } from '../../analysis/mixed-profile.ts';
import { attempt, eachInList, isObject, listAt, objectAt, textAt } from './cases.ts';
import { type CaseFrame, caseFrame, inheriting, parseFormula, termColumns } from './formula.ts';
import type { DataSource, FigureObject, Figures, JsonObject, JsonValue, Recompute, Tolerance } from './types.ts';

interface CaseModel {
  readonly frame: CaseFrame;
  readonly outcome: (number | null)[];
  readonly columns: Map<string, Record<string, (number | null)[]>>;
  readonly levels: { readonly name: string; readonly groups: (number | string | null)[] }[];
  readonly slopes: string[];
}

function read(options: JsonValue, data: DataSource): CaseModel {
  const { outcome, terms, random } = parseFormula(textAt(options, 'formula'));
  const frame = caseFrame(options, data);
  const names =
    random.length > 1
      ? nested(
          frame,
          random.map(({ groups }) => groups[0] ?? ''),
        )
      : (random[0]?.groups ?? []);
  return {
    frame,
    outcome: frame.column(outcome).map((cell) => (typeof cell === 'number' ? cell : null)),
    columns: termColumns(frame, terms),
    levels: names.map((name) => ({ name, groups: frame.column(name) })),
    slopes: random.flatMap(({ slopes }) => slopes),
  };
}

/** Two random parts are nested when each group of the one lies in one group of the other; the outer comes first. */
function nested(frame: CaseFrame, names: readonly string[]): string[] {
  const [outer = '', inner = ''] = [...names].sort(
    (a, b) => new Set(frame.column(a)).size - new Set(frame.column(b)).size,
  );
  const around = frame.column(outer);
  const found = new Map<number | string | null, number | string | null>();
  for (const [row, group] of frame.column(inner).entries()) {
    if (found.has(group) && found.get(group) !== around[row])
      throw new Error('crossed random effects are not supported');
    found.set(group, around[row] ?? null);
  }
  return [outer, inner];
}

function modelOf(
  { outcome, columns, levels, slopes }: CaseModel,
  method: 'reml' | 'ml',
  degrees: 'satterthwaite' | 'kenward-roger' | 'containment' = 'satterthwaite',
): MixedModel {
  const predictors = Object.assign({}, ...columns.values()) as Record<string, (number | null)[]>;
  const { model, notes } = mixedModel(outcome, predictors, levels, { method, slopes, degrees });
  if (model === null) throw new Error(notes[0]?.text ?? 'no model');
  return model;
}

/**
 * What a case says of R's own search, in the words of lme4: `converged: false`, a `convergence` code other than 0, or
 * `messages`. Where the search did not end at the optimum, its figures are no figures of the data.
 */
function unconverged(options: JsonValue): Error | null {
  if (!isObject(options)) return null;
  const told = [...listAt(options, 'messages'), ...listAt(options, 'warnings')].filter((text) => text !== '');
  const code = options.convergence ?? 0;
  if (options.converged !== false && (code === 0 || code === '') && told.length === 0) return null;
  return new Error(`the case says that R's search did not converge${told.length > 0 ? `: ${told.join(' ')}` : ''}`);
}

function fitFigures(options: JsonValue, read: CaseModel, method: 'reml' | 'ml'): FigureObject | Error {
  const failed = unconverged(options);
  if (failed) return failed;
  const model = modelOf(read, method);
  return {
    fixed: model.coefficients.map(({ estimate, standardError, t, df, p }) => {
      return { estimate, se: standardError, t, df_satterthwaite: df, p_satterthwaite: p };
    }),
    vcov: model.covariance,
    variance_components: model.components.map(({ variance, sd }) => ({ vcov: variance, sdcor: sd })),
    theta: model.theta.length === 1 ? model.theta[0] : model.theta,
    logLik: model.logLikelihood,
    df_logLik: model.parameters,
    criterion: model.deviance,
    AIC: model.aic,
    BIC: model.bic,
    sigma: model.residualSd,
    nobs: model.n,
    ngroups: byLevel(model, (level) => model.groups.find(({ name }) => name === level)?.count),
    anova_type3_satterthwaite: eachInList(listAt(options, 'anova_type3_satterthwaite'), (row) => {
      const test = model.testOf(Object.keys(read.columns.get(textAt(row, 'term')) ?? {}));
      return test && { F: test.f, num_df: test.df1, den_df: test.df2, p: test.p };
    }),
    profile_ci95: attempt(() => profiles(options, read)),
    kenward_roger: attempt(() =>
      listAt(options, 'kenward_roger').length === 0
        ? null
        : modelOf(read, method, 'kenward-roger').coefficients.map(({ standardError, df, t, p }) => {
            return { se: standardError, df, t, p };
          }),
    ),
    ranef_first: byLevel(model, (level) => {
      const effects = model.groupEffects.find(({ name }) => name === level)?.groups ?? [];
      // Where a formula gives levels apart, R labels an inner group without the outer one.
      const byGroup = new Map(
        effects.flatMap((each) => [each.group, each.group.split(':')[0]].map((key) => [key, each])),
      );
      const asked = Object.entries(objectAt(options, 'ranef_first')).find(
        ([name]) => nameOf(read, name) === level,
      )?.[1];
      return eachInList(Array.isArray(asked) ? asked : [], (row) => {
        const found = byGroup.get(textAt(row, 'level'));
        return found && { blup: found.effects[0], cond_sd: found.standardErrors[0] };
      });
    }),
  };
}

/** lme4 calls them `sd_(Intercept)|level`, `sigma`, and the terms. */
function profiles(options: JsonValue, { outcome, columns, levels }: CaseModel): Figures {
  const asked = listAt(options, 'profile_ci95');
  if (asked.length === 0) return null;
  const predictors = Object.assign({}, ...columns.values()) as Record<string, (number | null)[]>;
  const { intervals } = profileIntervals(outcome, predictors, levels);
  return eachInList(asked, (row) => {
    const name = textAt(row, 'par')
      .replace(/^sd_\(Intercept\)\|/, '')
      .replace(/^sigma$/, 'Residual');
    const found = intervals?.find((each) => each.name === name);
    return found && { lower: found.lower, upper: found.upper };
  });
}

/** Figures under R's name of each level. Where a formula gives levels apart, R names the inner one without the outer. */
function byLevel(model: MixedModel, of: (level: string) => Figures): FigureObject {
  return Object.fromEntries(
    model.groups.flatMap(({ name }) => [name, name.split(':')[0] ?? name].map((key) => [key, of(name)])),
  );
}

function nameOf({ levels }: CaseModel, key: string): string {
  const [outer, inner] = levels.map(({ name }) => name);
  return key === inner && outer !== undefined ? `${inner}:${outer}` : key;
}

/** nlme counts degrees of freedom. */
function nlmeCheck(options: JsonObject, read: CaseModel): FigureObject {
  const model = modelOf(read, 'reml', 'containment');
  const terms = model.coefficients.map(({ term }) => term);
  const byTerm = (values: readonly number[]) => Object.fromEntries(terms.map((term, k) => [term, values[k]]));
  const [between, within] = [model.components[0]?.variance, model.residualSd ** 2];
  return {
    fixed: byTerm(model.coefficients.map(({ estimate }) => estimate)),
    se: byTerm(model.coefficients.map(({ standardError }) => standardError)),
    logLik: model.logLikelihood,
    ...('tau2' in options ? { tau2: between, sigma2: within } : {}),
    df_inner_outer: byTerm(model.coefficients.map(({ df }) => df)),
    df_containment: byTerm(model.coefficients.map(({ df }) => df)),
  };
}

/** Tests of the clusters' variance and of the treatment, as the script has them for `post` and `score_post`. */
function ratios(options: JsonObject, score: string, data: DataSource): FigureObject {
  const modelWith = (terms: string, groups: string) => {
    const formula = `${score}post ~ ${terms}${score}pre + (1 | ${groups})`;
    return modelOf(read({ data: 'sim_trial', formula }, data), 'ml');
  };
  const largest = modelWith('treat + ', 'cluster/school');
  const ofClusters = likelihoodRatio(modelWith('treat + ', 'school'), largest);
  const ofTreatment = likelihoodRatio(modelWith('', 'cluster/school'), largest);
  const frame = data('sim_trial');
  const predictors = { treat: frame.numeric('treat'), pre: frame.numeric(`${score}pre`) };
  return {
    cluster_variance: {
      chisq: ofClusters.statistic,
      df: ofClusters.df,
      p_naive: ofClusters.p,
      p_half: ofClusters.pBoundary,
    },
    treat: { chisq: ofTreatment.statistic, df: ofTreatment.df, p: ofTreatment.p },
    ...('lm_logLik' in options
      ? { lm_logLik: linearModel(frame.numeric(`${score}post`), predictors).model?.logLikelihood }
      : {}),
  };
}

/**
 * Degrees of freedom get 1e-4, as the file's notes state (lmerTest takes derivatives numerically), and p values far in the
 * tail multiply that. The other figures come from R's search, which stops where its deviance, in double precision, is flat:
 * up to 2e-6 short of the minimum, and up to 5e-7 in a theta however small it is, so that the small variance of an outer
 * level is off by 3e-5 of itself. The same deviances in 40-digit arithmetic have their minima where ours are, to 1e-12
 * (random slopes of MathAchieve, three levels of STAR). Covariances that cancel feel it most, and those that are zero are
 * rounding in R. A theta of zero R leaves as up to 5e-7.
 */
export const tolerance: Tolerance = (path) => {
  if (/p_satterthwaite|satterthwaite\/\d+\/p$/.test(path)) return 1e-3;
  if (/satterthwaite/.test(path)) return 1e-4;
  // lme4 interpolates profiles between some twenty points.
  if (/profile_ci95/.test(path)) return { relative: 2e-6, absolute: 2e-6 };
  // Of a variance at zero the statistic is what R's search left, up to 1e-10, and p near 1 lacks its root.
  if (/cluster_variance/.test(path)) return { relative: 2e-6, absolute: 1e-10 };
  if (/kenward_roger\/\d+\/p$/.test(path)) return 1e-5;
  if (/variance_components\/1\/sdcor$/.test(path)) return { relative: 3e-5, absolute: 3e-5 };
  if (/(theta|variance_components)\/1/.test(path)) return { relative: 3e-5, absolute: 1.1e-6 };
  // Any level may be the one at zero: its variance is R's theta squared, its standard deviation that theta times the residual one.
  if (/theta/.test(path)) return { relative: 2e-6, absolute: 5e-7 };
  if (/variance_components\/\d+\/sdcor$/.test(path)) return { relative: 2e-6, absolute: 1e-5 };
  if (/variance_components/.test(path)) return { relative: 2e-6, absolute: 1e-10 };
  if (/vcov\/\d+\/\d+$/.test(path)) return { relative: 5e-6, absolute: 1e-15 };
  // So are the errors of effects whose variance is zero.
  if (/ranef/.test(path)) return { relative: 3e-5, absolute: 1.1e-6 };
  return /fixed/.test(path) ? 2e-6 : 1e-6;
};

const centring = 'cses = SES - school mean of SES; mses = that mean';

/** What the script's checks against nlme are of, also where the folder does not hold the case. */
const checkedModels: Readonly<Record<string, { readonly of: string; readonly model: JsonObject }>> = {
  nlme_check_mathach: {
    of: 'mathach_ses_sector',
    model: {
      data: ['MathAchieve', 'MathAchSchool'],
      formula: 'MathAch ~ cses + mses + Sector + (1 | School)',
      derived: centring,
    },
  },
  nlme_check_sim3: {
    of: 'sim_post_3level',
    model: { data: 'sim_trial', formula: 'post ~ treat + pre + (1 | cluster/school)' },
  },
};

/** A case that says `as above` where nothing is above it means the centring of the script. */
function centredAsInScript(options: JsonObject): JsonObject {
  const asked = /\bcses\b/.test(textAt(options, 'formula'));
  return asked && typeof options.derived !== 'string' ? { ...options, derived: centring } : options;
}

export const recompute: Recompute = (results, data) =>
  Object.fromEntries(
    Object.keys(results).map((name) => [
      name,
      attempt(() => {
        const options = objectAt(results, name);
        if (typeof options.formula === 'string') {
          const failed = unconverged(options);
          if (failed) return failed;
          const model = read(centredAsInScript(inheriting(results, name)), data);
          return {
            reml: fitFigures(objectAt(options, 'reml'), model, 'reml'),
            ml: fitFigures(objectAt(options, 'ml'), model, 'ml'),
          };
        }
        const checked = checkedModels[name];
        if (checked) return nlmeCheck(options, read({ ...checked.model, ...objectAt(results, checked.of) }, data));
        if (name === 'lrt') return ratios(options, '', data);
        if (name === 'lrt_score') return ratios(options, 'score_', data);
        return new Error('a kind of case that is not known');
      }),
    ]),
  );
