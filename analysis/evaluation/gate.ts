/**
 * The aggregation gate of a study: when may the mean of a school's staff stand for the school? Called by the measures and
 * by the reports, which show a school mean as such only behind it.
 */
import { type AggregationGate, usualGate } from '../../instruments/study.ts';

/** What the gate looks at, for one scale in one wave. */
export interface Judged {
  readonly icc1: number | null;
  readonly icc2: number | null;
  /** Median over the schools. */
  readonly rwgJ: number | null;
  /** Behind that median. */
  readonly schools: number;
}

export interface GateVerdict {
  readonly passed: boolean;
  /** What was not reached, in words that end a sentence; none where the gate is passed. */
  readonly reasons: readonly string[];
  /** The same for readers of suppressed reports: without rwg(j) of one school, or of so few that it is that of one. */
  readonly told: readonly string[];
}

/** Quartiles of fewer schools would be those schools themselves. */
export const fewestSchoolsTold = 5;

/**
 * Whether means of schools may be shown as such for a scale in a wave. A figure that the data cannot tell is not reached.
 *
 * @example
 * judgeScale(gateOf({}), { icc1: 0.1, icc2: 0.8, rwgJ: 0.9, schools: 9 }) // => { passed: true, reasons: [], told: [] }
 * judgeScale(gateOf({}), { icc1: 0.01, icc2: 0.8, rwgJ: null, schools: 0 }).reasons // => ['ICC(1) is 0.01, below 0.05', 'rwg(j) is not known']
 */
export function judgeScale(gate: AggregationGate, { icc1, icc2, rwgJ, schools }: Judged): GateVerdict {
  const classes = [...below('ICC(1)', icc1, gate.icc1), ...below('ICC(2)', icc2, gate.icc2)];
  const own = below('rwg(j)', rwgJ, gate.rwgJ);
  const reasons = [...classes, ...own];
  const told = [...classes, ...(schools < fewestSchoolsTold ? belowUntold('rwg(j)', rwgJ, gate.rwgJ) : own)];
  return { passed: reasons.length === 0, reasons, told };
}

/**
 * Whether the mean of one school may be shown as such: the scale passes, enough people answered, and they agree.
 *
 * @example
 * judgeSchool(gateOf({}), { passed: true, reasons: [], told: [] }, 4, 0.9).reasons // => ['4 people answered, fewer than 5']
 */
export function judgeSchool(gate: AggregationGate, scale: GateVerdict, n: number, rwgJ: number | null): GateVerdict {
  const few =
    n < gate.minimumGroup ? [`${n} ${n === 1 ? 'person' : 'people'} answered, fewer than ${gate.minimumGroup}`] : [];
  const name = 'rwg(j) of the school';
  const reasons = [...scale.reasons, ...few, ...below(name, rwgJ, gate.rwgJ)];
  const told = [...scale.told, ...few, ...belowUntold(name, rwgJ, gate.rwgJ)];
  return { passed: reasons.length === 0, reasons, told };
}

/**
 * The gate in a sentence, as it stands in every report.
 *
 * @example
 * gateWords({ icc1: 0.05, icc2: 0.7, rwgJ: 0.7, minimumGroup: 5 }).startsWith('A school mean is shown as such where') // => true
 */
export function gateWords({ icc1, icc2, rwgJ, minimumGroup }: AggregationGate): string {
  return (
    `A school mean is shown as such where ICC(1) is at least ${icc1}, ICC(2) at least ${icc2} and the median rwg(j) of ` +
    `schools at least ${rwgJ}, and in the school itself at least ${minimumGroup} people answered and rwg(j) is at least ${rwgJ}.`
  );
}

/** The gate of a study, or the usual one. */
export function gateOf(study: { readonly gate?: AggregationGate | undefined }): AggregationGate {
  return study.gate ?? usualGate;
}

function below(name: string, value: number | null, least: number): string[] {
  if (value === null) return [`${name} is not known`];
  // Compared as it is, printed with the digits that show why.
  return value < least ? [`${name} is ${value.toFixed(2)}, below ${least}`] : [];
}

/** The same without the figure: two people who answered every item would be known from it. */
function belowUntold(name: string, value: number | null, least: number): string[] {
  return value === null ? [`${name} is not known`] : value < least ? [`${name} is below ${least}`] : [];
}
