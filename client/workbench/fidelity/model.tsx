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
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';
import { About, BeginBlank } from './model/about.tsx';
import { Comparisons } from './model/comparisons.tsx';
import { ComplianceRule } from './model/compliance-rule.tsx';
import { ComponentTable } from './model/component-table.tsx';
import { Cycles } from './model/cycles.tsx';
import { IndexRule } from './model/index-rule.tsx';
import { placeOf } from './model/places.ts';
import { Adaptations, UsualPractice } from './model/practice.tsx';
import { useDraft } from './model/use-draft.ts';
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
          <p className="button-row">
            <BeginBlank />{' '}
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
        {(whole) => <Version key={whole.version} whole={whole} models={models} />}
      </Loaded>
    </>
  );
}

function Version({ whole, models }: { whole: WholeModel; models: readonly ModelVersion[] }) {
  const { study } = useFidelityStudy();
  const mayManage = useMay('fidelity.manage', study.id);
  const [comparing, setComparing] = useState(false);
  const { model, issues, state, version, history } = whole;
  const draft = useDraft(whole, mayManage && state === 'draft');
  const save = () => {
    const text = `${JSON.stringify(model, null, 2)}\n`;
    saveFile(fileName([model.id, `v${version}`], 'json'), new Blob([text], { type: 'application/json' }));
  };
  return (
    <>
      <About draft={draft} />
      {issues.length > 0 && (
        <div className="notice notice-warn">
          <p className="notice-title">What keeps it from being published</p>
          <ul>
            {issues.map(({ path, code, message }) => (
              <li key={`${path} ${code} ${message}`}>
                {placeOf(path, model)}. {message}
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
      <Cycles draft={draft} />
      <ComponentTable draft={draft} />
      <IndexRule draft={draft} study={study.id} />
      <ComplianceRule draft={draft} />
      <Comparisons draft={draft} />
      <UsualPractice draft={draft} />
      <Adaptations draft={draft} />
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
