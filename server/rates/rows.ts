/** From counts to the rows of a table: what is derived from counts, the rates, and the AAPOR outcome of each case. */
import { type Dispositions, type OutcomeRates, outcomeRates } from '../../analysis/outcomes.ts';
import type { Counts } from './cells.ts';

/** Counts are null where they must not be shown, or (`started`, `partial`) where they are not to be known. */
export interface RateRow {
  readonly id: string;
  readonly title: string;
  readonly arm: string | null;
  readonly cluster: string | null;
  readonly invited: number | null;
  /** Invited without the ineligible: what rates are made against. */
  readonly eligible: number | null;
  readonly opened: number | null;
  readonly started: number | null;
  readonly responded: number | null;
  readonly partial: number | null;
  readonly declined: number | null;
  readonly withdrawn: number | null;
  readonly silent: number | null;
  readonly notReached: number | null;
  readonly bounced: number | null;
  readonly ineligible: number | null;
  readonly rates: OutcomeRates;
}

/** Heads of the counts, in the order of a table. */
export const countTitles = {
  invited: 'Invited',
  eligible: 'Eligible',
  opened: 'Opened',
  started: 'Started',
  responded: 'Finished',
  partial: 'Partial',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  silent: 'Only opened',
  notReached: 'Not reached',
  bounced: 'Bounced',
  ineligible: 'Ineligible',
} as const satisfies Partial<Record<keyof RateRow, string>>;

/** Who is eligible and was never seen: negative where responses outnumber the invitations. */
function notReached(counts: Counts): number {
  const { invited, ineligible, complete, partial, declined, withdrawn, silent, bounced } = counts;
  return invited - ineligible - complete - partial - declined - withdrawn - silent - bounced;
}

/** The outcome of every case, as it would be if the administration closed now; server/README.md tells the mapping. */
export function dispositionsOf(counts: Counts): Dispositions {
  const { complete, partial, declined, withdrawn, silent, bounced } = counts;
  return {
    complete,
    partial,
    refusal: declined + withdrawn + silent,
    noncontact: notReached(counts),
    other: 0,
    unknown: bounced,
  };
}

export function rowOf(
  name: Pick<RateRow, 'id' | 'title' | 'arm' | 'cluster'>,
  counts: Counts,
  { anonymous }: { anonymous: boolean },
): RateRow {
  const { invited, opened, started, complete, partial, declined, withdrawn, silent, ineligible, bounced } = counts;
  return {
    ...name,
    invited,
    eligible: invited - ineligible,
    opened,
    started: anonymous ? null : started,
    responded: complete,
    partial: anonymous ? null : partial,
    declined,
    withdrawn,
    silent,
    notReached: Math.max(0, notReached(counts)),
    bounced,
    ineligible,
    rates: outcomeRates(dispositionsOf(counts)),
  };
}
