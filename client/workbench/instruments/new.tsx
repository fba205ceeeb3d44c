/** /instruments/new: begins a draft, blank, with a version that is there, or with a file. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import { idFrom } from '../../../instruments/ids.ts';
import { type InstrumentKind, instrumentKinds, type Subject, subjects } from '../../../instruments/instrument.ts';
import { createDraft, listInstruments, type NewDraft } from '../../shared/instruments-api.ts';
import { draftsKey, instrumentsKey } from '../keys.ts';
import { Field, Form, Select } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { FileForm } from './file-form.tsx';
import { kindTitles, subjectTitles } from './words.ts';

export function NewInstrumentPage() {
  const may = useMay('instrument.manage');
  const navigate = useNavigate();
  const client = useQueryClient();
  const begin = async (wanted: NewDraft) => {
    const draft = await createDraft(wanted);
    await client.invalidateQueries({ queryKey: draftsKey });
    await navigate(`/instruments/drafts/${draft.id}`);
  };
  return (
    <Page
      title="New instrument"
      crumbs={[{ to: '/instruments', title: 'Instruments' }]}
      lead={<p>A draft saves itself and can be shared. Nobody answers it before it is published.</p>}
    >
      {may ? (
        <div className="stack measure">
          <BlankForm begin={begin} />
          <VersionForm begin={begin} />
          <FileForm begin={begin} />
        </div>
      ) : (
        <NotYours title="Instruments are made by evaluators">They publish what people are asked.</NotYours>
      )}
    </Page>
  );
}

interface BeginProps {
  begin(wanted: NewDraft): Promise<void>;
}

function BlankForm({ begin }: BeginProps) {
  return (
    <section className="card" aria-labelledby="blank">
      <h2 id="blank">Start blank</h2>
      <Form
        submit="Start blank"
        keeps
        check={({ title = '', id = '' }) => ({
          ...(title.trim() === '' ? { title: 'Give it a title.' } : {}),
          ...(title.trim() !== '' && (id || idFrom(title)) === '' ? { id: 'Give it an id.' } : {}),
        })}
        send={({ title = '', id = '', kind = 'survey', subject = 'person', language = 'en' }) =>
          begin({
            ...{ from: 'blank', title, id: id || idFrom(title), language },
            ...{ kind: kind as InstrumentKind, subject: subject as Subject },
          })
        }
      >
        {(wrong) => (
          <>
            <Field label="Title" name="title" error={wrong.title ?? null} />
            <Field
              label="Id"
              name="id"
              hint="Lower-case letters, digits and hyphens; made from the title when left blank. It stays."
              error={wrong.id ?? null}
            />
            <Select
              label="Kind"
              name="kind"
              options={instrumentKinds.map((value) => ({ value, title: kindTitles[value] }))}
            />
            <Select
              label="Subject"
              name="subject"
              options={subjects.map((value) => ({ value, title: subjectTitles[value] }))}
            />
            <Field
              label="First language"
              name="language"
              defaultValue="en"
              hint="As a tag like en, en-GB or de."
              error={wrong.language ?? null}
            />
          </>
        )}
      </Form>
    </section>
  );
}

function VersionForm({ begin }: BeginProps) {
  const query = useQuery({ queryKey: instrumentsKey, queryFn: listInstruments });
  const [search] = useSearchParams();
  return (
    <section className="card" aria-labelledby="version">
      <h2 id="version">Start with a version</h2>
      <Loaded query={query} what="the instruments">
        {({ instruments }) => (
          <Form
            submit="Start with this version"
            keeps
            send={({ version: chosen = '', as = '' }) => {
              const [instrument = '', version = ''] = chosen.split('@');
              const origin = { from: 'version', instrument, version: Number(version) } as const;
              return begin(as.trim() === '' ? origin : { ...origin, as: as.trim() });
            }}
          >
            {(wrong) => (
              <>
                <Select
                  label="Version"
                  name="version"
                  defaultValue={search.get('version') ?? ''}
                  options={[...instruments].reverse().map(({ id, version, title, state }) => ({
                    value: `${id}@${version}`,
                    title: `${title}, version ${version}${state === 'retired' ? ' (retired)' : ''}`,
                  }))}
                />
                <Field
                  label="Id of a new instrument"
                  name="as"
                  hint="Leave it blank for the next version of the same instrument."
                  error={wrong.as ?? null}
                />
              </>
            )}
          </Form>
        )}
      </Loaded>
    </section>
  );
}
