/** Two-factor sign-in: turning it on with a QR code and a first code, recovery codes, turning it off. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  beginSecondFactor,
  getSecondFactor,
  renewRecoveryCodes,
  type SecondFactor,
  turnOffSecondFactor,
  turnOnSecondFactor,
} from '../../shared/api.ts';
import { saveFile } from '../../shared/download.ts';
import { counted, formatInstant } from '../../shared/format.ts';
import { secondFactorKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';

type Values = Readonly<Record<string, string>>;
type Show = (codes: readonly string[] | null) => void;

export function SecondFactorSection() {
  const query = useQuery({ queryKey: secondFactorKey, queryFn: getSecondFactor });
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <section aria-labelledby="second-factor">
      <h2 id="second-factor">Two-factor sign-in</h2>
      <div className="card card-narrow">
        <Loaded query={query} what="two-factor sign-in">
          {(factor) => (
            <>
              {codes && <RecoveryCodes codes={codes} />}
              {factor.on ? <IsOn factor={factor} show={setCodes} /> : <IsOff show={setCodes} />}
            </>
          )}
        </Loaded>
      </div>
    </section>
  );
}

function IsOff({ show }: { show: Show }) {
  const client = useQueryClient();
  const [enrolment, setEnrolment] = useState<{ secret: string; svg: string } | null>(null);
  const [beginning, setBeginning] = useState(false);
  const turnOn = async ({ code = '' }: Values) => {
    show((await turnOnSecondFactor(code)).recoveryCodes);
    announce('Two-factor sign-in is on.');
    await client.invalidateQueries({ queryKey: secondFactorKey });
  };
  if (enrolment) {
    return (
      <>
        <p>Scan this picture with an authenticator app, then give the six digits that it shows.</p>
        <img
          className="qr"
          alt="QR code for an authenticator app; the key below says the same"
          src={`data:image/svg+xml,${encodeURIComponent(enrolment.svg)}`}
        />
        <p className="soft">
          Or type this key: <code className="wrap">{enrolment.secret.match(/.{4}/g)?.join(' ')}</code>
        </p>
        <Form submit="Turn it on" check={checkCode} send={turnOn}>
          {(wrong) => <CodeField wrong={wrong} />}
        </Form>
      </>
    );
  }
  return (
    <>
      <p>
        Off. With it, signing in takes your password and a code from an app on your phone, so that a password alone
        opens nothing.
      </p>
      {beginning ? (
        <Form
          submit="Go on"
          send={async ({ password = '' }) => setEnrolment(await beginSecondFactor(password === '' ? null : password))}
        >
          {(wrong) => (
            <Field
              label="Present password"
              name="password"
              type="password"
              autoComplete="current-password"
              hint="Leave it empty if you have none and sign in through your organisation."
              error={wrong.password ?? null}
            />
          )}
        </Form>
      ) : (
        <button type="button" className="button" onClick={() => setBeginning(true)}>
          Set it up
        </button>
      )}
    </>
  );
}

function IsOn({ factor, show }: { factor: SecondFactor; show: Show }) {
  const client = useQueryClient();
  const [step, setStep] = useState<'renew' | 'off' | null>(null);
  const refresh = async () => {
    setStep(null);
    await client.invalidateQueries({ queryKey: secondFactorKey });
  };
  const send = async ({ code = '' }: Values) => {
    if (step === 'renew') {
      show((await renewRecoveryCodes(code)).recoveryCodes);
      announce('There are new recovery codes.');
    } else {
      await turnOffSecondFactor(code);
      show(null);
      announce('Two-factor sign-in is off.');
    }
    await refresh();
  };
  return (
    <>
      <p>
        On{factor.since && <> since {formatInstant(factor.since)}</>}. {counted(factor.recoveryCodes, 'recovery code')}{' '}
        left.
      </p>
      {step === null ? (
        <p className="buttons">
          <button type="button" className="button button-small" onClick={() => setStep('renew')}>
            New recovery codes
          </button>
          <button type="button" className="button button-small button-danger-quiet" onClick={() => setStep('off')}>
            Turn it off
          </button>
        </p>
      ) : (
        <Form submit={step === 'renew' ? 'Make new recovery codes' : 'Turn it off'} check={checkCode} send={send}>
          {(wrong) => <CodeField wrong={wrong} />}
        </Form>
      )}
    </>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="notice notice-good">
      <p className="notice-title">Keep these recovery codes</p>
      <p>Each signs you in once when your phone is not there. They are shown this once.</p>
      <ul className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button button-small"
        onClick={() => saveFile('fidelis-recovery-codes.txt', new Blob([`${codes.join('\n')}\n`]))}
      >
        Save as a file
      </button>
    </div>
  );
}

function CodeField({ wrong }: { wrong: Wrong }) {
  return (
    <Field
      label="Code"
      name="code"
      autoComplete="one-time-code"
      spellCheck={false}
      required
      hint="Six digits from the app. A recovery code does, too, once it is on."
      error={wrong.code ?? null}
    />
  );
}

function checkCode({ code = '' }: Values): Wrong {
  return code.trim().length >= 6 ? {} : { code: 'Give the six digits that the app shows.' };
}
