/** The texts of invitations and reminders: choosing kind and language, editing, what it looks like, and a test to oneself. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import { Link } from 'react-router';
import { baseOf, directionOf } from '../../../instruments/languages.ts';
import {
  listTemplates,
  previewTemplate,
  saveTemplate,
  type TemplateRow,
  testTemplate,
} from '../../shared/messages-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Select } from '../parts/form.tsx';
import { Loaded, ProblemView } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { kindTitles, languageTitle } from './words.ts';

type Kind = TemplateRow['kind'];
type Placeholders = Awaited<ReturnType<typeof listTemplates>>['placeholders'];

export function TextsPart() {
  const { administration, detail } = useFieldwork();
  const mayRead = useMay('message.read', detail.study.id);
  return (
    <Part
      title="Texts of messages"
      of={administration.title}
      actions={
        <Link className="button" to={`/studies/${detail.study.id}/administrations/${administration.id}/messages`}>
          Back to the messages
        </Link>
      }
    >
      {mayRead ? (
        <Texts study={detail.study.id} wanted={detail.study.languages ?? []} />
      ) : (
        <NotYours title="The texts are for evaluators and administrators">
          They write to the people of the study.
        </NotYours>
      )}
    </Part>
  );
}

/** `wanted`: the languages of the study, for which there may be no text yet. */
function Texts({ study, wanted }: { study: string; wanted: readonly string[] }) {
  const query = useQuery({ queryKey: [...studyKey(study), 'texts'], queryFn: () => listTemplates(study) });
  const [kind, setKind] = useState<Kind>('invitation');
  const [language, setLanguage] = useState('en');
  return (
    <Loaded query={query} what="the texts">
      {({ templates, placeholders }) => {
        const languages = [...new Set(templates.map((template) => template.language))].sort();
        const chosen = templates.find((template) => template.kind === kind && template.language === language);
        const base = templates.find((template) => template.kind === kind && template.language === 'en');
        const shown = chosen ?? (base && { ...base, language, version: 0 });
        return (
          <>
            <p className="soft measure">
              Texts belong to the whole study. People get them in their own language where there is one, else in
              English. Every saving is kept as a version.
            </p>
            <fieldset className="filters">
              <legend className="visually-hidden">Which text</legend>
              <Select
                label="Kind"
                name="kind"
                value={kind}
                onChange={(value) => setKind(value as Kind)}
                options={(['invitation', 'reminder'] as const).map((one) => ({ value: one, title: kindTitles[one] }))}
              />
              <Select
                label="Language"
                name="language"
                value={language}
                onChange={setLanguage}
                options={[
                  ...languages,
                  ...wanted.filter((tag) => !languages.some((known) => baseOf(known) === baseOf(tag))),
                ].map((tag) => ({
                  value: tag,
                  title: languages.includes(tag) ? languageTitle(tag) : `${languageTitle(tag)} (no text yet)`,
                }))}
              />
            </fieldset>
            {shown && (
              <Editor key={`${kind}/${language}/${shown.version}`} template={shown} placeholders={placeholders} />
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function Editor({ template, placeholders }: { template: TemplateRow; placeholders: Placeholders }) {
  const { administration, detail } = useFieldwork();
  const client = useQueryClient();
  const maySend = useMay('message.send', detail.study.id);
  const id = useId();
  const [subject, setSubject] = useState(template.subject);
  const [body, setBody] = useState(template.body);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const { kind, language } = template;
  const text = useDeferredValue({ subject, body });
  const preview = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'preview', language, text.subject, text.body],
    queryFn: () =>
      previewTemplate(detail.study.id, administration.id, { language, subject: text.subject, body: text.body }),
    placeholderData: (before) => before,
  });
  const changed = subject !== template.subject || body !== template.body;
  const act = async (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      announce(done);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  const save = () =>
    act(async () => {
      await saveTemplate(detail.study.id, { kind, language }, { subject, body, after: template.version });
      await client.invalidateQueries({ queryKey: [...studyKey(detail.study.id), 'texts'] });
    }, 'The text has been saved.');
  const test = () =>
    act(
      () => testTemplate(detail.study.id, administration.id, { kind, language }),
      'The test is on its way to your address.',
    );
  return (
    <div className="editor">
      <form
        className="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {error !== null && <ProblemView error={error} />}
        <p className="soft">
          {template.version === 0 ? 'The text that comes with Fidelis.' : `Version ${template.version} of this study.`}
        </p>
        <Field
          label="Subject"
          name="subject"
          lang={language}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        />
        <div className="field">
          <label htmlFor={id}>Text</label>
          <p className="field-hint" id={`${id}-hint`}>
            An empty line begins a new paragraph.
          </p>
          <textarea
            id={id}
            name="body"
            rows={16}
            lang={language}
            dir={directionOf(language)}
            value={body}
            aria-describedby={`${id}-hint`}
            onChange={(event) => setBody(event.target.value)}
          />
        </div>
        {maySend && (
          <div className="row-steps">
            <button type="submit" className="button button-main" disabled={busy || !changed}>
              Save the text
            </button>
            <button type="button" className="button" disabled={busy || changed} onClick={() => void test()}>
              Send a test to me
            </button>
          </div>
        )}
        <details>
          <summary>What can stand between double braces</summary>
          <dl className="count-list">
            {placeholders.map(({ name, meaning }) => (
              <div key={name}>
                <dt>
                  <code>{`{{${name}}}`}</code>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </details>
      </form>
      <section className="card" aria-labelledby={`${id}-preview`}>
        <h3 id={`${id}-preview`}>As it arrives</h3>
        <Loaded query={preview} what="the preview">
          {(found) => (
            <>
              <div role="status">
                {found.issues.length > 0 && (
                  <div className="notice notice-bad">
                    <p className="notice-title">This text cannot be sent yet</p>
                    <ul>
                      {found.issues.map((issue) => (
                        <li key={issue.message}>{issue.message}</li>
                      ))}
                    </ul>
                  </div>
                )}
              </div>
              <p lang={language}>
                <strong>{found.subject}</strong>
              </p>
              <div className="letter" lang={language} dir={directionOf(language)}>
                {found.text}
              </div>
            </>
          )}
        </Loaded>
      </section>
    </div>
  );
}
