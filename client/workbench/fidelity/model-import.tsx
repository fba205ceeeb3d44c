/** Takes a model from a file, as a new draft or in the place of the draft. Used by `model.tsx`. */
import { useId, useState } from 'react';
import { beginFidelityModel, saveFidelityModel, type WholeModel } from '../../shared/fidelity-api.ts';
import { ApiProblem } from '../../shared/http.ts';
import { announce } from '../parts/announce.tsx';
import { ProblemView } from '../parts/loaded.tsx';
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';

/** A model is some tens of kilobytes. */
const mostBytes = 900_000;

export function Importer({ draft }: { draft: WholeModel | null }) {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  const id = useId();
  const [error, setError] = useState<unknown>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setError(null);
    try {
      if (file.size > mostBytes) throw refused('This file is too large for a fidelity model.');
      let model: unknown;
      try {
        model = JSON.parse(await file.text());
      } catch {
        throw refused('This file is not JSON. Take one that was saved from this page.');
      }
      if (draft) await saveFidelityModel(study.id, draft.version, { revision: draft.revision, model });
      else await beginFidelityModel(study.id, model);
      announce('The model was taken from the file.');
      await refresh();
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>Take a model from a file</label>
      <p className="field-hint" id={`${id}-hint`}>
        {draft ? 'It replaces this draft.' : 'A JSON file that was saved from this page, or written by hand.'}
      </p>
      <input
        id={id}
        type="file"
        accept=".json,application/json"
        aria-describedby={`${id}-hint`}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      {error !== null && <ProblemView error={error} heading="The file was not taken" />}
    </div>
  );
}

function refused(title: string): ApiProblem {
  return new ApiProblem({ code: 'file-refused', status: 422, title });
}
