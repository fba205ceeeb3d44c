/** Somebody who was invited and has not accepted yet: the link to copy, until when, and sending another one. */
import type { PendingLink } from '../../shared/api.ts';
import { formatInstant } from '../../shared/format.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { CopyButton } from '../parts/copy-button.tsx';

export function InvitedMark() {
  return <span className="mark mark-planned">Invited</span>;
}

interface Props {
  readonly person: { readonly name: string; readonly invitation: PendingLink | null };
  readonly again: () => Promise<unknown>;
}

export function PendingInvitation({ person: { name, invitation }, again }: Props) {
  const send = async () => {
    await again();
    announce(`A new link for ${name} has been made. The former works no more.`);
  };
  return (
    <>
      <p className="soft">
        {invitation ? `The link works until ${formatInstant(invitation.expiresAt)}.` : 'The link is too old.'}
      </p>
      <p className="buttons">
        {invitation && <CopyButton text={invitation.url} what={`link for ${name}`} />}
        <ActionButton act={send}>
          Send a new link<span className="visually-hidden"> to {name}</span>
        </ActionButton>
      </p>
    </>
  );
}
