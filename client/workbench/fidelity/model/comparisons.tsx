/** The same thing as seen by those who took part, led and watched: read, and in a draft changed. Used by the page of a model. */
import { useState } from 'react';
import { idFrom } from '../../../../instruments/ids.ts';
import { Field } from '../../parts/form.tsx';
import { inOrder } from './component-table.tsx';
import { EntryButtons } from './entry-buttons.tsx';
import { PartDialog } from './part-dialog.tsx';
import { PartIssues } from './part-issues.tsx';
import { comparisonFields, comparisonOf, views, wrongConditions } from './part-words.ts';
import { RangeFields } from './rule-fields.tsx';
import { SourceFields, VariableField } from './source-fields.tsx';
import type { ModelDraft } from './use-draft.ts';

const viewTitles = {
  self: 'Those who took part',
  facilitator: 'Those who led it',
  observer: 'Somebody who watched',
} as const;

export function Comparisons({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const { comparisons } = draft.whole.model;
  return (
    <section aria-labelledby="comparisons">
      <h3 id="comparisons">Sources compared</h3>
      {comparisons.length === 0 && <p>None: no figure of one source is set beside another’s.</p>}
      <ul className="model-entries">
        {comparisons.map((one, at) => (
          <li key={one.id}>
            <p>
              <strong>{one.title}</strong>:{' '}
              {views
                .flatMap((view) => {
                  const own = one[view];
                  return own ? [`${viewTitles[view].toLowerCase()} by ${own.scale} of ${own.source.instrument}`] : [];
                })
                .join('; ')}
              .
            </p>
            <PartIssues draft={draft} part={`comparisons.${at}`} />
            {draft.editable && (
              <EntryButtons
                entry={one}
                entries={comparisons}
                edit={() => setEditing(at)}
                removes=""
                move={(ids) => draft.save({ comparisons: inOrder(comparisons, ids) }, `${one.title} was moved.`)}
                remove={() =>
                  draft.save(
                    { comparisons: comparisons.filter(({ id }) => id !== one.id) },
                    `${one.title} was removed.`,
                  )
                }
              />
            )}
          </li>
        ))}
      </ul>
      {draft.editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing('new')}>
            Add a comparison
          </button>
        </p>
      )}
      {editing !== null && <ComparisonForm at={editing} draft={draft} close={() => setEditing(null)} />}
    </section>
  );
}

function ComparisonForm({ at, draft, close }: { at: number | 'new'; draft: ModelDraft; close: () => void }) {
  const { model, issues } = draft.whole;
  const was = at === 'new' ? null : (model.comparisons[at] ?? null);
  const fields = was ? comparisonFields(was) : {};
  return (
    <PartDialog
      title={was ? `Edit ${was.title}` : 'Add a comparison'}
      part={`comparisons.${was ? at : model.comparisons.length}`}
      issues={issues}
      close={close}
      check={(values) => ({
        ...wrongConditions(
          values,
          views.map((view) => `${view}.source.where`),
        ),
        ...(values.title?.trim() ? {} : { title: 'Give the comparison a name.' }),
      })}
      save={(values) => {
        const title = values.title?.trim() ?? '';
        const next = comparisonOf(values, values.id?.trim() || idFrom(title));
        return draft.save(
          {
            comparisons: was
              ? model.comparisons.map((one, i) => (i === at ? next : one))
              : [...model.comparisons, next],
          },
          was ? `${title} is saved.` : `${title} was added.`,
        );
      }}
    >
      {(wrong) => (
        <>
          <Field label="Name" name="title" defaultValue={fields.title ?? ''} error={wrong.title ?? null} />
          <Field
            label="Short name"
            name="id"
            hint="Small letters, digits and hyphens. Empty: made from the name."
            defaultValue={was?.id ?? ''}
            error={wrong.id ?? null}
          />
          {views.map((view) => (
            <fieldset key={view} className="choice when-fields">
              <legend>{viewTitles[view]}</legend>
              <SourceFields field={`${view}.source`} was={fields} wrong={wrong} none="Not asked">
                {(readable) => (
                  <>
                    <VariableField
                      label="Scale or variable"
                      name={`${view}.scale`}
                      offers={readable.scales}
                      defaultValue={fields[`${view}.scale`] ?? ''}
                      error={wrong[`${view}.scale`] ?? null}
                    />
                    <RangeFields field={`${view}.range`} was={fields} wrong={wrong} />
                  </>
                )}
              </SourceFields>
            </fieldset>
          ))}
          <div className="field-pair">
            <Field
              label="Low below"
              name="cutoffs.low"
              inputMode="decimal"
              defaultValue={fields['cutoffs.low'] ?? '0.5'}
              error={wrong['cutoffs.low'] ?? null}
            />
            <Field
              label="As intended from"
              name="cutoffs.high"
              inputMode="decimal"
              defaultValue={fields['cutoffs.high'] ?? '0.8'}
              error={wrong['cutoffs.high'] ?? null}
            />
          </div>
        </>
      )}
    </PartDialog>
  );
}
