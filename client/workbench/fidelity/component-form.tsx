/** The form of one component: what it is, what is expected, where it is read, by which rule. Used by `component-table.tsx`. */
import { useEffect, useId, useRef, useState } from 'react';
import type { Component, FidelityModel } from '../../../instruments/fidelity-model.ts';
import { dimensions, fidelityLevels } from '../../../instruments/fidelity-names.ts';
import { Field, Form, Select, TextArea } from '../parts/form.tsx';
import { idFrom } from '../parts/id-from.ts';
import { componentOf, conditionText, dueDays, ruleFields, wrongFields } from './component-words.ts';

const kinds = {
  count: 'Count: what took place, of what is expected',
  share: 'Share: a number, out of a number or of the schools',
  proportion: 'Proportion: entries with a condition',
  thresholds: 'Thresholds: a figure, in steps',
  scale: 'Scale: a scale or an item, from lowest to highest',
} as const;
type Kind = keyof typeof kinds;

interface FormProps {
  readonly was: Component | null;
  readonly model: FidelityModel;
  readonly save: (component: unknown, id: string) => Promise<unknown>;
  readonly close: () => void;
}

const yesNo = [
  { value: 'yes', title: 'Yes' },
  { value: 'no', title: 'No' },
];
const same = (values: readonly string[]) => values.map((value) => ({ value, title: value }));

export function ComponentForm({ was, model, save, close }: FormProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [kind, setKind] = useState<Kind>(was?.rule.kind ?? 'count');
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);
  const rule = was && was.rule.kind === kind ? ruleFields(was) : {};
  return (
    <dialog ref={dialog} className="dialog dialog-wide" aria-labelledby={title} onClose={close}>
      <h2 id={title}>{was ? `Edit ${was.title}` : 'Add a component'}</h2>
      <Form
        submit="Save"
        keeps
        check={(values) => wrongFields({ ...values, kind })}
        send={async (values) => {
          const id = was?.id ?? idFrom(values.title ?? '');
          await save(componentOf({ ...values, kind }, was, id), values.title ?? id);
          dialog.current?.close();
        }}
      >
        {(wrong) => (
          <>
            <Field label="Name" name="title" defaultValue={was?.title ?? ''} error={wrong.title ?? null} />
            <TextArea label="What it is" name="description" rows={2} defaultValue={was?.description ?? ''} />
            <Select
              label="Dimension"
              name="dimension"
              defaultValue={was?.dimension ?? 'adherence'}
              options={same(dimensions)}
            />
            <Select label="Level" name="level" defaultValue={was?.level ?? 'school'} options={same(fidelityLevels)} />
            <Select
              label="Core: may not be changed"
              name="core"
              defaultValue={was?.core === false ? 'no' : 'yes'}
              options={yesNo}
            />
            <Field
              label="Weight"
              name="weight"
              inputMode="decimal"
              defaultValue={was?.weight ?? 0}
              error={wrong.weight ?? null}
            />
            <Field label="Low below" name="low" inputMode="decimal" defaultValue={was?.cutoffs.low ?? 0.5} />
            <Field label="As intended from" name="high" inputMode="decimal" defaultValue={was?.cutoffs.high ?? 0.8} />
            <Field
              label="Cycles"
              name="cycles"
              hint={`Of ${model.cycles.map(({ id }) => id).join(', ')}, with commas.`}
              defaultValue={(was?.cycles ?? model.cycles.map(({ id }) => id)).join(', ')}
              error={wrong.cycles ?? null}
            />
            <Field
              label="Comes after"
              name="after"
              hint="Ids of components, with commas."
              defaultValue={was?.after.join(', ') ?? ''}
            />
            <Field
              label="Expected number"
              name="count"
              inputMode="numeric"
              hint="Empty: nothing by day."
              defaultValue={was?.expected?.count ?? ''}
            />
            <Field
              label="Expected by"
              name="due"
              inputMode="numeric"
              hint="Days after the cycle begins. Empty: its end."
              defaultValue={dueDays(was?.expected?.to)}
            />
            <Field
              label="Days that each takes"
              name="duration"
              inputMode="decimal"
              defaultValue={was?.expected?.duration ?? ''}
            />
            <Field label="Instrument" name="instrument" defaultValue={was?.source.instrument ?? 'implementation-log'} />
            <Field
              label="List of entries"
              name="table"
              hint="A panel of it, like events. Empty: the response itself."
              defaultValue={was?.source.table ?? ''}
            />
            <TextArea
              label="Which entries"
              name="where"
              rows={3}
              hint="One condition a line, like ev_kind = 2 or ev_days 1 to 2."
              defaultValue={was?.source.where.map(conditionText).join('\n') ?? ''}
              error={wrong.where ?? null}
            />
            <Field label="Variable with the day" name="day" defaultValue={was?.source.day ?? ''} />
            <Field label="Variable with the school" name="school" defaultValue={was?.source.school ?? ''} />
            <Select
              label="Rule"
              name="kind"
              value={kind}
              onChange={(value) => setKind(value in kinds ? (value as Kind) : 'count')}
              options={Object.entries(kinds).map(([value, text]) => ({ value, title: text }))}
            />
            <RuleFields key={kind} kind={kind} rule={rule} wrong={wrong} />
          </>
        )}
      </Form>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}

interface RuleProps {
  readonly kind: Kind;
  readonly rule: Readonly<Record<string, string>>;
  readonly wrong: Readonly<Record<string, string>>;
}

function RuleFields({ kind, rule, wrong }: RuleProps) {
  const variable = (label: string, hint?: string) => (
    <Field label={label} name="variable" defaultValue={rule.variable ?? ''} {...(hint ? { hint } : {})} />
  );
  switch (kind) {
    case 'count':
      return variable('Variable with the days it took', 'Empty: each counts as one.');
    case 'share':
      return (
        <>
          {variable('Variable')}
          <Field label="Out of" name="outOf" hint="A number, or schools." defaultValue={rule.outOf ?? 'schools'} />
        </>
      );
    case 'proportion':
      return (
        <>
          <Field label="Condition" name="when" defaultValue={rule.when ?? ''} error={wrong.when ?? null} />
          <Select label="Reversed" name="reversed" defaultValue={rule.reversed ?? 'no'} options={yesNo} />
        </>
      );
    case 'thresholds':
      return (
        <>
          <Select
            label="Figure"
            name="figure"
            defaultValue={rule.figure ?? 'count'}
            options={same(['count', 'sum', 'mean', 'highest'])}
          />
          {variable('Variable', 'Not needed for a count.')}
          <TextArea
            label="Steps"
            name="steps"
            rows={3}
            hint="One a line, from = score, like 3 = 1."
            defaultValue={rule.steps ?? ''}
            error={wrong.steps ?? null}
          />
        </>
      );
    case 'scale':
      return (
        <>
          {variable('Scale or variable')}
          <Field label="Lowest" name="min" inputMode="decimal" defaultValue={rule.min ?? '1'} />
          <Field label="Highest" name="max" inputMode="decimal" defaultValue={rule.max ?? '5'} />
        </>
      );
  }
}
