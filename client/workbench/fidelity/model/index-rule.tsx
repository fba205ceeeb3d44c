/** The index: how weights are read, all weights at once, and how much of them needs a score. Used by the page of a model. */
import { useState } from 'react';
import { Link } from 'react-router';
import { formatPercent } from '../../../shared/format.ts';
import { Field, Select } from '../../parts/form.tsx';
import { PartDialog } from './part-dialog.tsx';
import { PartIssues } from './part-issues.tsx';
import { numberOf } from './part-words.ts';
import type { ModelDraft } from './use-draft.ts';

const weightings = [
  { value: 'sum-to-one', title: 'Weights must sum to 1' },
  { value: 'relative', title: 'Weights are relative: divided by their sum' },
];

export function IndexRule({ draft, study }: { draft: ModelDraft; study: string }) {
  const [editing, setEditing] = useState(false);
  const { index } = draft.whole.model;
  return (
    <section aria-labelledby="index">
      <h3 id="index">Index</h3>
      <p>
        {weightings.find(({ value }) => value === index.weights)?.title}. There is an index where at least{' '}
        {formatPercent(index.least)} of the weight has scores; missing scores are left out and the other weights take
        their place.
      </p>
      <p className="soft">
        How far the index hangs on its weights is worked out for every model, with equal weights, each component left
        out and weights drawn at random: see <Link to={`/studies/${study}/fidelity/sources`}>Sources compared</Link>.
      </p>
      <PartIssues draft={draft} part="index" />
      {draft.editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing(true)}>
            Edit weights and index
          </button>
        </p>
      )}
      {editing && <IndexForm draft={draft} close={() => setEditing(false)} />}
    </section>
  );
}

function IndexForm({ draft, close }: { draft: ModelDraft; close: () => void }) {
  const { model, issues } = draft.whole;
  const { components, index } = model;
  const [weights, setWeights] = useState(components.map(({ weight }) => String(weight)));
  const total = weights.reduce((sum, weight) => sum + (numberOf(weight) ?? 0), 0);
  return (
    <PartDialog
      title="Weights and index"
      part=""
      issues={issues.filter(({ path }) => /^(index|components\.\d+\.weight)\b/.test(path))}
      close={close}
      save={(values) =>
        draft.save(
          {
            index: { weights: values['index.weights'], least: numberOf(values['index.least']) },
            components: components.map((one, at) => ({ ...one, weight: numberOf(weights[at]) })),
          },
          'The index is saved.',
        )
      }
    >
      {(wrong) => (
        <>
          <Select
            label="Weights"
            name="index.weights"
            defaultValue={index.weights}
            options={weightings}
            error={wrong['index.weights'] ?? null}
          />
          {components.length > 0 && (
            <fieldset className="choice">
              <legend>Weight of each component</legend>
              <div className="field-pair">
                {components.map(({ id, title }, at) => (
                  <Field
                    key={id}
                    label={title}
                    name={`components.${at}.weight`}
                    inputMode="decimal"
                    value={weights[at] ?? ''}
                    onChange={({ target }) => setWeights(weights.map((old, i) => (i === at ? target.value : old)))}
                    error={wrong[`components.${at}.weight`] ?? null}
                  />
                ))}
              </div>
              <p role="status">They sum to {Number(total.toFixed(6))}.</p>
            </fieldset>
          )}
          <Field
            label="Least share of the weight that has scores"
            name="index.least"
            inputMode="decimal"
            hint="From 0 to 1. Places with less have no index."
            defaultValue={index.least}
            error={wrong['index.least'] ?? null}
          />
        </>
      )}
    </PartDialog>
  );
}
