/**
 * How well a scale has measured in one wave, before anything is made of it: reliability, dimensionality, and whether the
 * people of a school answer alike enough for a school mean. Called by the worker that prepares a study's reports.
 */
import type { AggregationGate } from '../../instruments/study.ts';
import { rwgOfGroups } from '../agreement.ts';
import { confirmatoryFactorAnalysis } from '../cfa.ts';
import { pairwiseCorrelations } from '../covariance.ts';
import { quantile } from '../descriptives.ts';
import { noEstimate } from '../estimate.ts';
import { groupMoments, numberGroups } from '../group-moments.ts';
import { groupReliability } from '../group-reliability.ts';
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import { omegaTotal } from '../omega.ts';
import { omegaWithInterval } from '../omega-interval.ts';
import { cronbachAlpha } from '../reliability.ts';
import type { AdministrationReportInput } from '../report/input.ts';
import { answerers, scaleColumns } from '../report/scale-columns.ts';
import type { Estimate, Note } from '../result.ts';
import { type GateVerdict, judgeScale } from './gate.ts';

/** One factor for all items, by maximum likelihood with gaps; all indices are of the chi-square. */
export interface OneFactorFit {
  readonly n: number;
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** The chi-square corrected for schools; null where they are too few to correct by. */
  readonly scaled: number | null;
  readonly cfi: number;
  readonly tli: number;
  readonly rmsea: { readonly value: number; readonly lower: number; readonly upper: number; readonly level: number };
  readonly srmr: number;
}

/** How many people stand behind the schools. */
export interface GroupSizes {
  readonly schools: number;
  readonly least: number | null;
  readonly median: number | null;
  readonly most: number | null;
  readonly mean: number | null;
}

export interface Measure {
  readonly items: number;
  /** People who answered any item. */
  readonly n: number;
  readonly alpha: Estimate;
  readonly omega: Estimate;
  /** Of the correlations between the items, the largest first; empty where they are not known. */
  readonly eigenvalues: readonly number[];
  /** Null for fewer than four items, where one factor always fits, and where the data cannot say. */
  readonly fit: OneFactorFit | null;
  readonly icc1: Estimate;
  readonly icc2: Estimate;
  /** Quartiles of rwg(j) over the schools in which two or more people answered every item. */
  readonly rwgJ: {
    readonly schools: number;
    readonly lower: number | null;
    readonly median: number | null;
    readonly upper: number | null;
  };
  readonly sizes: GroupSizes;
  readonly verdict: GateVerdict;
  readonly notes: readonly Note[];
  /** By school id. */
  readonly agreementOf: ReadonlyMap<string, number | null>;
}

/**
 * The figures of one scale of an administration. Alpha is of pairwise covariances with Feldt's interval; omega of one factor
 * on complete rows; ICCs are of people's scores in schools, with n0 of unequal groups; rwg(j) takes the rectangular null of
 * the declared range. People without a school count for reliability and not for ICCs.
 *
 * @param place which of `input.scales`
 * @throws RangeError when there is no such scale, or it names an item that is not in the codebook
 */
export function measureOf(input: AdministrationReportInput, place: number, gate: AggregationGate): Measure {
  const scale = input.scales[place];
  if (!scale) throw new RangeError(`measureOf requires one of ${input.scales.length} scales`);
  const people = answerers(input, scale);
  const columns = scaleColumns(input, scale, people);
  const schools = people.map((person) => input.rows[person]?.school ?? null);
  const scores = people.map((person) => input.rows[person]?.scores[place] ?? null);
  const { alpha, omega } = consistency(columns, people.length);
  const { icc1, icc2, notes } = groupReliability(groupMoments(scores, numberGroups(schools)));
  const within = rwgOfGroups(columns, schools, { range: [scale.range.min, scale.range.max] });
  const known = within.flatMap(({ rwgJ }) => (rwgJ === null ? [] : [rwgJ]));
  const rwgJ = {
    schools: known.length,
    lower: quantile(known, 0.25),
    median: quantile(known, 0.5),
    upper: quantile(known, 0.75),
  };
  const dimensions = dimensionsOf(columns, schools);
  return {
    items: scale.items.length,
    n: people.length,
    alpha,
    omega,
    ...dimensions,
    icc1,
    icc2,
    rwgJ,
    sizes: sizesOf(schools, scores),
    verdict: judgeScale(gate, { icc1: icc1.value, icc2: icc2.value, rwgJ: rwgJ.median, schools: rwgJ.schools }),
    notes: [...alpha.notes, ...omega.notes, ...dimensions.notes, ...notes],
    agreementOf: new Map(within.map(({ group, rwgJ: own }) => [String(group), own])),
  };
}

function consistency(
  columns: readonly (readonly (number | null)[])[],
  n: number,
): { alpha: Estimate; omega: Estimate } {
  if (columns.length >= 2) {
    return { alpha: cronbachAlpha(columns).alpha, omega: omegaWithInterval(omegaTotal(columns)) };
  }
  const none = (method: string) =>
    noEstimate(n, method, { code: 'too-few-items', text: 'One item has no internal consistency.' });
  return { alpha: none('Cronbach’s alpha'), omega: none('Omega total') };
}

/** Eigenvalues of the correlations, and how one factor fits. */
function dimensionsOf(
  columns: readonly (readonly (number | null)[])[],
  schools: readonly (string | null)[],
): Pick<Measure, 'eigenvalues' | 'fit' | 'notes'> {
  const correlations = columns.length < 2 ? [] : pairwiseCorrelations(columns);
  const known = correlations.length > 0 && correlations.flat().every((value) => Number.isFinite(value));
  const eigenvalues = known ? symmetricEigenvalues(correlations) : [];
  // Three loadings and three errors reproduce three items exactly.
  if (!known || columns.length < 4) return { eigenvalues, fit: null, notes: [] };
  const named = Object.fromEntries(columns.map((column, item) => [`item${item + 1}`, column]));
  const { solution, notes } = confirmatoryFactorAnalysis(`f =~ ${Object.keys(named).join(' + ')}`, named, {
    missing: 'full-information',
    ...(new Set(schools.filter((school) => school !== null)).size > columns.length * 2 ? { cluster: schools } : {}),
  });
  if (!solution) return { eigenvalues, fit: null, notes };
  const { measures } = solution;
  const { value, lower, upper, level } = measures.rmsea;
  return {
    eigenvalues,
    fit: {
      n: measures.n,
      chiSquare: measures.chiSquare,
      degreesOfFreedom: measures.degreesOfFreedom,
      scaled: measures.scaled?.chiSquare ?? null,
      cfi: measures.cfi,
      tli: measures.tli,
      rmsea: { value, lower, upper, level },
      srmr: measures.srmr,
    },
    notes,
  };
}

function sizesOf(schools: readonly (string | null)[], scores: readonly (number | null)[]): GroupSizes {
  const counts = new Map<string, number>();
  schools.forEach((school, person) => {
    if (school !== null && scores[person] !== null) counts.set(school, (counts.get(school) ?? 0) + 1);
  });
  const sizes = [...counts.values()];
  return {
    schools: sizes.length,
    least: sizes.length === 0 ? null : Math.min(...sizes),
    median: quantile(sizes, 0.5),
    most: sizes.length === 0 ? null : Math.max(...sizes),
    mean: sizes.length === 0 ? null : sizes.reduce((total, size) => total + size, 0) / sizes.length,
  };
}
