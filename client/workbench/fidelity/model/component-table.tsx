/** The components of a model in order, each with its rule in words; in a draft each can be changed, moved, added and removed. */
import { useState } from 'react';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { ComponentForm } from './component-form.tsx';
import { expectedText, ruleText } from './component-words.ts';
import { EntryButtons } from './entry-buttons.tsx';
import { PartIssues } from './part-issues.tsx';
import type { ModelDraft } from './use-draft.ts';

export function ComponentTable({ draft }: { draft: ModelDraft }) {
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const { model } = draft.whole;
  const total = model.components.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <section aria-labelledby="components">
      <h3 id="components">Components</h3>
      {model.components.length === 0 ? (
        <p>None yet: what the programme consists of, each with the rule that makes its score.</p>
      ) : (
        <>
          <Rows draft={draft} edit={setEditing} />
          <p className="soft">The weights sum to {Number(total.toFixed(6))}.</p>
        </>
      )}
      <PartIssues draft={draft} part="components" own />
      {draft.editable && (
        <p>
          <button type="button" className="button" onClick={() => setEditing('new')}>
            Add a component
          </button>
        </p>
      )}
      {editing !== null && <ComponentForm at={editing} draft={draft} close={() => setEditing(null)} />}
    </section>
  );
}

function Rows({ draft, edit }: { draft: ModelDraft; edit: (at: number) => void }) {
  const { editable, waves, save, whole } = draft;
  const { components, cycles } = whole.model;
  const cycleTitles = new Map(cycles.map(({ id, title }) => [id, title]));
  return (
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
          {components.map((component, at) => (
            <tr key={component.id}>
              <th scope="row">
                {component.title}
                {component.core && <small> core</small>}
                <PartIssues draft={draft} part={`components.${at}`} />
              </th>
              <td>{component.dimension}</td>
              <td>{component.level}</td>
              <td>{component.cycles.map((id) => cycleTitles.get(id) ?? id).join(', ')}</td>
              <td>{expectedText(component, waves)}</td>
              <td>{ruleText(component)}</td>
              <td className="number">{component.weight}</td>
              {editable && (
                <td>
                  <EntryButtons
                    entry={component}
                    entries={components}
                    edit={() => edit(at)}
                    removes=", and out of the order of the others"
                    move={(ids) => save({ components: inOrder(components, ids) }, `${component.title} was moved.`)}
                    remove={() =>
                      save(
                        {
                          components: components
                            .filter(({ id }) => id !== component.id)
                            .map((one) => ({ ...one, after: one.after.filter((id) => id !== component.id) })),
                        },
                        `${component.title} was removed.`,
                      )
                    }
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Entries in the order of their ids. */
export function inOrder<T extends { readonly id: string }>(entries: readonly T[], ids: readonly string[]): T[] {
  return ids.flatMap((id) => entries.find((one) => one.id === id) ?? []);
}
