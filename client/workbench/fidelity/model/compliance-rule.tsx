/** The dated rule of compliance, and whether it is frozen. Used by the page of a model. */
import { useState } from 'react';
import { formatDay, formatInstant, formatPercent } from '../../../shared/format.ts';
import { Field, Select } from '../../parts/form.tsx';
import { PartDialog } from './part-dialog.tsx';
import { PartIssues } from './part-issues.tsx';
import { numberOf } from './part-words.ts';
import type { ModelDraft } from './use-draft.ts';

const continuous = [
  { value: 'index', title: 'The index' },
  { value: 'core-index', title: 'The index of core components alone' },
];
const comparison = [
  { value: 'zero', title: 'Not complied: 0' },
  { value: 'missing', title: 'Nothing: missing' },
];
const titleOf = (options: typeof continuous, value: string) => options.find((one) => one.value === value)?.title ?? '';

export function ComplianceRule({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState(false);
  const { model, state, history } = draft.whole;
  const { compliance } = model;
  const locked = history.find((step) => step.state === 'locked');
  return (
    <section aria-labelledby="compliance">
      <h3 id="compliance">Compliance</h3>
      <dl className="facts">
        <div>
          <dt>Decided on</dt>
          <dd>{formatDay(compliance.decided)}</dd>
        </div>
        <div>
          <dt>Complied</dt>
          <dd>
            An index from {compliance.index} on, and {formatPercent(compliance.coreShare)} of the core scores from{' '}
            {compliance.coreScore} on.
          </dd>
        </div>
        <div>
          <dt>Continuous variable</dt>
          <dd>{titleOf(continuous, compliance.continuous)}</dd>
        </div>
        <div>
          <dt>Places outside the programme</dt>
          <dd>{titleOf(comparison, compliance.comparison)}</dd>
        </div>
        <div>
          <dt>Frozen</dt>
          <dd>
            {locked
              ? `Since ${formatInstant(locked.at, draft.timeZone)}`
              : state === 'draft'
                ? 'No. Publish and lock this version before anybody sees outcomes.'
                : 'No. Lock this version before anybody sees outcomes.'}
          </dd>
        </div>
      </dl>
      <PartIssues draft={draft} part="compliance" />
      {draft.editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing(true)}>
            Edit the rule of compliance
          </button>
        </p>
      )}
      {editing && <ComplianceForm draft={draft} close={() => setEditing(false)} />}
    </section>
  );
}

function ComplianceForm({ draft, close }: { draft: ModelDraft; close: () => void }) {
  const { model, issues } = draft.whole;
  const was = model.compliance;
  return (
    <PartDialog
      title="Rule of compliance"
      part="compliance"
      issues={issues}
      close={close}
      save={({ decided, index, coreShare, coreScore, continuous: variable, comparison: others }) =>
        draft.save(
          {
            compliance: {
              decided,
              index: numberOf(index),
              coreShare: numberOf(coreShare),
              coreScore: numberOf(coreScore),
              continuous: variable,
              comparison: others,
            },
          },
          'The rule of compliance is saved.',
        )
      }
    >
      {(wrong) => (
        <>
          <Field
            label="Decided on"
            name="decided"
            type="date"
            hint="Before anybody sees outcomes."
            defaultValue={was.decided}
            error={wrong.decided ?? null}
          />
          <Field
            label="Complied: an index of at least"
            name="index"
            inputMode="decimal"
            hint="From 0 to 1."
            defaultValue={was.index}
            error={wrong.index ?? null}
          />
          <div className="field-pair">
            <Field
              label="And at least this share of core scores"
              name="coreShare"
              inputMode="decimal"
              hint="From 0 to 1. 0: core scores do not matter."
              defaultValue={was.coreShare}
              error={wrong.coreShare ?? null}
            />
            <Field
              label="That reach"
              name="coreScore"
              inputMode="decimal"
              hint="From 0 to 1."
              defaultValue={was.coreScore}
              error={wrong.coreScore ?? null}
            />
          </div>
          <Select
            label="Continuous variable"
            name="continuous"
            defaultValue={was.continuous}
            options={continuous}
            error={wrong.continuous ?? null}
          />
          <Select
            label="Places outside the programme get"
            name="comparison"
            defaultValue={was.comparison}
            options={comparison}
            error={wrong.comparison ?? null}
          />
        </>
      )}
    </PartDialog>
  );
}
