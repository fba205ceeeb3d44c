/** The model: its versions, what each says, what differs, and the steps from draft to published to locked. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fileName, saveFile } from '../../shared/download.ts';
import {
  beginFidelityModel,
  getFidelityModel,
  getModelDifferences,
  listFidelityModels,
  type ModelState,
  type ModelVersion,
  type WholeModel,
} from '../../shared/fidelity-api.ts';
import { formatInstant } from '../../shared/format.ts';
import { Changes } from '../administrations/amendment-dialog.tsx';
import { fidelityModelKey, fidelityModelsKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Part } from '../parts/page.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { useMay } from '../session.tsx';
import { ComponentTable } from './component-table.tsx';
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';
import { Importer } from './model-import.tsx';
import { Steps } from './model-steps.tsx';

const modelStateTitles: Readonly<Record<ModelState, string>> = {
  draft: 'draft',
  published: 'published',
  locked: 'locked',
};

export function ModelPart() {
  const { study } = useFidelityStudy();
  const query = useQuery({ queryKey: fidelityModelsKey(study.id), queryFn: () => listFidelityModels(study.id) });
  return (
    <Part title="Model" of={`Fidelity of ${study.title}`}>
      <Loaded query={query} what="the models">
        {(models) => (models.length === 0 ? <NoModel /> : <Models models={models} />)}
      </Loaded>
    </Part>
  );
}

function NoModel() {
  const { study } = useFidelityStudy();
  const mayManage = useMay('fidelity.manage', study.id);
  const refresh = useRefreshFidelity(study.id);
  return (
    <Empty title="No fidelity model yet">
      <p>A model says what the programme consists of, and how logs, observations and answers become scores.</p>
      {mayManage && (
        <>
          <p>
            <ActionButton
              act={async () => {
                await beginFidelityModel(study.id);
                announce('A draft was begun from the model that ships.');
                await refresh();
              }}
            >
              Begin with the Schools Partnership Programme
            </ActionButton>
          </p>
          <Importer draft={null} />
        </>
      )}
    </Empty>
  );
}

function Models({ models }: { models: readonly ModelVersion[] }) {
  const { study } = useFidelityStudy();
  const mayManage = useMay('fidelity.manage', study.id);
  const refresh = useRefreshFidelity(study.id);
  const [search, change] = useSearch();
  const last = models.at(-1);
  const chosen = models.find(({ version }) => String(version) === search.get('version')) ?? last;
  const version = chosen?.version ?? 1;
  const query = useQuery({
    queryKey: fidelityModelKey(study.id, version),
    queryFn: () => getFidelityModel(study.id, version),
  });
  return (
    <>
      <fieldset className="filters">
        <legend className="visually-hidden">Which version to show</legend>
        <Select
          label="Version"
          name="version"
          value={String(version)}
          onChange={(value) => change((next) => setFilter(next, 'version', value))}
          options={models.map((one) => ({
            value: String(one.version),
            title: `Version ${one.version}, ${modelStateTitles[one.state]}`,
          }))}
        />
        {mayManage && last?.state !== 'draft' && (
          <p className="filters-note">
            <ActionButton
              act={async () => {
                const begun = await beginFidelityModel(study.id);
                announce(`Version ${begun.version} was begun.`);
                await refresh();
                change((next) => setFilter(next, 'version', String(begun.version)));
              }}
            >
              Begin a new version
            </ActionButton>
          </p>
        )}
      </fieldset>
      <Loaded query={query} what="the model">
        {(whole) => <Version key={`${whole.version} ${whole.revision}`} whole={whole} models={models} />}
      </Loaded>
    </>
  );
}

function Version({ whole, models }: { whole: WholeModel; models: readonly ModelVersion[] }) {
  const { study } = useFidelityStudy();
  const mayManage = useMay('fidelity.manage', study.id);
  const [comparing, setComparing] = useState(false);
  const { model, issues, state, version, history } = whole;
  const { compliance, index, cycles } = model;
  const save = () => {
    const text = `${JSON.stringify(model, null, 2)}\n`;
    saveFile(fileName([model.id, `v${version}`], 'json'), new Blob([text], { type: 'application/json' }));
  };
  return (
    <>
      <h3>{model.title}</h3>
      <p className="measure">{model.description}</p>
      {issues.length > 0 && (
        <div className="notice notice-warn">
          <p className="notice-title">What keeps it from being published</p>
          <ul>
            {issues.map(({ path, code, message }) => (
              <li key={`${path} ${code}`}>
                {message} <small>({path})</small>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="button-row">
        <button type="button" className="button button-small" onClick={save}>
          Save as a file
        </button>{' '}
        {version > 1 && (
          <button
            type="button"
            className="button button-small"
            aria-expanded={comparing}
            onClick={() => setComparing(!comparing)}
          >
            What differs from version {version - 1}
          </button>
        )}
      </p>
      {comparing && <Differences version={version} />}
      {mayManage && (
        <Steps whole={whole} amends={models.some((one) => one.version < version && one.state === 'locked')} />
      )}
      <h3>Components</h3>
      <ComponentTable whole={whole} editable={mayManage && state === 'draft'} />
      <h3>Cycles, index and compliance</h3>
      <ul>
        <li>Cycles: {cycles.map(({ title }) => title).join(', ')}.</li>
        <li>
          Index: weights {index.weights === 'sum-to-one' ? 'sum to 1' : 'are relative'}; there is one where at least{' '}
          {Math.round(index.least * 100)} % of the weight has scores.
        </li>
        <li>
          Compliance, decided on {compliance.decided}: an index from {compliance.index} on, and{' '}
          {Math.round(compliance.coreShare * 100)} % of the core scores from {compliance.coreScore} on.
        </li>
      </ul>
      {mayManage && state === 'draft' && <Importer draft={whole} />}
      <h3>History</h3>
      <ol className="history">
        {history.map(({ state: to, at, by, why }) => (
          <li key={`${to} ${at}`}>
            {modelStateTitles[to]}, {formatInstant(at, study.timeZone)}, {by}
            {why && `: ${why}`}
          </li>
        ))}
      </ol>
    </>
  );
}

function Differences({ version }: { version: number }) {
  const { study } = useFidelityStudy();
  const query = useQuery({
    queryKey: [...fidelityModelKey(study.id, version), 'differences'],
    queryFn: () => getModelDifferences(study.id, version),
  });
  return (
    <Loaded query={query} what="the differences">
      {({ differences }) => (differences.length === 0 ? <p>Nothing differs.</p> : <Changes changes={differences} />)}
    </Loaded>
  );
}
