/** /studies/:study/datasets: the datasets that are defined, to take away or to freeze, and the releases made of them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import {
  datasetFileUrl,
  datasetFormats,
  deleteDataset,
  listDatasets,
  type StoredDataset,
} from '../../shared/datasets-api.ts';
import { datasetsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { ExportForm, ExportList, FreezeForm } from './exports.tsx';
import { ReleaseList } from './releases.tsx';
import { formatTitles, levelTitles } from './words.ts';

export function DatasetsPage() {
  const { study = '' } = useParams();
  const may = useMay('dataset.export', study);
  return (
    <Page
      title="Datasets and releases"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: 'Study' },
      ]}
      lead={
        <p>
          A dataset is defined once: which administrations and variables, how rows stand, how much of people it tells.
          The same definition on the same data gives the same files.
        </p>
      }
      actions={
        may && (
          <Link className="button button-main" to={`/studies/${study}/new-dataset`}>
            Define a dataset
          </Link>
        )
      }
    >
      {may ? (
        <>
          <Definitions study={study} />
          <ExportList study={study} />
          <ReleaseList study={study} />
        </>
      ) : (
        <NotYours title="Datasets are for those who may download data">
          They hold the answers of single people.
        </NotYours>
      )}
    </Page>
  );
}

function Definitions({ study }: { study: string }) {
  const query = useQuery({ queryKey: datasetsKey(study), queryFn: () => listDatasets(study) });
  return (
    <section aria-labelledby="defined">
      <h2 id="defined">Defined datasets</h2>
      <Loaded query={query} what="the datasets">
        {({ datasets }) =>
          datasets.length === 0 ? (
            <Empty title="No dataset is defined yet">
              <p>Each administration has its own files on its data page all the same.</p>
            </Empty>
          ) : (
            <ul className="tiles files">
              {datasets.map((dataset) => (
                <DatasetTile key={dataset.name} study={study} dataset={dataset} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function DatasetTile({ study, dataset: { name, definition } }: { study: string; dataset: StoredDataset }) {
  const mayRelease = useMay('dataset.release', study);
  const [asked, setAsked] = useState<'delete' | null>(null);
  const [freezing, setFreezing] = useState(false);
  const [exporting, setExporting] = useState(false);
  const client = useQueryClient();
  const administrations = definition.administrations.length;
  return (
    <li className="card tile">
      <h3>{definition.title}</h3>
      <p className="soft">
        {levelTitles[definition.level]}, {definition.rows} rows, {administrations}{' '}
        {administrations === 1 ? 'administration' : 'administrations'}. {definition.purpose}
      </p>
      <p className="page-actions">
        {datasetFormats.map((format) => (
          <a key={format} className="button button-small" href={datasetFileUrl(study, name, format)} download>
            <span className="visually-hidden">Download {definition.title} as </span>
            {formatTitles[format]}
          </a>
        ))}
      </p>
      <p className="page-actions">
        <Link className="button button-small" to={`/studies/${study}/datasets/${name}`}>
          Edit or preview<span className="visually-hidden"> {definition.title}</span>
        </Link>
        <button
          type="button"
          className="button button-small"
          aria-expanded={exporting}
          onClick={() => setExporting(!exporting)}
        >
          Make a file in the background<span className="visually-hidden"> of {definition.title}</span>
        </button>
        {mayRelease && (
          <button type="button" className="button button-small" onClick={() => setFreezing(!freezing)}>
            Freeze as a release<span className="visually-hidden"> {definition.title}</span>
          </button>
        )}
        <button type="button" className="button button-small" onClick={() => setAsked('delete')}>
          Delete<span className="visually-hidden"> {definition.title}</span>
        </button>
      </p>
      {exporting && <ExportForm study={study} dataset={name} done={() => setExporting(false)} />}
      {freezing && <FreezeForm study={study} dataset={name} done={() => setFreezing(false)} />}
      {asked && (
        <ConfirmDialog
          title={`Delete the definition of ${definition.title}?`}
          confirm="Delete the definition"
          danger
          act={async () => {
            await deleteDataset(study, name);
            announce('The definition has been deleted.');
            await client.invalidateQueries({ queryKey: datasetsKey(study) });
          }}
          close={() => setAsked(null)}
        >
          <p>Answers are not touched. Releases that were made with it stay as they are.</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
