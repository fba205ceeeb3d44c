/** /studies/:study/information: the information sheets of a study, their versions, and writing a new one. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { ownName } from '../../../instruments/languages.ts';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import {
  deleteDraftSheet,
  type InformationSheets,
  listSheets,
  type SheetVersion,
  sheetPageUrl,
} from '../../shared/planning-api.ts';
import { sheetsKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { SheetForm, type Writing } from './sheet-form.tsx';

export function InformationPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Information sheets">
      {(detail) => <Information detail={detail} />}
    </Loaded>
  );
}

function Information({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const query = useQuery({ queryKey: sheetsKey(study.id), queryFn: () => listSheets(study.id) });
  return (
    <Page
      title="Information sheets"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={
        <p>
          What people read before they agree. A version never changes once an administration uses it, and each response
          records the version and language that was agreed to.
        </p>
      }
    >
      <Loaded query={query} what="the information sheets">
        {(sheets) => <Sheets detail={detail} sheets={sheets} />}
      </Loaded>
    </Page>
  );
}

function Sheets({ detail, sheets }: { detail: StudyDetail; sheets: InformationSheets }) {
  const may = useMay('administration.manage', detail.study.id);
  const [writing, setWriting] = useState<Writing | null>(null);
  const { study } = detail;
  const ids = [...new Set(sheets.versions.map(({ sheet }) => sheet))];
  if (writing) return <SheetForm study={study} writing={writing} close={() => setWriting(null)} />;
  return (
    <>
      {may && (
        <p>
          <button type="button" className="button button-main" onClick={() => setWriting({ kind: 'new', from: null })}>
            New information sheet
          </button>
        </p>
      )}
      {ids.length === 0 && (
        <Empty title="No information sheet yet">
          <p>Write one before you plan an administration.</p>
        </Empty>
      )}
      {ids.map((id) => (
        <Sheet
          key={id}
          detail={detail}
          versions={sheets.versions.filter(({ sheet }) => sheet === id)}
          write={may ? setWriting : null}
        />
      ))}
      {sheets.embedded.length > 0 && (
        <section className="card" aria-labelledby="embedded">
          <h2 id="embedded">Texts that came with the study file</h2>
          <p className="soft">
            Each belongs to its administration and does not change. It can be the start of a sheet.
          </p>
          <ul className="list">
            {sheets.embedded.map(({ administration, title, texts }) => (
              <li key={administration} className="list-row">
                <p className="list-main">
                  {title} <span className="soft">({Object.keys(texts).map(ownName).join(', ')})</span>
                </p>
                {may && (
                  <button
                    type="button"
                    className="button button-small"
                    onClick={() => setWriting({ kind: 'new', from: { title, texts } })}
                  >
                    Make a sheet of it<span className="visually-hidden">: {title}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Sheet(props: {
  detail: StudyDetail;
  versions: readonly SheetVersion[];
  write: ((writing: Writing) => void) | null;
}) {
  const { detail, versions, write } = props;
  const [newest] = versions;
  if (!newest) return null;
  const titles = new Map(detail.administrations.map(({ id, title }) => [id, title]));
  return (
    <section className="card" aria-labelledby={`sheet-${newest.sheet}`}>
      <h2 id={`sheet-${newest.sheet}`}>{newest.title}</h2>
      <ul className="list">
        {versions.map((version) => (
          <li key={version.version} className="list-row">
            <div className="list-main">
              <p className="list-title">
                Version {version.version}{' '}
                <span className={`mark ${version.state === 'draft' ? 'mark-paused' : 'mark-open'}`}>
                  {version.state === 'draft' ? 'Draft' : 'In use, fixed'}
                </span>
              </p>
              <p className="soft">
                {version.usedBy.length > 0
                  ? `Shown by ${version.usedBy.map((id) => titles.get(id) ?? id).join(', ')}.`
                  : 'Shown by no administration.'}
              </p>
              <p>
                As respondents see it:{' '}
                {Object.keys(version.texts).map((language) => (
                  <span key={language}>
                    <a href={sheetPageUrl(detail.study.id, version, language)} target="_blank" rel="noreferrer">
                      {ownName(language)}
                      <span className="visually-hidden"> (version {version.version}, opens a new tab)</span>
                    </a>{' '}
                  </span>
                ))}
              </p>
            </div>
            {write && version.state === 'draft' && (
              <div className="page-actions">
                <button type="button" className="button button-small" onClick={() => write({ kind: 'edit', version })}>
                  Edit
                  <span className="visually-hidden">
                    {' '}
                    version {version.version} of {version.title}
                  </span>
                </button>
                <DeleteDraft study={detail.study.id} version={version} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {write && newest.state === 'frozen' && (
        <button type="button" className="button" onClick={() => write({ kind: 'next', version: newest })}>
          Write version {newest.version + 1}
          <span className="visually-hidden"> of {newest.title}</span>
        </button>
      )}
    </section>
  );
}

function DeleteDraft({ study, version }: { study: string; version: SheetVersion }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  return (
    <>
      <button type="button" className="button button-small button-danger-quiet" onClick={() => setAsking(true)}>
        Delete
        <span className="visually-hidden">
          {' '}
          version {version.version} of {version.title}
        </span>
      </button>
      {asking && (
        <ConfirmDialog
          title={`Delete the draft of “${version.title}”?`}
          confirm="Delete the draft"
          danger
          close={() => setAsking(false)}
          act={async () => {
            await deleteDraftSheet(study, version);
            announce('The draft has been deleted.');
            await client.invalidateQueries({ queryKey: sheetsKey(study) });
          }}
        >
          <p>No administration uses it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
