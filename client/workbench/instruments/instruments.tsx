/** /instruments: the drafts that are being worked on, and every published instrument version. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { counted, formatInstant } from '../../shared/format.ts';
import {
  type DraftSummary,
  discardDraft,
  type InstrumentSummary,
  listDrafts,
  listInstruments,
  restoreDraft,
} from '../../shared/instruments-api.ts';
import { draftsKey, instrumentsKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { kindTitles, permissionTitles, subjectTitles } from './words.ts';

export function InstrumentsPage() {
  const query = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  const may = useMay('instrument.manage');
  return (
    <Page
      title="Instruments"
      lead={<p>Questionnaires, logs and observation forms. A published version never changes.</p>}
      actions={
        may && (
          <Link className="button button-main" to="/instruments/new">
            New instrument
          </Link>
        )
      }
    >
      {may && <Drafts />}
      <section aria-labelledby="published">
        <h2 id="published">Published</h2>
        <Loaded query={query} what="the instruments">
          {({ instruments }) =>
            instruments.length === 0 ? (
              <Empty title="No instrument yet">
                <p>The library of instruments is published when the server starts.</p>
              </Empty>
            ) : (
              <ul className="card list">
                {instruments.map((instrument) => (
                  <InstrumentRow key={`${instrument.id} ${instrument.version}`} instrument={instrument} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </Page>
  );
}

function Drafts() {
  const query = useQuery({ queryKey: draftsKey, queryFn: listDrafts });
  const [discarded, setDiscarded] = useState<DraftSummary | null>(null);
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: draftsKey });
  return (
    <section aria-labelledby="drafts">
      <h2 id="drafts">Drafts</h2>
      {discarded && (
        <div className="notice">
          <p>The draft “{titleOf(discarded)}” is discarded.</p>
          <ActionButton
            act={async () => {
              await restoreDraft(discarded.id);
              setDiscarded(null);
              announce('The draft is back.');
              await refresh();
            }}
          >
            Undo
          </ActionButton>
        </div>
      )}
      <Loaded query={query} what="the drafts">
        {({ drafts }) =>
          drafts.length === 0 ? (
            <p className="soft">Nobody works on a draft at the moment.</p>
          ) : (
            <ul className="card list">
              {drafts.map((draft) => (
                <li className="list-row" key={draft.id}>
                  <div className="list-main">
                    <p className="list-title">
                      <Link to={`/instruments/drafts/${draft.id}`}>{titleOf(draft)}</Link>{' '}
                      <span className="mark">Draft</span>
                    </p>
                    <p className="soft">
                      <code>{draft.instrument}</code>, saved {formatInstant(draft.savedAt)} by{' '}
                      {draft.savedBy ?? 'an account that has gone'}
                    </p>
                  </div>
                  <div className="list-side">
                    <ActionButton
                      act={async () => {
                        await discardDraft(draft.id);
                        setDiscarded(draft);
                        announce('The draft is discarded. You can take it back.');
                        await refresh();
                      }}
                    >
                      Discard<span className="visually-hidden"> the draft {titleOf(draft)}</span>
                    </ActionButton>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

const titleOf = ({ title }: DraftSummary) => title || 'An instrument without a title';

function InstrumentRow({ instrument }: { instrument: InstrumentSummary }) {
  return (
    <li className="list-row">
      <div className="list-main">
        <p className="list-title">
          <Link to={`/instruments/${instrument.id}/versions/${instrument.version}`}>{instrument.title}</Link>{' '}
          <span className="mark">Version {instrument.version}</span>{' '}
          {instrument.state === 'retired' && <span className="mark mark-paused">Retired</span>}
        </p>
        <p className="soft">{instrument.description}</p>
      </div>
      <p className="list-side soft">
        {kindTitles[instrument.kind]}, {subjectTitles[instrument.subject]}
        <br />
        {counted(instrument.items, 'variable')}, {counted(instrument.scales, 'scale')}
        <br />
        {permissionTitles[instrument.permission.status]}
      </p>
    </li>
  );
}
