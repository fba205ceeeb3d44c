/** The cycles of a model with their days: read, and in a draft changed, moved, added and removed. Used by the page of a model. */
import { useState } from 'react';
import { cycleWindow } from '../../../../instruments/fidelity/windows.ts';
import type { Cycle } from '../../../../instruments/fidelity-model.ts';
import { idFrom } from '../../../../instruments/ids.ts';
import { formatDays } from '../../../shared/format.ts';
import { Field, type Wrong } from '../../parts/form.tsx';
import { inOrder } from './component-table.tsx';
import { EntryButtons } from './entry-buttons.tsx';
import { PartDialog } from './part-dialog.tsx';
import { PartIssues } from './part-issues.tsx';
import { type Fields, whenFields, whenOf, whenText } from './part-words.ts';
import type { ModelDraft } from './use-draft.ts';
import { WhenFields } from './when-fields.tsx';

export function Cycles({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const { cycles, components } = draft.whole.model;
  return (
    <section aria-labelledby="cycles">
      <h3 id="cycles">Cycles</h3>
      {cycles.length === 0 && <p>None yet: the turns that the programme takes, each with its days.</p>}
      <ol className="model-entries">
        {cycles.map((cycle, at) => (
          <li key={cycle.id}>
            <p>
              <strong>{cycle.title}</strong>: <Days cycle={cycle} draft={draft} />
            </p>
            <PartIssues draft={draft} part={`cycles.${at}`} />
            {draft.editable && (
              <EntryButtons
                entry={cycle}
                entries={cycles}
                edit={() => setEditing(at)}
                removes=", and out of the components that take place in it"
                move={(ids) => draft.save({ cycles: inOrder(cycles, ids) }, `${cycle.title} was moved.`)}
                remove={() =>
                  draft.save(
                    {
                      cycles: cycles.filter(({ id }) => id !== cycle.id),
                      components: components.map((one) => ({
                        ...one,
                        cycles: one.cycles.filter((id) => id !== cycle.id),
                      })),
                    },
                    `${cycle.title} was removed.`,
                  )
                }
              />
            )}
          </li>
        ))}
      </ol>
      <PartIssues draft={draft} part="cycles" own />
      {draft.editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing('new')}>
            Add a cycle
          </button>
        </p>
      )}
      {editing !== null && <CycleForm at={editing} draft={draft} close={() => setEditing(null)} />}
    </section>
  );
}

/** Its days in this study, and how the model tells them. */
function Days({ cycle, draft: { waves } }: { cycle: Cycle; draft: ModelDraft }) {
  const window = cycleWindow(cycle, waves);
  const told = `from ${whenText(cycle.from, waves)} to ${whenText(cycle.to, waves)}`;
  const plain = typeof cycle.from === 'string' && typeof cycle.to === 'string';
  return (
    <>
      {window ? formatDays(window.from, window.to) : told}
      {window && !plain && <span className="soft"> ({told})</span>}
    </>
  );
}

const named = ({ title }: Fields): Wrong => (title?.trim() ? {} : { title: 'Give the cycle a name.' });

function CycleForm({ at, draft, close }: { at: number | 'new'; draft: ModelDraft; close: () => void }) {
  const { model, issues } = draft.whole;
  const was = at === 'new' ? null : (model.cycles[at] ?? null);
  const fields = was ? { ...whenFields(was.from, 'from'), ...whenFields(was.to, 'to') } : {};
  const wave = draft.waves[0]?.id;
  const last = draft.waves.at(-1)?.id;
  return (
    <PartDialog
      title={was ? `Edit ${was.title}` : 'Add a cycle'}
      part={`cycles.${was ? at : model.cycles.length}`}
      issues={issues}
      close={close}
      check={named}
      save={(values) => {
        const title = values.title?.trim() ?? '';
        const id = values.id?.trim() || idFrom(title);
        const next = { id, title, from: whenOf(values, 'from'), to: whenOf(values, 'to') };
        const cycles = was ? model.cycles.map((one, i) => (i === at ? next : one)) : [...model.cycles, next];
        // Components name a cycle by its id; a new id goes with them.
        const renamed = (one: string) => (was && one === was.id ? id : one);
        const components = model.components.map((one) => ({ ...one, cycles: one.cycles.map(renamed) }));
        return draft.save({ cycles, components }, was ? `${title} is saved.` : `${title} was added.`);
      }}
    >
      {(wrong) => (
        <>
          <Field label="Name" name="title" defaultValue={was?.title ?? ''} error={wrong.title ?? null} />
          <Field
            label="Short name"
            name="id"
            hint="Small letters, digits and hyphens. Empty: made from the name."
            defaultValue={was?.id ?? ''}
            error={wrong.id ?? null}
          />
          <WhenFields
            legend="First day"
            field="from"
            start={wave === undefined ? 'day' : `wave ${wave} opens`}
            {...{ was: fields, wrong, waves: draft.waves, inCycle: false }}
          />
          <WhenFields
            legend="Last day"
            field="to"
            start={last === undefined ? 'day' : `wave ${last} closes`}
            {...{ was: fields, wrong, waves: draft.waves, inCycle: false }}
          />
        </>
      )}
    </PartDialog>
  );
}
