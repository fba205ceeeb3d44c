/** /studies/:study/new-administration: plans an administration. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { editRules } from '../../../instruments/administration-rules.ts';
import type { SelfCode } from '../../../instruments/study.ts';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { dayIn } from '../../shared/format.ts';
import { listInstruments } from '../../shared/instruments-api.ts';
import { planAdministration } from '../../shared/planning-api.ts';
import { instrumentsKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/checks.tsx';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { type Draft, instrumentOf, PlanFields, useDraft } from './plan-form.tsx';
import { SelfCodeFields, whatCodeLacks } from './self-code.tsx';

export function NewAdministrationPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="New administration">
      {(detail) => <NewAdministration detail={detail} />}
    </Loaded>
  );
}

function NewAdministration({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const may = useMay('administration.manage', study.id);
  return (
    <Page
      title="New administration"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={<p>One instrument version, offered to one audience, in one wave, between two dates.</p>}
    >
      {may ? (
        <PlanForm detail={detail} />
      ) : (
        <NotYours title="Planning is for evaluators and administrators">
          What has been planned stands on the study's page.
        </NotYours>
      )}
    </Page>
  );
}

function firstDraft({ study }: StudyDetail): Draft {
  const today = dayIn(study.timeZone, new Date());
  const wave = study.waves.find(({ closes }) => closes >= today) ?? study.waves.at(-1);
  const opens = wave && wave.opens > today ? wave.opens : today;
  return {
    ...{ title: '', instrument: '', version: 1, wave: wave?.id ?? '', mode: 'confidential' },
    ...{ opens, closes: wave?.closes ?? today, languages: [], sheet: '' },
    audience: { arms: study.arms.map(({ id }) => id), roles: [] },
  };
}

function PlanForm({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useDraft(firstDraft(detail));
  const [selfCode, setSelfCode] = useState<SelfCode | null>(null);
  const [pilot, setPilot] = useState(false);
  const repeatable = useRepeatable(draft);
  const [once, setOnce] = useState(false);
  const repeats = repeatable && !once;
  return (
    <div className="card card-form">
      <p>
        Its text before consent is one of the study's{' '}
        <Link to={`/studies/${study.id}/information`}>information sheets</Link>.
      </p>
      <Form
        submit="Plan the administration"
        keeps
        check={({ id = '' }) => ({ ...whatIsMissing(draft, id), ...whatCodeLacks(selfCode) })}
        send={async ({ id = '' }) => {
          const { sheet, ...plan } = draft;
          const { id: name, version } = instrumentOf(sheet);
          const information = { sheet: name, version };
          const options = { information, selfCode, pilot, ...(repeats ? { repeats } : {}) };
          const { administration } = await planAdministration(study.id, { ...plan, id, ...options });
          announce('The administration is planned.');
          await client.invalidateQueries({ queryKey: studyKey(study.id) });
          await navigate(`/studies/${study.id}/administrations/${administration.id}`);
        }}
      >
        {(wrong) => (
          <>
            <Field
              label="Short name"
              name="id"
              maxLength={40}
              hint="For addresses and file names: lower-case letters, digits and hyphens, like trust-baseline. It stays."
              error={wrong.id ?? null}
            />
            <PlanFields
              detail={detail}
              administration={null}
              draft={draft}
              setDraft={setDraft}
              wrong={wrong}
              rules={editRules.planned}
            />
            {repeatable && (
              <Checks
                legend="Entries"
                hint="A log is filled in after each event, so its link stays open: whatever is sent is a row of its own. Who has sent one counts as having answered."
                chosen={once ? [] : ['repeats']}
                options={[{ value: 'repeats', title: 'Each link takes any number of entries' }]}
                choose={(chosen) => setOnce(chosen.length === 0)}
              />
            )}
            <Checks
              legend="Pilot"
              hint="A pilot never becomes data: its answers stand apart from the rates, reports and datasets of the study."
              chosen={pilot ? ['pilot'] : []}
              options={[{ value: 'pilot', title: 'This is a pilot of the instrument' }]}
              choose={(chosen) => setPilot(chosen.length > 0)}
            />
            <SelfCodeFields value={selfCode} set={setSelfCode} wrong={wrong} />
          </>
        )}
      </Form>
    </div>
  );
}

/** Whether the chosen instrument is a log or an observation form, and its administration knows who answers. */
function useRepeatable({ instrument, version, mode }: Draft): boolean {
  const { data } = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  const chosen = data?.instruments.find((one) => one.id === instrument && one.version === version);
  return mode === 'confidential' && chosen !== undefined && chosen.kind !== 'survey';
}

/** Messages by field, before anything is sent. */
function whatIsMissing(draft: Draft, id: string): Wrong {
  const wrong: Record<string, string> = {};
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(id)) wrong.id = 'Give a short name that begins with a letter.';
  return { ...wrong, ...whatLacks(draft) };
}

export function whatLacks(draft: Draft, sheetNeeded = true): Wrong {
  const wrong: Record<string, string> = {};
  if (draft.title.trim() === '') wrong.title = 'Give a title.';
  if (draft.instrument === '') wrong.instrument = 'Choose an instrument version.';
  if (draft.opens === '') wrong.opens = 'Give the first day.';
  if (draft.closes === '') wrong.closes = 'Give the last day.';
  if (draft.audience.arms.length === 0) wrong['audience.arms'] = 'Choose at least one arm.';
  if (draft.audience.roles.length === 0) wrong['audience.roles'] = 'Choose at least one role.';
  if (sheetNeeded && draft.languages.length === 0) wrong.languages = 'Choose at least one language.';
  if (sheetNeeded && draft.sheet === '') wrong.information = 'Choose an information sheet.';
  return wrong;
}
