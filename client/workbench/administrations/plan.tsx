/** The plan of an administration as a part of its page: its fields, its steps so far, and taking it back. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { type AdministrationField, editRules, standingOf } from '../../../instruments/administration-rules.ts';
import { roleTitles } from '../../../instruments/study.ts';
import type { AdministrationSummary } from '../../shared/api.ts';
import { counted, dayIn, formatDay, formatInstant } from '../../shared/format.ts';
import { type AdministrationChange, changeAdministration, deleteAdministration } from '../../shared/planning-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { StateMark } from '../parts/marks.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { type Amended, AmendmentDialog } from './amendment-dialog.tsx';
import { whatLacks } from './new.tsx';
import { type Draft, instrumentOf, PlanFields, useAudience, useDraft } from './plan-form.tsx';

export function PlanPart() {
  const { administration, detail } = useFieldwork();
  const may = useMay('administration.manage', detail.study.id);
  return (
    <Part title="Plan" of={administration.title}>
      {may ? (
        <Plan key={administration.revision ?? 0} />
      ) : (
        <NotYours title="Changing the plan is for evaluators and administrators">
          What is planned stands above. What was changed after the start stands among the study's amendments.
        </NotYours>
      )}
      <History />
    </Part>
  );
}

function draftOf(administration: AdministrationSummary): Draft {
  const { title, instrument, version, wave, audience, mode, opens, closes, languages, information } = administration;
  const sheet = information.sheet === undefined ? '' : `${information.sheet}@${information.version}`;
  return { title, instrument, version, wave, audience, mode, opens, closes, languages: languages ?? [], sheet };
}

function Plan() {
  const { administration, detail } = useFieldwork();
  const { study } = detail;
  const client = useQueryClient();
  const was = draftOf(administration);
  const [draft, setDraft] = useDraft(was);
  const [asked, setAsked] = useState<AdministrationChange | null>(null);
  const standing = standingOf(administration, dayIn(study.timeZone, new Date()));
  const rules = editRules[standing];
  const effect = useAudience(study.id, draft, administration.id).data;
  const save = async (change: AdministrationChange) => {
    await changeAdministration(study.id, administration.id, { ...change, revision: administration.revision ?? 0 });
    announce('The plan has been changed.');
    await client.invalidateQueries({ queryKey: studyKey(study.id) });
  };
  const amended = amendedFields(was, draft).filter(({ field }) => rules[field] === 'amendment');
  return (
    <div className="card card-form">
      {standing !== 'planned' && (
        <p className="notice">
          {standing === 'closed' ? 'It has closed: only a later last day can be set.' : 'It has begun.'} A change of
          dates or audience is an amendment and needs a reason.
        </p>
      )}
      <Form
        submit="Save the changes"
        keeps
        check={() => whatLacks(draft, false)}
        send={async () => {
          const change = changeOf(was, draft);
          if (amended.length > 0) setAsked(change);
          else await save(change);
        }}
      >
        {(wrong) => (
          <PlanFields
            detail={detail}
            administration={administration.id}
            draft={draft}
            setDraft={setDraft}
            wrong={wrong}
            rules={rules}
          />
        )}
      </Form>
      {standing === 'planned' && <TakeBack />}
      {asked && (
        <AmendmentDialog
          title={`Amend “${administration.title}”?`}
          confirm="Amend"
          changes={amended}
          close={() => setAsked(null)}
          act={(reason) => save({ ...asked, ...(reason === undefined ? {} : { reason }) })}
        >
          {effect && asked.audience && (
            <p>
              {counted(effect.newLinks, 'person gets a link', 'people get a link')}.{' '}
              {counted(effect.withdrawn, 'unused link is withdrawn', 'unused links are withdrawn')}.{' '}
              {effect.answered > 0 &&
                `${counted(effect.answered, 'person has', 'people have')} answered already; those answers are kept.`}
            </p>
          )}
        </AmendmentDialog>
      )}
    </div>
  );
}

/** What differs, as the server is asked for it. */
function changeOf(was: Draft, draft: Draft): AdministrationChange {
  const { sheet, ...fields } = draft;
  const { sheet: before, ...former } = was;
  const differs = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(former[name as keyof typeof former]),
  );
  const { id, version } = instrumentOf(sheet);
  return {
    ...(Object.fromEntries(differs) as AdministrationChange),
    ...(sheet !== before && sheet !== '' ? { information: { sheet: id, version } } : {}),
  };
}

function amendedFields(was: Draft, draft: Draft): (Amended & { field: AdministrationField })[] {
  const who = ({ audience: { roles, arms } }: Draft) =>
    `${roles.map((role) => roleTitles[role]).join(', ')} in ${arms.join(', ')}`;
  const words: readonly [AdministrationField, string, (one: Draft) => string][] = [
    ['opens', 'first day', ({ opens }) => formatDay(opens)],
    ['closes', 'last day', ({ closes }) => formatDay(closes)],
    ['audience', 'audience', who],
    ['languages', 'languages', ({ languages }) => languages.join(', ') || 'one'],
    ['information', 'information sheet', ({ sheet }) => sheet.replace('@', ', version ') || 'text of the study file'],
  ];
  return words.flatMap(([field, what, of]) =>
    of(was) === of(draft) ? [] : [{ field, what, old: of(was), new: of(draft) }],
  );
}

function TakeBack() {
  const { administration, detail } = useFieldwork();
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { id } = detail.study;
  return (
    <p>
      <button type="button" className="button button-danger-quiet" onClick={() => setAsking(true)}>
        Delete this administration
      </button>
      {asking && (
        <ConfirmDialog
          title={`Delete “${administration.title}”?`}
          confirm="Delete the administration"
          danger
          close={() => setAsking(false)}
          act={async () => {
            await deleteAdministration(id, administration.id);
            announce('The administration has been deleted.');
            await navigate(`/studies/${id}`);
            await client.invalidateQueries({ queryKey: studyKey(id), exact: true });
          }}
        >
          <p>Nobody has answered it yet. Its {counted(administration.invited ?? 0, 'link')} will not work any more.</p>
        </ConfirmDialog>
      )}
    </p>
  );
}

function History() {
  const { administration, detail } = useFieldwork();
  const { history = [] } = administration;
  if (history.length === 0) return null;
  return (
    <section aria-labelledby="steps">
      <h3 id="steps">Steps so far</h3>
      <ol className="list card">
        {history.map(({ state, at, why }) => (
          <li key={`${at} ${state}`} className="list-row">
            <p>
              <StateMark state={state} /> {formatInstant(at, detail.study.timeZone)}
              {why && <span className="soft"> · {why}</span>}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}
