/** /accounts: who may sign in; only for administrators. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type AccountRole,
  inviteAccount,
  inviteAccountAgain,
  type ListedAccount,
  listAccounts,
  removeAccount,
  resetSecondFactor,
} from '../../shared/api.ts';
import { accountsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Choice, Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay, useSessionQuery } from '../session.tsx';
import { InvitedMark, PendingInvitation } from './pending.tsx';
import { roleTexts, roleTitles } from './roles.ts';

export function AccountsPage() {
  const mayManage = useMay('account.manage');
  return (
    <Page title="Accounts" lead={<p>People who may sign in to this workbench, and what they may do.</p>}>
      {mayManage ? (
        <Accounts />
      ) : (
        <NotYours title="Accounts are managed by administrators">
          Only they see who else may sign in, invite people and remove accounts. What is yours stands under Your
          account, in the menu at the top right.
        </NotYours>
      )}
    </Page>
  );
}

function Accounts() {
  const query = useQuery({ queryKey: accountsKey, queryFn: listAccounts });
  return (
    <Loaded query={query} what="the accounts">
      {({ accounts }) => (
        <>
          <AccountList accounts={accounts} />
          <Invite />
        </>
      )}
    </Loaded>
  );
}

interface Step {
  readonly kind: 'remove' | 'second-factor';
  readonly account: ListedAccount;
}

function AccountList({ accounts }: { accounts: readonly ListedAccount[] }) {
  const client = useQueryClient();
  const { data: session } = useSessionQuery();
  const [step, setStep] = useState<Step | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: accountsKey });
  return (
    <section aria-labelledby="account-list">
      <h2 id="account-list" className="visually-hidden">
        All accounts
      </h2>
      <ul className="card list">
        {accounts.map((account) => (
          <li key={account.id} className="list-row">
            <div className="list-main">
              <p className="list-title">
                {account.name} {account.id === session?.account?.id && <span className="mark">You</span>}{' '}
                {account.state === 'invited' && <InvitedMark />}
              </p>
              <p className="soft">{account.email}</p>
              {account.state === 'invited' && (
                <PendingInvitation
                  person={account}
                  again={async () => {
                    await inviteAccountAgain(account.id);
                    await refresh();
                  }}
                />
              )}
            </div>
            <p className="list-side">
              {roleTitles[account.role]}
              {account.secondFactor && <small className="soft"> · two-factor</small>}
            </p>
            <p className="buttons">
              {account.secondFactor && account.id !== session?.account?.id && (
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => setStep({ kind: 'second-factor', account })}
                >
                  Reset two-factor<span className="visually-hidden"> of {account.name}</span>
                </button>
              )}
              {account.id !== session?.account?.id && (
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => setStep({ kind: 'remove', account })}
                >
                  Remove<span className="visually-hidden"> {account.name}</span>
                </button>
              )}
            </p>
          </li>
        ))}
      </ul>
      {step && <StepDialog {...step} close={() => setStep(null)} refresh={refresh} />}
    </section>
  );
}

function StepDialog({ kind, account, close, refresh }: Step & { close: () => void; refresh: () => Promise<unknown> }) {
  if (kind === 'second-factor') {
    return (
      <ConfirmDialog
        title={`Reset the two-factor sign-in of ${account.name}?`}
        confirm="Reset it"
        danger
        close={close}
        act={async () => {
          await resetSecondFactor(account.id);
          announce(`${account.name} signs in by password alone now.`);
          await refresh();
        }}
      >
        <p>
          For somebody who has lost phone and recovery codes. Make sure that it is really them: until they set it up
          again, the password alone signs in.
        </p>
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog
      title={`Remove ${account.name}?`}
      confirm="Remove the account"
      danger
      close={close}
      act={async () => {
        await removeAccount(account.id);
        announce(`The account of ${account.name} has been removed.`);
        await refresh();
      }}
    >
      <p>
        {account.email} is signed out everywhere, loses every role in studies and can no longer sign in. No data of any
        study are touched.
      </p>
    </ConfirmDialog>
  );
}

function Invite() {
  const client = useQueryClient();
  const send = async ({ name = '', email = '', role = 'member' }: Readonly<Record<string, string>>) => {
    await inviteAccount({ name: name.trim(), email: email.trim(), role: role as AccountRole });
    announce(`${name} has been invited.`);
    await client.invalidateQueries({ queryKey: accountsKey });
  };
  const roles = Object.keys(roleTexts) as AccountRole[];
  return (
    <section aria-labelledby="add-account">
      <h2 id="add-account">Invite somebody</h2>
      <div className="card card-narrow">
        <Form submit="Invite" check={check} send={send}>
          {(wrong) => (
            <>
              <Field label="Name" name="name" autoComplete="off" required error={wrong.name ?? null} />
              <Field
                label="E-mail address"
                name="email"
                type="email"
                autoComplete="off"
                required
                hint="A link to choose a password goes to it. You can copy the link, too."
                error={wrong.email ?? null}
              />
              <Choice
                legend="Role in all studies"
                name="role"
                defaultValue="member"
                options={roles.map((role) => ({ value: role, title: roleTitles[role], text: roleTexts[role] }))}
              />
            </>
          )}
        </Form>
      </div>
    </section>
  );
}

function check(values: Readonly<Record<string, string>>): Wrong {
  return {
    ...(values.name?.trim() ? {} : { name: 'Give the name of the person.' }),
    ...(values.email?.includes('@') ? {} : { email: 'Give an e-mail address, like name@example.org.' }),
  };
}
