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
  return {
    id,
    title,
    columns: [
      { id: 'group', title: group, kind: 'text' },
      ...(withCluster ? [{ id: 'cluster', title: 'Cluster', kind: 'text' as const }] : []),
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'invited', title: 'Invited', kind: 'integer' },
      { id: 'opened', title: 'Opened', kind: 'integer' },
      { id: 'responded', title: 'Responded', kind: 'integer' },
      { id: 'rate', title: 'Rate', kind: 'percent' },
      { id: 'lower', title: '95% lower', kind: 'percent' },
      { id: 'upper', title: '95% upper', kind: 'percent' },
    ],
    rows: rows.map((row) => [
      row.title,
      ...(withCluster ? [nameOf(names.clusters, row.cluster)] : []),
      nameOf(names.arms, row.arm),
      row.invited,
      row.opened,
      row.responded,
      row.rate.value,
      row.rate.interval?.lower ?? null,
      row.rate.interval?.upper ?? null,
    ]),
    notes: [],
  };
}
