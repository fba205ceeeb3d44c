/** Late events: what was expected by now and nobody has told of, the latest first; for coordinators their own clusters. */
import type { Table } from '../../../analysis/result.ts';
import type { Fidelity } from '../../shared/fidelity-api.ts';
import { formatDay } from '../../shared/format.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty } from '../parts/loaded.tsx';
import { FidelityPart, namesOf, useFidelityStudy } from './fidelity.tsx';

export function LatePart() {
  return <FidelityPart title="Late events">{(fidelity) => <Late fidelity={fidelity} />}</FidelityPart>;
}

function Late({ fidelity }: { fidelity: Fidelity }) {
  const { study } = useFidelityStudy();
  if (fidelity.late.length === 0) {
    return (
      <Empty title="Nothing is late">
        <p>Everything that was expected by {formatDay(fidelity.today)} has been logged.</p>
      </Empty>
    );
  }
  return (
    <>
      <p className="lead">
        Expected by now and not logged. Either it has not taken place, or the log has not come: ask the coordinator.
      </p>
      <DataTable table={tableOf(fidelity)} file={`${study.id}-late-events.csv`} searchable quietTitle />
    </>
  );
}

function tableOf(fidelity: Fidelity): Table {
  const names = namesOf(fidelity);
  const titles = new Map(fidelity.components.map(({ id, title }) => [id, title]));
  const cycles = new Map(fidelity.cycles.map(({ id, title }) => [id, title]));
  const clusterOf = new Map(fidelity.schools.map(({ id, cluster }) => [id, cluster]));
  return {
    id: 'late-events',
    title: 'Late events',
    columns: [
      { id: 'what', title: 'What', kind: 'text' },
      { id: 'late', title: 'Days late', kind: 'integer' },
      { id: 'missing', title: 'Missing', kind: 'integer' },
      { id: 'place', title: 'School', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'due', title: 'Expected by', kind: 'text' },
      { id: 'cycle', title: 'Cycle', kind: 'text' },
    ],
    rows: fidelity.late.map(({ component, level, place, daysLate, missing, due, cycle }) => [
      titles.get(component) ?? component,
      daysLate,
      missing,
      level === 'school' ? names.school(place) : null,
      names.cluster(level === 'cluster' ? place : (clusterOf.get(place) ?? null)),
      due,
      cycles.get(cycle) ?? cycle,
    ]),
    notes: [],
  };
}
