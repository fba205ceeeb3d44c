/** Usual practice and adaptations: items that are told beside the scores. Read, and in a draft changed. Used by the page of a model. */
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { TextArea } from '../../parts/form.tsx';
import { PartDialog } from './part-dialog.tsx';
import { PartIssues } from './part-issues.tsx';
import {
  adaptationsFields,
  adaptationsOf,
  usualPracticeFields,
  usualPracticeOf,
  wrongConditions,
} from './part-words.ts';
import { RangeFields } from './rule-fields.tsx';
import { SourceFields, VariableField } from './source-fields.tsx';
import type { ModelDraft } from './use-draft.ts';

export function UsualPractice({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState(false);
  const was = draft.whole.model.usualPractice;
  const fields = was ? usualPracticeFields(was) : {};
  return (
    <section aria-labelledby="usual-practice">
      <h3 id="usual-practice">Usual practice</h3>
      <p>
        {was
          ? `In every arm, by ${was.variables.join(', ')} of ${was.source.instrument}, from ${was.range.min} to ${was.range.max}.`
          : 'Not asked: whether comparison schools do the same anyway cannot be told.'}
      </p>
      <PartIssues draft={draft} part="usualPractice" />
      <Change
        draft={draft}
        part="usualPractice"
        there={was !== null}
        what="usual practice"
        edit={() => setEditing(true)}
      />
      {editing && (
        <PartDialog
          title="Usual practice"
          part="usualPractice"
          issues={draft.whole.issues}
          check={(values) => wrongConditions(values, ['source.where'])}
          close={() => setEditing(false)}
          save={(values) => draft.save({ usualPractice: usualPracticeOf(values) }, 'Usual practice is saved.')}
        >
          {(wrong) => (
            <SourceFields field="source" was={fields} wrong={wrong}>
              {() => (
                <>
                  <TextArea
                    label="Items"
                    name="variables"
                    rows={2}
                    hint="Names of variables, with commas."
                    defaultValue={fields.variables ?? ''}
                    error={wrong.variables ?? null}
                  />
                  <RangeFields field="range" was={fields} wrong={wrong} />
                </>
              )}
            </SourceFields>
          )}
        </PartDialog>
      )}
    </section>
  );
}

export function Adaptations({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState(false);
  const was = draft.whole.model.adaptations;
  const fields = was ? adaptationsFields(was) : {};
  return (
    <section aria-labelledby="adaptations">
      <h3 id="adaptations">Adaptations</h3>
      <p>
        {was
          ? `By ${was.adapted} of ${was.source.instrument}${was.codes.length === 0 ? '' : `, with the codes ${was.codes.join(', ')}`}.`
          : 'Not asked: what was changed of an event is not told.'}
      </p>
      <PartIssues draft={draft} part="adaptations" />
      <Change draft={draft} part="adaptations" there={was !== null} what="adaptations" edit={() => setEditing(true)} />
      {editing && (
        <PartDialog
          title="Adaptations"
          part="adaptations"
          issues={draft.whole.issues}
          check={(values) => wrongConditions(values, ['source.where'])}
          close={() => setEditing(false)}
          save={(values) => draft.save({ adaptations: adaptationsOf(values) }, 'Adaptations are saved.')}
        >
          {(wrong) => (
            <SourceFields field="source" was={fields} wrong={wrong}>
              {(readable) => (
                <>
                  <VariableField
                    label="Variable that says whether it was changed"
                    name="adapted"
                    offers={readable.entries}
                    defaultValue={fields.adapted ?? ''}
                    error={wrong.adapted ?? null}
                  />
                  <TextArea
                    label="What was changed"
                    name="codes"
                    rows={2}
                    hint="Names of yes-or-no variables, with commas. Empty: not told."
                    defaultValue={fields.codes ?? ''}
                    error={wrong.codes ?? null}
                  />
                </>
              )}
            </SourceFields>
          )}
        </PartDialog>
      )}
    </section>
  );
}

interface ChangeProps {
  readonly draft: ModelDraft;
  readonly part: 'usualPractice' | 'adaptations';
  readonly there: boolean;
  readonly what: string;
  readonly edit: () => void;
}

function Change({ draft, part, there, what, edit }: ChangeProps) {
  const [removing, setRemoving] = useState(false);
  if (!draft.editable) return null;
  return (
    <p className="button-row">
      <button type="button" className="button" onClick={edit}>
        {there ? `Edit ${what}` : `Add ${what}`}
      </button>
      {there && (
        <button type="button" className="button" onClick={() => setRemoving(true)}>
          Remove {what}
        </button>
      )}
      {removing && (
        <ConfirmDialog
          title={`Remove ${what}`}
          confirm="Remove"
          danger
          close={() => setRemoving(false)}
          act={() => draft.save({ [part]: null }, `The model asks for ${what} no more.`)}
        >
          <p>It is taken out of this draft. Published versions keep it.</p>
        </ConfirmDialog>
      )}
    </p>
  );
}
