/** Where fidelity falls behind: places of the programme with the lowest index. Used by the overview. */
import { Link } from 'react-router';
import { counted, formatNumber, formatPercent } from '../../shared/format.ts';
import type { LowPlace, Overview } from '../../shared/overview-api.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';

type Fidelity = NonNullable<Overview['fidelity']>;

export function FidelityBehind({ fidelity, study }: { fidelity: Fidelity; study: string }) {
  const { clusters, schools, late, model, withheld } = fidelity;
  const base = `/studies/${study}/fidelity`;
  return (
    <section aria-labelledby="fidelity">
      <h2 id="fidelity">Fidelity</h2>
      <p className="measure">
        By version {model.version} of the model, {model.state}. <Link to={base}>The whole picture</Link>.{' '}
        {late === 0 ? (
          'No event is late.'
        ) : (
          <>
            <Link to={`${base}/late`}>{counted(late, 'late event')}</Link> so far.
          </>
        )}
      </p>
      {clusters.length + schools.length === 0 && (
        <p>No place has an index yet: too little of what is due has a score.</p>
      )}
      <div className="overview-pair">
        <LowPlaces kind="Clusters" places={clusters} />
        <LowPlaces kind="Schools" places={schools} />
      </div>
      {withheld && <p className="soft">Scores of too few people are left out.</p>}
    </section>
  );
}

function LowPlaces({ kind, places }: { kind: 'Clusters' | 'Schools'; places: readonly LowPlace[] }) {
  if (places.length === 0) return null;
  const title = `${kind} with the lowest index`;
  return (
    <div>
      <h3>{title}</h3>
      <ScrollRegion label={title}>
        <table>
          <caption className="visually-hidden">{title}, the lowest first</caption>
          <thead>
            <tr>
              <th scope="col">{kind === 'Clusters' ? 'Cluster' : 'School'}</th>
              <th scope="col" className="number">
                Index
              </th>
              <th scope="col" className="number">
                Late events
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ id, name, index, late }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td className="number">{formatPercent(index)}</td>
                <td className="number">{formatNumber(late)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
