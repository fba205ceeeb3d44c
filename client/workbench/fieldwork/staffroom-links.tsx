/** Staffroom links of the schools that the filters show: making them, and the sheets to print for staffrooms. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '../../../instruments/study.ts';
import type { InvitationFilter } from '../../shared/api.ts';
import { counted } from '../../shared/format.ts';
import { makeSharedLinks, sheetsUrl, type Whom } from '../../shared/messages-api.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { useMay } from '../session.tsx';
import { useFieldwork } from './administration.tsx';

export function StaffroomLinks({ filter, refreshKey }: { filter: InvitationFilter; refreshKey: readonly unknown[] }) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const mayManage = useMay('invitation.manage', detail.study.id);
  const [asking, setAsking] = useState(false);
  const { cluster, school, role } = filter;
  const which: Omit<Whom, 'arm'> = {
    ...(cluster ? { cluster } : {}),
    ...(school ? { school } : {}),
    ...(role ? { role: role as Role } : {}),
  };
  const narrowed = Object.keys(which).length > 0;
  return (
    <details className="measure">
      <summary>Staffroom links and QR sheets</summary>
      <p>
        One link for each school and role, to hang up in the staffroom: a printed page says what the survey is, until
        when, and how to open it. {narrowed ? 'For the schools and roles that the filters show.' : 'For all schools.'}
      </p>
      <p className="row-steps row-steps-wrap">
        {mayManage && (
          <button type="button" className="button" onClick={() => setAsking(true)}>
            Make staffroom links…
          </button>
        )}
        <a className="button" href={sheetsUrl(detail.study.id, administration.id, 'pdf', which)} download>
          Print QR sheets (PDF)
        </a>
        <a
          className="button"
          href={sheetsUrl(detail.study.id, administration.id, 'html', which)}
          target="_blank"
          rel="noreferrer"
        >
          Sheets in the browser<span className="visually-hidden"> (opens a new tab)</span>
        </a>
      </p>
      {asking && (
        <ConfirmDialog
          title={narrowed ? 'Make staffroom links for what the filters show?' : 'Make staffroom links for all schools?'}
          confirm="Make the links"
          close={() => setAsking(false)}
          act={async () => {
            const { made } = await makeSharedLinks(detail.study.id, administration.id, which);
            announce(made === 0 ? 'All links were there already.' : `${counted(made, 'link')} made.`);
            await client.invalidateQueries({ queryKey: refreshKey });
          }}
        >
          <p>
            Everybody of a role at a school answers through the same link. Nobody can tell who has answered, and nobody
            can be reminded in person. Links that are there stay as they are.
          </p>
        </ConfirmDialog>
      )}
    </details>
  );
}
