/** /invitation/:token: whoever was invited gives a name and a password, and the account is theirs. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { acceptInvitation, checkInvitation } from '../../shared/api.ts';
import { checkNewPassword, Field, Form, passwordRule, type Wrong } from '../parts/form.tsx';
import { LoadingPage, ProblemView } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useSessionQuery, useTakeSession } from '../session.tsx';

const title = 'Your invitation';

export function InvitationPage() {
  const { token = '' } = useParams();
  // The session comes first: its CSRF token goes with the form.
  const session = useSessionQuery();
  const link = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => checkInvitation(token),
    enabled: session.isSuccess,
    refetchOnWindowFocus: false,
  });
  const error = session.error ?? link.error;
  if (error) {
    return (
      <Page title={title}>
        <ProblemView error={error} />
        <p>
          <Link to="/sign-in">Go to sign-in</Link>
        </p>
      </Page>
    );
  }
  return link.data ? (
    <Accept token={token} invited={link.data} />
  ) : (
    <LoadingPage title={title} what="your invitation" />
  );
}

function Accept({ token, invited }: { token: string; invited: { name: string; email: string } }) {
  const take = useTakeSession();
  const navigate = useNavigate();
  const send = async ({ name = '', password = '' }: Readonly<Record<string, string>>) => {
    take(await acceptInvitation(token, { name: name.trim(), password }));
    await navigate('/', { replace: true });
  };
  return (
    <Page title={title} lead={<p>Choose a password. You sign in with it and your e-mail address.</p>}>
      <div className="card">
        <Form submit="Accept the invitation" check={check} send={send}>
          {(wrong) => (
            <>
              <Field
                label="E-mail address"
                name="email"
                type="email"
                autoComplete="username"
                value={invited.email}
                readOnly
              />
              <Field
                label="Your name"
                name="name"
                autoComplete="name"
                defaultValue={invited.name}
                required
                hint="Your colleagues see it."
                error={wrong.name ?? null}
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
    ...checkNewPassword(values.password ?? '', values.again ?? ''),
  };
}
