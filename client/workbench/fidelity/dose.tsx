/** Dose and timeliness: what was planned and what took place, by component, and by school or cluster. */
import type { DoseRow } from '../../../analysis/process/dose.ts';
import type { Table } from '../../../analysis/result.ts';
import type { Fidelity } from '../../shared/fidelity-api.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Select } from '../parts/form.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { FidelityPart, namesOf, useFidelityStudy } from './fidelity.tsx';

export function DosePart() {
  return <FidelityPart title="Dose and timeliness">{(fidelity) => <Dose fidelity={fidelity} />}</FidelityPart>;
}

function Dose({ fidelity }: { fidelity: Fidelity }) {
  const { study } = useFidelityStudy();
  const [search, change] = useSearch();
  const { cycles } = fidelity;
  const cycle = cycles.some(({ id }) => id === search.get('cycle')) ? (search.get('cycle') ?? '') : '';
  const rows = fidelity.dose.filter((row) => cycle === '' || row.cycle === cycle);
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">What to show</legend>
        <Select
          label="Cycle"
          name="cycle"
          value={cycle}
          onChange={(value) => change((next) => setFilter(next, 'cycle', value))}
          options={[{ value: '', title: 'All cycles' }, ...cycles.map(({ id, title }) => ({ value: id, title }))]}
        />
        <p className="soft filters-note">Events that took place by today and count, against those that are planned.</p>
      </fieldset>
      <DataTable table={byComponent(fidelity, rows)} file={`${study.id}-dose-by-component.csv`} />
      <h3>By place</h3>
      <DataTable table={byPlace(fidelity, rows)} file={`${study.id}-dose-by-place.csv`} searchable quietTitle />
    </>
  );
}

const figures = [
  { id: 'planned', title: 'Planned', kind: 'integer' },
  { id: 'received', title: 'Took place', kind: 'integer' },
  { id: 'plannedDays', title: 'Days planned', kind: 'number', digits: 1 },
  { id: 'receivedDays', title: 'Days received', kind: 'number', digits: 1 },
  { id: 'onTime', title: 'On time', kind: 'integer' },
  { id: 'late', title: 'Late', kind: 'integer' },
] as const;

const sumOf = (rows: readonly DoseRow[], of: (row: DoseRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);

function figuresOf(rows: readonly DoseRow[]) {
  const inDays = rows.some(({ plannedDays }) => plannedDays !== null);
  return [
    sumOf(rows, (row) => row.planned),
    sumOf(rows, (row) => row.received),
    inDays ? sumOf(rows, (row) => row.plannedDays ?? 0) : null,
    inDays ? sumOf(rows, (row) => row.receivedDays ?? 0) : null,
    sumOf(rows, (row) => row.onTime),
    sumOf(rows, (row) => row.late),
  ];
}

function byComponent({ components }: Fidelity, rows: readonly DoseRow[]): Table {
  const used = components.filter(({ id }) => rows.some(({ component }) => component === id));
  return {
    id: 'dose-by-component',
    title: 'Planned and received, by component',
    columns: [
      { id: 'component', title: 'Component', kind: 'text' },
      { id: 'reached', title: 'Places reached', kind: 'integer' },
      { id: 'places', title: 'Of', kind: 'integer' },
      ...figures,
    ],
    rows: used.map(({ id, title }) => {
      const own = rows.filter(({ component }) => component === id);
      const places = new Set(own.map(({ place }) => place));
      const reached = new Set(own.filter(({ received }) => received > 0).map(({ place }) => place));
      return [title, reached.size, places.size, ...figuresOf(own)];
    }),
    notes: [],
  };
}

function byPlace(fidelity: Fidelity, rows: readonly DoseRow[]): Table {
  const names = namesOf(fidelity);
  const clusterOf = new Map(fidelity.schools.map(({ id, cluster }) => [id, cluster]));
  const places = new Map<string, DoseRow[]>();
  for (const row of rows) {
    const key = `${row.level} ${row.place}`;
    places.set(key, [...(places.get(key) ?? []), row]);
  }
  return {
    id: 'dose-by-place',
    title: 'Planned and received, by place',
    columns: [
      { id: 'place', title: 'Place', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      ...figures,
    ],
    rows: [...places.values()].map((own) => {
      const { level = 'school', place = '' } = own[0] ?? {};
      const cluster = level === 'cluster' ? place : (clusterOf.get(place) ?? null);
      return [names[level](place), names.cluster(cluster), ...figuresOf(own)];
    }),
    notes: [
      {
        code: 'own-events',
        text: 'A cluster’s row has the events of the cluster, such as training days; those at its schools stand at the schools.',
      },
    ],
  };
}
