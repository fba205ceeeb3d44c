/** The log of messages: what became of each, why, and what can be done about it. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { counted, formatInstant, formatNumber, noFigure } from '../../shared/format.ts';
import {
  listMessages,
  type MessageFilter,
  type MessagePage,
  type MessageRow,
  messageKinds,
  messageStates,
  messagesFileUrl,
  retryFailed,
  stepMessage,
} from '../../shared/messages-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded, ProblemView } from '../parts/loaded.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { Pager } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { kindTitles, stateMarks, stateTitles } from './words.ts';

const pageLength = 50;
const refreshMs = 5000;

export function MessageLog() {
  const { administration, detail } = useFieldwork();
  const [search, setSearch] = useSearch();
  const filter: MessageFilter = {
    state: search.get('state') ?? '',
    kind: search.get('kind') ?? '',
    school: search.get('school') ?? '',
    page: Number(search.get('page') ?? '1') || 1,
  };
  const filtered = [filter.state, filter.kind, filter.school].some(Boolean);
  const key = [...administrationKey(detail.study.id, administration.id), 'messages'];
  const query = useQuery({
    queryKey: [...key, filter],
    queryFn: () => listMessages(detail.study.id, administration.id, filter),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const change = (name: string, value: string) => setSearch((next) => setFilter(next, name, value));
  const all = { value: '', title: 'All' };
  return (
    <section aria-labelledby="log">
      <div className="part-head">
        <h3 id="log">What became of each message</h3>
        <a className="button" href={messagesFileUrl(detail.study.id, administration.id, filter)} download>
          {filtered ? 'Download the messages shown as CSV' : 'Download all messages as CSV'}
        </a>
      </div>
      <fieldset className="filters">
        <legend className="visually-hidden">Which messages to show</legend>
        <Select
          label="State"
          name="state"
          value={filter.state ?? ''}
          onChange={(value) => change('state', value)}
          options={[
            all,
            ...messageStates
              .filter((state) => state !== 'handed-over')
              .map((state) => ({ value: state, title: stateTitles[state] })),
          ]}
        />
        <Select
          label="Kind"
          name="kind"
          value={filter.kind ?? ''}
          onChange={(value) => change('kind', value)}
          options={[all, ...messageKinds.map((kind) => ({ value: kind, title: kindTitles[kind] }))]}
        />
        <Select
          label="School"
          name="school"
          value={filter.school ?? ''}
          onChange={(value) => change('school', value)}
          options={[all, ...detail.schools.map((school) => ({ value: school.id, title: school.name }))]}
        />
      </fieldset>
      <Loaded query={query} what="the messages">
        {(found) => (
          <>
            {!found.mailServer && <NoMailServer />}
            <Counts counts={found.counts} refreshKey={key} />
            <div className="card" aria-busy={query.isPlaceholderData}>
              <p role="status" className="soft list-count">
                {counted(found.total, 'message')}
              </p>
              {found.messages.length === 0 ? (
                <Empty title={filtered ? 'No message fits these filters' : 'No message yet'} />
              ) : (
                <Rows messages={found.messages} refreshKey={key} />
              )}
              {found.pages > 1 && (
                <Pager
                  what="messages"
                  page={found.page}
                  pages={found.pages}
                  first={(found.page - 1) * pageLength + 1}
                  last={Math.min(found.total, (found.page - 1) * pageLength + found.messages.length)}
                  total={found.total}
                  go={(next) => change('page', String(next))}
                />
              )}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

function NoMailServer() {
  return (
    <div className="notice">
      <p className="notice-title">This installation cannot send mail yet</p>
      <p>
        Messages wait until it can. Whoever runs the server sets <code>SMTP_URL</code>, such as{' '}
        <code>smtps://user:password@mail.example.org</code>, and <code>MAIL_FROM</code>, such as{' '}
        <code>Evaluation team &lt;team@example.org&gt;</code>, and starts it again.
      </p>
    </div>
  );
}

function Counts({ counts, refreshKey }: { counts: MessagePage['counts']; refreshKey: readonly unknown[] }) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const maySend = useMay('message.send', detail.study.id);
  const [error, setError] = useState<unknown>(null);
  const shown = messageStates.filter((state) => (counts[state] ?? 0) > 0);
  const again = async () => {
    setError(null);
    try {
      const { waiting } = await retryFailed(detail.study.id, administration.id);
      announce(`${counted(waiting, 'message')} will be sent again.`);
      await client.invalidateQueries({ queryKey: refreshKey });
    } catch (reason) {
      setError(reason);
    }
  };
  if (shown.length === 0) return null;
  return (
    <>
      <p className="row-steps row-steps-wrap">
        {shown.map((state) => (
          <span key={state} className={`mark ${stateMarks[state]}`}>
            {stateTitles[state]}: {formatNumber(counts[state] ?? 0)}
          </span>
        ))}{' '}
        {maySend && (counts.failed ?? 0) > 0 && (
          <button type="button" className="button button-small" onClick={() => void again()}>
            Send all failed ones again
          </button>
        )}
      </p>
      {(counts.uncertain ?? 0) > 0 && (
        <p className="measure">
          Uncertain: the server stopped just as the message was handed over, so it may have arrived. The log of your
          mail server says so under the Message-ID. Nothing is sent twice by itself: you decide below.
        </p>
      )}
      {error !== null && <ProblemView error={error} />}
    </>
  );
}

const stepsOf: Readonly<Partial<Record<MessageRow['state'], readonly ('again' | 'arrived' | 'cancel')[]>>> = {
  waiting: ['cancel'],
  failed: ['again'],
  bounced: ['again'],
  uncertain: ['arrived', 'again'],
};
const stepTitles = { again: 'Send again', arrived: 'It has arrived', cancel: 'Cancel' } as const;

function Rows({ messages, refreshKey }: { messages: readonly MessageRow[]; refreshKey: readonly unknown[] }) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const maySend = useMay('message.send', detail.study.id);
  const [error, setError] = useState<unknown>(null);
  const schools = new Map(detail.schools.map((school) => [school.id, school.name]));
  const step = async (row: MessageRow, kind: keyof typeof stepTitles) => {
    setError(null);
    try {
      const changed = await stepMessage(detail.study.id, administration.id, row.id, kind);
      announce(`The message to ${row.person ?? 'you'} is now: ${stateTitles[changed.state]}.`);
      await client.invalidateQueries({ queryKey: refreshKey });
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <>
      {error !== null && <ProblemView error={error} />}
      <ScrollRegion label="Messages">
        <table>
          <caption className="visually-hidden">Messages of this administration</caption>
          <thead>
            <tr>
              <th scope="col">To</th>
              <th scope="col">Kind</th>
              <th scope="col">State</th>
              <th scope="col">When</th>
              <th scope="col">Tries</th>
              <th scope="col">Why</th>
              {maySend && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            {messages.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {row.person ?? 'Yourself or a colleague'}
                  <br />
                  <small className="soft">
                    {row.school === null ? noFigure : (schools.get(row.school) ?? row.school)}
                  </small>
                </th>
                <td>{kindTitles[row.kind]}</td>
                <td>
                  <span className={`mark ${stateMarks[row.state]}`}>{stateTitles[row.state]}</span>
                </td>
                <td className="text">{formatInstant(row.sentAt ?? row.dueAt, detail.study.timeZone)}</td>
                <td>{formatNumber(row.tries)}</td>
                <td className="text">
                  {row.why === '' ? noFigure : row.why}
                  {row.state === 'uncertain' && (
                    <>
                      <br />
                      <code className="copy-text">{row.messageId}</code>
                    </>
                  )}
                </td>
                {maySend && (
                  <td>
                    <span className="row-steps">
                      {(stepsOf[row.state] ?? []).map((kind) => (
                        <button
                          key={kind}
                          type="button"
                          className="button button-small"
                          onClick={() => void step(row, kind)}
                        >
                          {stepTitles[kind]}
                          <span className="visually-hidden">: message to {row.person ?? 'you'}</span>
                        </button>
                      ))}
                      {stepsOf[row.state] === undefined && <span className="soft">{noFigure}</span>}
                    </span>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}
