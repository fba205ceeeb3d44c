/** The texts of a draft's form side by side in two languages, with how complete each language is. */
import { useId, useState } from 'react';
import { directionOf, languageTag, ownName } from '../../../../instruments/languages.ts';
import { type FormText, formTexts, withFormText } from '../../../../instruments/translations.ts';
import { Field, Form, Select } from '../../parts/form.tsx';
import { languagesOf, surveyOf } from './content.ts';
import { LanguageStandings } from './language-standings.tsx';
import type { Editing } from './use-editing.ts';

interface Props {
  readonly draft: string;
  readonly editing: Editing;
}

export function LanguagesPanel({ draft, editing }: Props) {
  const { content, change } = editing;
  const languages = languagesOf(content);
  const [first = 'en', ...others] = languages;
  const survey = surveyOf(content);
  const texts = formTexts(survey, languages);
  const [wanted, setWanted] = useState('');
  const shown = others.includes(wanted) ? wanted : others[0];
  return (
    <div className="stack">
      <LanguageStandings draft={draft} editing={editing} languages={languages} texts={texts} />
      <section className="card" aria-label="Another language">
        <h3>Another language</h3>
        <Form
          submit="Add the language"
          check={({ language = '' }) => {
            if (!languageTag.test(language)) return { language: 'Give a tag like de or cy.' };
            const wrong: Record<string, string> = {};
            if (languages.includes(language)) wrong.language = 'It is there already.';
            return wrong;
          }}
          send={async ({ language = '' }) => {
            change((was) => ({ ...was, languages: [...languagesOf(was), language] }));
            setWanted(language);
          }}
        >
          {(wrong) => (
            <Field
              label="Language"
              name="language"
              hint="As a tag like de, cy or pt-br."
              error={wrong.language ?? null}
            />
          )}
        </Form>
      </section>
      {shown !== undefined && (
        <>
          <Select
            label="Translation into"
            name="translation"
            value={shown}
            onChange={setWanted}
            options={others.map((value) => ({ value, title: `${ownName(value)} (${value})` }))}
          />
          <ol className="translations">
            {texts.map((one) => (
              <Translation
                key={one.path}
                text={one}
                first={first}
                language={shown}
                change={(next) =>
                  change((was) => ({ ...was, survey: withFormText(surveyOf(was), one, shown, next, languages) }))
                }
              />
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

interface TranslationProps {
  readonly text: FormText;
  readonly first: string;
  readonly language: string;
  change(next: string): void;
}

function Translation({ text: { path, texts }, first, language, change }: TranslationProps) {
  const id = useId();
  return (
    <li className="field">
      <label htmlFor={id} lang={first} dir={directionOf(first)}>
        {texts[first] ?? path}
      </label>
      <textarea
        id={id}
        rows={2}
        lang={language}
        dir={directionOf(language)}
        value={texts[language] ?? ''}
        onChange={(event) => change(event.target.value)}
      />
    </li>
  );
}
