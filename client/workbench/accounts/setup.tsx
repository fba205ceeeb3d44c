/** /setup/:token: the one-time link that the server prints at its first start; makes the first administrator. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { checkSetupLink, createFirstAdministrator } from '../../shared/api.ts';
import { checkNewPassword, Field, Form, passwordRule, type Wrong } from '../parts/form.tsx';
import { LoadingPage, ProblemView } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useSessionQuery, useTakeSession } from '../session.tsx';

export function SetupPage() {
  const { token = '' } = useParams();
  // The session comes first: its CSRF token goes with the form.
  const session = useSessionQuery();
  const link = useQuery({
    queryKey: ['setup', token],
    queryFn: () => checkSetupLink(token),
    enabled: session.isSuccess,
    refetchOnWindowFocus: false,
  });
  const error = session.error ?? link.error;
  if (error) {
    return (
      <Page title="Set up Fidelis">
        <ProblemView error={error} />
        <p>
          <Link to="/sign-in">Go to sign-in</Link>
        </p>
      </Page>
    );
  }
  return link.data ? <Setup token={token} /> : <LoadingPage title="Set up Fidelis" what="the set-up page" />;
}

function Setup({ token }: { token: string }) {
  const take = useTakeSession();
  const navigate = useNavigate();

  const send = async (values: Readonly<Record<string, string>>) => {
    const { name = '', email = '', password = '' } = values;
    take(await createFirstAdministrator(token, { name: name.trim(), email: email.trim(), password }));
    await navigate('/', { replace: true });
  };

  return (
    <Page
      title="Set up Fidelis"
      lead={
        <p>Make the first account. It will be an administrator: it sees everything and makes the other accounts.</p>
      }
    >
      <div className="card">
        <Form submit="Create the account" check={check} send={send}>
          {(wrong) => (
            <>
              <Field label="Your name" name="name" autoComplete="name" required error={wrong.name ?? null} />
              <Field
                label="E-mail address"
                name="email"
                type="email"
                autoComplete="username"
                required
                hint="You sign in with it. Nothing is sent to it."
                error={wrong.email ?? null}
              />
              <Field
                label="Password"
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

function check(values: Readonly<Record<string, string>>): Wrong {
  return {
    ...(values.name?.trim() ? {} : { name: 'Give your name.' }),
    ...(values.email?.includes('@') ? {} : { email: 'Give your e-mail address, like name@example.org.' }),
    ...checkNewPassword(values.password ?? '', values.again ?? ''),
  };
}
