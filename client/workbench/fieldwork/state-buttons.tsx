/** The steps that the table of transitions allows from here, each asked for once more before it is taken. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isAmendment } from '../../../instruments/administration-rules.ts';
import { type AdministrationState, administrationTransitions, type Study } from '../../../instruments/study.ts';
import { type AdministrationSummary, changeState } from '../../shared/api.ts';
import { dayIn } from '../../shared/format.ts';
import { AmendmentDialog } from '../administrations/amendment-dialog.tsx';
import { studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';

const done: Readonly<Record<AdministrationState, string>> = {
  planned: 'The administration is planned.',
  open: 'The administration is open.',
  paused: 'The administration is paused.',
  closed: 'The administration is closed.',
};

interface Step {
  readonly title: string;
  readonly text: string;
}

function stepOf(from: AdministrationState, to: AdministrationState): Step {
  if (to === 'paused') {
    return {
      title: 'Pause',
      text: 'Links say that the survey is paused. Answers given so far are kept, and people can go on once it is open again.',
    };
  }
  if (to === 'closed') {
    return {
      title: 'Close',
      text: 'Links say that the survey has closed. Answers of people who consented but did not finish become partial responses.',
    };
  }
  if (from === 'paused') return { title: 'Resume', text: 'Links take answers again, where they left off.' };
  if (from === 'closed') return { title: 'Reopen', text: 'Links that were not used take answers again.' };
  return { title: 'Open', text: 'Links take answers from the opening day to the closing day.' };
}

/** A plan is deleted or its days are moved; there is nothing in it to close. */
const offered = (state: AdministrationState) =>
  administrationTransitions[state].filter((next) => state !== 'planned' || next !== 'closed');

export function StateButtons({
  administration,
  study: { timeZone },
}: {
  administration: AdministrationSummary;
  study: Study;
}) {
  const client = useQueryClient();
  const [to, setTo] = useState<AdministrationState | null>(null);
  const { study, id, state, title } = administration;
  const take = async (next: AdministrationState, reason?: string) => {
    await changeState(study, id, next, reason);
    announce(done[next]);
    await client.invalidateQueries({ queryKey: studyKey(study) });
  };
  return (
    <>
      {offered(state).map((next) => (
        <button
          key={next}
          type="button"
          className={next === 'open' ? 'button button-main' : 'button'}
          onClick={() => setTo(next)}
        >
          {stepOf(state, next).title}
        </button>
      ))}
      {to && isAmendment(administration, to, dayIn(timeZone, new Date())) && (
        <AmendmentDialog
          title={`${stepOf(state, to).title} “${title}”?`}
          confirm={stepOf(state, to).title}
          changes={[{ what: 'state', old: state, new: to }]}
          close={() => setTo(null)}
          act={(reason) => take(to, reason)}
        >
          <p>{stepOf(state, to).text}</p>
        </AmendmentDialog>
      )}
      {to && !isAmendment(administration, to, dayIn(timeZone, new Date())) && (
        <ConfirmDialog
          title={`${stepOf(state, to).title} “${title}”?`}
          confirm={stepOf(state, to).title}
          close={() => setTo(null)}
          act={() => take(to)}
        >
          <p>{stepOf(state, to).text}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
