/** /account/password: change one's own password. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changePassword } from '../../shared/api.ts';
import { sessionKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { checkNewPassword, Field, Form, passwordRule, type Wrong } from '../parts/form.tsx';
import { Page } from '../parts/page.tsx';
import { useSessionQuery } from '../session.tsx';

export function PasswordPage() {
  const [changed, setChanged] = useState(false);
  const client = useQueryClient();
  const { data: session } = useSessionQuery();

  const send = async (values: Readonly<Record<string, string>>) => {
    setChanged(false);
    client.setQueryData(sessionKey, await changePassword({ current: values.current ?? '', next: values.next ?? '' }));
    setChanged(true);
    announce('The password has been changed.');
  };

  return (
    <Page title="Change password" crumbs={[{ to: '/account', title: 'Your account' }]}>
      {changed && <p className="notice notice-good">The password has been changed.</p>}
      <div className="card card-narrow">
        <Form submit="Change password" check={check} send={send}>
          {(wrong) => (
            <>
              <input type="hidden" name="username" autoComplete="username" value={session?.account?.email ?? ''} />
              <Field
                label="Present password"
                name="current"
                type="password"
                autoComplete="current-password"
                required
                error={wrong.current ?? null}
              />
              <Field
                label="New password"
                name="next"
                type="password"
                autoComplete="new-password"
                required
                hint={passwordRule}
                error={wrong.next ?? null}
              />
              <Field
                label="The new password again"
                name="again"
                type="password"
                autoComplete="new-password"
                required
                error={wrong.again ?? null}
              />
            </>
          )}
        </Form>
      </div>
    </Page>
  );
}

function check(values: Readonly<Record<string, string>>): Wrong {
  return {
    ...(values.current ? {} : { current: 'Give your present password.' }),
    ...checkNewPassword(values.next ?? '', values.again ?? '', 'next'),
  };
}
