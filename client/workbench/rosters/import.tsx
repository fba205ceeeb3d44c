/** The import of a roster file: templates, upload, what the file would do, import, progress, result. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import {
  applyRosterImport,
  discardRosterImport,
  getRosterImport,
  type MemberKind,
  type RosterImport,
  type RosterIssue,
  rosterTemplateUrl,
  uploadRoster,
} from '../../shared/api.ts';
import { counted, formatNumber, formatPercent } from '../../shared/format.ts';
import { rosterKey, studiesKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Loaded, ProblemView } from '../parts/loaded.tsx';
import { useNarrow } from '../parts/narrow.ts';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { useMay } from '../session.tsx';
import { ImportPreview } from './import-preview.tsx';
import { useRosterStudy } from './rosters.tsx';

const templates = [
  ['roster.xlsx', 'Workbook with all three sheets (.xlsx)'],
  ['clusters.csv', 'Clusters (.csv)'],
  ['schools.csv', 'Schools (.csv)'],
  ['people.csv', 'People (.csv)'],
] as const;

export function ImportPart() {
  const { study } = useRosterStudy();
  const mayManage = useMay('roster.manage', study.id);
  const [search, setSearch] = useSearchParams();
  const id = search.get('import');
  return (
    <Part title="Import" of={`Rosters of ${study.title}`}>
      {mayManage ? (
        <>
          <Templates />
          <Upload begun={(next) => setSearch({ import: next }, { replace: true })} />
          {id !== null && <Import id={id} gone={() => setSearch({}, { replace: true })} />}
        </>
      ) : (
        <NotYours title="Rosters are imported by evaluators">
          Ask the owner of the study, or an evaluator, to import a file or to give you the right to.
        </NotYours>
      )}
    </Part>
  );
}

function Templates() {
  const { study } = useRosterStudy();
  return (
    <section aria-labelledby="templates" className="measure">
      <h3 id="templates">1. Fill in a template</h3>
      <p className="soft">
        One row for each cluster, school or person. A workbook may hold all three; a CSV file holds one. The sheet
        “columns” of the workbook says what to write.
      </p>
      <ul>
        {templates.map(([file, title]) => (
          <li key={file}>
            <a href={rosterTemplateUrl(study.id, file)} download>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Upload({ begun }: { begun: (id: string) => void }) {
  const { study } = useRosterStudy();
  const id = useId();
  const [file, setFile] = useState<File | null>(null);
  const upload = useMutation({
    mutationFn: (chosen: File) => uploadRoster(study.id, chosen),
    onSuccess: (started) => {
      announce('Checking the file.');
      begun(started.id);
    },
  });
  return (
    <section aria-labelledby="upload" className="measure">
      <h3 id="upload">2. Check the file</h3>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (file) upload.mutate(file);
        }}
      >
        {upload.error !== null && <ProblemView error={upload.error} />}
        <div className="field">
          <label htmlFor={id}>Roster file</label>
          <p className="field-hint" id={`${id}-hint`}>
            A workbook (.xlsx) or CSV in UTF-8, at most 25 MB. Nothing is imported yet.
          </p>
          <input
            id={id}
            type="file"
            accept=".csv,.tsv,.txt,.xlsx"
            aria-describedby={`${id}-hint`}
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </div>
        <div>
          <button type="submit" className="button button-main" disabled={file === null || upload.isPending}>
            {upload.isPending ? 'One moment…' : 'Check the file'}
          </button>
        </div>
      </form>
    </section>
  );
}

const underWay: ReadonlySet<RosterImport['state']> = new Set(['checking', 'applying']);

function Import({ id, gone }: { id: string; gone: () => void }) {
  const { study } = useRosterStudy();
  const client = useQueryClient();
  const key = [...rosterKey(study.id), 'imports', id];
  const query = useQuery({
    queryKey: key,
    queryFn: () => getRosterImport(study.id, id),
    refetchInterval: ({ state: { data } }) => (data && underWay.has(data.state) ? 500 : false),
  });
  const apply = useMutation({
    mutationFn: () => applyRosterImport(study.id, id),
    onSuccess: (begun) => client.setQueryData(key, begun),
    onError: () => client.invalidateQueries({ queryKey: key }),
  });
  const state = query.data?.state;
  useEffect(() => {
    if (state === 'planned') announce('The file has been checked.');
    if (state === 'refused') announce('The file has problems. Nothing was imported.');
    if (state !== 'done') return;
    announce('The roster has been imported.');
    void client.invalidateQueries({ queryKey: studyKey(study.id) });
    void client.invalidateQueries({ queryKey: studiesKey, exact: true });
  }, [state, client, study.id]);
  return (
    <section aria-labelledby="result">
      <h3 id="result">3. Import</h3>
      <Loaded query={query} what="the import">
        {(found) => (
          <div className="card">
            <p>
              <strong>{found.file}</strong>
            </p>
            {apply.error !== null && <ProblemView error={apply.error} />}
            <State found={found} />
            {found.problems.length > 0 && <Issues title="Problems" issues={found.problems} />}
            {found.notices.length > 0 && <Issues title="Please look at these" issues={found.notices} />}
            {found.state === 'planned' && (
              <>
                <p className="row-steps">
                  <button
                    type="button"
                    className="button button-main"
                    disabled={apply.isPending}
                    onClick={() => apply.mutate()}
                  >
                    Import
                  </button>
                  <button
                    type="button"
                    className="button"
                    onClick={() => void discardRosterImport(study.id, id).then(gone, gone)}
                  >
                    Do not import
                  </button>
                </p>
                <ImportPreview id={id} />
              </>
            )}
          </div>
        )}
      </Loaded>
    </section>
  );
}

function State({ found }: { found: RosterImport }) {
  const { study } = useRosterStudy();
  const id = useId();
  const { state, rows, done, total } = found;
  if (state === 'checking' || state === 'applying') {
    const words = state === 'checking' ? `Checking: ${counted(rows, 'row')} so far` : 'Importing';
    return (
      <div className="progress">
        <label htmlFor={id}>{words}…</label>
        <progress id={id} {...(state === 'applying' ? { max: total || 1, value: done } : {})} />
        {state === 'applying' && <span aria-hidden="true">{formatPercent(total > 0 ? done / total : null)}</span>}
      </div>
    );
  }
  if (state === 'refused') {
    return <p className="notice notice-bad">Nothing was imported. Mend the file, then check it again.</p>;
  }
  if (state === 'planned' || state === 'done') {
    return (
      <>
        <p className={state === 'done' ? 'notice notice-good' : ''} role="status">
          {state === 'done' ? `Imported ${counted(rows, 'row')}.` : `${counted(rows, 'row')} can be imported.`}{' '}
          {state === 'done' && <Link to={`/studies/${study.id}/rosters/checks`}>See the checks of the design</Link>}
        </p>
        <Counts found={found} />
      </>
    );
  }
  const words = {
    stale: 'The roster has changed since this file was checked. Check it again.',
    discarded: 'This file was not imported.',
    interrupted: 'Checking this file was interrupted. Nothing was imported; check it again.',
  }[state];
  return <p className="notice">{words}</p>;
}

const kindTitles: Readonly<Record<MemberKind, string>> = { clusters: 'Clusters', schools: 'Schools', people: 'People' };

function Counts({ found }: { found: RosterImport }) {
  const kinds = (['clusters', 'schools', 'people'] as const).filter((kind) => found.counts[kind]);
  return (
    <ScrollRegion label="What the file does">
      <table>
        <caption className="visually-hidden">What the file does</caption>
        <thead>
          <tr>
            <th scope="col">Members</th>
            <th scope="col" className="integer">
              New
            </th>
            <th scope="col" className="integer">
              Changed
            </th>
            <th scope="col" className="integer">
              Unchanged
            </th>
          </tr>
        </thead>
        <tbody>
          {kinds.map((kind) => (
            <tr key={kind}>
              <th scope="row">{kindTitles[kind]}</th>
              <td className="integer">{formatNumber(found.counts[kind]?.created ?? 0)}</td>
              <td className="integer">{formatNumber(found.counts[kind]?.changed ?? 0)}</td>
              <td className="integer">{formatNumber(found.counts[kind]?.unchanged ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Issues({ title, issues }: { title: string; issues: readonly RosterIssue[] }) {
  const narrow = useNarrow();
  return (
    <>
      <h4>{title}</h4>
      <ScrollRegion label={title}>
        <table>
          <caption className="visually-hidden">{title}, by row and column</caption>
          <thead>
            <tr>
              {!narrow && <th scope="col">Row</th>}
              {!narrow && <th scope="col">Column</th>}
              <th scope="col">What</th>
            </tr>
          </thead>
          <tbody>
            {issues.map((issue) => (
              <tr key={`${issue.sheet} ${issue.row} ${issue.column} ${issue.code} ${issue.message}`}>
                {!narrow && <th scope="row">{placeOf(issue)}</th>}
                {!narrow && <td className="text">{issue.column ?? ''}</td>}
                <td className="text">
                  {narrow && issue.row !== null && (
                    <strong>
                      {issue.sheet === null ? 'Row' : `${issue.sheet}, row`} {formatNumber(issue.row)}
                      {issue.column !== null && `, column ${issue.column}`}
                      <br />
                    </strong>
                  )}
                  {issue.message}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

const placeOf = ({ sheet, row }: RosterIssue) =>
  row === null ? 'File' : sheet === null ? formatNumber(row) : `${sheet}, ${formatNumber(row)}`;
