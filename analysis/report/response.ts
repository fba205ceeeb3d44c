/** The section on response: who was invited, who answered, by cluster, arm and school. */
import { rateChart } from '../charts.ts';
import { responseRate } from '../proportions.ts';
import type { CellValue, ChartSpec, Column, Section, Table } from '../result.ts';
import { collectedNotes, countCell, estimateCells, estimateColumns, printedCount, suppressionNotes } from './cells.ts';
import { type Group, groupsAt, shownCounts } from './groups.ts';
import type { AdministrationReportInput } from './input.ts';
import { pagesOf } from './pages.ts';

const figures: readonly Column[] = [
  { id: 'invited', title: 'Invited', kind: 'integer' },
  { id: 'responded', title: 'Responded', kind: 'integer' },
  ...estimateColumns('rate', 'Rate', 'percent'),
];

/** Response rates with Wilson intervals. */
export function responseSection(input: AdministrationReportInput, all: Group): Section {
  const shown = shownCounts(all, (group) => group.responded, input);
  const invited = shownCounts(all, (group) => group.invited, input);
  const rateOf = (group: Group) => responseRate(group.responded, group.invited);
  // A rate tells the count that it was made from, so it needs both.
  const rateShown = (group: Group) => ((invited.get(group) ?? null) === null ? null : (shown.get(group) ?? null));
  const table = (id: string, title: string, names: readonly Column[], groups: readonly Group[]): Table => ({
    id,
    title,
    columns: [...names, ...figures],
    rows: groups.map((group): CellValue[] => [
      ...names.map((column) => nameCell(column.id, group)),
      countCell(invited.get(group)),
      countCell(shown.get(group)),
      ...estimateCells(rateShown(group), rateOf(group)),
    ]),
    notes: [
      ...suppressionNotes(groups.map(rateShown), input.study.minimumCell),
      ...collectedNotes(groups.filter((group) => rateShown(group) !== null).map(rateOf), {
        'more-than-invited': 'more responses than invitations, so no rate.',
        'no-cases': 'nobody was invited, so no rate.',
      }),
    ],
  });
  const clusters = groupsAt(all, 'cluster').filter((group) => group.invited > 0 || group.responded > 0);
  const schools = groupsAt(all, 'school').filter((group) => group.invited > 0 || group.responded > 0);
  const byCluster = table('response-by-cluster', 'Response by cluster', [clusterColumn, armColumn], clusters);
  const drawn = clusters.filter((group) => rateShown(group) !== null && rateOf(group).value !== null);
  const charts = pagesOf(drawn).map(({ rows, ending, span }): ChartSpec => {
    return rateChart({
      id: `response-by-cluster${ending}`,
      title: `Response rate by cluster${span}`,
      summary: `Share of the invited who responded, with 95% intervals, in ${printedCount(rows.length)} ${rows.length === 1 ? 'group' : 'groups'}${omitted(clusters.length - drawn.length)}.`,
      table: byCluster.id,
      axis: 'Per cent of those invited',
      rows: rows.map((group) => ({ label: group.name, n: group.invited, ...pick(rateOf(group)) })),
    });
  });
  return {
    id: 'response',
    title: 'Response',
    text: 'Complete responses against invitations. The intervals are Wilson’s at 95% and treat people as independent; they say how far a rate from this many people could move by chance.',
    charts,
    tables: [
      byCluster,
      table(
        'response-by-arm',
        'Response by arm',
        [{ id: 'arm', title: 'Arm', kind: 'text' }],
        [...all.parts.filter((group) => group.invited > 0 || group.responded > 0), all],
      ),
      table('response-by-school', 'Response by school', [schoolColumn, inClusterColumn, armColumn], schools),
    ],
  };
}

export const clusterColumn: Column = { id: 'cluster', title: 'Cluster', kind: 'text' };
export const schoolColumn: Column = { id: 'school', title: 'School', kind: 'text' };
export const inClusterColumn: Column = { id: 'in-cluster', title: 'Cluster', kind: 'text' };
export const armColumn: Column = { id: 'in-arm', title: 'Arm', kind: 'text' };

/** The cell of one of the four columns above, or the group's own name. */
export function nameCell(column: string, group: Group): CellValue {
  if (column === armColumn.id) return group.arm;
  if (column === inClusterColumn.id) return group.cluster;
  return group.name;
}

/** Said in a summary when groups are missing from a chart. */
export function omitted(groups: number): string {
  if (groups === 0) return '';
  return `; ${printedCount(groups)} more ${groups === 1 ? 'group has' : 'groups have'} no figure that can be shown`;
}

function pick({ value, interval }: ReturnType<typeof responseRate>) {
  return { value, interval };
}
