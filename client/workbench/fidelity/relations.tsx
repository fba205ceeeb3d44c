/** Fidelity and change: the index of every school against the change of a scale's school mean, with slopes and a warning. */
import { useQuery } from '@tanstack/react-query';
import type { Section } from '../../../analysis/result.ts';
import { getFidelityRelations } from '../../shared/fidelity-api.ts';
import { fidelityRelationsKey } from '../keys.ts';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { SectionView } from '../reports/sections.tsx';
import { useMay } from '../session.tsx';
import { FidelityPart, useFidelityStudy } from './fidelity.tsx';

export function RelationsPart() {
  const { study } = useFidelityStudy();
  const may = useMay('report.read', study.id);
  return (
    <FidelityPart title="Fidelity and change">
      {() =>
        may ? (
          <Relations />
        ) : (
          <NotYours title="What goes with fidelity is for the evaluation team">
            It is made of all clusters; you see your own.
          </NotYours>
        )
      }
    </FidelityPart>
  );
}

function Relations() {
  const { study } = useFidelityStudy();
  const [search, change] = useSearch();
  const { waves } = study;
  // An address that names what the study has not asks for the usual waves.
  const chosen = (name: 'from' | 'to') => waves.findIndex(({ id }) => id === search.get(name));
  const [first, last] = [chosen('from'), chosen('to')];
  const begin = Math.max(first, 0);
  const end = last <= begin ? waves.length - 1 : last;
  const asked = {
    ...(first < 0 ? {} : { from: waves[begin]?.id }),
    ...(last <= begin ? {} : { to: waves[end]?.id }),
  };
  const query = useQuery({
    queryKey: fidelityRelationsKey(study.id, JSON.stringify(asked)),
    queryFn: ({ signal }) => getFidelityRelations(study.id, asked, signal),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  const wave = (label: string, name: 'from' | 'to', at: number, options: typeof waves) => (
    <Select
      label={label}
      name={name}
      value={waves[at]?.id ?? ''}
      onChange={(value) => change((next) => setFilter(next, name, value))}
      options={options.map(({ id, title }) => ({ value: id, title }))}
    />
  );
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">Which waves to compare</legend>
        {wave('Change from', 'from', begin, waves.slice(0, -1))}
        {wave('To', 'to', end, waves.slice(begin + 1))}
      </fieldset>
      <Loaded query={query} what="the figures, which may take half a minute the first time">
        {(relations) =>
          relations === null || relations.sections.length === 0 ? (
            <Empty title="No scale was asked in both waves">
              <p>Change needs the same scale in two waves. Choose other waves, or come back after the next one.</p>
            </Empty>
          ) : (
            <OneScale sections={relations.sections} />
          )
        }
      </Loaded>
    </>
  );
}

function OneScale({ sections }: { sections: readonly Section[] }) {
  const { study } = useFidelityStudy();
  const [search, change] = useSearch();
  const shown =
    sections.find(({ id }) => id === search.get('scale')) ??
    sections.find(({ charts }) => charts.length > 0) ??
    sections[0];
  if (!shown) return null;
  const notes = shown.notes ?? [];
  return (
    <>
      <Select
        label="Scale"
        name="scale"
        value={shown.id}
        onChange={(value) => change((next) => setFilter(next, 'scale', value))}
        options={sections.map(({ id, title, charts }) => ({
          value: id,
          title: charts.length === 0 ? `${title} (no school has enough answers)` : title,
        }))}
      />
      {notes.some(({ code }) => code === warning) && (
        <div className="notice notice-warn">
          <p className="notice-title">Read with care</p>
          {notes
            .filter(({ code }) => code === warning)
            .map(({ text }) => (
              <p key={text}>{text}</p>
            ))}
        </div>
      )}
      <SectionView
        key={shown.id}
        section={{
          ...shown,
          notes: notes.filter(({ code }) => code !== warning),
          // Of no points there is no slope; which schools are left out, and why, is told all the same.
          tables: shown.charts.length > 0 ? shown.tables : shown.tables.filter(({ id }) => !id.endsWith('-slopes')),
        }}
        simulated={study.simulated}
        stem={[study.id]}
        source={`${study.title}: fidelity and change`}
        tables={false}
      />
    </>
  );
}

/** What is said of every figure of this page stands before all of them. */
const warning = 'association';
