/** /sign-in: e-mail address and password; afterwards back to the page that was asked for. */
import { Navigate, useNavigate } from 'react-router';
import { signIn } from '../../shared/api.ts';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useReturnPath, useSessionQuery, useTakeSession } from '../session.tsx';

export function SignInPage() {
  const query = useSessionQuery();
  const back = useReturnPath();
  return (
    <Loaded query={query} what="the sign-in page" heading="Sign in">
      {(session) => (session.account ? <Navigate to={back} replace /> : <SignIn setupNeeded={session.setupNeeded} />)}
    </Loaded>
  );
}

function SignIn({ setupNeeded }: { setupNeeded: boolean }) {
  const take = useTakeSession();
  const navigate = useNavigate();
  const back = useReturnPath();

  const send = async (values: Readonly<Record<string, string>>) => {
    const session = await signIn({ email: values.email ?? '', password: values.password ?? '' });
    take(session);
    await navigate(back, { replace: true });
  };

  return (
    <Page title="Sign in" lead={<p>For evaluators and analysts. Survey links need no account.</p>}>
      {setupNeeded && (
        <div className="notice">
          <p className="notice-title">There is no administrator yet</p>
          <p>
            Open the set-up link that the server printed when it started: its address begins with{' '}
            <code>{window.location.origin}/setup/</code>.
          </p>
        </div>
      )}
      <div className="card">
        <Form submit="Sign in" check={check} send={send}>
          {(wrong) => (
            <>
              <Field
                label="E-mail address"
                name="email"
                type="email"
                autoComplete="username"
                required
                error={wrong.email ?? null}
              />
              <Field
                label="Password"
                name="password"
                type="password"
                autoComplete="current-password"
                required
                error={wrong.password ?? null}
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
    ...(values.email?.includes('@') ? {} : { email: 'Give your e-mail address, like name@example.org.' }),
    ...(values.password ? {} : { password: 'Give your password.' }),
  };
}
