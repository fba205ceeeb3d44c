/** Asks for a decision on a finding, and why. Used by `quality.tsx`. */
import { useState } from 'react';
import type { Decision } from '../../../analysis/process/quality.ts';
import { type ResolvedFlag, resolveFinding } from '../../shared/fidelity-api.ts';
import { ApiProblem } from '../../shared/http.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Select, TextArea } from '../parts/form.tsx';
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';

export const decisionTitles: Readonly<Record<Decision, string>> = {
  count: 'It counts',
  'leave-out': 'It is left out',
  noted: 'Noted',
};

export function ResolveDialog({ flag, close }: { flag: ResolvedFlag; close: () => void }) {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  // One decision has one key: sent twice over a bad line, it is stored once.
  const [key] = useState(() => crypto.randomUUID());
  const [decision, setDecision] = useState<Decision>('noted');
  const [why, setWhy] = useState('');
  const [asked, setAsked] = useState(false);
  const choices: readonly Decision[] = flag.entry === null ? ['noted'] : ['noted', 'count', 'leave-out'];
  const act = async () => {
    if (why.trim() === '') {
      setAsked(true);
      throw new ApiProblem({ code: 'reason-needed', status: 422, title: 'Say in a few words why.' });
    }
    await resolveFinding(study.id, { key, flag: flag.id, decision, why: why.trim(), seen: flag.resolutions.length });
    announce('The decision is kept.');
    await refresh();
  };
  return (
    <ConfirmDialog title="Decide on this finding" confirm="Keep the decision" act={act} close={close}>
      <p>{flag.text}</p>
      <p>What was sent stays as it is. Decisions are kept for good; a later one may differ.</p>
      {choices.length > 1 && (
        <Select
          label="Decision"
          name="decision"
          value={decision}
          onChange={(value) => setDecision(choices.find((one) => one === value) ?? 'noted')}
          options={choices.map((value) => ({ value, title: decisionTitles[value] }))}
        />
      )}
      <TextArea
        label="Reason"
        name="why"
        rows={3}
        value={why}
        onChange={setWhy}
        hint="What you found out, and from whom. No names of staff."
        error={asked && why.trim() === '' ? 'Say in a few words why.' : null}
      />
    </ConfirmDialog>
  );
}
