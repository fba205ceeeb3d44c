/** Writes a version of an information sheet, one language after the other. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { defaultLanguage, directionOf, ownName } from '../../../instruments/languages.ts';
import type { InformationText, Study } from '../../../instruments/study.ts';
import { draftSheet, type SheetVersion, saveDraftSheet, type Texts } from '../../shared/planning-api.ts';
import { sheetsKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/checks.tsx';
import { Field, Form, TextArea, type Wrong } from '../parts/form.tsx';

export type Writing =
  | { readonly kind: 'new'; readonly from: { readonly title: string; readonly texts: Texts } | null }
  | { readonly kind: 'next' | 'edit'; readonly version: SheetVersion };

const empty: InformationText = { asker: '', paragraphs: [], consent: '', contact: '' };
const headings = { new: 'New information sheet', next: 'New version', edit: 'Edit the draft' } as const;

export function SheetForm({ study, writing, close }: { study: Study; writing: Writing; close: () => void }) {
  const client = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const start = writing.kind === 'new' ? writing.from : writing.version;
  const all = [...new Set([...(study.languages ?? [defaultLanguage]), ...Object.keys(start?.texts ?? {})])];
  const [spoken, setSpoken] = useState(
    Object.keys(start?.texts ?? {}).length > 0 ? Object.keys(start?.texts ?? {}) : all.slice(0, 1),
  );
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="card card-form" aria-labelledby="writing">
      <h2 id="writing" ref={heading} tabIndex={-1}>
        {headings[writing.kind]}
      </h2>
      <Form
        submit="Save the draft"
        keeps
        check={(values) => lacking(values, spoken, writing.kind === 'new')}
        send={async (values) => {
          const { title = '', sheet = '' } = values;
          const texts = Object.fromEntries(spoken.map((language) => [language, textOf(values, language)]));
          if (writing.kind === 'edit') await saveDraftSheet(study.id, writing.version, { title, texts });
          else
            await draftSheet(study.id, {
              sheet: writing.kind === 'next' ? writing.version.sheet : sheet,
              title,
              texts,
            });
          announce('The draft has been saved.');
          await client.invalidateQueries({ queryKey: sheetsKey(study.id) });
          close();
        }}
      >
        {(wrong) => (
          <>
            {writing.kind === 'new' && (
              <Field
                label="Short name"
                name="sheet"
                maxLength={40}
                hint="Lower-case letters, digits and hyphens, like staff. It stays."
                error={wrong.sheet ?? null}
              />
            )}
            <Field
              label="Title"
              name="title"
              maxLength={200}
              hint="For you and your colleagues; respondents do not see it."
              defaultValue={start?.title ?? ''}
              error={wrong.title ?? null}
            />
            {all.length > 1 && (
              <Checks
                legend="Languages of this version"
                chosen={spoken}
                options={all.map((language) => ({ value: language, title: ownName(language) }))}
                choose={(some) => setSpoken([...some])}
                error={wrong.languages ?? null}
              />
            )}
            {spoken.map((language) => (
              <TextFields key={language} language={language} text={start?.texts[language] ?? empty} wrong={wrong} />
            ))}
          </>
        )}
      </Form>
      <p>
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
      </p>
    </section>
  );
}

function TextFields({ language, text, wrong }: { language: string; text: InformationText; wrong: Wrong }) {
  const name = (field: string) => `${language}.${field}`;
  const of = (field: string) => wrong[name(field)] ?? null;
  return (
    <fieldset className="choice" lang={language} dir={directionOf(language)}>
      <legend>{ownName(language)}</legend>
      <div className="form" lang="en-GB">
        <TextArea label="Who is asking" name={name('asker')} rows={2} defaultValue={text.asker} error={of('asker')} />
        <TextArea
          label="Why, what happens with the answers, how to withdraw"
          name={name('paragraphs')}
          rows={10}
          hint="An empty line begins a new paragraph."
          defaultValue={text.paragraphs.join('\n\n')}
          error={of('paragraphs')}
        />
        <TextArea
          label="What people agree to"
          name={name('consent')}
          rows={2}
          hint="It stands beside the box to tick."
          defaultValue={text.consent}
          error={of('consent')}
        />
        <TextArea
          label="Whom to write to"
          name={name('contact')}
          rows={2}
          defaultValue={text.contact}
          error={of('contact')}
        />
      </div>
    </fieldset>
  );
}

type Values = Readonly<Record<string, string>>;

function textOf(values: Values, language: string): InformationText {
  const of = (field: string) => (values[`${language}.${field}`] ?? '').trim();
  const paragraphs = of('paragraphs')
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => paragraph.replace(/\s*\r?\n\s*/g, ' ').trim())
    .filter(Boolean);
  return { asker: of('asker'), paragraphs, consent: of('consent'), contact: of('contact') };
}

function lacking(values: Values, spoken: readonly string[], isNew: boolean): Wrong {
  const wrong: Record<string, string> = {};
  if (isNew && !/^[a-z][a-z0-9-]{0,39}$/.test(values.sheet ?? '')) {
    wrong.sheet = 'Give a short name that begins with a letter.';
  }
  if ((values.title ?? '').trim() === '') wrong.title = 'Give a title.';
  if (spoken.length === 0) wrong.languages = 'Choose at least one language.';
  for (const language of spoken) {
    for (const field of ['asker', 'paragraphs', 'consent', 'contact']) {
      if ((values[`${language}.${field}`] ?? '').trim() === '') wrong[`${language}.${field}`] = 'This is needed.';
    }
  }
  return wrong;
}
