/** /audit and /studies/:study/audit: who did what to which thing, when, from where; searched and paged by the server. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { type AuditPage as AuditPageOf, type AuditSearch, auditFileUrl, searchAudit } from '../../shared/api.ts';
import { formatInstant } from '../../shared/format.ts';
import { Field, Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Facts } from '../parts/marks.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { type Crumb, Page } from '../parts/page.tsx';
import { Pager } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { type AuditLine, oneLineARequest } from './lines.ts';
import { actorTitle, thingTitle, verbTitle } from './words.ts';

const pageLength = 50;

export function AuditPage() {
  const mayRead = useMay('audit.read');
  return <AuditView study={null} mayRead={mayRead} crumbs={[]} />;
}

export function StudyAuditPage() {
  const { study = '' } = useParams();
  const mayRead = useMay('audit.read', study);
  const crumbs = [
    { to: '/', title: 'Studies' },
    { to: `/studies/${study}`, title: study },
  ];
  return <AuditView study={study} mayRead={mayRead} crumbs={crumbs} />;
}

function AuditView(props: { study: string | null; mayRead: boolean; crumbs: readonly Crumb[] }) {
  const { study, mayRead, crumbs } = props;
  return (
    <Page
      title="Audit"
      crumbs={crumbs}
      lead={
        <p>Everything that changed something, showed names or links, or took data away. Nothing here can be deleted.</p>
      }
    >
      {mayRead ? (
        <Entries study={study} />
      ) : (
        <NotYours title="The audit is for administrators and the owners of a study">
          Administrators read all of it, owners what happened in their study.
        </NotYours>
      )}
    </Page>
  );
}

/** Days of the reader become moments: the server knows no time zone of theirs. */
function searchOf(search: URLSearchParams): AuditSearch {
  const moment = (name: string, days: number) => {
    const [year, month, day] = (search.get(name) ?? '').split('-').map(Number);
    return year && month && day ? new Date(year, month - 1, day + days).toISOString() : '';
  };
  const text = (name: string) => search.get(name) ?? '';
  return {
    who: text('who'),
    verb: text('verb'),
    study: text('study'),
    outcome: text('outcome'),
    from: moment('from', 0),
    before: moment('to', 1),
    page: Number(search.get('page') ?? 1),
  };
}

function Entries({ study }: { study: string | null }) {
  const [params, setParams] = useSearchParams();
  const search = searchOf(params);
  const query = useQuery({
    queryKey: ['audit', study, search],
    queryFn: () => searchAudit(study, search),
    placeholderData: keepPreviousData,
  });
  const go = (page: number) => {
    const next = new URLSearchParams(params);
    next.set('page', String(page));
    setParams(next);
  };
  return (
    <Loaded query={query} what="the audit">
      {(found) => (
        <>
          <SearchForm study={study} verbs={found.verbs} />
          {found.total === 0 ? (
            <Empty title="Nothing fits">
              <p>Change what you search for, or leave it empty to see everything.</p>
            </Empty>
          ) : (
            <>
              <EntryList found={found} ofOne={study !== null} />
              <Pager
                what="the audit"
                page={found.page}
                pages={found.pages}
                first={(found.page - 1) * pageLength + 1}
                last={Math.min(found.page * pageLength, found.total)}
                total={found.total}
                go={go}
              >
                <a className="button button-small" href={auditFileUrl(study, search)} download>
                  Save as CSV
                </a>
              </Pager>
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

function SearchForm({ study, verbs }: { study: string | null; verbs: readonly string[] }) {
  const [params, setParams] = useSearchParams();
  const valueOfField = (name: string) => params.get(name) ?? '';
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget).entries()].map(([name, value]) => [name, String(value)]);
    setParams(given.filter(([, value]) => value !== '') as [string, string][]);
  };
  return (
    <form className="card audit-search" onSubmit={submit}>
      <Field label="Who" name="who" type="search" defaultValue={valueOfField('who')} placeholder="Name or e-mail" />
      <Select
        label="What"
        name="verb"
        defaultValue={valueOfField('verb')}
        options={[
          { value: '', title: 'Anything' },
          ...verbs
            .map((verb) => ({ value: verb, title: verbTitle(verb) }))
            .sort((a, b) => a.title.localeCompare(b.title)),
        ]}
      />
      {study === null && (
        <Field
          label="Study"
          name="study"
          type="search"
          defaultValue={valueOfField('study')}
          placeholder="Its short name"
        />
      )}
      <Field label="From" name="from" type="date" defaultValue={valueOfField('from')} />
      <Field label="To" name="to" type="date" defaultValue={valueOfField('to')} />
      <Select
        label="Outcome"
        name="outcome"
        defaultValue={valueOfField('outcome')}
        options={[
          { value: '', title: 'Done or refused' },
          { value: 'done', title: 'Done' },
          { value: 'refused', title: 'Refused' },
        ]}
      />
      <button type="submit" className="button button-main">
        Search
      </button>
    </form>
  );
}

/** `ofOne`: on the page of a study, which need not be named in every line. */
function EntryList({ found, ofOne }: { found: AuditPageOf; ofOne: boolean }) {
  return (
    <ul className="card list">
      {oneLineARequest(found.entries).map(({ entry, began }) => (
        <li key={entry.number} className="list-row audit-row">
          <EntryRow entry={entry} began={began} ofOne={ofOne} />
        </li>
      ))}
    </ul>
  );
}

function EntryRow({ entry, began, ofOne }: AuditLine & { ofOne: boolean }) {
  const [open, setOpen] = useState(false);
  const { number, at, verb, actor, study, thing, outcome, detail, from, request, hash } = entry;
  const about = Object.entries(thing).map(
    ([name, value]) =>
      [
        thingTitle(name),
        <code key={name} className="wrap">
          {value}
        </code>,
      ] as const,
  );
  return (
    <>
      <div className="list-main">
        <p className="list-title">
          {verbTitle(verb)} {outcome === 'refused' && <span className="mark mark-link-revoked">Refused</span>}
        </p>
        <p className="soft">
          {actorTitle(actor)} · {formatInstant(at)}
          {study && !ofOne && ` · ${study}`}
        </p>
        {open && (
          <Facts
            facts={[
              ['Number', began === null ? String(number) : `${number}, begun in ${began}`],
              ['Verb', <code key="verb">{verb}</code>],
              ...about,
              ['Reason', detail === 'made' ? '–' : (detail ?? '–')],
              ['From', from ?? '–'],
              [
                'Request id',
                <code key="request" className="wrap">
                  {request ?? '–'}
                </code>,
              ],
              [
                'Hash',
                <code key="hash" className="wrap">
                  {hash}
                </code>,
              ],
            ]}
          />
        )}
      </div>
      <button type="button" className="button button-small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Less' : 'More'}
        <span className="visually-hidden"> about entry {number}</span>
      </button>
    </>
  );
}
