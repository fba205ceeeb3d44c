/** Clusters and schools of a study as tables of results, so that they sort, search and save like any other. */
import { useMemo } from 'react';
import type { Table } from '../../../analysis/result.ts';
import type { StudyDetail } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { DataTable } from '../parts/data-table.tsx';

const armTitles = (detail: StudyDetail) => new Map(detail.study.arms.map((arm) => [arm.id, arm.title]));

function clusterTable(detail: StudyDetail): Table {
  const arms = armTitles(detail);
  return {
    id: 'clusters',
    title: 'Clusters',
    columns: [
      { id: 'name', title: 'Cluster', kind: 'text' },
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'schools', title: 'Schools', kind: 'integer' },
      { id: 'pupils', title: 'Pupils', kind: 'integer' },
    ],
    rows: detail.clusters.map((cluster) => {
      const inside = detail.schools.filter((school) => school.cluster === cluster.id);
      const pupils = inside.reduce((sum, school) => sum + (school.pupils ?? 0), 0);
      return [cluster.name, arms.get(cluster.arm) ?? cluster.arm, inside.length, pupils || null];
    }),
    notes: [],
  };
}

function schoolTable(detail: StudyDetail): Table {
  const arms = armTitles(detail);
  const clusters = new Map(detail.clusters.map((cluster) => [cluster.id, cluster.name]));
  return {
    id: 'schools',
    title: 'Schools',
    columns: [
      { id: 'name', title: 'School', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'arm', title: 'Arm', kind: 'text' },
      { id: 'phase', title: 'Phase', kind: 'text' },
      { id: 'pupils', title: 'Pupils', kind: 'integer' },
      { id: 'disadvantaged', title: 'Disadvantaged pupils', kind: 'percent', digits: 0 },
    ],
    rows: detail.schools.map((school) => [
      school.name,
      school.cluster === null ? null : (clusters.get(school.cluster) ?? school.cluster),
      arms.get(school.arm) ?? school.arm,
      school.phase,
      school.pupils,
      school.disadvantaged,
    ]),
    notes: [],
  };
}

export function ClusterTable({ detail }: { detail: StudyDetail }) {
  const table = useMemo(() => clusterTable(detail), [detail]);
  return <Roster detail={detail} table={table} pageSize={10} />;
}

export function SchoolTable({ detail }: { detail: StudyDetail }) {
  const table = useMemo(() => schoolTable(detail), [detail]);
  return <Roster detail={detail} table={table} pageSize={20} />;
}

function Roster({ detail, table, pageSize }: { detail: StudyDetail; table: Table; pageSize: number }) {
  const { study } = detail;
  return (
    <section aria-labelledby={table.id}>
      <h2 id={table.id}>{table.title}</h2>
      <div className="card">
        <DataTable
          table={table}
          searchable
          quietTitle
          pageSize={pageSize}
          file={fileName([study.id, table.id, ...(study.simulated ? ['simulated'] : [])], 'csv')}
        />
      </div>
    </section>
  );
}
