/** /accounts: who may sign in; only for administrators. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Account, type AccountRole, addAccount, listAccounts, removeAccount } from '../../shared/api.ts';
import { accountsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Choice, Field, Form, passwordMinimum, passwordRule, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay, useSessionQuery } from '../session.tsx';
import { roleTexts, roleTitles } from './roles.ts';

export function AccountsPage() {
  const mayManage = useMay('account.manage');
  return (
    <Page title="Accounts" lead={<p>People who may sign in to this workbench, and what they may do.</p>}>
      {mayManage ? (
        <Accounts />
      ) : (
        <NotYours title="Accounts are managed by administrators">
          Only they see who else may sign in, add accounts and remove them. Your own password you can change in the menu
          at the top right.
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
          <AddAccount />
        </>
      )}
    </Loaded>
  );
}

function AccountList({ accounts }: { accounts: readonly Account[] }) {
  const client = useQueryClient();
  const { data: session } = useSessionQuery();
  const [leaving, setLeaving] = useState<Account | null>(null);
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
                {account.name} {account.id === session?.account?.id && <span className="mark">You</span>}
              </p>
              <p className="soft">{account.email}</p>
            </div>
            <p className="list-side">{roleTitles[account.role]}</p>
            {account.id !== session?.account?.id && (
              <button type="button" className="button button-small" onClick={() => setLeaving(account)}>
                Remove<span className="visually-hidden"> {account.name}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {leaving && (
        <ConfirmDialog
          title={`Remove ${leaving.name}?`}
          confirm="Remove the account"
          danger
          close={() => setLeaving(null)}
          act={async () => {
            await removeAccount(leaving.id);
            announce(`The account of ${leaving.name} has been removed.`);
            await client.invalidateQueries({ queryKey: accountsKey });
          }}
        >
          <p>{leaving.email} is signed out everywhere and can no longer sign in. No data of any study are touched.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

function AddAccount() {
  const client = useQueryClient();
  const send = async (values: Readonly<Record<string, string>>) => {
    const { name = '', email = '', password = '', role = 'viewer' } = values;
    await addAccount({ name: name.trim(), email: email.trim(), password, role: role as AccountRole });
    announce(`The account of ${name} has been added.`);
    await client.invalidateQueries({ queryKey: accountsKey });
  };
  const roles = Object.keys(roleTexts) as AccountRole[];
  return (
    <section aria-labelledby="add-account">
      <h2 id="add-account">Add an account</h2>
      <div className="card card-narrow">
        <Form submit="Add the account" check={check} send={send}>
          {(wrong) => (
            <>
              <Field label="Name" name="name" autoComplete="off" required error={wrong.name ?? null} />
              <Field
                label="E-mail address"
                name="email"
                type="email"
                autoComplete="off"
                required
                error={wrong.email ?? null}
              />
              <Choice
                legend="Role"
                name="role"
                defaultValue="analyst"
                options={roles.map((role) => ({ value: role, title: roleTitles[role], text: roleTexts[role] }))}
              />
              <Field
                label="First password"
                name="password"
                type="password"
                autoComplete="new-password"
                required
                hint={`${passwordRule} Hand it over in person; it can be changed after signing in.`}
                error={wrong.password ?? null}
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
    ...([...(values.password ?? '')].length >= passwordMinimum
      ? {}
      : { password: `Give at least ${passwordMinimum} characters.` }),
  };
}
