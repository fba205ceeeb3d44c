/** The rows of the link list, and what can be done with each link. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { roleTitles } from '../../../instruments/study.ts';
import { type InvitationRow, type InvitationState, reissueInvitation, revokeInvitation } from '../../shared/api.ts';
import { noFigure } from '../../shared/format.ts';
import { announce } from '../parts/announce.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { useMay } from '../session.tsx';
import { useFieldwork } from './administration.tsx';
import { EligibilityDialog, reasonTitles } from './eligibility.tsx';

export const linkStateTitles: Readonly<Record<InvitationState, string>> = {
  open: 'Not opened',
  opened: 'Opened',
  responded: 'Responded',
  declined: 'Declined',
  ineligible: 'Ineligible',
  withdrawn: 'Person withdrew',
  revoked: 'Withdrawn',
};

interface Step {
  readonly kind: 'revoke' | 'reissue' | 'ineligible' | 'eligible';
  readonly row: InvitationRow;
}

export function LinkTable(props: { invitations: readonly InvitationRow[]; refreshKey: readonly unknown[] }) {
  const { detail } = useFieldwork();
  const mayManage = useMay('invitation.manage', detail.study.id);
  const [step, setStep] = useState<Step | null>(null);
  const clusters = new Map(detail.clusters.map((cluster) => [cluster.id, cluster.name]));
  return (
    <>
      <ScrollRegion label="Links">
        <table>
          <caption className="visually-hidden">Links of this administration</caption>
          <thead>
            <tr>
              <th scope="col">For</th>
              <th scope="col">School</th>
              <th scope="col">Cluster</th>
              <th scope="col">State</th>
              <th scope="col">Link</th>
              {mayManage && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            {props.invitations.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {roleTitles[row.role]}
                  <br />
                  <small className="soft">{row.shared ? 'Staffroom link, for many' : nameOf(row)}</small>
                </th>
                <td className="text">{row.schoolName ?? row.school ?? noFigure}</td>
                <td className="text">{row.cluster === null ? noFigure : (clusters.get(row.cluster) ?? row.cluster)}</td>
                <td>
                  <span className={`mark mark-link-${row.state}`}>{linkStateTitles[row.state]}</span>
                  {row.reason && <small className="soft"> {reasonTitles[row.reason]}</small>}
                </td>
                <td>
                  {row.url === null ? (
                    <span className="soft">{noFigure}</span>
                  ) : (
                    <CopyButton text={row.url} what={`link of ${nameOf(row)}`} />
                  )}
                </td>
                {mayManage && (
                  <td>
                    <RowSteps row={row} choose={setStep} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {step && (step.kind === 'revoke' || step.kind === 'reissue') && (
        <StepDialog
          step={{ kind: step.kind, row: step.row }}
          close={() => setStep(null)}
          refreshKey={props.refreshKey}
        />
      )}
      {step && (step.kind === 'ineligible' || step.kind === 'eligible') && (
        <EligibilityDialog
          row={step.row}
          name={nameOf(step.row)}
          close={() => setStep(null)}
          refreshKey={props.refreshKey}
        />
      )}
    </>
  );
}

/** A staffroom's link is named after its school and role, so that its buttons can be told apart. */
const nameOf = (row: InvitationRow) =>
  row.shared
    ? `${row.schoolName ?? row.school ?? ''}, ${roleTitles[row.role].toLocaleLowerCase('en-GB')}s`
    : (row.person ?? row.schoolName ?? row.cluster ?? row.id);

/** Nothing can be changed once answers have come through a link. */
function RowSteps({ row, choose }: { row: InvitationRow; choose: (step: Step) => void }) {
  if (row.state === 'responded' || row.state === 'withdrawn') return <span className="soft">{noFigure}</span>;
  if (row.state === 'ineligible') {
    return (
      <button type="button" className="button button-small" onClick={() => choose({ kind: 'eligible', row })}>
        Ask again<span className="visually-hidden">: {nameOf(row)}</span>
      </button>
    );
  }
  return (
    <span className="row-steps">
      {row.state !== 'revoked' && (
        <button type="button" className="button button-small" onClick={() => choose({ kind: 'revoke', row })}>
          Withdraw<span className="visually-hidden"> the link of {nameOf(row)}</span>
        </button>
      )}
      <button type="button" className="button button-small" onClick={() => choose({ kind: 'reissue', row })}>
        New link<span className="visually-hidden"> for {nameOf(row)}</span>
      </button>
      <button type="button" className="button button-small" onClick={() => choose({ kind: 'ineligible', row })}>
        Ineligible<span className="visually-hidden">: {nameOf(row)}</span>
      </button>
    </span>
  );
}

function StepDialog(props: {
  step: Step & { kind: 'revoke' | 'reissue' };
  close: () => void;
  refreshKey: readonly unknown[];
}) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const { kind, row } = props.step;
  const revoking = kind === 'revoke';
  return (
    <ConfirmDialog
      title={revoking ? `Withdraw the link of ${nameOf(row)}?` : `Make a new link for ${nameOf(row)}?`}
      confirm={revoking ? 'Withdraw the link' : 'Make a new link'}
      danger={revoking}
      close={props.close}
      act={async () => {
        const act = revoking ? revokeInvitation : reissueInvitation;
        await act(detail.study.id, administration.id, row.id);
        announce(revoking ? 'The link has been withdrawn.' : 'There is a new link.');
        await client.invalidateQueries({ queryKey: props.refreshKey });
      }}
    >
      <p>
        {revoking
          ? 'Whoever opens it is told that it has been withdrawn. A new link can be made later.'
          : 'The former link stops working at once. Copy the new one and pass it on.'}
      </p>
    </ConfirmDialog>
  );
}
