/**
 * How many are asked and how many responded in each administration, for the lists and heads that show them in passing.
 * Called by the routes of studies and administrations.
 */
import type { Connection } from 'mongoose';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { countInvited, listSharedAdministrations } from '../invitations/counts.ts';
import { countComplete } from '../responses/counts.ts';
import { countCells, sumCounts } from './cells.ts';
import { usualDay } from './tables.ts';

export interface Summary {
  readonly invited: number;
  readonly responded: number;
}

/** The same, null where it must not be shown. */
export interface ShownSummary {
  readonly invited: number | null;
  readonly responded: number | null;
}

/**
 * Of each of these administrations of a study. From indexes alone: no page waits for 27,000 people to be read, but where a
 * staffroom shares a link, since one link stands for all of its people there.
 */
export async function countByAdministration(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: Study,
  administrations: readonly Administration[],
  scope: Scope = 'all',
): Promise<Map<string, Summary>> {
  const [only] = administrations.length === 1 ? administrations : [];
  const [links, complete, shared] = await Promise.all([
    countInvited(db, study.id, only?.id, scope),
    countComplete(db, study.id, only?.id, scope),
    listSharedAdministrations(db, study.id, scope),
  ]);
  const today = dayIn(study.timeZone, clock());
  const invited = await Promise.all(
    links.map(async (row) => {
      const administration =
        shared.includes(row.administration) && administrations.find(({ id }) => id === row.administration);
      return administration ? { ...row, n: await countEligible(db, administration, today, scope) } : row;
    }),
  );
  const responded = new Map(complete.map((row) => [row.administration, row.n]));
  const counts = new Map(complete.map((row) => [row.administration, { invited: 0, responded: row.n }]));
  for (const row of invited) {
    counts.set(row.administration, { invited: row.n, responded: responded.get(row.administration) ?? 0 });
  }
  return counts;
}

async function countEligible(db: Connection, administration: Administration, today: string, scope: Scope) {
  const cells = await countCells(db, administration, usualDay(administration, today), scope);
  const { invited, ineligible } = sumCounts(cells);
  return invited - ineligible;
}

/**
 * Counts as they may be shown: without the right to identified rows, none of fewer people than the study's minimum.
 * Where one is hidden, nothing adds administrations up (`shownTotal`).
 */
export function shownCounts({ minimumCell }: Pick<Study, 'minimumCell'>, identified: boolean) {
  const hides = (n: number) => !identified && isSmall(n, minimumCell);
  return ({ invited, responded }: Summary = { invited: 0, responded: 0 }): ShownSummary => {
    // Those who have not responded are people, too.
    const hidden = hides(invited) || hides(responded) || hides(invited - responded);
    return { invited: hides(invited) ? null : invited, responded: hidden ? null : responded };
  };
}

/** The sum over administrations; hidden where it would tell one of them that is hidden. */
export function shownTotal(
  counts: readonly number[],
  { minimumCell }: Pick<Study, 'minimumCell'>,
  identified: boolean,
): number | null {
  if (!identified && counts.some((count) => isSmall(count, minimumCell))) return null;
  return counts.reduce((sum, count) => sum + count, 0);
}

function isSmall(count: number, minimum: number): boolean {
  return count > 0 && count < minimum;
}
