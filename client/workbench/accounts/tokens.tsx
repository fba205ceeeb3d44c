/** API tokens: which there are, a new one with its scopes and its last day, taking one away. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiToken, listStudies, listTokens, makeToken, revokeToken } from '../../shared/api.ts';
import { formatDay } from '../../shared/format.ts';
import { studiesKey, tokensKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/checks.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Field, Form, Select, type Wrong } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { permissionTitle } from './permission-words.ts';

export function Tokens() {
  const query = useQuery({ queryKey: tokensKey, queryFn: listTokens });
  const [text, setText] = useState<string | null>(null);
  const [adding, setAdding] = useState(false);
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">API tokens</h2>
      <p className="measure">
        A token lets a program of yours, such as a script in R, use Fidelis with a part of your rights. Keep it like a
        password.
      </p>
      {text && (
        <div className="notice notice-good">
          <p className="notice-title">Copy the token now</p>
          <p>It is shown this once.</p>
          <p>
            <code className="wrap">{text}</code>
          </p>
          <CopyButton text={text} what="token" label="Copy token" />
        </div>
      )}
      <Loaded query={query} what="your tokens">
        {({ tokens, available }) => (
          <>
            {tokens.length === 0 ? <Empty title="No token yet" /> : <TokenList tokens={tokens} />}
            {adding ? (
              <NewToken
                available={available}
                made={(made) => {
                  setText(made);
                  setAdding(false);
                }}
              />
            ) : (
              <p className="buttons">
                <button type="button" className="button" onClick={() => setAdding(true)}>
                  Make a token
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function TokenList({ tokens }: { tokens: readonly ApiToken[] }) {
  const client = useQueryClient();
  const [leaving, setLeaving] = useState<ApiToken | null>(null);
  return (
    <>
      <ul className="card list">
        {tokens.map((token) => (
          <li key={token.id} className="list-row">
            <div className="list-main">
              <p className="list-title">
                {token.name} {token.expired && <span className="mark mark-link-revoked">Expired</span>}
              </p>
              <p className="soft">
                {token.scopes.map(permissionTitle).join(', ')}
                {token.study && ` · only in “${token.study}”`}
              </p>
              <p className="soft">
                Until {formatDay(lastDay(token.expiresAt))} ·{' '}
                {token.lastUsedOn ? `last used on ${formatDay(token.lastUsedOn)}` : 'not used yet'}
              </p>
            </div>
            <button type="button" className="button button-small" onClick={() => setLeaving(token)}>
              Take away<span className="visually-hidden"> {token.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {leaving && (
        <ConfirmDialog
          title={`Take “${leaving.name}” away?`}
          confirm="Take the token away"
          danger
          close={() => setLeaving(null)}
          act={async () => {
            await revokeToken(leaving.id);
            announce('The token has been taken away.');
            await client.invalidateQueries({ queryKey: tokensKey });
          }}
        >
          <p>Programs that use it are refused from now on.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function NewToken({ available, made }: { available: readonly string[]; made: (text: string) => void }) {
  const client = useQueryClient();
  const studies = useQuery({ queryKey: studiesKey, queryFn: listStudies });
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const send = async ({ name = '', study = '', expiresOn = '' }: Readonly<Record<string, string>>) => {
    const { text } = await makeToken({ name: name.trim(), scopes, study: study === '' ? null : study, expiresOn });
    await client.invalidateQueries({ queryKey: tokensKey });
    announce('The token has been made. Copy it now.');
    made(text);
  };
  const check = ({ name = '', expiresOn = '' }: Readonly<Record<string, string>>): Wrong => ({
    ...(name.trim() ? {} : { name: 'Give it a name, such as the script that uses it.' }),
    ...(expiresOn ? {} : { expiresOn: 'Give its last day, at most a year from now.' }),
    ...(scopes.length > 0 ? {} : { scopes: 'Choose at least one.' }),
  });
  const listed = studies.data?.studies ?? [];
  return (
    <div className="card card-narrow">
      <Form submit="Make the token" check={check} send={send}>
        {(wrong) => (
          <>
            <Field label="Name" name="name" autoComplete="off" required error={wrong.name ?? null} />
            <Checks
              legend="What it may do"
              options={available.map((value) => ({ value, title: permissionTitle(value) }))}
              chosen={scopes}
              choose={setScopes}
              error={wrong.scopes ?? null}
            />
            <Select
              label="Study"
              name="study"
              options={[
                { value: '', title: 'All that I may see' },
                ...listed.map(({ study }) => ({ value: study.id, title: study.title })),
              ]}
            />
            <Field
              label="Last day"
              name="expiresOn"
              type="date"
              required
              hint="At most a year from now."
              error={wrong.expiresOn ?? null}
            />
          </>
        )}
      </Form>
    </div>
  );
}

/** A token ends with its last day. */
function lastDay(expiresAt: string): string {
  return new Date(Date.parse(expiresAt) - 1).toISOString().slice(0, 10);
}
