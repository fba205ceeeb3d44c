/** Asks for the reason of an amendment, with old and new side by side. Used for administrations, their state, and waves. */
import { type ReactNode, useState } from 'react';
import { formatDay } from '../../shared/format.ts';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { TextArea } from '../parts/form.tsx';

export interface Amended {
  readonly what: string;
  readonly old: string;
  readonly new: string;
}

interface AmendmentProps {
  readonly title: string;
  readonly confirm: string;
  readonly changes: readonly Amended[];
  readonly children?: ReactNode;
  readonly act: (reason: string | undefined) => Promise<unknown>;
  readonly close: () => void;
}

export function AmendmentDialog({ title, confirm, changes, children, act, close }: AmendmentProps) {
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog title={title} confirm={confirm} act={() => act(reason.trim() || undefined)} close={close}>
      <Changes changes={changes} />
      {children}
      <p>This comes after the start, so it is an amendment. The log keeps it for good, and reports cite it.</p>
      <TextArea
        label="Reason"
        name="reason"
        rows={3}
        value={reason}
        onChange={setReason}
        hint="For readers of the report: what made it necessary."
      />
    </ConfirmDialog>
  );
}

/** Days as the log keeps them are read as days. */
const inWords = (value: string) => (/^\d{4}-\d\d-\d\d$/.test(value) ? formatDay(value) : value);

export function Changes({ changes }: { changes: readonly Amended[] }) {
  return (
    <dl className="changes">
      {changes.map((change) => (
        <div key={change.what}>
          <dt>{change.what.charAt(0).toUpperCase() + change.what.slice(1)}</dt>
          <dd>
            <del>
              <span className="visually-hidden">from </span>
              {inWords(change.old)}
            </del>{' '}
            <span aria-hidden="true">→</span>{' '}
            <ins>
              <span className="visually-hidden">to </span>
              {inWords(change.new)}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
