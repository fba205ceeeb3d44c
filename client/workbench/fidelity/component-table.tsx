/** The components of a model in order, each with its rule in words; in a draft each can be changed, added and removed. */
import { useState } from 'react';
import type { Component } from '../../../instruments/fidelity-model.ts';
import { saveFidelityModel, type WholeModel } from '../../shared/fidelity-api.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { ComponentForm } from './component-form.tsx';
import { conditionText } from './component-words.ts';
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';

export function ComponentTable({ whole, editable }: { whole: WholeModel; editable: boolean }) {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  const [editing, setEditing] = useState<Component | 'new' | null>(null);
  const [removing, setRemoving] = useState<Component | null>(null);
  const { model, version, revision } = whole;
  const save = async (components: readonly unknown[], done: string) => {
    await saveFidelityModel(study.id, version, { revision, model: { ...model, components } });
    announce(done);
    await refresh();
  };
  const total = model.components.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <>
      <ScrollRegion label="Components">
        <table>
          <caption className="visually-hidden">Components of the model, in order</caption>
          <thead>
            <tr>
              <th scope="col">Component</th>
              <th scope="col">Dimension</th>
              <th scope="col">Level</th>
              <th scope="col">Cycles</th>
              <th scope="col">Expected</th>
              <th scope="col">Rule</th>
              <th scope="col" className="number">
                Weight
              </th>
              {editable && <th scope="col">Change</th>}
            </tr>
          </thead>
          <tbody>
            {model.components.map((component) => (
              <tr key={component.id}>
                <th scope="row">
                  {component.title}
                  {component.core && <small> core</small>}
                </th>
                <td>{component.dimension}</td>
                <td>{component.level}</td>
                <td>{component.cycles.join(', ')}</td>
                <td>{expectedText(component)}</td>
                <td>{ruleText(component)}</td>
                <td className="number">{component.weight}</td>
                {editable && (
                  <td className="row-buttons">
                    <button type="button" className="button button-small" onClick={() => setEditing(component)}>
                      Edit<span className="visually-hidden"> {component.title}</span>
                    </button>{' '}
                    <button type="button" className="button button-small" onClick={() => setRemoving(component)}>
                      Remove<span className="visually-hidden"> {component.title}</span>
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className="soft">The weights sum to {Number(total.toFixed(6))}.</p>
      {editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing('new')}>
            Add a component
          </button>
        </p>
      )}
      {editing !== null && (
        <ComponentForm
          key={editing === 'new' ? 'new' : editing.id}
          was={editing === 'new' ? null : editing}
          model={model}
          close={() => setEditing(null)}
          save={(next, id) =>
            save(
              editing === 'new'
                ? [...model.components, next]
                : model.components.map((one) => (one.id === editing.id ? next : one)),
              editing === 'new' ? `${id} was added.` : `${editing.title} is saved.`,
            )
          }
        />
      )}
      {removing && (
        <ConfirmDialog
          title={`Remove ${removing.title}`}
          confirm="Remove"
          danger
          close={() => setRemoving(null)}
          act={() =>
            save(
              model.components
                .filter(({ id }) => id !== removing.id)
                .map((one) => ({ ...one, after: one.after.filter((id) => id !== removing.id) })),
              `${removing.title} was removed.`,
            )
          }
        >
          <p>It is taken out of this draft, and out of the order of the others. Published versions keep it.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function expectedText({ expected }: Component): string {
  if (!expected) return 'nothing by day';
  const { count, duration, to } = expected;
  const each = duration === null ? '' : ` of ${duration} ${duration === 1 ? 'day' : 'days'}`;
  if (typeof to === 'string') return `${count}${each} by ${to}`;
  const from = 'cycle' in to ? `the cycle ${to.cycle}` : `${to.wave} ${to.at}`;
  return to.days === 0 ? `${count}${each} by the day that ${from}` : `${count}${each} by day ${to.days} after ${from}`;
}

function ruleText({ source, rule }: Component): string {
  const where = source.where.map(conditionText).join(' and ');
  const of = `${source.table ?? source.instrument}${where ? ` where ${where}` : ''}`;
  switch (rule.kind) {
    case 'count':
      return `count of ${of}${rule.duration ? `, by ${rule.duration}` : ''}`;
    case 'share':
      return `${rule.variable} out of ${rule.outOf}, in ${of}`;
    case 'proportion':
      return `share ${rule.reversed ? 'without' : 'with'} ${conditionText(rule.when)}, in ${of}`;
    case 'thresholds':
      return `${rule.figure} of ${rule.variable ?? 'entries'} in ${of}: ${rule.steps.map(({ from, score }) => `from ${from} ${score}`).join(', ')}`;
    case 'scale':
      return `${rule.scale} from ${rule.range.min} to ${rule.range.max}, in ${of}`;
  }
}
