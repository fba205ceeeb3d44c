/** /password-reset: ask for a link by e-mail; /password-reset/:token: choose a new password with it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { checkPasswordReset, requestPasswordReset, resetPassword } from '../../shared/api.ts';
import { announce } from '../parts/announce.tsx';
import { checkNewPassword, Field, Form, passwordRule } from '../parts/form.tsx';
import { Loaded, LoadingPage, ProblemView } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useSessionQuery } from '../session.tsx';

const title = 'New password';
const toSignIn = (
  <p>
    <Link to="/sign-in">Go to sign-in</Link>
  </p>
);

export function AskResetPage() {
  const session = useSessionQuery();
  const [asked, setAsked] = useState(false);
  const send = async ({ email = '' }: Readonly<Record<string, string>>) => {
    await requestPasswordReset(email.trim());
    setAsked(true);
    announce('A link is on its way, if there is such an account.');
  };
  return (
    <Loaded query={session} what="the page" heading={title}>
      {({ sendsMail }) => (
        <Page title={title} lead={<p>Give your e-mail address. A link for a new password is sent to it.</p>}>
          {!sendsMail && (
            <div className="notice">
              <p className="notice-title">This installation sends no mail yet</p>
              <p>Ask your administrator for help: the link waits until a mail server is set up.</p>
            </div>
          )}
          {asked ? (
            <div className="notice notice-good">
              <p className="notice-title">Look into your mail</p>
              <p>
                If there is an account for this address, a link is on its way to it. It works once and for an hour. If
                none comes, look into the folder for unwanted mail, or ask your administrator.
              </p>
            </div>
          ) : (
            <div className="card">
              <Form
                submit="Send the link"
                check={({ email = '' }): Readonly<Record<string, string>> =>
                  email.includes('@') ? {} : { email: 'Give your e-mail address, like name@example.org.' }
                }
                send={send}
              >
                {(wrong) => (
                  <Field
                    label="E-mail address"
                    name="email"
                    type="email"
                    autoComplete="username"
                    required
                    error={wrong.email ?? null}
                  />
                )}
              </Form>
            </div>
          )}
          {toSignIn}
        </Page>
      )}
    </Loaded>
  );
}

export function ResetPasswordPage() {
  const { token = '' } = useParams();
  const session = useSessionQuery();
  const [done, setDone] = useState(false);
  const link = useQuery({
    queryKey: ['password-reset', token],
    queryFn: () => checkPasswordReset(token),
    enabled: session.isSuccess,
    refetchOnWindowFocus: false,
  });
  const error = session.error ?? link.error;
  if (done) {
    return (
      <Page title={title}>
        <p className="notice notice-good">The password has been changed. You are signed out everywhere else.</p>
        {toSignIn}
      </Page>
    );
  }
  if (error) {
    return (
      <Page title={title}>
        <ProblemView error={error} />
        <p>
          <Link to="/password-reset">Ask for another link</Link>
        </p>
      </Page>
    );
  }
  if (!link.data) return <LoadingPage title={title} what="the page" />;
  return (
    <Page title={title} lead={<p>For {link.data.email}.</p>}>
      <div className="card">
        <Form
          submit="Save the password"
          check={(values) => checkNewPassword(values.password ?? '', values.again ?? '')}
          send={async ({ password = '' }) => {
            await resetPassword(token, password);
            setDone(true);
          }}
        >
          {(wrong) => (
            <>
              <input type="hidden" name="username" autoComplete="username" value={link.data.email} />
              <Field
                label="New password"
                name="password"
                type="password"
                autoComplete="new-password"
                required
                hint={passwordRule}
                error={wrong.password ?? null}
              />
              <Field
                label="The same password again"
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
