/** /studies/:study/waves: adds waves, moves their days, and names the study's languages. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { waveHasBegun } from '../../../instruments/administration-rules.ts';
import { languageTag, ownName } from '../../../instruments/languages.ts';
import type { Wave } from '../../../instruments/study.ts';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { dayIn, formatDay } from '../../shared/format.ts';
import { addWave, changeWave, saveLanguages } from '../../shared/planning-api.ts';
import { studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { AmendmentDialog } from './amendment-dialog.tsx';

export function WavesPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Waves and languages">
      {(detail) => <Waves detail={detail} />}
    </Loaded>
  );
}

function Waves({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const may = useMay('administration.manage', study.id);
  return (
    <Page
      title="Waves and languages"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={<p>Every administration takes place within a wave. Moving a wave that has begun is an amendment.</p>}
    >
      {may ? (
        <>
          {study.waves.map((wave) => (
            <WaveForm key={`${wave.id} ${wave.opens} ${wave.closes}`} detail={detail} wave={wave} />
          ))}
          <NewWave study={study.id} />
          <Languages study={study.id} languages={study.languages ?? []} />
        </>
      ) : (
        <NotYours title="Changing waves is for evaluators and administrators">
          Their days stand on the study's page.
        </NotYours>
      )}
    </Page>
  );
}

const lacks = ({ title = '', opens = '', closes = '' }: Readonly<Record<string, string>>): Wrong => ({
  ...(title.trim() === '' ? { title: 'Give a title.' } : {}),
  ...(opens === '' ? { opens: 'Give the first day.' } : {}),
  ...(closes === '' ? { closes: 'Give the last day.' } : {}),
});

function WaveFields({ wave, wrong }: { wave?: Wave; wrong: Wrong }) {
  return (
    <>
      <Field label="Title" name="title" maxLength={200} defaultValue={wave?.title} error={wrong.title ?? null} />
      <div className="field-pair">
        <Field label="First day" name="opens" type="date" defaultValue={wave?.opens} error={wrong.opens ?? null} />
        <Field label="Last day" name="closes" type="date" defaultValue={wave?.closes} error={wrong.closes ?? null} />
      </div>
    </>
  );
}

function WaveForm({ detail, wave }: { detail: StudyDetail; wave: Wave }) {
  const { study, administrations } = detail;
  const client = useQueryClient();
  const [asked, setAsked] = useState<Wave | null>(null);
  const begun = waveHasBegun(wave, administrations, dayIn(study.timeZone, new Date()));
  const save = async (wanted: Wave, reason?: string) => {
    await changeWave(study.id, { ...wanted, ...(reason === undefined ? {} : { reason }) });
    announce('The wave has been changed.');
    await client.invalidateQueries({ queryKey: studyKey(study.id) });
  };
  const changes = [
    { what: 'first day', old: formatDay(wave.opens), new: formatDay(asked?.opens ?? wave.opens) },
    { what: 'last day', old: formatDay(wave.closes), new: formatDay(asked?.closes ?? wave.closes) },
  ].filter(({ old, new: to }) => old !== to);
  return (
    <section className="card card-form" aria-labelledby={`wave-${wave.id}`}>
      <h2 id={`wave-${wave.id}`}>{wave.title}</h2>
      <Form
        submit={`Save ${wave.title}`}
        keeps
        check={lacks}
        send={async ({ title = '', opens = '', closes = '' }) => {
          const wanted = { id: wave.id, title, opens, closes };
          if (begun && (opens !== wave.opens || closes !== wave.closes)) setAsked(wanted);
          else await save(wanted);
        }}
      >
        {(wrong) => <WaveFields wave={wave} wrong={wrong} />}
      </Form>
      {asked && (
        <AmendmentDialog
          title={`Move the wave “${wave.title}”?`}
          confirm="Amend"
          changes={changes}
          close={() => setAsked(null)}
          act={(reason) => save(asked, reason)}
        />
      )}
    </section>
  );
}

function NewWave({ study }: { study: string }) {
  const client = useQueryClient();
  return (
    <section className="card card-form" aria-labelledby="new-wave">
      <h2 id="new-wave">New wave</h2>
      <Form
        submit="Add the wave"
        check={(values) => ({
          ...lacks(values),
          ...(/^[a-z][a-z0-9-]{0,39}$/.test(values.id ?? '')
            ? {}
            : { id: 'Give a short name that begins with a letter.' }),
        })}
        send={async ({ id = '', title = '', opens = '', closes = '' }) => {
          await addWave(study, { id, title, opens, closes });
          announce('The wave has been added.');
          await client.invalidateQueries({ queryKey: studyKey(study) });
        }}
      >
        {(wrong) => (
          <>
            <Field
              label="Short name"
              name="id"
              maxLength={40}
              hint="Lower-case letters, digits and hyphens, like follow-up. It stays."
              error={wrong.id ?? null}
            />
            <WaveFields wrong={wrong} />
          </>
        )}
      </Form>
    </section>
  );
}

const listOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);

function Languages({ study, languages }: { study: string; languages: readonly string[] }) {
  const client = useQueryClient();
  return (
    <section className="card card-form" aria-labelledby="languages">
      <h2 id="languages">Languages</h2>
      <p className="soft">
        {languages.length > 0
          ? `Information sheets and administrations may speak ${languages.map(ownName).join(', ')}.`
          : 'None is named yet: administrations may speak every language that their instrument has.'}
      </p>
      <Form
        submit="Save the languages"
        keeps
        check={({ languages: given = '' }): Wrong =>
          listOf(given).length > 0 && listOf(given).every((tag) => languageTag.test(tag))
            ? {}
            : { languages: 'Give codes like en-GB or de, with commas between.' }
        }
        send={async ({ languages: given = '' }) => {
          await saveLanguages(study, listOf(given));
          announce('The languages have been saved.');
          await client.invalidateQueries({ queryKey: studyKey(study) });
        }}
      >
        {(wrong) => (
          <Field
            label="Language codes"
            name="languages"
            hint="The study's own language first, with commas between, like en-GB, de."
            defaultValue={languages.join(', ')}
            error={wrong.languages ?? null}
          />
        )}
      </Form>
    </section>
  );
}
