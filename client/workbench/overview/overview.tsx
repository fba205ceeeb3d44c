/** /studies/:study/overview: a study while it runs: what to do next, where it falls behind, what has changed since last week. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { formatDay } from '../../shared/format.ts';
import { type Action, type Change, getOverview, type Overview } from '../../shared/overview-api.ts';
import { overviewKey, studyKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { SimulatedNotice } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { FidelityBehind } from './fidelity-behind.tsx';
import { ResponseBehind } from './response-behind.tsx';
import { actionWords, changeWords } from './words.ts';

export function OverviewPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Overview">
      {(detail) => <Frame detail={detail} />}
    </Loaded>
  );
}

function Frame({ detail: { study } }: { detail: StudyDetail }) {
  const query = useQuery({ queryKey: overviewKey(study.id), queryFn: () => getOverview(study.id) });
  return (
    <Page
      title="Overview"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={query.data && <p>{`${study.title}, as at ${formatDay(query.data.today)}.`}</p>}
    >
      {study.simulated && <SimulatedNotice />}
      <Loaded query={query} what="the overview">
        {(overview) => <Parts overview={overview} study={study.id} />}
      </Loaded>
    </Page>
  );
}

function Parts({ overview, study }: { overview: Overview; study: string }) {
  const { actions, changes, response, fidelity, since } = overview;
  return (
    <>
      <section aria-labelledby="next">
        <h2 id="next">What to do next</h2>
        {actions.length === 0 ? (
          <Empty title="Nothing waits for you">
            <p>What there is to do in this study stands here as soon as there is something.</p>
          </Empty>
        ) : (
          <ul className="overview-list">
            {actions.map((action) => (
              <ActionLine key={`${action.kind} ${action.about?.id ?? ''}`} action={action} study={study} />
            ))}
          </ul>
        )}
      </section>
      {response && <ResponseBehind response={response} study={study} />}
      {fidelity && <FidelityBehind fidelity={fidelity} study={study} />}
      <section aria-labelledby="changed">
        <h2 id="changed">What has changed since {formatDay(since)}</h2>
        {changes.length === 0 ? (
          <p>Nothing has changed that you may see.</p>
        ) : (
          <ul className="overview-list">
            {changes.map((change) => (
              <ChangeLine key={change.kind} change={change} study={study} />
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function ActionLine({ action, study }: { action: Action; study: string }) {
  const { what, why, to } = actionWords(action);
  return (
    <li>
      <Link to={to.startsWith('/') ? to : `/studies/${study}/${to}`}>{what}</Link>
      <span className="soft">{why}</span>
    </li>
  );
}

function ChangeLine({ change, study }: { change: Change; study: string }) {
  const { what, to } = changeWords(change);
  return (
    <li>
      {to === '' ? <span>{what}</span> : <Link to={`/studies/${study}/${to}`}>{what}</Link>}
      {change.told.length > 0 && (
        <ul className="overview-told soft">
          {change.told.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </li>
  );
}
