/**
 * Recomputes 13. Tables, counts and ratings that stand in the case are taken from it. Other cases do not state their data:
 * the data set is `irr_` and the name of the case (of `percent_agreement`: without `_exact` or `_withinN`), its columns the
 * raters. Figures of psych and irr that are not what their papers define come from rater-programs.ts.
 */
import { agreementShare, kendallW } from '../../analysis/concordance.ts';
import { congerKappa, fleissKappa, lightKappa, ratingCounts } from '../../analysis/fleiss-kappa.ts';
import { agreementBesideKappa, type CohenKappa, cohenKappa, type KappaWeights } from '../../analysis/kappa.ts';
import type { RatingScale } from '../../analysis/krippendorff.ts';
import { sum } from '../../analysis/numeric/sums.ts';
import { type RaterCorrelation, raterReliability } from '../../analysis/rater-reliability.ts';
import { attempt, byLabel, eachCase, listAt, objectAt } from './cases.ts';
import { irrAgreementOfMean, irrAlpha, irrTwoSided, psychFigures } from './rater-programs.ts';
import type { DataSource, FigureObject, Figures, JsonObject, JsonValue, Recompute, Tolerance } from './types.ts';

type Ratings = (string | number | null)[];

const numbersOf = (value: JsonValue): (number | null)[] =>
  Array.isArray(value) ? value.map((cell) => (typeof cell === 'number' ? cell : null)) : [];

const countsOf = (value: JsonValue): number[] => numbersOf(value).map(Number);

/** The columns of the data set of a case, one for each rater. */
function ratersOf(name: string, data: DataSource): Ratings[] {
  const frame = data(`irr_${name}`);
  return frame.names.map((column) => frame.column(column));
}

const transposed = <Cell>(rows: readonly (readonly Cell[])[]): Cell[][] =>
  (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as Cell));

function kappaFigures({ kappa, observed, expected, standardError, nullStandardError, z }: CohenKappa): FigureObject {
  const ci95 = [kappa.interval?.lower, kappa.interval?.upper];
  return { kappa: kappa.value, po: observed, pe: expected, ase: standardError, ase0: nullStandardError, z, ci95 };
}

function cohen(options: JsonObject): FigureObject {
  const table = listAt(options, 'table').map(countsOf);
  const found = (weights: KappaWeights) => cohenKappa(table, weights);
  const [unweighted, linear, quadratic] = [found('none'), found('linear'), found('quadratic')];
  const beside = agreementBesideKappa(table);
  // irr knows only the categories that somebody used.
  const used = [...table.keys()].filter((i) => sum(table[i] ?? []) + sum(table.map((row) => row[i] ?? 0)) > 0);
  const usedTable = used.map((i) => used.map((j) => table[i]?.[j] ?? 0));
  const irr = (weights: KappaWeights): FigureObject => {
    const { kappa, z } = cohenKappa(usedTable, weights);
    return { kappa: kappa.value, z, p: irrTwoSided(z) };
  };
  const vcd = ({ kappa, standardError }: CohenKappa) => [kappa.value, standardError];
  return {
    table,
    n: unweighted.kappa.n,
    percent_agreement: beside.agreement,
    unweighted: kappaFigures(unweighted),
    linear: kappaFigures(linear),
    quadratic: kappaFigures(quadratic),
    psych: psychFigures(table, unweighted, quadratic),
    vcd: { unweighted: vcd(unweighted), weighted_linear: vcd(linear), weighted_quadratic: vcd(quadratic) },
    irr_kappa2: { unweighted: irr('none'), linear: irr('linear'), quadratic: irr('quadratic') },
    max_kappa: beside.largestKappa,
    pabak: beside.evenKappa,
    scott_pi: beside.scottPi,
    gwet_ac1: beside.gwetAc1,
  };
}

/** Three digits, as irr prints the figures of categories. */
const threeDigits = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 1000);

function fleiss(options: JsonObject, name: string, data: DataSource): FigureObject {
  const given = listAt(options, 'ratings').map(countsOf);
  const inline = given.length > 0 && given[0]?.length !== 0;
  const raters = inline ? transposed(given.map(ratingsFromCounts)) : ratersOf(name, data);
  const { categories, counts } = ratingCounts(raters);
  const found = fleissKappa(counts, categories);
  const byCategory = [...found.categories].sort((a, b) => byLabel(a.category, b.category));
  return {
    ratings: inline ? given : undefined,
    subjects: found.kappa.n,
    raters: found.raters,
    fleiss: found.kappa.value,
    z: found.z,
    p: irrTwoSided(found.z),
    per_category: byCategory.map(({ category, kappa, z, p }) => ({
      category,
      kappa: threeDigits(kappa),
      z: threeDigits(z),
      p: threeDigits(p),
    })),
    conger_exact: congerKappa(raters).value,
    light_mean_pairwise: lightKappa(raters).value,
  };
}

/** Raters are given the categories of a case in order. */
function ratingsFromCounts(counts: readonly number[]): number[] {
  return counts.flatMap((count, category) => new Array<number>(count).fill(category + 1));
}

function krippendorff(options: JsonObject, name: string, data: DataSource): FigureObject {
  const inline = listAt(options, 'raters_by_units').map(numbersOf);
  const given = inline.length > 0 && inline[0]?.length !== 0;
  const stated = typeof options.name === 'string' ? options.name : name;
  const raters = given ? inline : coded(ratersOf(stated, data));
  const scales = Object.keys(objectAt(options, 'alpha'));
  return {
    raters_by_units: given ? inline : undefined,
    n_raters: raters.length,
    n_units: raters[0]?.length,
    alpha: Object.fromEntries(scales.map((scale) => [scale, irrAlpha(raters, scale as RatingScale)])),
  };
}

/** Labels as numbers in their order; numbers as they are. */
function coded(raters: readonly Ratings[]): (number | null)[][] {
  const labels = [...new Set(raters.flat().filter((rating) => typeof rating === 'string'))].sort(byLabel);
  return raters.map((column) =>
    column.map((rating) => (typeof rating === 'string' ? labels.indexOf(rating) + 1 : rating)),
  );
}

function raterIcc(options: JsonObject, name: string, data: DataSource): FigureObject {
  const ratings = listAt(options, 'ratings').map(numbersOf);
  const raters = ratings.length > 0 ? transposed(ratings) : coded(ratersOf(name, data));
  const found = raterReliability(raters);
  const { oneWay, agreement, consistency, subjects } = found;
  const k = found.raters;
  const psych = (type: string, correlation: RaterCorrelation, test: RaterCorrelation, bounds: readonly Figures[]) => ({
    type,
    icc: correlation.value,
    F: test.f,
    df1: test.df1,
    df2: test.df2,
    p: test.p,
    lower: bounds[0],
    upper: bounds[1],
  });
  const boundsOf = ({ interval }: RaterCorrelation) => [interval?.lower, interval?.upper];
  // psych steps the interval of one rater up to that of the mean.
  const steppedUp = boundsOf(agreement.single).map((r) => (r === undefined ? undefined : (k * r) / (1 + (k - 1) * r)));
  const irr = (correlation: RaterCorrelation): FigureObject => {
    const { value, interval, f, df1, df2, p } = correlation;
    return { value, lower: interval?.lower, upper: interval?.upper, F: f, df1, df2, p };
  };
  const { w, chiSquare, p } = kendallW(raters);
  return {
    subjects,
    raters: k,
    psych_ICC: [
      psych('ICC1', oneWay.single, oneWay.single, boundsOf(oneWay.single)),
      psych('ICC2', agreement.single, consistency.single, boundsOf(agreement.single)),
      psych('ICC3', consistency.single, consistency.single, boundsOf(consistency.single)),
      psych('ICC1k', oneWay.mean, oneWay.single, boundsOf(oneWay.mean)),
      psych('ICC2k', agreement.mean, consistency.single, steppedUp),
      psych('ICC3k', consistency.mean, consistency.single, boundsOf(consistency.mean)),
    ],
    irr: {
      oneway_single: irr(oneWay.single),
      twoway_agreement_single: irr(agreement.single),
      twoway_agreement_average: { ...irr(agreement.mean), ...irrAgreementOfMean(found) },
      twoway_consistency_single: irr(consistency.single),
      twoway_consistency_average: irr(consistency.mean),
    },
    kendall_W: { W: w.value, chisq: chiSquare, p },
    ratings: ratings.length > 0 ? ratings : undefined,
  };
}

/** `name`, `name_exact` or `name_within1`: percent of cases on which all agree, within that distance. */
function percentAgreement(name: string, data: DataSource): Figures {
  const [, dataSet = name, tolerance] = /^(.*?)(?:_exact|_within(\d+))?$/.exec(name) ?? [];
  const share = agreementShare(ratersOf(dataSet, data), Number(tolerance ?? 0)).value;
  return share === null ? null : 100 * share;
}

/** irr takes p values as 1 minus a probability near 1: they hold the rounding of 1, twice for two sides. */
export const tolerance: Tolerance = (path) =>
  /^(fleiss|.*irr).*\/p$/.test(path) ? { relative: 1e-8, absolute: 4 * Number.EPSILON } : 1e-8;

export const recompute: Recompute = (results, data) => ({
  cohen: eachCase(objectAt(results, 'cohen'), cohen),
  fleiss: eachCase(objectAt(results, 'fleiss'), (options, name) => fleiss(options, name, data)),
  krippendorff: eachCase(objectAt(results, 'krippendorff'), (options, name) => krippendorff(options, name, data)),
  rater_icc: eachCase(objectAt(results, 'rater_icc'), (options, name) => raterIcc(options, name, data)),
  percent_agreement: Object.fromEntries(
    Object.keys(objectAt(results, 'percent_agreement')).map((name) => [
      name,
      attempt(() => percentAgreement(name, data)),
    ]),
  ),
});
