/** What a model is called and which study it is for; and the dialog in which a blank one begins. Used by the page of a model. */
import { useState } from 'react';
import { blankFidelityModel } from '../../../../instruments/fidelity/blank.ts';
import { idFrom } from '../../../../instruments/ids.ts';
import { beginFidelityModel } from '../../../shared/fidelity-api.ts';
import { dayIn } from '../../../shared/format.ts';
import { announce } from '../../parts/announce.tsx';
import { Field, TextArea, type Wrong } from '../../parts/form.tsx';
import { useFidelityStudy, useRefreshFidelity } from '../fidelity.tsx';
import { PartDialog } from './part-dialog.tsx';
import type { Fields } from './part-words.ts';
import type { ModelDraft } from './use-draft.ts';

const named = ({ title }: Fields): Wrong => (title?.trim() ? {} : { title: 'Give the model a name.' });

/** From a name to the page of a draft in which everything is still to be said. */
export function BeginBlank() {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  const [naming, setNaming] = useState(false);
  return (
    <>
      <button type="button" className="button button-main" onClick={() => setNaming(true)}>
        Begin with a blank model
      </button>
      {naming && (
        <PartDialog
          title="A blank model"
          part=""
          issues={[]}
          check={named}
          close={() => setNaming(false)}
          save={async (values) => {
            const title = values.title?.trim() ?? '';
            const about = { id: idFrom(title) || 'model', title };
            await beginFidelityModel(study.id, blankFidelityModel(about, dayIn(study.timeZone, new Date())));
            announce('A blank draft was begun.');
            await refresh();
          }}
        >
          {(wrong) => (
            <Field
              label="Name"
              name="title"
              hint="What the programme is called."
              defaultValue=""
              error={wrong.title ?? null}
            />
          )}
        </PartDialog>
      )}
    </>
  );
}

export function About({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState(false);
  const { model, issues } = draft.whole;
  return (
    <>
      <h3>{model.title}</h3>
      {model.description && <p className="measure">{model.description}</p>}
      {model.design && <p className="measure soft">Design: {model.design}</p>}
      {draft.editable && (
        <p>
          <button type="button" className="button button-small" onClick={() => setEditing(true)}>
            Edit name and description
          </button>
        </p>
      )}
      {editing && (
        <PartDialog
          title="Name and description"
          part=""
          issues={issues.filter(({ path }) => /^(id|title|description|design)$/.test(path))}
          check={named}
          close={() => setEditing(false)}
          save={({ id, title, description, design }) =>
            draft.save({ id: id?.trim(), title: title?.trim(), description, design }, 'Name and description are saved.')
          }
        >
          {(wrong) => (
            <>
              <Field label="Name" name="title" defaultValue={model.title} error={wrong.title ?? null} />
              <Field
                label="Short name"
                name="id"
                hint="Small letters, digits and hyphens. Files are called by it."
                defaultValue={model.id}
                error={wrong.id ?? null}
              />
              <TextArea
                label="What the programme is"
                name="description"
                defaultValue={model.description}
                error={wrong.description ?? null}
              />
              <TextArea
                label="Design of the study that it is for"
                name="design"
                defaultValue={model.design}
                error={wrong.design ?? null}
              />
            </>
          )}
        </PartDialog>
      )}
    </>
  );
}
