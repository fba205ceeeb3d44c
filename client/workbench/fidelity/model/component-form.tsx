/** The form of one component: what it is, what is expected, where it is read, by which rule. Used by `component-table.tsx`. */
import { useState } from 'react';
import type { Component } from '../../../../instruments/fidelity-model.ts';
import { dimensions, fidelityLevels } from '../../../../instruments/fidelity-names.ts';
import { idFrom } from '../../../../instruments/ids.ts';
import { Checks } from '../../parts/checks.tsx';
import { Field, Select, TextArea, type Wrong } from '../../parts/form.tsx';
import { componentFields, componentOf, wrongFields } from './component-words.ts';
import { PartDialog } from './part-dialog.tsx';
import type { Fields } from './part-words.ts';
import { RuleFields, type RuleKind, ruleKinds } from './rule-fields.tsx';
import { SourceFields } from './source-fields.tsx';
import type { ModelDraft } from './use-draft.ts';
import { WhenFields } from './when-fields.tsx';

const yesNo = [
  { value: 'yes', title: 'Yes' },
  { value: 'no', title: 'No' },
];
const same = (values: readonly string[]) => values.map((value) => ({ value, title: value }));

export function ComponentForm({ at, draft, close }: { at: number | 'new'; draft: ModelDraft; close: () => void }) {
  const { model, issues } = draft.whole;
  const was = at === 'new' ? null : (model.components[at] ?? null);
  const fields = was ? componentFields(was) : {};
  return (
    <PartDialog
      title={was ? `Edit ${was.title}` : 'Add a component'}
      part={`components.${was ? at : model.components.length}`}
      issues={issues}
      check={wrongFields}
      close={close}
      save={(values) => {
        const id = values.id?.trim() || idFrom(values.title ?? '');
        const next = componentOf(values, id);
        const others = model.components.map((one) => afterRenamed(one, was?.id, id));
        return draft.save(
          { components: was ? others.map((one, i) => (i === at ? next : one)) : [...others, next] },
          was ? `${values.title} is saved.` : `${values.title} was added.`,
        );
      }}
    >
      {(wrong) => <AllFields was={was} fields={fields} wrong={wrong} draft={draft} />}
    </PartDialog>
  );
}

/** The others name a component by its id; a new id goes with them. */
function afterRenamed(one: Component, old: string | undefined, id: string): Component {
  return old === undefined || old === id ? one : { ...one, after: one.after.map((name) => (name === old ? id : name)) };
}

interface AllProps {
  readonly was: Component | null;
  readonly fields: Fields;
  readonly wrong: Wrong;
  readonly draft: ModelDraft;
}

function AllFields({ was, fields, wrong, draft }: AllProps) {
  const { model } = draft.whole;
  const [kind, setKind] = useState<RuleKind>(was?.rule.kind ?? 'count');
  const [count, setCount] = useState(fields['expected.count'] ?? '1');
  const text = (name: string, otherwise = '') => ({
    name,
    defaultValue: fields[name] ?? otherwise,
    error: wrong[name] ?? null,
  });
  const days = { was: fields, wrong, waves: draft.waves, inCycle: true };
  return (
    <>
      <Field label="Name" {...text('title')} />
      <Field label="Short name" hint="Small letters, digits and hyphens. Empty: made from the name." {...text('id')} />
      <TextArea label="What it is" rows={2} {...text('description')} />
      <div className="field-pair">
        <Select label="Dimension" options={same(dimensions)} {...text('dimension', 'adherence')} />
        <Select label="Level" options={same(fidelityLevels)} {...text('level', 'school')} />
        <Select label="Core: may not be changed" options={yesNo} {...text('core', 'yes')} />
      </div>
      <Several
        legend="Cycles"
        name="cycles"
        chosen={was?.cycles ?? model.cycles.map(({ id }) => id)}
        options={model.cycles}
        error={wrong.cycles ?? null}
      />
      <Several
        legend="Comes after"
        name="after"
        chosen={was?.after ?? []}
        options={model.components.filter(({ id }) => id !== was?.id)}
        error={wrong.after ?? null}
      />
      <h3>What is expected</h3>
      <div className="field-pair">
        <Field
          label="Number in each cycle"
          name="expected.count"
          inputMode="numeric"
          hint="Empty: nothing by day."
          value={count}
          onChange={({ target }) => setCount(target.value)}
          error={wrong['expected.count'] ?? null}
        />
        {count !== '' && (
          <Field
            label="Days that each takes"
            hint="Empty: it does not matter."
            inputMode="decimal"
            {...text('expected.duration')}
          />
        )}
      </div>
      {count !== '' && (
        <>
          <WhenFields legend="Not before" field="expected.from" start="cycle begins" {...days} />
          <WhenFields legend="Not after" field="expected.to" start="cycle ends" {...days} />
        </>
      )}
      <h3>Where it is read, and by which rule</h3>
      <SourceFields field="source" was={fields} wrong={wrong}>
        {(readable) => (
          <>
            <Select
              label="Rule"
              name="rule.kind"
              value={kind}
              onChange={(value) => setKind(value in ruleKinds ? (value as RuleKind) : 'count')}
              options={Object.entries(ruleKinds).map(([value, title]) => ({ value, title }))}
              error={wrong['rule.kind'] ?? null}
            />
            <RuleFields
              key={kind}
              kind={kind}
              was={was?.rule.kind === kind ? fields : {}}
              wrong={wrong}
              readable={readable}
            />
          </>
        )}
      </SourceFields>
      <h3>What it counts for</h3>
      <div className="field-pair">
        <Field label="Weight" inputMode="decimal" {...text('weight', '0')} />
        <Field label="Low below" inputMode="decimal" {...text('cutoffs.low', '0.5')} />
        <Field label="As intended from" inputMode="decimal" {...text('cutoffs.high', '0.8')} />
      </div>
    </>
  );
}

interface SeveralProps {
  readonly legend: string;
  readonly name: string;
  readonly chosen: readonly string[];
  readonly options: readonly { readonly id: string; readonly title: string }[];
  readonly error: string | null;
}

/** Boxes whose ids go with the form as one field; ids that nothing has any more stay until they are unticked. */
function Several({ legend, name, chosen, options, error }: SeveralProps) {
  const [ids, setIds] = useState(chosen);
  const lost = chosen.filter((id) => !options.some((one) => one.id === id));
  if (options.length === 0 && lost.length === 0 && error === null) return <input type="hidden" name={name} value="" />;
  return (
    <>
      <input type="hidden" name={name} value={ids.join(', ')} />
      <Checks
        legend={legend}
        chosen={ids}
        choose={setIds}
        error={error}
        options={[
          ...options.map(({ id, title }) => ({ value: id, title })),
          ...lost.map((id) => ({ value: id, title: `${id} (not in this model)` })),
        ]}
      />
    </>
  );
}
