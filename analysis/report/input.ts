/** What the report of an administration is made from: plain data that the server gathers, so that it can cross threads. */
import type { Codebook } from '../../instruments/codebook.ts';
import type { Instrument, Scale } from '../../instruments/instrument.ts';
import type { Administration, Cluster, School, Study } from '../../instruments/study.ts';

/** People invited and people who responded, for one school (or, without school, the staff of a cluster or an arm). */
export interface RateInput {
  readonly cluster: string | null;
  readonly school: string | null;
  readonly arm: string;
  readonly invited: number;
  readonly responded: number;
}

/** One coded response. */
export interface ReportRow {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  /** Pseudonym, where it is known: who answers twice in a wave counts once. */
  readonly person?: string | null | undefined;
  /** Aligned with `codebook.variables`; null where missing or text. */
  readonly values: readonly (number | null)[];
  /** Aligned with `scales`. */
  readonly scores: readonly (number | null)[];
}

export interface AdministrationReportInput {
  readonly study: Study;
  readonly administration: Administration;
  readonly instrument: Pick<Instrument, 'id' | 'version' | 'title'>;
  readonly codebook: Codebook;
  readonly scales: readonly Scale[];
  /** In the order of the tables. */
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly rates: readonly RateInput[];
  /** Responses that their people took back; they are not among the rows. */
  readonly withdrawn?: number | undefined;
  readonly rows: readonly ReportRow[];
  /** Hide cells below the study's minimum, for readers who may not see identified rows. */
  readonly suppress: boolean;
}
