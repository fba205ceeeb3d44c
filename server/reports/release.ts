/** The release of a school's feedback report: who may read it, step by step. Plain shapes; stored by `release-store.ts`. */
import type { Report } from '../../analysis/result.ts';
import type { Scope } from '../authority.ts';

/** To whom a report is released; each step takes in those before. */
export const releaseStates = ['withheld', 'head', 'cluster-lead', 'staff'] as const;
export type ReleaseState = (typeof releaseStates)[number];

/** Which state may follow which: outwards one step at a time, and back to nobody from anywhere. */
export const releaseTransitions: Readonly<Record<ReleaseState, readonly ReleaseState[]>> = {
  withheld: ['head'],
  head: ['cluster-lead', 'withheld'],
  'cluster-lead': ['staff', 'withheld'],
  staff: ['withheld'],
};

/** What stands on the report, so that nobody passes it on too early. */
export const releaseWords: Readonly<Record<ReleaseState, string>> = {
  withheld: 'Not released. A draft for the evaluation team: please do not pass it on.',
  head: 'Released to the headteacher. Please do not pass it on yet.',
  'cluster-lead': 'Released to the headteacher and the cluster lead. Please do not pass it on to staff yet.',
  staff: 'Released to the headteacher, the cluster lead and the staff of the school.',
};

export interface ReleaseStep {
  readonly state: ReleaseState;
  readonly at: Date;
  /** Id of the account. */
  readonly by: string;
  readonly why: string;
}

export interface SchoolRelease {
  readonly study: string;
  readonly school: string;
  readonly state: ReleaseState;
  /**
   * The report as it was when it was released, so that two readings on two days cannot be laid over each other to find who
   * answered in between; null while it is withheld.
   */
  readonly report: Report | null;
  /** Oldest first. */
  readonly history: readonly ReleaseStep[];
}

/**
 * Whether a reader with a limited role may read the released report of a school. Whoever has the school by name reads from
 * `head` on; whoever has its cluster (a cluster lead, a coordinator) from `cluster-lead` on.
 */
export function mayReadReleased(
  state: ReleaseState,
  school: { readonly id: string; readonly cluster: string | null },
  { clusters, schools }: Exclude<Scope, 'all'>,
): boolean {
  if (state === 'withheld') return false;
  if (schools.includes(school.id)) return true;
  return state !== 'head' && school.cluster !== null && clusters.includes(school.cluster);
}
