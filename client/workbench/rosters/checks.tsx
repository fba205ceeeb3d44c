/** Where the roster does not fit the design of the study. */
import { useQuery } from '@tanstack/react-query';
import { usualClusterSize } from '../../../instruments/study.ts';
import { getRosterChecks } from '../../shared/api.ts';
import { counted } from '../../shared/format.ts';
import { rosterKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Part } from '../parts/page.tsx';
import { AsAtPicker, useAsAt, useRosterStudy } from './rosters.tsx';

export function ChecksPart() {
  const { study } = useRosterStudy();
  const [asAt] = useAsAt();
  const { least, most } = study.clusterSize ?? usualClusterSize;
  const query = useQuery({
    queryKey: [...rosterKey(study.id), 'checks', asAt],
    queryFn: () => getRosterChecks(study.id, asAt),
  });
  return (
    <Part title="Checks" of={`Rosters of ${study.title}`}>
      <p className="soft measure">
        A cluster should have {least} to {most} schools and an Improvement Champion, and every school should be in an
        arm. These are warnings: nothing is stopped by them.
      </p>
      <AsAtPicker />
      <Loaded query={query} what="the checks">
        {({ warnings }) =>
          warnings.length === 0 ? (
            <Empty title="The roster fits the design" />
          ) : (
            <>
              <p role="status">{counted(warnings.length, 'warning')}</p>
              <ul className="card list">
                {warnings.map(({ code, kind, id, message }) => (
                  <li key={`${code} ${kind} ${id}`} className="list-row">
                    <p className="list-main">{message}</p>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </Part>
  );
}
