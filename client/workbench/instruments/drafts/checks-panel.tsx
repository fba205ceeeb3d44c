/** What keeps a draft from being published, and what is worth another look; a click goes to the item. */
import type { InstrumentFinding } from '../../../../instruments/checks/check-instrument.ts';
import { counted } from '../../../shared/format.ts';
import type { Checked } from './use-checks.ts';

interface Props {
  readonly checked: Checked | null;
  goTo(finding: InstrumentFinding): void;
}

export function ChecksPanel({ checked, goTo }: Props) {
  if (!checked) return <p role="status">Checking…</p>;
  const errors = checked.findings.filter(({ severity }) => severity === 'error');
  const hints = checked.findings.filter(({ severity }) => severity === 'hint');
  return (
    <div className="stack">
      <p role="status">
        {checked.pending
          ? 'Checking…'
          : `${counted(errors.length, 'error')}, ${counted(hints.length, 'hint')}. ${
              errors.length > 0
                ? 'Errors have to be mended before it can be published.'
                : 'Nothing keeps it from being published.'
            }`}
      </p>
      {errors.length > 0 && <FindingList title="Errors" findings={errors} goTo={goTo} />}
      {hints.length > 0 && <FindingList title="Hints" findings={hints} goTo={goTo} />}
    </div>
  );
}

function FindingList({
  title,
  findings,
  goTo,
}: {
  title: string;
  findings: readonly InstrumentFinding[];
  goTo: Props['goTo'];
}) {
  return (
    <section className="card" aria-label={title}>
      <h3>{title}</h3>
      <ul className="findings">
        {findings.map((finding) => (
          <li key={`${finding.code} ${finding.path} ${finding.message}`}>
            {finding.message}
            <br />
            {finding.item ? (
              <button type="button" className="link-button" onClick={() => goTo(finding)}>
                Go to {finding.item}
              </button>
            ) : (
              <code className="soft">{finding.path || 'the whole instrument'}</code>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
