/** The events behind a score: what was logged or observed, whether it counts, and what was found about it. Used by `picture.tsx`. */
import { useQuery } from '@tanstack/react-query';
import type { PlaceFidelity } from '../../../analysis/process/picture.ts';
import { flagTitles } from '../../../analysis/process/quality.ts';
import { evidencePath, type Fidelity, listFidelityEvents } from '../../shared/fidelity-api.ts';
import { formatDay, noFigure } from '../../shared/format.ts';
import { fidelityEventsKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { namesOf, useFidelityStudy } from './fidelity.tsx';

interface EventsProps {
  readonly fidelity: Fidelity;
  readonly place: PlaceFidelity;
  readonly component: Fidelity['components'][number];
  readonly cycle: string;
}

export function Events({ fidelity, place, component, cycle }: EventsProps) {
  const { study } = useFidelityStudy();
  // What is the cluster's own is found at the cluster, whichever school was looked at.
  const asked =
    place.level === 'school' && component.level !== 'cluster'
      ? { component: component.id, cycle, school: place.id }
      : { component: component.id, cycle, cluster: place.level === 'cluster' ? place.id : (place.cluster ?? '') };
  const query = useQuery({
    queryKey: fidelityEventsKey(study.id, JSON.stringify(asked)),
    queryFn: () => listFidelityEvents(study.id, asked),
  });
  const names = namesOf(fidelity);
  return (
    <section aria-labelledby="events-title">
      <h3 id="events-title">
        {component.title}: {place.name}
      </h3>
      <Loaded query={query} what="the events">
        {({ events, more }) =>
          events.length === 0 ? (
            <Empty title="No event was logged" />
          ) : (
            <ScrollRegion label="Events">
              <table>
                <caption className="visually-hidden">Events behind this score</caption>
                <thead>
                  <tr>
                    <th scope="col">Day</th>
                    <th scope="col">School</th>
                    <th scope="col">What was told</th>
                    <th scope="col">Evidence</th>
                    <th scope="col">Counts</th>
                    <th scope="col">Findings</th>
                  </tr>
                </thead>
                <tbody>
                  {events.map((event) => (
                    <tr key={event.id}>
                      <th scope="row">
                        {formatDay(event.day, 'short')}
                        {!event.dated && <small> day sent</small>}
                      </th>
                      <td>{names.school(event.school) || noFigure}</td>
                      <td>
                        <ul className="heat-told">
                          {event.told.map(({ what, said }) => (
                            <li key={what}>
                              <span className="soft">{what}</span> {said ?? noFigure}
                            </li>
                          ))}
                        </ul>
                      </td>
                      <td>
                        {event.evidence.length === 0
                          ? noFigure
                          : event.evidence.map(({ _id, name, bytes }) => (
                              <a key={_id} className="evidence" href={evidencePath(study.id, _id)} download={name}>
                                {name} <small>({sizeOf(bytes)})</small>
                              </a>
                            ))}
                      </td>
                      <td>{event.counts ? 'yes' : 'no'}</td>
                      <td>{event.flags.map(({ kind }) => flagTitles[kind]).join(', ') || noFigure}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {more > 0 && <p className="soft">{more} further events are not shown.</p>}
            </ScrollRegion>
          )
        }
      </Loaded>
    </section>
  );
}

/** Bytes as people read them. */
function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
