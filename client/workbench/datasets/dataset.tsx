/** /studies/:study/new-dataset and /studies/:study/datasets/:dataset: defines a dataset and shows what it would be. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import {
  changeDataset,
  createDataset,
  type DatasetDefinition,
  type DatasetPreview,
  getStoredDataset,
  previewDataset,
} from '../../shared/datasets-api.ts';
import { datasetsKey, studyKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Form } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { DatasetFields } from './dataset-fields.tsx';
import { PreviewView } from './preview.tsx';

const empty: DatasetDefinition = {
  name: '',
  title: '',
  purpose: '',
  administrations: [],
  rows: 'long',
  places: 'answered',
  variables: 'all',
  scores: true,
  texts: false,
  paradata: false,
  flags: false,
  partial: true,
  tables: ['panels'],
  level: 'pseudonymous',
  map: [],
  k: 3,
};

export function NewDatasetPage() {
  return <DatasetPage title="Define a dataset" name={null} />;
}

export function EditDatasetPage() {
  const { dataset = '' } = useParams();
  return <DatasetPage title={`Dataset ${dataset}`} name={dataset} />;
}

function DatasetPage({ title, name }: { title: string; name: string | null }) {
  const { study = '' } = useParams();
  const may = useMay('dataset.export', study);
  return (
    <Page
      title={title}
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: 'Study' },
        { to: `/studies/${study}/datasets`, title: 'Datasets and releases' },
      ]}
    >
      {may ? (
        <Definition study={study} name={name} />
      ) : (
        <NotYours title="Datasets are for those who may download data">
          They hold the answers of single people.
        </NotYours>
      )}
    </Page>
  );
}

function Definition({ study, name }: { study: string; name: string | null }) {
  const detail = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  const stored = useQuery({
    queryKey: [...datasetsKey(study), name],
    queryFn: () => (name === null ? null : getStoredDataset(study, name)),
  });
  return (
    <Loaded query={detail} what="the study">
      {(found) => (
        <Loaded query={stored} what="the dataset">
          {(dataset) => <Editor detail={found} stored={dataset?.definition ?? null} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Editor({ detail, stored }: { detail: StudyDetail; stored: DatasetDefinition | null }) {
  const { study } = detail;
  const [definition, setDefinition] = useState<DatasetDefinition>(stored ?? empty);
  const [preview, setPreview] = useState<DatasetPreview | null>(null);
  const client = useQueryClient();
  const navigate = useNavigate();
  const change = (more: Partial<DatasetDefinition>) => {
    setDefinition({ ...definition, ...more });
    setPreview(null);
  };
  return (
    <>
      <div className="card card-narrow">
        <Form
          submit={stored ? 'Save' : 'Define it'}
          keeps
          send={async () => {
            await (stored ? changeDataset : createDataset)(study.id, definition);
            announce('The dataset has been saved.');
            await client.invalidateQueries({ queryKey: datasetsKey(study.id) });
            await navigate(`/studies/${study.id}/datasets`);
          }}
        >
          {(wrong) => (
            <DatasetFields detail={detail} isNew={!stored} definition={definition} change={change} wrong={wrong} />
          )}
        </Form>
      </div>
      <section aria-labelledby="preview">
        <h2 id="preview">What it would be</h2>
        <p className="soft measure">
          Its size, what is left out and pooled, and its first rows. Nothing is saved by that.
        </p>
        <p>
          <ActionButton
            act={async () => {
              const found = await previewDataset(study.id, definition);
              setPreview(found);
              announce('The preview is there.');
            }}
          >
            Show a preview
          </ActionButton>
        </p>
        {preview && <PreviewView preview={preview} />}
      </section>
    </>
  );
}
