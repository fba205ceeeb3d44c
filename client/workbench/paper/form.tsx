/** /studies/:study/administrations/:administration/paper/:form: one paper form, in whichever state it is. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { compileInstrument } from '../../../instruments/compile.ts';
import type { Instrument } from '../../../instruments/instrument.ts';
import { formatDay } from '../../shared/format.ts';
import { getInstrument } from '../../shared/instruments-api.ts';
import { type PaperDetail, paperForm } from '../../shared/paper-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey, instrumentKey, studyKey } from '../keys.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { announce } from '../parts/announce.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Facts } from '../parts/marks.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { DecisionRecord, Decisions } from './decisions.tsx';
import { Entry } from './entry.tsx';
import { stateMarks, stateTitles, titleOf } from './words.ts';

export function PaperFormPart() {
  const { administration, detail, instrument } = useFieldwork();
  const { form: id = '' } = useParams();
  const may = useMay('paper.enter', detail.study.id);
  const steps = useMemo(
    () => paperForm(detail.study.id, administration.id, id),
    [detail.study.id, administration.id, id],
  );
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'paper', 'form', id],
    queryFn: steps.get,
    enabled: may,
    // What is typed here is newer than what the server would say.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const versionQuery = useQuery({
    queryKey: instrumentKey(instrument.id, instrument.version),
    queryFn: () => getInstrument(instrument.id, instrument.version),
    enabled: may,
  });
  if (!may) {
    return (
      <Part title="Paper form" of={administration.title}>
        <NotYours title="Paper forms are for those who type them">
          Whoever types a form reads what somebody answered.
        </NotYours>
      </Part>
    );
  }
  return (
    <Loaded query={query} what="the paper form">
      {(form) => (
        <Part title={`Paper form ${titleOf(form)}`} of={administration.title}>
          <Loaded query={versionQuery} what="the instrument">
            {(version) => <Form form={form} instrument={version.instrument} steps={steps} />}
          </Loaded>
        </Part>
      )}
    </Loaded>
  );
}

interface FormProps {
  readonly form: PaperDetail;
  readonly instrument: Instrument;
  readonly steps: ReturnType<typeof paperForm>;
}

function Form({ form, instrument, steps }: FormProps) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const compiled = useMemo(() => compileInstrument(instrument), [instrument]);
  const changed = (next: PaperDetail) => {
    client.setQueryData([...administrationKey(detail.study.id, administration.id), 'paper', 'form', form.id], next);
    void client.invalidateQueries({
      queryKey: [...administrationKey(detail.study.id, administration.id), 'paper', 'list'],
    });
    if (next.state === 'sent') void client.invalidateQueries({ queryKey: studyKey(detail.study.id), exact: true });
  };
  const school = detail.schools.find(({ id }) => id === form.school)?.name;
  const cluster = detail.clusters.find(({ id }) => id === form.cluster)?.name;
  return (
    <>
      <Facts
        facts={[
          [
            'State',
            <span key="state" className={`mark ${stateMarks[form.state]}`}>
              {stateTitles[form.state]}
            </span>,
          ],
          ...((school ?? cluster) ? [['Place', school ?? cluster] as const] : []),
          ...(form.day ? [['Filled in on', formatDay(form.day)] as const] : []),
          ['Typed', form.entry === 'single' ? 'Once' : 'Twice, by two people'],
          ...(form.first ? [['First entry', form.first.name] as const] : []),
          ...(form.second ? [['Second entry', form.second.name] as const] : []),
        ]}
      />
      <Step form={form} compiled={compiled} steps={steps} changed={changed} />
      <DecisionRecord form={form} compiled={compiled} />
      <Discard form={form} steps={steps} />
    </>
  );
}

interface StepProps {
  readonly form: PaperDetail;
  readonly compiled: ReturnType<typeof compileInstrument>;
  readonly steps: ReturnType<typeof paperForm>;
  readonly changed: (form: PaperDetail) => void;
}

function Step({ form, compiled, steps, changed }: StepProps) {
  if (form.cells !== null) return <Entry form={form} compiled={compiled} steps={steps} finished={changed} />;
  if (form.todo === 'type') {
    return (
      <p>
        <ActionButton act={async () => changed(await steps.take())}>
          {form.state === 'second-entry' ? 'Type it a second time' : 'Begin to type'}
        </ActionButton>
      </p>
    );
  }
  if (form.todo === 'decide') return <Decisions form={form} compiled={compiled} steps={steps} changed={changed} />;
  return <Outcome form={form} steps={steps} changed={changed} />;
}

/** Nothing is typed or decided here any more, or not by this account. */
function Outcome({ form, steps, changed }: Omit<StepProps, 'compiled'>) {
  const { administration, detail } = useFieldwork();
  const next = useRef<HTMLAnchorElement>(null);
  const base = `/studies/${detail.study.id}/administrations/${administration.id}`;
  useEffect(() => next.current?.focus(), []);
  return (
    <div className={form.refused ? 'notice notice-bad' : 'notice'} role="status">
      <p className="notice-title">{outcomeTitle(form)}</p>
      {form.refused && <p>{form.refused}</p>}
      {form.receiptCode && (
        <p>
          Write this receipt code on the form, and on the slip of the person where there is one. It is shown once; with
          it the answers can be withdrawn: <code>{form.receiptCode}</code>
        </p>
      )}
      {form.todo === 'send' && (
        <ActionButton act={async () => changed(await steps.send())}>Take the answers</ActionButton>
      )}
      <p>
        <Link ref={next} to={`${base}/paper`}>
          Back to the paper forms
        </Link>
      </p>
    </div>
  );
}

function outcomeTitle({ state, first, second }: PaperDetail): string {
  if (state === 'sent') return 'The answers of this form are taken.';
  if (state === 'comparison') return 'The two entries differ. The evaluation team decides what stands on the form.';
  if (state === 'ready') return 'The entry is finished. The answers are not taken yet.';
  if (state === 'second-entry' && second === null && first?.mine) {
    return 'Your entry is finished. Somebody else types the form again.';
  }
  return 'Somebody else is typing this form.';
}

function Discard({ form, steps }: Pick<StepProps, 'form' | 'steps'>) {
  const { administration, detail } = useFieldwork();
  const navigate = useNavigate();
  const client = useQueryClient();
  if (!form.mayDiscard) return null;
  return (
    <details className="paper-discard">
      <summary>Discard this form</summary>
      <p>What was typed from it is removed. The paper can be typed anew.</p>
      <ActionButton
        act={async () => {
          await steps.discard();
          announce('The form is discarded.');
          await client.invalidateQueries({
            queryKey: [...administrationKey(detail.study.id, administration.id), 'paper', 'list'],
          });
          await navigate(`/studies/${detail.study.id}/administrations/${administration.id}/paper`);
        }}
      >
        Discard it
      </ActionButton>
    </details>
  );
}
