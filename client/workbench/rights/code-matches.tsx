/** /studies/:study/code-matches: which responses of two waves belong together, by the codes that respondents made. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import type { Table } from '../../../analysis/result.ts';
import { type AdministrationSummary, getStudy, type StudyDetail } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { counted } from '../../shared/format.ts';
import { type CodeMatches, codePairsUrl, getCodeMatches } from '../../shared/rights-api.ts';
import { codeMatchesKey, studyKey } from '../keys.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { useStudyDetail } from './rights.tsx';

export function CodeMatchesPage() {
  const { study = '' } = useParams();
  const may = useMay('dataset.export', study);
  const detail = useStudyDetail(study);
  return (
    <Page
      title="Code matches"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: detail?.study.title ?? 'Study' },
      ]}
      lead={<p>Responses of two waves that belong together, by the codes that respondents made of three answers.</p>}
    >
      {may ? (
        <Waves study={study} />
      ) : (
        <NotYours title="Matches are for those who may download data">They tell of single responses.</NotYours>
      )}
    </Page>
  );
}

function Waves({ study }: { study: string }) {
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the administrations">
      {(detail) =>
        studied(detail).length < 2 ? (
          <Empty title="There are no two administrations to compare" />
        ) : (
          <Choice detail={detail} />
        )
      }
    </Loaded>
  );
}

/** Answers to pilots are never linked with those of the study. */
const studied = ({ administrations }: StudyDetail) => administrations.filter(({ pilot }) => !pilot);

function Choice({ detail }: { detail: StudyDetail }) {
  const [search, setSearch] = useSearchParams();
  const { study } = detail;
  const administrations = studied(detail);
  const asking = administrations.filter(({ selfCode }) => selfCode);
  const offered = asking.length >= 2 ? asking : administrations;
  const known = (id: string | null) => administrations.find((one) => one.id === id);
  const first = known(search.get('first')) ?? offered[0];
  const second = known(search.get('second')) ?? offered[1];
  if (!first || !second) return null;
  const options = administrations.map(({ id, title, wave }) => ({ value: id, title: `${title} (${wave})` }));
  const choose = (name: 'first' | 'second') => (value: string) =>
    setSearch({ first: first.id, second: second.id, [name]: value }, { replace: true });
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">Which administrations to compare</legend>
        <Select label="First" name="first" value={first.id} onChange={choose('first')} options={options} />
        <Select label="Second" name="second" value={second.id} onChange={choose('second')} options={options} />
      </fieldset>
      {asking.length < 2 && (
        <p className="soft measure">
          Fewer than two administrations of this study ask for a code. Whether it does is chosen when an administration
          is planned.
        </p>
      )}
      <Matches study={study.id} first={first} second={second} />
    </>
  );
}

function Matches(props: { study: string; first: AdministrationSummary; second: AdministrationSummary }) {
  const { study, first, second } = props;
  const query = useQuery({
    queryKey: codeMatchesKey(study, first.id, second.id),
    queryFn: () => getCodeMatches(study, first.id, second.id),
  });
  return (
    <Loaded query={query} what="the matches">
      {(matches) => (
        <section aria-labelledby="matches">
          <h2 id="matches">Matches by school</h2>
          <p className="soft measure">
            An exact match is a code that occurs once in each wave of a school. With one error two of the three answers
            are alike, and neither response has another candidate. Ambiguous are those that cannot be told apart.
          </p>
          <p className="page-actions">
            <a className="button" href={codePairsUrl(study, first.id, second.id)} download>
              Download the link table as CSV
            </a>
            <span className="soft">{counted(matches.pairs, 'pair')} of responses</span>
          </p>
          <MatchTable study={study} matches={matches} first={first.id} second={second.id} />
        </section>
      )}
    </Loaded>
  );
}

function MatchTable(props: { study: string; matches: CodeMatches; first: string; second: string }) {
  const table = useMemo(() => tableOf(props.matches), [props.matches]);
  return (
    <div className="card">
      <DataTable
        table={table}
        searchable
        quietTitle
        file={fileName([props.study, props.first, props.second, 'code-matches'], 'csv')}
      />
    </div>
  );
}

function tableOf({ schools }: CodeMatches): Table {
  const figure = (id: string, title: string) => ({ id, title, kind: 'integer' as const });
  return {
    id: 'code-matches',
    title: 'Matches by school',
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      figure('exact', 'Exact'),
      figure('one_error', 'One error'),
      figure('ambiguous_first', 'Ambiguous, first'),
      figure('ambiguous_second', 'Ambiguous, second'),
      figure('unmatched_first', 'Unmatched, first'),
      figure('unmatched_second', 'Unmatched, second'),
      figure('without_first', 'Without code, first'),
      figure('without_second', 'Without code, second'),
      figure('responses_first', 'Responses, first'),
      figure('responses_second', 'Responses, second'),
    ],
    rows: schools.map((row) => [
      row.schoolName ?? row.school ?? 'No school',
      row.exact,
      row.oneError,
      ...row.ambiguous,
      ...row.unmatched,
      ...row.withoutCode,
      ...row.responses,
    ]),
    notes: [],
  };
}
