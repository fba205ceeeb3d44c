/** /sign-in: e-mail address and password, then a code where one is needed; afterwards back to the page that was asked for. */
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { giveCode, identityProviderUrl, type Session, signIn } from '../../shared/api.ts';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useReturnPath, useSessionQuery, useTakeSession } from '../session.tsx';

type Values = Readonly<Record<string, string>>;

/** Why the identity provider's answer let nobody in, and what to do. */
const refusals: Readonly<Record<string, string>> = {
  expired: 'Signing in took too long, or was begun in another window. Try again.',
  denied: 'The sign-in was stopped on the other page. Try again, or use your password.',
  failed: 'The answer of the other page could not be checked. Try again; if it fails again, tell your administrator.',
  unavailable: 'The other page does not answer at the moment. Try again later, or use your password.',
  unverified: 'Your e-mail address has not been confirmed there. Confirm it first, then try again.',
  unknown: 'There is no account for your e-mail address here. Ask a colleague to invite you.',
  'other-person': 'The account of this e-mail address belongs to another person there. Ask your administrator.',
};

export function SignInPage() {
  const query = useSessionQuery();
  const back = useReturnPath();
  return (
    <Loaded query={query} what="the sign-in page" heading="Sign in">
      {(session) => {
        if (session.account) return <Navigate to={back} replace />;
        return session.codeNeeded ? <GiveCode /> : <SignIn session={session} />;
      }}
    </Loaded>
  );
}

function SignIn({ session }: { session: Session }) {
  const take = useTakeSession();
  const navigate = useNavigate();
  const back = useReturnPath();
  const [search] = useSearchParams();
  const refusal = refusals[search.get('refused') ?? ''];

  const send = async (values: Values) => {
    const answer = await signIn({ email: values.email ?? '', password: values.password ?? '' });
    take(answer);
    if (answer.account) await navigate(back, { replace: true });
  };

  return (
    <Page title="Sign in" lead={<p>For evaluators and analysts. Survey links need no account.</p>}>
      {session.setupNeeded && (
        <div className="notice">
          <p className="notice-title">There is no administrator yet</p>
          <p>
            Open the set-up link that the server printed when it started: its address begins with{' '}
            <code>{window.location.origin}/setup/</code>.
          </p>
        </div>
      )}
      {refusal && (
        <div className="notice notice-bad" role="alert">
          <p className="notice-title">You were not signed in</p>
          <p>{refusal}</p>
        </div>
      )}
      <div className="card">
        {session.identityProvider !== null && (
          <p className="sign-in-with">
            <a className="button" href={identityProviderUrl(back)}>
              Sign in with {session.identityProvider}
            </a>
          </p>
        )}
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
        <p className="form-after">
          <Link to="/password-reset">Forgotten your password?</Link>
        </p>
      </div>
    </Page>
  );
}

function GiveCode() {
  const take = useTakeSession();
  const navigate = useNavigate();
  const back = useReturnPath();
  const send = async (values: Values) => {
    take(await giveCode(values.code ?? ''));
    await navigate(back, { replace: true });
  };
  return (
    <Page title="Sign in" lead={<p>Your password was right. One more step.</p>}>
      <div className="card">
        <Form
          submit="Sign in"
          check={({ code = '' }): Wrong =>
            code.trim().length >= 6 ? {} : { code: 'Give the six digits, or a recovery code.' }
          }
          send={send}
        >
          {(wrong) => (
            <Field
              label="Code"
              name="code"
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              required
              hint="The six digits that your authenticator app shows now, or one of your recovery codes."
              error={wrong.code ?? null}
            />
          )}
        </Form>
      </div>
    </Page>
  );
}

function check(values: Values): Wrong {
  return {
    ...(values.email?.includes('@') ? {} : { email: 'Give your e-mail address, like name@example.org.' }),
    ...(values.password ? {} : { password: 'Give your password.' }),
  };
}
