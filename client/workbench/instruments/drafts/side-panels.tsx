/** The panels beside the form of a draft, one at a time. */
import type { ReactNode } from 'react';
import type { InstrumentFinding } from '../../../../instruments/checks/check-instrument.ts';
import type { DraftDetail } from '../../../shared/instruments-api.ts';
import { CodebookTables } from '../../data/codebook.tsx';
import { ChecksPanel } from './checks-panel.tsx';
import { DetailsPanel } from './details-panel.tsx';
import { LanguagesPanel } from './languages-panel.tsx';
import { Preview } from './preview.tsx';
import { PublishPanel } from './publish-panel.tsx';
import { ScalesPanel } from './scales-panel.tsx';
import { SimulatePanel } from './simulate-panel.tsx';
import type { Checked } from './use-checks.ts';
import type { Editing } from './use-editing.ts';
import type { Publication } from './use-publication.ts';

const panels = {
  details: 'Details',
  scales: 'Scales',
  codebook: 'Codebook',
  checks: 'Checks',
  languages: 'Languages',
  preview: 'Preview',
  simulate: 'Simulate',
  publish: 'Publish',
} as const;
export type SidePanel = keyof typeof panels;

interface Props {
  readonly panel: SidePanel;
  show(panel: SidePanel): void;
  readonly draft: DraftDetail;
  readonly editing: Editing;
  readonly checked: Checked | null;
  readonly publication: Publication;
  goTo(finding: InstrumentFinding): void;
}

export function SidePanels({ panel, show, draft, editing, checked, publication, goTo }: Props) {
  const { content, change } = editing;
  const errors = checked?.findings.filter(({ severity }) => severity === 'error').length ?? 0;
  const views: Readonly<Record<SidePanel, () => ReactNode>> = {
    details: () => <DetailsPanel content={content} change={change} />,
    scales: () => <ScalesPanel content={content} change={change} />,
    codebook: () => (
      <WhenRead checked={checked}>
        {({ codebook }) => <CodebookTables codebook={codebook} file={`${draft.instrument}-draft-codebook.csv`} />}
      </WhenRead>
    ),
    checks: () => <ChecksPanel checked={checked} goTo={goTo} />,
    languages: () => <LanguagesPanel draft={draft.id} editing={editing} />,
    preview: () => <WhenRead checked={checked}>{({ instrument }) => <Preview instrument={instrument} />}</WhenRead>,
    simulate: () => (
      <WhenRead checked={checked}>{({ instrument }) => <SimulatePanel instrument={instrument} />}</WhenRead>
    ),
    publish: () => <PublishPanel draft={draft} checked={checked} editing={editing} publication={publication} />,
  };
  return (
    <section className="workshop-side" aria-label="Beside the form">
      <nav className="switch" aria-label="What is shown beside the form">
        {Object.entries(panels).map(([name, title]) => (
          <button
            key={name}
            type="button"
            className="button button-small"
            aria-pressed={name === panel}
            onClick={() => show(name as SidePanel)}
          >
            {title}
            {name === 'checks' && errors > 0 ? ` (${errors})` : ''}
          </button>
        ))}
      </nav>
      <h2>{panels[panel]}</h2>
      {views[panel]()}
    </section>
  );
}

type Read = NonNullable<Checked['read']>;

/** What hangs on a text that can be read. */
function WhenRead({ checked, children }: { checked: Checked | null; children: (read: Read) => ReactNode }) {
  if (!checked) return <p role="status">Reading…</p>;
  if (checked.read) return children(checked.read);
  return <p role="status">It cannot be shown while there are errors; the checks say where they are.</p>;
}
