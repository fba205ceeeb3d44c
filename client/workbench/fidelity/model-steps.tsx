/** Publishes, locks or discards a version of the model, each with its question. Used by `model.tsx`. */
import { useState } from 'react';
import { discardFidelityModel, stepFidelityModel, type WholeModel } from '../../shared/fidelity-api.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { TextArea } from '../parts/form.tsx';
import { useFidelityStudy, useRefreshFidelity } from './fidelity.tsx';

type Step = 'publish' | 'lock' | 'discard';

export function Steps({ whole, amends }: { whole: WholeModel; amends: boolean }) {
  const [step, setStep] = useState<Step | null>(null);
  const { state, issues } = whole;
  if (state === 'locked') return null;
  return (
    <p className="button-row">
      {state === 'draft' && issues.length === 0 && (
        <button type="button" className="button button-main" onClick={() => setStep('publish')}>
          Publish
        </button>
      )}{' '}
      {state === 'draft' && (
        <button type="button" className="button" onClick={() => setStep('discard')}>
          Discard the draft
        </button>
      )}
      {state === 'published' && (
        <button type="button" className="button button-main" onClick={() => setStep('lock')}>
          Lock
        </button>
      )}
      {step && <StepDialog whole={whole} step={step} amends={amends} close={() => setStep(null)} />}
    </p>
  );
}

interface StepProps {
  readonly whole: WholeModel;
  readonly step: Step;
  readonly amends: boolean;
  readonly close: () => void;
}

function StepDialog({ whole: { version, revision }, step, amends, close }: StepProps) {
  const { study } = useFidelityStudy();
  const refresh = useRefreshFidelity(study.id);
  const [why, setWhy] = useState('');
  const texts = {
    publish: {
      title: `Publish version ${version}`,
      confirm: 'Publish',
      done: `Version ${version} is published.`,
      text: amends
        ? 'The model was locked. This version is an amendment: it is locked at once, and the log of amendments keeps what it changes.'
        : 'From now on the study is scored by this version. It cannot be changed any more; a new version can.',
    },
    lock: {
      title: `Lock version ${version}`,
      confirm: 'Lock',
      done: `Version ${version} is locked.`,
      text: 'Lock it before anybody sees outcomes. Every later change is an amendment that reports cite.',
    },
    discard: {
      title: `Discard version ${version}`,
      confirm: 'Discard',
      done: 'The draft is gone.',
      text: 'The draft goes for good. Save it as a file first if you may want it again.',
    },
  }[step];
  const act = async () => {
    if (step === 'discard') await discardFidelityModel(study.id, version, revision);
    else {
      const state = step === 'lock' ? 'locked' : 'published';
      await stepFidelityModel(study.id, version, { revision, state, why: why.trim() });
    }
    announce(texts.done);
    await refresh();
  };
  return (
    <ConfirmDialog title={texts.title} confirm={texts.confirm} danger={step === 'discard'} act={act} close={close}>
      <p>{texts.text}</p>
      {step !== 'discard' && (
        <TextArea
          label={step === 'lock' || amends ? 'Reason' : 'Reason (if wanted)'}
          name="why"
          rows={3}
          value={why}
          onChange={setWhy}
        />
      )}
    </ConfirmDialog>
  );
}
