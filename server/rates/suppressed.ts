/**
 * Response rates for readers who may not see identified rows: the cells that the report hides from them are hidden here,
 * too, and those from which they could be worked out. Who opened a link is told of nobody then.
 */
import { type Group, groupsAt, groupsOf, shownCounts } from '../../analysis/report/groups.ts';
import type { AdministrationReportInput } from '../../analysis/report/input.ts';
import type { RateRow, RateTables } from './tables.ts';

/** The same tables without small cells. */
export function suppressedRates(
  tables: RateTables,
  input: Pick<AdministrationReportInput, 'study' | 'clusters' | 'schools' | 'rates'>,
): RateTables {
  const all = groupsOf({ ...input, rows: [] });
  const hide = { study: input.study, suppress: true };
  const invited = shownCounts(all, (group) => group.invited, hide);
  const responded = shownCounts(all, (group) => group.responded, hide);
  const masked = (level: Group['level']) => {
    const groups = new Map(groupsAt(all, level).map((group) => [group.id, group]));
    return (row: RateRow): RateRow => {
      const group = level === 'all' ? all : groups.get(row.id);
      const shown = (counts: ReadonlyMap<Group, number | null>) => (group ? (counts.get(group) ?? null) : null);
      const counts = { invited: shown(invited), opened: null, responded: shown(responded) };
      const whole = counts.invited !== null && counts.responded !== null;
      return { ...row, ...counts, rate: whole ? row.rate : hiddenRate(row.rate, input.study.minimumCell) };
    };
  };
  return {
    total: masked('all')(tables.total),
    byArm: tables.byArm.map(masked('arm')),
    byCluster: tables.byCluster.map(masked('cluster')),
    bySchool: tables.bySchool.map(masked('school')),
  };
}

/** Without n: it is the number invited. */
function hiddenRate({ method }: RateRow['rate'], minimum: number): RateRow['rate'] {
  const text = `Cells of fewer than ${minimum} people are not shown, nor others from which they could be worked out.`;
  return { value: null, n: 0, interval: null, method, notes: [{ code: 'suppressed', text }] };
}
