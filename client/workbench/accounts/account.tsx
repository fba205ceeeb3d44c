/** /account: one's own account: name, password, second factor, where one is signed in, API tokens. */
import { useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { changeName } from '../../shared/api.ts';
import { sessionKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form } from '../parts/form.tsx';
import { Page } from '../parts/page.tsx';
import { useSessionQuery } from '../session.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { roleTitles } from './roles.ts';
import { SecondFactorSection } from './second-factor.tsx';
import { Tokens } from './tokens.tsx';

export function AccountPage() {
  const client = useQueryClient();
  const account = useSessionQuery().data?.account;
  if (!account) return null;
  const send = async ({ name = '' }: Readonly<Record<string, string>>) => {
    client.setQueryData(sessionKey, await changeName(name.trim()));
    announce('The name has been changed.');
  };
  return (
    <Page title="Your account" lead={<p>{account.email}</p>}>
      <section aria-labelledby="own-name">
        <h2 id="own-name">Name and password</h2>
        <div className="card card-narrow">
          <p className="soft">Role in all studies: {roleTitles[account.role].toLocaleLowerCase('en-GB')}.</p>
          <Form
            key={account.name}
            submit="Save the name"
            check={({ name = '' }): Readonly<Record<string, string>> =>
              name.trim() ? {} : { name: 'Give your name.' }
            }
            send={send}
          >
            {(wrong) => (
              <Field
                label="Name"
                name="name"
                autoComplete="name"
                defaultValue={account.name}
                required
                hint="Your colleagues see it."
                error={wrong.name ?? null}
              />
            )}
          </Form>
          <p className="form-after">
            <Link to="/account/password">Change password</Link>
          </p>
        </div>
      </section>
      <SecondFactorSection />
      <OwnSessions />
      <Tokens />
    </Page>
  );
}
