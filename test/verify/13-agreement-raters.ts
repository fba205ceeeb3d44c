/**
 * Recomputes 13. Tables, counts and ratings that stand in the case are taken from it. Other cases do not state their data:
 * the data set is `irr_` and the name of the case (of `percent_agreement`: without `_exact` or `_withinN`), its columns the
 * raters.
 *
 * Three figures are not what their papers define, and are put together here from ours: psych's variance of a weighted kappa;
 * irr's Krippendorff's alpha of more than two raters without a gap; irr's interval of the mean of raters in agreement.
 */
import { agreementShare, kendallW } from '../../analysis/concordance.ts';
import { congerKappa, fleissKappa, lightKappa, ratingCounts } from '../../analysis/fleiss-kappa.ts';
import { agreementBesideKappa, type CohenKappa, cohenKappa, type KappaWeights } from '../../analysis/kappa.ts';
import { krippendorffAlpha, type RatingScale } from '../../analysis/krippendorff.ts';
import { fQuantile, fTails } from '../../analysis/numeric/f.ts';
import { normalQuantile } from '../../analysis/numeric/normal.ts';
import { sum } from '../../analysis/numeric/sums.ts';
import { type RaterCorrelation, type RaterReliability, raterReliability } from '../../analysis/rater-reliability.ts';
import { attempt, eachCase, listAt, objectAt } from './cases.ts';
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
    const { kappa, z, p } = cohenKappa(usedTable, weights);
    return { kappa: kappa.value, z, p };
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

/**
 * psych holds, in the variance of the weighted kappa, against each cell the mean weight of its row and its column's share
 * times the plain sum of its weights, and cuts intervals off at 1.
 */
function psychFigures(table: readonly number[][], unweighted: CohenKappa, quadratic: CohenKappa): FigureObject {
  const { kappa, observed, expected } = quadratic;
  const n = kappa.n;
  const size = table.length;
  const [po, pe] = [observed ?? Number.NaN, expected ?? Number.NaN];
  const weights = table.map((_, i) => table.map((__, j) => 1 - ((i - j) / (size - 1)) ** 2));
  const rows = table.map((row) => sum(row) / n);
  const columns = transposed(table).map((column) => sum(column) / n);
  const ofRow = weights.map((line) => sum(line.map((weight, j) => weight * (columns[j] ?? 0))));
  const ofColumn = weights.map((line, j) => (rows[j] ?? 0) * sum(line));
  const squares = table.flatMap((row, i) =>
    row.map((count, j) => {
      const against = ((ofRow[i] ?? 0) + (ofColumn[j] ?? 0)) * (1 - po);
      return (count / n) * ((weights[i]?.[j] ?? 0) * (1 - pe) - against) ** 2;
    }),
  );
  const weighted = Math.max(0, (sum(squares) - (po * pe - 2 * pe + po) ** 2) / (n * (1 - pe) ** 4));
  const plain = (unweighted.standardError ?? 0) ** 2;
  const interval = (value: number | null, variance: number) => {
    const reach = normalQuantile(0.975) * Math.sqrt(variance);
    const bound = (limit: number) => Math.min(1, Math.max(-1, limit));
    return value === null ? [] : [bound(value - reach), value, bound(value + reach)];
  };
  return {
    kappa: unweighted.kappa.value,
    weighted_quadratic: kappa.value,
    var_kappa: plain,
    var_weighted: weighted,
    ci: [interval(unweighted.kappa.value, plain), interval(kappa.value, weighted)],
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
  return {
    ratings: inline ? given : undefined,
    subjects: found.kappa.n,
    raters: found.raters,
    fleiss: found.kappa.value,
    z: found.z,
    p: found.p,
    per_category: found.categories.map(({ category, kappa, z, p }) => ({
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

/** Without a gap irr counts each rating once for each other rater, so that n - 1 is larger than Krippendorff's. */
function irrAlpha(raters: readonly (readonly (number | null)[])[], scale: RatingScale): number | null {
  const { value } = krippendorffAlpha(raters, scale);
  if (value === null || raters.flat().includes(null)) return value;
  const n = raters.flat().length;
  const counted = n * (raters.length - 1);
  return 1 - ((1 - value) * (1 - 1 / counted)) / (1 - 1 / n);
}

/** Labels as numbers in their order; numbers as they are. */
function coded(raters: readonly Ratings[]): (number | null)[][] {
  const labels = [...new Set(raters.flat().filter((rating) => typeof rating === 'string'))].sort();
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
  const psych = (correlation: RaterCorrelation, test: RaterCorrelation, bounds: readonly Figures[]) => ({
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
      psych(oneWay.single, oneWay.single, boundsOf(oneWay.single)),
      psych(agreement.single, consistency.single, boundsOf(agreement.single)),
      psych(consistency.single, consistency.single, boundsOf(consistency.single)),
      psych(oneWay.mean, oneWay.single, boundsOf(oneWay.mean)),
      psych(agreement.mean, consistency.single, steppedUp),
      psych(consistency.mean, consistency.single, boundsOf(consistency.mean)),
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

/** irr takes the correlation of the mean for that of one rater where it computes the degrees of freedom. */
function irrAgreementOfMean({ subjects: n, raters: k, agreement, meanSquares }: RaterReliability): FigureObject {
  const { value, f, df1 } = agreement.mean;
  if (value === null || f === null || meanSquares === null) return {};
  const { subjects, raters, residual } = meanSquares;
  const odds = (k * value) / (n * (1 - value));
  const parts = [odds * raters, (1 + odds * (n - 1)) * residual];
  const df2 = sum(parts) ** 2 / ((parts[0] ?? 0) ** 2 / (k - 1) + (parts[1] ?? 0) ** 2 / ((n - 1) * (k - 1)));
  const [down, up] = [fQuantile(0.975, df1, df2), fQuantile(0.975, df2, df1)];
  return {
    df2,
    p: fTails(f, df1, df2).upper,
    lower: (n * (subjects - down * residual)) / (down * (raters - residual) + n * subjects),
    upper: (n * (up * subjects - residual)) / (raters - residual + n * up * subjects),
  };
}

/** `name`, `name_exact` or `name_within1`: percent of cases on which all agree, within that distance. */
function percentAgreement(name: string, data: DataSource): Figures {
  const [, dataSet = name, tolerance] = /^(.*?)(?:_exact|_within(\d+))?$/.exec(name) ?? [];
  const share = agreementShare(ratersOf(dataSet, data), Number(tolerance ?? 0)).value;
  return share === null ? null : 100 * share;
}

/** irr takes p values as 1 minus a probability near 1, so that what is below the rounding of 1 is lost. */
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
