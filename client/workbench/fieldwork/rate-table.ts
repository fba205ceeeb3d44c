/** Rate rows of the server as a table of results, so that they sort, search and save like any other. */
import type { Table } from '../../../analysis/result.ts';
import type { RateRow } from '../../shared/api.ts';

interface Names {
  readonly arms: ReadonlyMap<string, string>;
  readonly clusters: ReadonlyMap<string, string>;
}

const nameOf = (names: ReadonlyMap<string, string>, id: string | null) => (id === null ? null : (names.get(id) ?? id));

/** One row for each group; `withCluster` adds the cluster's name after the group's own. */
export function rateTable(
  id: string,
  title: string,
  group: string,
  rows: readonly RateRow[],
  names: Names,
  withCluster: boolean,
): Table {
  const hidden = rows.flatMap(({ rate }) => rate.notes.filter(({ code }) => code === 'suppressed')).slice(0, 1);
  // Who opened a link is not told to readers from whom small cells are hidden.
  const opened = rows.some((row) => row.opened !== null);
  return {
    id,
    title,
    columns: [
      { id: 'group', title: group, kind: 'text' },
      ...(withCluster ? [{ id: 'cluster', title: 'Cluster', kind: 'text' as const }] : []),
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'invited', title: 'Invited', kind: 'integer' },
      ...(opened ? [{ id: 'opened', title: 'Opened', kind: 'integer' as const }] : []),
      { id: 'responded', title: 'Responded', kind: 'integer' },
      { id: 'rate', title: 'Rate', kind: 'percent' },
      { id: 'lower', title: '95% lower', kind: 'percent' },
      { id: 'upper', title: '95% upper', kind: 'percent' },
    ],
    rows: rows.map((row) => [
      row.title,
      ...(withCluster ? [nameOf(names.clusters, row.cluster)] : []),
      nameOf(names.arms, row.arm),
      row.invited ?? 'suppressed',
      ...(opened ? [row.opened] : []),
      row.responded ?? 'suppressed',
      row.rate.value ?? (hidden.length > 0 ? 'suppressed' : null),
      row.rate.interval?.lower ?? null,
      row.rate.interval?.upper ?? null,
    ]),
    notes: hidden,
  };
}
