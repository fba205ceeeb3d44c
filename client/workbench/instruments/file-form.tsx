/** Begins a draft with a file: of Fidelis itself, or of another program, with a report of what could not be carried over. */
import { type ChangeEvent, useId, useState } from 'react';
import { Link } from 'react-router';
import { counted } from '../../shared/format.ts';
import { importDraft, type LeftOut, type NewDraft } from '../../shared/instruments-api.ts';
import { Select } from '../parts/form.tsx';
import { ProblemView } from '../parts/loaded.tsx';

const formats = {
  fidelis: { title: 'An instrument of Fidelis (JSON)', accept: '.json,application/json' },
  surveyjs: { title: 'SurveyJS (JSON)', accept: '.json,application/json' },
  xlsform: { title: 'XLSForm (.xlsx)', accept: '.xlsx' },
  redcap: { title: 'REDCap data dictionary (.csv)', accept: '.csv,text/csv' },
} as const;
type Format = keyof typeof formats;

interface Taken {
  readonly draft: string;
  readonly leftOut: readonly LeftOut[];
}

export function FileForm({ begin }: { begin(wanted: NewDraft): Promise<void> }) {
  const id = useId();
  const [format, setFormat] = useState<Format>('fidelis');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [taken, setTaken] = useState<Taken | null>(null);

  const take = async (file: File) => {
    if (format === 'fidelis') {
      const content: unknown = JSON.parse(await file.text());
      return begin({ from: 'file', name: file.name.slice(0, 200), file: content });
    }
    const { draft, leftOut } = await importDraft(format, file);
    setTaken({ draft: draft.id, leftOut });
  };
  const read = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget;
    const file = input.files?.[0];
    if (!file) return;
    setError(null);
    setFault(null);
    setTaken(null);
    setBusy(true);
    try {
      await take(file);
    } catch (reason) {
      if (reason instanceof SyntaxError) setFault(`${file.name} is not JSON: ${reason.message}.`);
      else setError(reason);
    } finally {
      // The same file may be chosen again once it is mended.
      input.value = '';
      setBusy(false);
    }
  };

  return (
    <section className="card" aria-labelledby="file">
      <h2 id="file">Start with a file</h2>
      <div className="form">
        <Select
          label="Kind of file"
          name="format"
          value={format}
          onChange={(value) => setFormat(value as Format)}
          options={Object.entries(formats).map(([value, { title }]) => ({ value, title }))}
        />
        <div className="field">
          <label htmlFor={id}>File</label>
          <p className="field-hint" id={`${id}-hint`}>
            {format === 'fidelis'
              ? 'One that another installation has written, whose hash is checked, or the JSON of an instrument.'
              : 'What cannot be carried over is told, item by item.'}
          </p>
          <input
            id={id}
            type="file"
            accept={formats[format].accept}
            disabled={busy}
            aria-describedby={`${id}-hint`}
            onChange={(event) => void read(event)}
          />
        </div>
        {busy && <p role="status">Reading the file…</p>}
        {fault && (
          <p className="field-error" role="alert">
            {fault}
          </p>
        )}
        {error !== null && <ProblemView error={error} heading="The file was not taken" />}
        {taken && <TakenView taken={taken} />}
      </div>
    </section>
  );
}

function TakenView({ taken: { draft, leftOut } }: { taken: Taken }) {
  return (
    <div className="notice notice-good" role="status">
      <p className="notice-title">The draft is made</p>
      <p>
        {leftOut.length === 0
          ? 'Everything was carried over.'
          : `${counted(leftOut.length, 'thing')} could not be carried over as it stands in the file:`}
      </p>
      {leftOut.length > 0 && (
        <ul className="findings">
          {leftOut.map((one) => (
            <li key={JSON.stringify(one)}>
              <strong>{one.item ?? 'The whole form'}</strong>, {one.what}: {one.why}
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link to={`/instruments/drafts/${draft}`}>Open the draft</Link>
      </p>
    </div>
  );
}
