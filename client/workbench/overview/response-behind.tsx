/** How response stands: administrations in the field against their pace and a week ago, and the slowest places. Used by the overview. */
import { Link } from 'react-router';
import { counted, formatDay, formatNumber, formatPercent } from '../../shared/format.ts';
import type { FieldRow, Overview, SlowPlace } from '../../shared/overview-api.ts';
import { RateBar } from '../parts/marks.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';

type Response = NonNullable<Overview['response']>;

export function ResponseBehind({ response, study }: { response: Response; study: string }) {
  const { administrations, clusters, schools, withheld } = response;
  const titles = new Map(administrations.map(({ id, title }) => [id, title]));
  return (
    <section aria-labelledby="response">
      <h2 id="response">Response</h2>
      {administrations.length === 0 ? (
        <p>No survey is in the field today.</p>
      ) : (
        <>
          <p className="measure soft">
            Pace is the share of an administration’s days that are over: one that keeps it has everybody’s answer on its
            last day. Furthest behind first.
          </p>
          <ScrollRegion label="Surveys in the field">
            <table>
              <caption className="visually-hidden">Surveys in the field, furthest behind first</caption>
              <thead>
                <tr>
                  <th scope="col">Survey</th>
                  <th scope="col">Answered</th>
                  <th scope="col" className="number">
                    Pace
                  </th>
                  <th scope="col" className="number">
                    New in 7 days
                  </th>
                  <th scope="col">Day</th>
                </tr>
              </thead>
              <tbody>
                {administrations.map((row) => (
                  <Row key={row.id} row={row} study={study} />
                ))}
              </tbody>
            </table>
          </ScrollRegion>
          <div className="overview-pair">
            <SlowPlaces kind="Clusters" places={clusters} titles={titles} />
            <SlowPlaces kind="Schools" places={schools} titles={titles} />
          </div>
          {withheld && (
            <p className="soft">
              Places of too few people to be shown, and others that would tell of them, are left out.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Row({ row, study }: { row: FieldRow; study: string }) {
  const { id, title, wave, closes, paused, day, days, pace, eligible, responded, rate, weekAgo } = row;
  const gained = responded === null || weekAgo === null ? null : responded - weekAgo;
  return (
    <tr>
      <th scope="row">
        <Link to={`/studies/${study}/administrations/${id}`}>{title}</Link>
        <br />
        <small className="soft">{wave}</small>
        {paused && <span className="mark mark-paused">Paused</span>}
      </th>
      <td>
        {eligible === null || responded === null ? (
          <span className="soft">not shown: too few people</span>
        ) : (
          <>
            <RateBar responded={responded} invited={eligible} />
            <small className="soft">
              {formatNumber(responded)} of {formatNumber(eligible)}
            </small>
            <br />
            <small>{standing(rate, pace)}</small>
          </>
        )}
      </td>
      <td className="number">{formatPercent(pace)}</td>
      <td className="number">{gained === null ? <span className="soft">not told</span> : formatNumber(gained)}</td>
      <td>
        {formatNumber(day)} of {formatNumber(days)}
        <br />
        <small className="soft">closes {formatDay(closes, 'short')}</small>
      </td>
    </tr>
  );
}

/** In points of a hundred. */
function standing(rate: number | null, pace: number) {
  if (rate === null) return '';
  const points = Math.round((rate - pace) * 100);
  if (points >= 0) return points === 0 ? 'on pace' : `${counted(points, 'point')} ahead`;
  return <strong className="overview-behind">{counted(-points, 'point')} behind</strong>;
}

interface SlowProps {
  readonly kind: 'Clusters' | 'Schools';
  readonly places: readonly SlowPlace[];
  readonly titles: ReadonlyMap<string, string>;
}

function SlowPlaces({ kind, places, titles }: SlowProps) {
  if (places.length === 0) return null;
  const title = `${kind} with the fewest answers`;
  return (
    <div>
      <h3>{title}</h3>
      <ScrollRegion label={title}>
        <table>
          <caption className="visually-hidden">{title}, the smallest share first</caption>
          <thead>
            <tr>
              <th scope="col">{kind === 'Clusters' ? 'Cluster' : 'School'}</th>
              <th scope="col">Answered</th>
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={`${place.administration} ${place.id}`}>
                <th scope="row">
                  {place.title}
                  <br />
                  <small className="soft">{titles.get(place.administration) ?? place.administration}</small>
                </th>
                <td>
                  <RateBar responded={place.responded} invited={place.eligible} />
                  <small className="soft">
                    {formatNumber(place.responded)} of {formatNumber(place.eligible)}
                  </small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}
