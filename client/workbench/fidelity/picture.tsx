/** The picture: clusters and their schools by component in one cycle, as a table with shades; each score leads to its events. */
import { useEffect, useRef } from 'react';
import type { PlaceFidelity } from '../../../analysis/process/picture.ts';
import type { Fidelity } from '../../shared/fidelity-api.ts';
import { formatDays, formatNumber, formatPercent, noFigure } from '../../shared/format.ts';
import { Select } from '../parts/form.tsx';
import { Empty } from '../parts/loaded.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { Events } from './events.tsx';
import { FidelityPart } from './fidelity.tsx';
import { formatScore, Heat, HeatLegend } from './heat.tsx';

export function PicturePart() {
  return <FidelityPart title="Picture">{(fidelity) => <Picture fidelity={fidelity} />}</FidelityPart>;
}

function Picture({ fidelity }: { fidelity: Fidelity }) {
  const [search, change] = useSearch();
  const { cycles, components, clusters, schools, model, today } = fidelity;
  const running = cycles.find(({ from, to }) => from <= today && today <= to) ?? cycles.at(-1);
  const cycle = cycles.find(({ id }) => id === search.get('cycle')) ?? running;
  const inProgramme = clusters.filter(({ programme }) => programme);
  const cluster = inProgramme.find(({ id }) => id === search.get('cluster')) ?? null;
  const alone = schools.filter((school) => school.programme && !clusters.some(({ id }) => id === school.cluster));
  const rows = cluster
    ? [cluster, ...schools.filter((school) => school.cluster === cluster.id)]
    : [...inProgramme, ...alone];
  const shown = components.filter((component) => cycle !== undefined && component.cycles.includes(cycle.id));
  const [place, component] = [search.get('place'), search.get('component')];
  const open = rows.find(({ id }) => id === place);
  const ofComponent = shown.find(({ id }) => id === component);
  if (!cycle) return <Empty title="No cycle has days that can be told in this study" />;
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">What to show</legend>
        <Select
          label="Cycle"
          name="cycle"
          value={cycle.id}
          onChange={(value) => change((next) => setFilter(next, 'cycle', value))}
          options={cycles.map(({ id, title }) => ({ value: id, title }))}
        />
        <Select
          label="Places"
          name="cluster"
          value={cluster?.id ?? ''}
          onChange={(value) =>
            change((next) => {
              setFilter(next, 'cluster', value);
              setFilter(next, 'place', '');
            })
          }
          options={[
            { value: '', title: 'All clusters' },
            ...inProgramme.map(({ id, name }) => ({ value: id, title: `${name} and its schools` })),
          ]}
        />
        <p className="soft filters-note">
          {formatDays(cycle.from, cycle.to)}. {model.title}, version {model.version}, {model.state}.
        </p>
      </fieldset>
      <HeatLegend />
      {fidelity.withheld && (
        <p className="soft">Scores of too few people are withheld, and are no part of the index.</p>
      )}
      {rows.length === 0 ? (
        <Empty title="No cluster to show" />
      ) : (
        <ScrollRegion label="Scores by place and component">
          <table className="heat-table">
            <caption className="visually-hidden">Scores from 0 to 1 in the {cycle.title.toLowerCase()}</caption>
            <thead>
              <tr>
                <th scope="col">{cluster ? 'Cluster and schools' : 'Cluster'}</th>
                <th scope="col" className="number">
                  Index
                </th>
                {shown.map(({ id, title, core }) => (
                  <th key={id} scope="col" className="heat-head">
                    {title}
                    {core && <small> core</small>}
                  </th>
                ))}
                <th scope="col">Complied</th>
                <th scope="col" className="number">
                  Known
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row
                  key={`${row.level} ${row.id}`}
                  row={row}
                  cycle={cycle.id}
                  components={shown}
                  open={(id) =>
                    change((next) => {
                      setFilter(next, 'place', row.id);
                      setFilter(next, 'component', id);
                    })
                  }
                  enter={
                    row.level === 'cluster' && !cluster
                      ? () => change((next) => setFilter(next, 'cluster', row.id))
                      : undefined
                  }
                />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {open && ofComponent && (
        <Behind key={`${open.id} ${ofComponent.id}`}>
          <Events fidelity={fidelity} place={open} component={ofComponent} cycle={cycle.id} />
        </Behind>
      )}
    </>
  );
}

/** What a score stands on comes below the table: the focus goes there when it is opened. */
function Behind({ children }: { children: React.ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div ref={box} tabIndex={-1} className="heat-behind">
      {children}
    </div>
  );
}

interface RowProps {
  readonly row: PlaceFidelity;
  readonly cycle: string;
  readonly components: Fidelity['components'];
  readonly open: (component: string) => void;
  readonly enter: (() => void) | undefined;
}

function Row({ row, cycle, components, open, enter }: RowProps) {
  const index = row.byCycle.find((one) => one.cycle === cycle)?.index ?? null;
  const { complied } = row.compliance;
  return (
    <tr className={row.level === 'school' ? 'heat-school' : ''}>
      <th scope="row">
        {enter ? (
          <button type="button" className="heat-enter" onClick={enter}>
            {row.name}
            <span className="visually-hidden">: show its schools</span>
          </button>
        ) : (
          row.name
        )}
      </th>
      <td className="number">{index === null ? noFigure : formatScore(index)}</td>
      {components.map(({ id, title, level }) => {
        const cell = row.cells.find((one) => one.component === id && one.cycle === cycle);
        // Of people's answers nothing is shown one by one.
        const leads = level !== 'person' && cell !== undefined && cell.n > 0;
        return (
          <Heat key={id} cell={cell} label={`${row.name}, ${title}`} {...(leads ? { open: () => open(id) } : {})} />
        );
      })}
      <td>{complied === null ? noFigure : complied === 1 ? 'yes' : 'no'}</td>
      <td className="number">{formatPercent(row.share) || formatNumber(null)}</td>
    </tr>
  );
}
