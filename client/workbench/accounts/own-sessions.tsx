/** Where one is signed in, and ending that; part of the page of one's own account. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { endOtherSessions, endSession, type ListedSession, listSessions } from '../../shared/api.ts';
import { counted, formatInstant } from '../../shared/format.ts';
import { ownSessionsKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Loaded } from '../parts/loaded.tsx';

export function OwnSessions() {
  const client = useQueryClient();
  const query = useQuery({ queryKey: ownSessionsKey, queryFn: listSessions });
  const refresh = () => client.invalidateQueries({ queryKey: ownSessionsKey });
  const endAll = async () => {
    const { ended } = await endOtherSessions();
    announce(`${counted(ended, 'session')} ended.`);
    await refresh();
  };
  return (
    <section aria-labelledby="own-sessions">
      <h2 id="own-sessions">Where you are signed in</h2>
      <Loaded query={query} what="your sessions">
        {({ sessions }) => (
          <>
            <ul className="card list">
              {sessions.map((session) => (
                <li key={session.id} className="list-row">
                  <div className="list-main">
                    <p className="list-title">
                      {session.device} {session.current && <span className="mark">This one</span>}
                    </p>
                    <p className="soft">{wordsOf(session)}</p>
                  </div>
                  {!session.current && (
                    <ActionButton
                      act={async () => {
                        await endSession(session.id);
                        announce('The session has ended.');
                        await refresh();
                      }}
                    >
                      Sign out<span className="visually-hidden"> {session.device}</span>
                    </ActionButton>
                  )}
                </li>
              ))}
            </ul>
            {sessions.length > 1 && <ActionButton act={endAll}>Sign out everywhere else</ActionButton>}
          </>
        )}
      </Loaded>
    </section>
  );
}

function wordsOf({ address, openedAt, lastUsedAt }: ListedSession): string {
  return [
    ...(openedAt ? [`Since ${formatInstant(openedAt)}`] : []),
    ...(lastUsedAt ? [`last used ${formatInstant(lastUsedAt)}`] : []),
    ...(address ? [`from ${address}`] : []),
  ].join(', ');
}
