/**
 * An instrument as the respondent sees it, drawn by the respondent's own code at the width of a phone or a desktop, in one of its
 * languages. Nothing that is answered here is kept. Used beside the form and where two versions are compared.
 */
import { useEffect, useRef, useState } from 'react';
import type { Instrument } from '../../../../instruments/instrument.ts';
import { directionOf, ownName, surveyIn } from '../../../../instruments/languages.ts';
import type { Place, SurveyView } from '../../../respondent/survey.ts';
import { Select } from '../../parts/form.tsx';
import { Loading, ProblemView } from '../../parts/loaded.tsx';

const words = {
  required: 'Please answer this question.',
  badFormat: 'Please check how this is written.',
  peopleSearch: 'Search the list',
  peopleTicked: '{count} ticked',
  peopleNone: 'Nobody of this name is on the list.',
  fileTooLarge: 'This file is larger than 10 MB.',
  fileType: 'Only documents and pictures are taken.',
  fileFull: 'No more files can be attached.',
  fileUnreached: 'This is a preview: nothing is sent.',
  fileChoose: 'Choose a file',
  fileRemove: 'Remove this file',
};

type Frame = 'phone' | 'desktop';

export function Preview({
  instrument,
  frames = ['phone', 'desktop'],
}: {
  instrument: Instrument;
  frames?: readonly Frame[];
}) {
  const [frame, setFrame] = useState<Frame>(frames[0] ?? 'phone');
  const [wanted, setLanguage] = useState<string>();
  const language = wanted && instrument.languages.includes(wanted) ? wanted : (instrument.languages[0] ?? 'en');
  return (
    <div className="stack">
      <div className="preview-choices">
        {frames.length > 1 && (
          <Select
            label="Shown as on"
            name="frame"
            value={frame}
            onChange={(value) => setFrame(value === 'desktop' ? 'desktop' : 'phone')}
            options={[
              { value: 'phone', title: 'A phone' },
              { value: 'desktop', title: 'A desktop' },
            ]}
          />
        )}
        <Select
          label="Language"
          name="language"
          value={language}
          onChange={setLanguage}
          options={instrument.languages.map((value) => ({ value, title: ownName(value) }))}
        />
      </div>
      <Pages key={`${frame} ${language}`} instrument={instrument} language={language} frame={frame} />
    </div>
  );
}

function Pages({ instrument, language, frame }: { instrument: Instrument; language: string; frame: Frame }) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<SurveyView | null>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [end, setEnd] = useState(false);

  useEffect(() => {
    const element = holder.current;
    if (!element) return;
    let gone = false;
    const box = document.createElement('div');
    element.replaceChildren(box);
    const show = async () => {
      const { loadLocale, showSurvey } = await import('../../../respondent/survey.ts');
      await loadLocale(language);
      if (gone) return;
      view.current = showSurvey(box, {
        ...{ survey: surveyIn(instrument.survey, instrument.languages, language), answers: {}, page: 0 },
        ...{ language, words, upload: null },
        onAnswers: (_, at) => setPlace(at),
        onPage: (_, at) => setPlace(at),
      });
      setPlace(view.current.place());
      setEnd(false);
    };
    show().catch((reason: unknown) => setError(reason));
    return () => {
      gone = true;
      box.remove();
    };
  }, [instrument, language]);

  return (
    <div className={`preview preview-${frame}`}>
      <h3>{frame === 'phone' ? 'On a phone' : 'On a desktop'}</h3>
      {error !== null && <ProblemView error={error} />}
      {!place && error === null && <Loading what="the preview" />}
      <div className="preview-page" lang={language} dir={directionOf(language)} ref={holder} />
      {place && (
        <p className="buttons">
          <button type="button" className="button button-small" onClick={() => view.current?.back()}>
            Back
          </button>
          <button
            type="button"
            className="button button-small"
            onClick={() => setEnd(view.current?.next() === 'at-the-end')}
          >
            Next
          </button>
          <span role="status">
            {end ? 'This is the end. ' : ''}
            Page {place.position} of {place.pages}
          </span>
        </p>
      )}
    </div>
  );
}
