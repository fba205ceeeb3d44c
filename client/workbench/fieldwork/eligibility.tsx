/** Marks a person as ineligible, with the reason, or takes the mark back. Opened from the link list. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type IneligibleReason,
  type InvitationRow,
  ineligibleReasons,
  markEligible,
  markIneligible,
} from '../../shared/api.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Select } from '../parts/form.tsx';
import { useFieldwork } from './administration.tsx';

export const reasonTitles: Readonly<Record<IneligibleReason, string>> = {
  'left-school': 'Left the school',
  'wrong-role': 'Has another role',
  'on-leave': 'On leave',
  other: 'Another reason',
};

interface EligibilityProps {
  readonly row: InvitationRow;
  readonly name: string;
  readonly close: () => void;
  readonly refreshKey: readonly unknown[];
}

export function EligibilityDialog({ row, name, close, refreshKey }: EligibilityProps) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const [reason, setReason] = useState<IneligibleReason>('left-school');
  const again = row.state === 'ineligible';
  return (
    <ConfirmDialog
      title={again ? `Ask ${name} again?` : `Is ${name} ineligible?`}
      confirm={again ? 'Ask again' : 'Mark as ineligible'}
      close={close}
      act={async () => {
        if (again) await markEligible(detail.study.id, administration.id, row.id);
        else await markIneligible(detail.study.id, administration.id, row.id, reason);
        announce(again ? 'The person is asked again.' : 'The person is marked as ineligible.');
        await client.invalidateQueries({ queryKey: refreshKey });
      }}
    >
      {again ? (
        <p>The link takes answers again, and the person counts in the response rates.</p>
      ) : (
        <>
          <p>
            Ineligible people do not count in the response rates, and their link takes no answers. The mark can be taken
            back.
          </p>
          <Select
            label="Why"
            name="reason"
            value={reason}
            onChange={(value) => setReason(ineligibleReasons.find((one) => one === value) ?? 'other')}
            options={ineligibleReasons.map((one) => ({ value: one, title: reasonTitles[one] }))}
          />
        </>
      )}
    </ConfirmDialog>
  );
}
