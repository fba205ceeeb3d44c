/** What was sent to whom by filter, and what is planned; a plan can be cancelled until it begins. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { roleTitles } from '../../../instruments/study.ts';
import { counted, formatInstant, noFigure } from '../../shared/format.ts';
import { cancelMailing, listMailings, type MailingRow, type Whom } from '../../shared/messages-api.ts';
import { type Fieldwork, useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { useMay } from '../session.tsx';
import { kindTitles, mailingTitles } from './words.ts';

const refreshMs = 5000;

export function Mailings() {
  const fieldwork = useFieldwork();
  const { administration, detail } = fieldwork;
  const { study } = detail;
  const client = useQueryClient();
  const maySend = useMay('message.send', study.id);
  const [leaving, setLeaving] = useState<MailingRow | null>(null);
  const key = administrationKey(study.id, administration.id);
  const query = useQuery({
    queryKey: [...key, 'mailings'],
    queryFn: () => listMailings(study.id, administration.id),
    refetchInterval: refreshMs,
  });
  const done = query.data?.mailings.filter(({ state }) => state === 'done').length ?? 0;
  // Whom the next mailing reaches follows from what has gone out.
  useEffect(() => {
    if (done === 0) return;
    void client.invalidateQueries({ queryKey: [...administrationKey(study.id, administration.id), 'reach'] });
  }, [done, client, study.id, administration.id]);
  return (
    <section aria-labelledby="mailings">
      <h3 id="mailings">Sent and planned</h3>
      <Loaded query={query} what="what is planned">
        {({ mailings }) =>
          mailings.length === 0 ? (
            <p className="soft">Nothing has been sent or planned here yet.</p>
          ) : (
            <div className="card">
              <ScrollRegion label="Sent and planned">
                <table>
                  <caption className="visually-hidden">What was sent, and what is planned</caption>
                  <thead>
                    <tr>
                      <th scope="col">What</th>
                      <th scope="col">To</th>
                      <th scope="col">When</th>
                      <th scope="col">State</th>
                      {maySend && <th scope="col">Change</th>}
                    </tr>
                  </thead>
                  <tbody>
                    {mailings.map((mailing) => (
                      <tr key={mailing.id}>
                        <th scope="row">{kindTitles[mailing.kind]}s</th>
                        <td className="text">{whomInWords(mailing.whom, fieldwork)}</td>
                        <td className="text">{formatInstant(mailing.sendAt, study.timeZone)}</td>
                        <td>
                          {mailingTitles[mailing.state]}
                          {mailing.queued !== null && (
                            <small className="soft"> ({counted(mailing.queued, 'message')})</small>
                          )}
                        </td>
                        {maySend && (
                          <td>
                            {mailing.state === 'planned' ? (
                              <button type="button" className="button button-small" onClick={() => setLeaving(mailing)}>
                                Cancel
                                <span className="visually-hidden">
                                  {' '}
                                  the {kindTitles[mailing.kind].toLocaleLowerCase('en-GB')}s of{' '}
                                  {formatInstant(mailing.sendAt, study.timeZone)}
                                </span>
                              </button>
                            ) : (
                              <span className="soft">{noFigure}</span>
                            )}
                          </td>
                        )}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </ScrollRegion>
            </div>
          )
        }
      </Loaded>
      {leaving && (
        <ConfirmDialog
          title="Cancel what is planned?"
          confirm="Cancel it"
          danger
          close={() => setLeaving(null)}
          act={async () => {
            await cancelMailing(study.id, administration.id, leaving.id);
            announce('It has been cancelled.');
            await client.invalidateQueries({ queryKey: [...key, 'mailings'] });
          }}
        >
          <p>Nothing of it goes out. What has been sent before stays as it is.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function whomInWords({ arm, cluster, school, role }: Whom, { detail }: Fieldwork): string {
  const parts = [
    arm && (detail.study.arms.find(({ id }) => id === arm)?.title ?? arm),
    cluster && (detail.clusters.find(({ id }) => id === cluster)?.name ?? cluster),
    school && (detail.schools.find(({ id }) => id === school)?.name ?? school),
    role && `${roleTitles[role]}s`,
  ].filter(Boolean);
  return parts.length === 0 ? 'Everybody' : parts.join(', ');
}
